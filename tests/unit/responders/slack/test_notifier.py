"""Cards are posted once, redrawn and found again through the real client; every failure says what to do next."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request

from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater
from models.states import ReplyState
from responders.ports import Card, CardRef
from responders.slack.cards import card_for
from responders.slack.catalogue import LANGUAGES
from responders.slack.notifier import SlackNotifier
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from tests.unit.responders.slack.builders import NOON, a_contact, a_reply, an_alert

TOKEN = "xoxb-rehearsal"
CHANNEL = "C0PALOVAHTI"


class Clock:
    """The sandbox's time, set by the test."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 10, 9, 42, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Place:
    def __init__(self, slack: SlackSandbox, url: str, clock: Clock) -> None:
        self.slack, self.url, self.clock = slack, url, clock
        self.notifier = SlackNotifier(TOKEN, f"{url}/api/")

    def messages(self) -> list[dict[str, Any]]:
        return self.slack.workspace.messages(CHANNEL)

    def answer(self, method: str, error: str, status: int = 200, **headers: str) -> None:
        """The next call of `method` is answered with Slack's `error`."""
        body = json.dumps({"ok": False, "error": error})
        headers = {"Content-Type": "application/json", **headers}
        self.slack.faults.add(Fault("status", path=f"/api/{method}", status=status, headers=headers, body=body))


@pytest.fixture
def place() -> Iterator[Place]:
    store, clock = Store(), Clock()
    slack = SlackSandbox(store, clock, TOKEN, "secret")
    server = serve(slack.app)
    yield Place(slack, server.url, clock)
    server.close()
    store.close()


def card() -> Card:
    return card_for(an_alert(), "fi")


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_every_card(place: Place, language: str) -> None:
    for view in (an_alert(), a_contact()):
        for state in ReplyState:
            reply = a_reply(state=state, by="Mikael Öst", at=NOON)
            drawn = card_for(type(view)(**{**view.__dict__, "reply": reply}), language)
            place.notifier.update(place.notifier.post(CHANNEL, drawn, "k"), drawn)


def test_a_card_is_posted_redrawn_and_stays_one_message(place: Place) -> None:
    ref = place.notifier.post(CHANNEL, card(), "case-214")
    sent = card_for(an_alert(reply=a_reply(state=ReplyState.SENT, by="Mikael Öst", at=NOON)), "fi")
    place.notifier.update(ref, sent)
    [message] = place.messages()
    assert (ref.channel, ref.ts) == (CHANNEL, message["ts"])
    assert message["text"] == sent.fallback
    assert [block["type"] for block in message["blocks"]] == [block["type"] for block in sent.blocks]


def test_a_posted_card_is_found_by_its_key_and_another_is_not(place: Place) -> None:
    refs = [
        place.notifier.post(channel, card(), key) for channel, key in ((CHANNEL, "case-1"), ("#palovahti", "case-2"))
    ]
    place.notifier.update(refs[0], card())  # a redrawn card keeps its key
    for channel in (CHANNEL, "palovahti", "#palovahti"):
        assert place.notifier.find(channel, "case-1", place.clock.now) == refs[0]
        assert place.notifier.find(channel, "case-2", place.clock.now) == refs[1]
        assert place.notifier.find(channel, "case-3", place.clock.now) is None
    assert place.notifier.find("asiakaspalvelu", "case-1", place.clock.now) is None


def test_the_search_reaches_back_to_not_before_and_over_many_pages(place: Place) -> None:
    ref = place.notifier.post(CHANNEL, card(), "case-1")
    posted = place.clock.now
    small = Card([{"type": "divider"}], "x")
    for number in range(250):
        place.clock.now += timedelta(seconds=30)
        place.notifier.post(CHANNEL, small, f"other-{number}")
    assert place.notifier.find(CHANNEL, "case-1", posted) == ref
    assert place.notifier.find(CHANNEL, "case-1", posted + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        ("not_in_channel", Refused, "Invite it there"),
        ("channel_not_found", Refused, "Check the channel in the settings"),
        ("msg_blocks_too_long", Refused, "too long"),
        ("brand_new_error", Refused, "docs.slack.dev"),
        ("invalid_auth", SignInAgain, "Copy it again"),
        ("token_expired", SignInAgain, "Install the app again"),
        ("missing_scope", SignInAgain, "docs/slack.md"),
        ("ratelimited", TryLater, "slow down"),
        ("fatal_error", OutcomeUnknown, "may or may not be there"),
    ],
)
def test_each_refusal_says_what_to_do(place: Place, error: str, kind: type[PlatformError], advice: str) -> None:
    place.answer("chat.postMessage", error)
    with pytest.raises(kind, match=advice):
        place.notifier.post(CHANNEL, card(), "k")


def test_slack_asks_to_slow_down_and_we_do_not_wait_here(place: Place) -> None:
    place.answer("chat.postMessage", "ratelimited", 429, **{"Retry-After": "42"})
    with pytest.raises(TryLater) as caught:
        place.notifier.post(CHANNEL, card(), "k")
    assert caught.value.retry_after_s == 42
    place.answer("chat.postMessage", "ratelimited", 429)
    with pytest.raises(TryLater) as caught:
        place.notifier.post(CHANNEL, card(), "k")
    assert caught.value.retry_after_s is None
    assert place.messages() == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("hang_after", path="/api/chat", delay_s=2),
        Fault("status_after", path="/api/chat", status=500, body="<html>"),
        Fault("status_after", path="/api/chat", status=200, body="<html>"),
        Fault("status_after", path="/api/chat", status=502, body=""),
    ],
)
def test_a_post_without_an_answer_may_be_there_and_is_found(place: Place, fault: Fault) -> None:
    impatient = SlackNotifier(TOKEN, f"{place.url}/api/", timeout_s=1)
    place.slack.faults.add(fault)
    with pytest.raises(OutcomeUnknown):
        impatient.post(CHANNEL, card(), "case-214")
    assert len(place.messages()) == 1
    assert impatient.find(CHANNEL, "case-214", place.clock.now) is not None


def test_a_redraw_or_a_search_without_an_answer_is_simply_done_again(place: Place) -> None:
    ref = place.notifier.post(CHANNEL, card(), "case-214")
    for path in ("/api/chat.update", "/api/conversations.history", "/api/conversations.list"):
        place.slack.faults.add(Fault("status_after", path=path, status=503, body=""))
    with pytest.raises(TryLater):
        place.notifier.update(ref, card())
    with pytest.raises(TryLater):
        place.notifier.find(CHANNEL, "case-214", place.clock.now)
    with pytest.raises(TryLater):
        place.notifier.find("#palovahti", "case-214", place.clock.now)


def test_a_dropped_connection_is_not_tried_again_by_the_library() -> None:
    """slack_sdk does so unless told otherwise, and the second try would be a second card."""
    connections, given_up = 0, Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)

        def drop() -> None:
            nonlocal connections
            while not given_up.is_set():
                with suppress(TimeoutError):
                    connection, _ = listening.accept()
                    connections += 1
                    connection.recv(100_000)
                    connection.close()

        thread = Thread(target=drop, daemon=True)
        thread.start()
        notifier = SlackNotifier(TOKEN, f"http://127.0.0.1:{listening.getsockname()[1]}/api/", timeout_s=2)
        with pytest.raises(OutcomeUnknown):
            notifier.post(CHANNEL, card(), "k")
        given_up.set()
        thread.join(5)
    assert connections == 1


def test_links_never_unfold_and_nobody_is_named_by_the_way() -> None:
    sent: list[dict[str, str]] = []
    api = Flask("recorder")

    @api.post("/api/chat.postMessage")
    def post() -> Response:
        sent.append(request.form.to_dict() or request.get_json())
        return jsonify(ok=True, channel=CHANNEL, ts="1.000001")

    server = serve(api)
    assert SlackNotifier(TOKEN, f"{server.url}/api/").post("#palovahti", card(), "k") == CardRef(CHANNEL, "1.000001")
    server.close()
    [call] = sent
    assert str(call["unfurl_links"]).lower() in ("0", "false")
    assert str(call["unfurl_media"]).lower() in ("0", "false")
    assert not {"link_names", "parse", "username", "icon_url"} & call.keys()


def test_a_slack_that_cannot_be_reached_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TryLater, match="could not be reached"):
        SlackNotifier(TOKEN, f"http://127.0.0.1:{port}/api/").post(CHANNEL, card(), "k")


def test_a_wrong_token_or_channel_is_refused_in_the_sandbox_too(place: Place) -> None:
    with pytest.raises(SignInAgain):
        SlackNotifier("xoxb-old", f"{place.url}/api/").post(CHANNEL, card(), "k")
    with pytest.raises(Refused):
        place.notifier.post("C0NOWHERE", card(), "k")
    with pytest.raises(Refused):
        place.notifier.find("#nowhere", "k", place.clock.now)
    with pytest.raises(Refused, match="message_not_found"):
        place.notifier.update(CardRef(CHANNEL, "1.000001"), card())


def test_errors_and_logs_hold_no_words_of_the_card(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    ref = place.notifier.post(CHANNEL, card(), "case-214")
    place.answer("chat.update", "invalid_blocks")
    with pytest.raises(Refused) as caught:
        place.notifier.update(ref, card())
    assert TOKEN not in str(caught.value)
    for record in caplog.records:
        if record.name.startswith(("responders", "slack")):
            assert "Elina" not in record.getMessage()
            assert TOKEN not in record.getMessage()
