"""A press is written down before it is acknowledged, done once, finished after a restart, and then forgotten."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from sqlalchemy import select

from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.presses import Press
from responders.slack.actions import Outcome, Person
from responders.slack.app import create_app
from responders.slack.client import web_client
from responders.slack.inbox import Inbox, kept_of, press_key
from tests.builders import NOON
from tests.fakes import FrozenClock
from tests.unit.responders.slack.test_doors import a_press
from tests.unit.responders.slack.workspace import RecordedActions, RecordedGrades, RecordedReadings

NOBODY = "http://127.0.0.1:1/api/"  # Slack itself is away: a press needs nothing from it


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Sessions]:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


class Slow(RecordedActions):
    """Approves only when it is let, and then calls `after`."""

    def __init__(self, after: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.let = threading.Event()
        self.after = after

    def approve(self, reply_id: int, version: int, who: Person) -> Outcome:
        self.let.wait(20)
        self.after()
        return super().approve(reply_id, version, who)


class Desk:
    """An app with its inbox, as a process would have them."""

    def __init__(self, store: Sessions, actions: RecordedActions, clock: FrozenClock | None = None) -> None:
        self.app = create_app(
            client=web_client("xoxb-t", NOBODY),
            signing_secret=None,
            actions=actions,
            readings=RecordedReadings(),
            grades=RecordedGrades(),
        )
        self.inbox = Inbox(self.app, store, clock or FrozenClock(NOON))

    def press(self, body: dict[str, Any]) -> BoltResponse:
        return self.app.dispatch(BoltRequest(mode="socket_mode", body=body))

    def close(self) -> None:
        self.inbox.close()
        self.app.listener_runner.listener_executor.shutdown(wait=True)


def kept(store: Sessions) -> list[Press]:
    with store() as session:
        return list(session.scalars(select(Press).order_by(Press.id)))


def test_a_press_is_acknowledged_while_its_work_still_goes_on(on_disk: Sessions) -> None:
    actions = Slow()
    desk = Desk(on_disk, actions)
    assert desk.press(a_press()).status == 200
    assert [press.done_at for press in kept(on_disk)] == [None]
    actions.let.set()
    assert actions.next() == ("approve", 7, 3, Person("W111", "primary-owner"))
    desk.close()
    assert [(press.done_at, press.body) for press in kept(on_disk)] == [(NOON, {})]


def test_a_press_delivered_again_is_acknowledged_and_done_once(on_disk: Sessions) -> None:
    actions = RecordedActions()
    desk = Desk(on_disk, actions)
    assert [desk.press(a_press()).status for _ in range(3)] == [200] * 3
    actions.next()
    assert desk.press(a_press()).status == 200
    desk.close()
    assert actions.calls.empty()


def test_two_presses_of_the_same_button_are_two(on_disk: Sessions) -> None:
    actions = RecordedActions()
    desk = Desk(on_disk, actions)
    first, second = a_press(), a_press()
    second["actions"][0] |= {"action_ts": "1.3"}
    assert press_key(first) != press_key(second)
    desk.press(first)
    desk.press(second)
    actions.next()
    actions.next()
    desk.close()


def test_what_a_dead_process_acknowledged_is_done_after_the_restart_and_only_then_forgotten(on_disk: Sessions) -> None:
    dead = Slow()
    dying = Desk(on_disk, dead)
    dying.press(a_press())
    actions = RecordedActions()
    desk = Desk(on_disk, actions)
    assert desk.inbox.finish_what_was_left() == 1
    assert actions.next() == ("approve", 7, 3, Person("W111", "W111"))  # no name was kept
    desk.close()
    assert [press.body for press in kept(on_disk)] == [{}]
    assert Desk(on_disk, actions).inbox.finish_what_was_left() == 0
    dead.let.set()
    dying.close()


def test_a_press_whose_work_fails_is_told_and_not_tried_for_ever(on_disk: Sessions) -> None:
    actions = RecordedActions(failure=RuntimeError("a row with somebody's words"))
    desk = Desk(on_disk, actions)
    assert desk.press(a_press()).status == 200
    actions.next()
    desk.close()
    assert [press.done_at for press in kept(on_disk)] == [NOON]


def test_an_unknown_button_is_acknowledged_and_forgotten(on_disk: Sessions) -> None:
    desk = Desk(on_disk, RecordedActions())
    body = a_press()
    body["actions"][0] |= {"action_id": "launch"}
    assert desk.press(body).status == 200
    desk.close()
    assert [press.done_at for press in kept(on_disk)] == [NOON]


def test_keys_of_old_presses_are_forgotten_after_an_hour(on_disk: Sessions) -> None:
    clock, actions = FrozenClock(NOON), RecordedActions()
    desk = Desk(on_disk, actions, clock)
    desk.press(a_press())
    actions.next()
    while kept(on_disk)[0].done_at is None:
        pass
    clock.later(hours=1, seconds=1)
    later = a_press()
    later["actions"][0] |= {"action_ts": "9.9"}
    desk.press(later)
    actions.next()
    desk.close()
    assert [press.at for press in kept(on_disk)] == [NOON + timedelta(hours=1, seconds=1)]


def test_only_ids_and_choices_are_kept() -> None:
    body = a_press()
    body["message"] = {"text": "Missä pakettini on? Aino Korpi"}
    body["state"] = {"values": {"b": {"note": {"type": "plain_text_input", "value": "Soita Ainolle"}}}}
    body["actions"].append(
        {
            "type": "static_select",
            "action_id": "assign",
            "block_id": "c",
            "action_ts": "1.4",
            "selected_option": {"text": {"type": "plain_text", "text": "Aino Korpi"}, "value": "U0AINO"},
        }
    )
    said = json.dumps(kept_of(body), ensure_ascii=False)
    for word in ("Aino Korpi", "Soita", "primary-owner", "response_url"):
        assert word not in said
    assert '"U0AINO"' in said
