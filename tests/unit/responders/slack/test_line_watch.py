"""A line that Slack lets go deaf is found out by a beat of our own and made anew; through real sockets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.doors import PatientDoor
from bot.slack_line import watched_door
from bot.slack_settings import SlackSettings
from migrations import upgrade
from models.alarms import SourceAlarm
from models.base import Sessions, open_engine, open_sessions
from models.jobs import Job, JobKind
from models.slack_line import ONLY, LineHealth, SlackLine, line_health
from responders.slack.actions import Person
from responders.slack.app import create_app
from responders.slack.beating import listen_for_beats
from responders.slack.client import web_client
from responders.slack.line import Rhythm
from responders.slack.pacer import Pacer
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SCOPES, SlackSandbox
from sandbox.slack_socket import SlackSocket
from sandbox.store import Store
from tests.unit.responders.slack.test_doors import a_press
from tests.unit.responders.slack.workspace import RecordedActions, RecordedGrades, RecordedReadings

PATIENCE_S = 30.0
QUICK = Rhythm(
    every_s=0.3, settle_s=0.05, deadline_s=0.6, first_wait_s=0.2, longest_wait_s=1.0, alarm_s=1.0, unproven_tries=2
)
STEADY = replace(QUICK, deadline_s=6.0)  # on a busy machine no beat is late
CHANNEL = "C0PALOVAHTI"


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@dataclass
class Place:
    slack: SlackSandbox
    socket: SlackSocket
    api: str
    store: Sessions
    actions: RecordedActions

    def door(self, rhythm: Rhythm = QUICK, routes: int = 2) -> Any:
        app = create_app(
            client=web_client("xoxb-test", self.api),
            signing_secret=None,
            actions=self.actions,
            readings=RecordedReadings(),
            grades=RecordedGrades(),
            more=[listen_for_beats],
        )
        settings = SlackSettings(alert_channel=CHANNEL, contact_channel=CHANNEL, api_base=self.api)
        made = watched_door(
            app, settings, "xoxb-test", "xapp-test", self.store, Pacer(lambda: datetime.now(UTC)), routes, rhythm
        )
        made._watch._look_s = 0.05  # type: ignore[attr-defined]
        return made

    def health(self) -> LineHealth:
        with self.store() as session:
            return line_health(session)

    def alarms(self) -> list[SourceAlarm]:
        with self.store() as session:
            return list(session.scalars(select(SourceAlarm).order_by(SourceAlarm.id)))

    def asked(self) -> set[tuple[JobKind, str]]:
        with self.store() as session:
            return {(job.kind, job.key) for job in session.scalars(select(Job))}


def a_place(tmp_path: Path, scopes: frozenset[str]) -> Iterator[Place]:
    sandbox_store, socket = Store(), SlackSocket()
    slack = SlackSandbox(
        sandbox_store, lambda: datetime.now(UTC), "xoxb-test", "secret", app_token="xapp-test", socket=socket,
        scopes=scopes,
    )  # fmt: skip
    server = serve(slack.app)
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    upgrade(engine)
    yield Place(slack, socket, f"{server.url}/api/", open_sessions(engine), RecordedActions())
    socket.close()
    server.close()
    engine.dispose()
    sandbox_store.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    yield from a_place(tmp_path, SCOPES)


def test_beats_come_back_change_one_message_and_tell_that_the_line_hears(place: Place) -> None:
    door = place.door(STEADY)
    door.start()
    wait_until(lambda: place.health().hears is True)
    first = place.slack.workspace.messages(CHANNEL)
    wait_until(lambda: place.slack.workspace.messages(CHANNEL) != first)
    door.close()
    [message] = place.slack.workspace.messages(CHANNEL)
    assert message["metadata"]["event_type"] == "palovahti_heartbeat"
    assert place.socket.opened == 1
    again = place.door()
    again.start()
    wait_until(lambda: place.slack.workspace.messages(CHANNEL) != [message])
    again.close()
    assert len(place.slack.workspace.messages(CHANNEL)) == 1


def test_a_line_that_answers_pings_and_brings_nothing_is_made_anew_until_it_hears(place: Place) -> None:
    door = place.door()
    door.start()
    wait_until(lambda: place.health().hears is True)
    place.socket.faults.deaf = True
    wait_until(lambda: place.socket.opened >= 3)
    wait_until(lambda: bool(place.alarms()))
    [alarm] = place.alarms()
    assert (alarm.source, alarm.code, alarm.cleared_at) == ("slack:presses", "deaf", None)
    key = str(alarm.id)
    told = {(JobKind.SHOW_ALARM, key), (JobKind.RING_ALARM, f"{key}:0"), (JobKind.RING_ALARM, f"{key}:1")}
    assert place.asked() >= told
    assert (place.health().hears, place.health().code) == (False, "deaf")
    place.socket.faults.deaf = False
    wait_until(lambda: place.alarms()[0].cleared_at is not None)
    wait_until(lambda: place.health().hears is True)
    wait_until(lambda: place.socket.connections == 1)
    assert place.slack.socket is not None
    assert place.slack.socket.send("interactive", a_press()).problem == ""
    assert place.actions.next() == ("approve", 7, 3, Person("W111", "primary-owner"))
    door.close()


def test_slack_that_answers_no_call_is_told_of_and_the_line_is_left_alone(place: Place) -> None:
    door = place.door(STEADY)
    door.start()
    wait_until(lambda: place.health().hears is True)
    place.slack.faults.add(Fault("status", path="/api/chat.", times=-1, status=503, body="{}"))
    wait_until(lambda: bool(place.alarms()))
    assert place.alarms()[0].code == "server_error"
    assert place.socket.opened == 1
    place.slack.faults.clear()
    wait_until(lambda: place.alarms()[0].cleared_at is not None)
    door.close()


def test_a_refreshed_and_a_dropped_line_are_opened_again_by_the_client_itself(place: Place) -> None:
    door = place.door(Rhythm(every_s=600, settle_s=0.05))
    door.start()
    wait_until(lambda: place.health().hears is True)
    place.socket.refresh()
    wait_until(lambda: place.socket.opened == 2)
    assert place.socket.send("interactive", a_press()).problem == ""
    place.actions.next()
    door.close()


def test_without_the_scope_no_beat_comes_back_and_nobody_is_woken(tmp_path: Path) -> None:
    for place in a_place(tmp_path, SCOPES - {"metadata.message:read"}):
        door = place.door()
        door.start()
        wait_until(lambda place=place: place.socket.opened == 1 + QUICK.unproven_tries)  # type: ignore[misc]
        time.sleep(2 * QUICK.longest_wait_s)
        door.close()
        assert place.socket.opened == 1 + QUICK.unproven_tries
        assert (place.health().hears, place.alarms()) == (None, [])


def test_a_deleted_heartbeat_message_is_posted_anew(place: Place) -> None:
    door = place.door()
    door.start()
    wait_until(lambda: place.health().hears is True)
    [message] = place.slack.workspace.messages(CHANNEL)
    place.slack.workspace.delete(CHANNEL, message["ts"])
    wait_until(lambda: len(place.slack.workspace.messages(CHANNEL)) == 1)
    door.close()
    assert place.health().hears is True


def test_a_crash_between_the_post_and_its_commit_leaves_one_heartbeat_message(place: Place) -> None:
    door = place.door()
    door.start()
    wait_until(lambda: place.health().hears is True)
    door.close()
    with place.store.begin() as session:
        session.get_one(SlackLine, ONLY).beat_ts = None
    before = place.slack.workspace.messages(CHANNEL)
    again = place.door()
    again.start()
    wait_until(lambda: place.slack.workspace.messages(CHANNEL) != before)
    again.close()
    assert [one["ts"] for one in place.slack.workspace.messages(CHANNEL)] == [before[0]["ts"]]


def test_slack_that_is_away_when_we_start_is_told_of_too_and_the_door_opens_later(place: Place) -> None:
    door = place.door()
    door.start()
    wait_until(lambda: place.health().hears is True)
    door.close()
    place.slack.faults.add(Fault("status", path="/api/", times=-1, status=503, body="{}"))
    patient = PatientDoor(place.door(), every_s=0.2)
    patient.start()
    wait_until(lambda: bool(place.alarms()))
    place.slack.faults.clear()
    wait_until(lambda: place.alarms()[0].cleared_at is not None)
    patient.close()
