"""Only what Slack signed comes in over HTTP, in the shape Slack's own recordings have."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from responders.slack.actions import Person
from responders.slack.app import create_app
from responders.slack.client import web_client
from responders.slack.doors import http_door
from sandbox.faults import Fault
from tests.unit.responders.slack.workspace import (
    SECRET,
    TOKEN,
    RecordedActions,
    RecordedGrades,
    RecordedReadings,
    Workspace,
    a_workspace,
)

RECORDINGS = Path(__file__).parents[3] / "recordings" / "slack"


@pytest.fixture
def place() -> Iterator[Workspace]:
    with a_workspace() as made:
        yield made


def recorded(name: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((RECORDINGS / name).read_text("utf-8"))
    return payload


def a_press() -> dict[str, Any]:
    """Slack's block_actions with every field it may have, and of those only ours filled in."""
    payload = recorded("schema__BlockActionPayload.json")
    value = json.dumps({"case": 214, "reply": 7, "version": 3})
    return payload | {
        "type": "block_actions",
        "team": {"id": "T111", "domain": "workspace-domain"},
        "user": {"id": "W111", "username": "primary-owner", "name": "primary-owner", "team_id": "T111"},
        "trigger_id": "111.222.valid",
        "channel": {"id": "C0PALOVAHTI", "name": "palovahti"},
        "actions": [{"type": "button", "action_id": "approve", "block_id": "b", "value": value, "action_ts": "1.2"}],
    }


def signed(secret: str, timestamp: str, body: str) -> str:
    return f"v0={hmac.new(secret.encode(), f'v0:{timestamp}:{body}'.encode(), hashlib.sha256).hexdigest()}"


def send(place: Workspace, body: str, secret: str = SECRET, age_s: int = 0) -> requests.Response:
    timestamp = str(int(time.time()) - age_s)
    signature = signed(secret, timestamp, body)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature,
    }
    return requests.post(place.url, data=body, headers=headers, timeout=10)


def form(payload: dict[str, Any]) -> str:
    return urlencode({"payload": json.dumps(payload)})


def test_a_signed_press_in_slacks_own_shape_comes_in(place: Workspace) -> None:
    assert send(place, form(a_press())).status_code == 200
    assert place.actions.next() == ("approve", 7, 3, Person("W111", "primary-owner"))


def test_a_recorded_submission_carries_our_window(place: Workspace) -> None:
    payload = recorded("bolt__view_submission__body_1.json")
    payload["view"] |= {
        "callback_id": "edit_reply",
        "private_metadata": json.dumps({"case": 214, "reply": 7, "version": 3, "channel": "C0PALOVAHTI"}),
        "state": {
            "values": {
                "text": {"text": {"type": "plain_text_input", "value": "Hei Elina!"}},
                "then": {"then": {"type": "radio_buttons", "selected_option": {"value": "save"}}},
            }
        },
    }
    answer = send(place, form(payload))
    assert (answer.status_code, answer.content) == (200, b"")
    assert place.actions.next() == ("edit", 7, 3, "Hei Elina!", Person("W111", "primary-owner"))


@pytest.mark.parametrize(("secret", "age_s"), [("another-secret", 0), (SECRET, 301), (SECRET, -301), ("", 0)])
def test_a_wrong_or_old_signature_stays_outside(place: Workspace, secret: str, age_s: int) -> None:
    assert send(place, form(a_press()), secret, age_s).status_code == 401
    assert place.actions.calls.empty()


def test_no_signature_stays_outside(place: Workspace) -> None:
    assert requests.post(place.url, data=form(a_press()), timeout=10).status_code == 401
    assert place.actions.calls.empty()


def test_what_is_no_text_or_too_much_of_it_is_refused(place: Workspace) -> None:
    assert requests.post(place.url, data=b"\xff\xfe", timeout=10).status_code == 400
    assert requests.post(place.url, data=b"a" * 1_000_001, timeout=10).status_code == 413
    assert requests.get(place.url, timeout=10).status_code == 404


def test_an_unknown_button_is_refused_and_its_words_are_not_logged(
    place: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    payload = a_press()
    payload["actions"][0] |= {"action_id": "launch", "value": "Elina Halonen"}
    payload["message"] = {"text": "Elina Halonen"}
    assert send(place, form(payload)).status_code == 404
    assert "Elina" not in caplog.text


def test_without_a_signing_secret_nobody_comes_in() -> None:
    """Also not with the empty secret, which is what the library would make of a missing one."""
    app = create_app(
        client=web_client(TOKEN),
        signing_secret="",
        actions=RecordedActions(),
        readings=RecordedReadings(),
        grades=RecordedGrades(),
    )
    body = form(a_press())
    timestamp = str(int(time.time()))
    signature = signed("", timestamp, body)
    started: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp,
        "HTTP_X_SLACK_SIGNATURE": signature,
        "wsgi.input": _Input(body.encode()),
    }
    list(http_door(app)(environ, lambda status, headers: started.append(status)))
    assert started == ["401 Unauthorized"]


class _Input:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, size: int) -> bytes:
        return self._body[:size]


def test_a_press_needs_no_answer_from_slack_to_be_acknowledged(place: Workspace) -> None:
    """Slack's own side may be down or slow at that moment; the press has been made all the same."""
    place.slack.faults.add(Fault("status", times=-1, status=503, body="{}"))
    assert send(place, form(a_press())).status_code == 200
    assert place.actions.next()[0] == "approve"
