"""An outrage's channel is opened once, tells how things stand, asks for updates, and ends with the case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.base import Sessions
from models.cases import Case
from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from models.escalations import OutrageChannel
from models.replies import move_case
from models.states import CaseState
from responders.outrage_channels import OutrageChannels, OutrageRules, TakingParts
from responders.roles import NamedRoles, Role
from responders.slack.notifier import SlackNotifier
from responders.slack.outrage_cards import Part
from responders.slack.rooms import SlackRooms
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SCOPES, SlackSandbox
from sandbox.store import Store
from tests.builders import ANNA, MIKAEL, NOON, drawing, minutes, trail
from tests.unit.responders.escalating import a_duty, a_fire, taking
from tests.unit.responders.slack.limits import assert_slack_takes


class Place:
    """A workspace over real sockets, and one outrage."""

    def __init__(self, folder: Path, store: Sessions, **named: Any) -> None:
        self.now, self.store, self.duty = NOON, store, a_duty()
        self.slack = SlackSandbox(Store(folder / "slack.db"), lambda: self.now, "xoxb-x", "secret", **named)
        self.server = serve(self.slack.app)
        self.api = f"{self.server.url}/api/"
        self.case = a_fire(store, self.duty)

    def close(self) -> None:
        self.server.close()

    def look(self, after: float = 0, *, archives: bool = True, rooms: Any = None) -> None:
        self.now += minutes(after)
        rules = OutrageRules(("U0SARA",), minutes(30), archives)
        OutrageChannels(
            self.store, self.duty, drawing(), rooms or SlackRooms("xoxb-x", self.api),
            SlackNotifier("xoxb-x", self.api),
            rules, "C0PALOVAHTI",
        ).tend(self.case, self.now, self.now)  # fmt: skip

    def row(self) -> OutrageChannel:
        with self.store() as session:
            return session.scalars(select(OutrageChannel)).one()

    def rooms(self) -> list[Any]:
        return [one for one in self.slack.workspace.channels if one.name.startswith("fire-")]

    def messages(self) -> list[dict[str, Any]]:
        return self.slack.workspace.messages(self.rooms()[0].id)

    def close_case(self) -> None:
        with self.store.begin() as session:
            case = session.get_one(Case, self.case)
            move_case(session, case, CaseState.CLOSED, at=self.now)
            case.closed_at = self.now


@pytest.fixture
def place(tmp_path: Path, store: Sessions) -> Iterator[Place]:
    with closing(Place(tmp_path, store)) as made:
        yield made


def test_it_is_opened_with_its_people_its_topic_and_a_pinned_summary(place: Place) -> None:
    place.look()
    [room] = place.rooms()
    assert room.name == "fire-1001-2026-11-10"
    kept = place.slack.workspace.room(room.id)
    assert kept["members"] == ["U0ANNA", "U0SARA"]  # who is on duty, and whom the settings name
    assert kept["topic"].startswith("Someraivo: Nuotiopuoti, tapaus 1001.")
    [summary] = place.messages()
    assert kept["pins"] == [summary["ts"]]
    assert_slack_takes(summary["blocks"])
    assert "ei vielä kukaan" in str(summary["blocks"])


def test_looks_and_restarts_make_no_second_channel_and_no_second_summary(place: Place) -> None:
    for _ in range(4):
        place.look(1)
    assert (len(place.rooms()), len(place.messages())) == (1, 1)
    assert "edited" not in place.messages()[0]
    assert trail(place.store).count("outrage_channel.opened") == 1


@pytest.mark.parametrize("method", ["conversations.create", "chat.postMessage", "pins.add", "conversations.invite"])
def test_an_answer_that_was_lost_makes_nothing_twice(place: Place, method: str) -> None:
    place.slack.faults.add(Fault("status_after", path=f"/api/{method}", status=503))
    with pytest.raises((OutcomeUnknown, TryLater)):
        place.look()
    place.look(1)
    [room] = place.rooms()
    assert len(place.messages()) == 1
    assert place.slack.workspace.pins(room.id) == [place.messages()[0]["ts"]]
    assert place.slack.workspace.members(room.id) == ["U0ANNA", "U0SARA"]


def test_a_name_that_an_archived_channel_has_gets_a_figure(place: Place) -> None:
    old = place.slack.workspace.make_channel("fire-1001-2026-11-10")
    place.slack.workspace.archive(old.id)
    place.look()
    assert [room.name for room in place.rooms()] == ["fire-1001-2026-11-10", "fire-1001-2026-11-10-2"]


def test_the_summary_tells_who_has_it_and_who_does_what(place: Place) -> None:
    place.look()
    taking(place.store, place.duty, place.now).acknowledge(place.case, ANNA)
    parts = TakingParts(
        sessions=place.store, roles=NamedRoles({Role.DRAFTER: frozenset({"U0ANNA", "U0MIKAEL"})}, None),
        clock=lambda: place.now, wall=lambda: place.now,
    )  # fmt: skip
    assert parts.take_part(place.case, Part.LEAD, MIKAEL).ok
    second = parts.take_part(place.case, Part.LEAD, ANNA)
    assert (second.code, second.by) == ("already_in_role", "Mikael Öst")
    sara = type(ANNA)("U0SARA", "Sara")
    assert parts.take_part(place.case, Part.WRITER, sara).code == "not_your_call"
    place.look(1)
    said = str(place.messages()[0]["blocks"])
    assert "Anna Virta" in said
    assert "Mikael Öst" in said
    assert "outrage_lead" not in said
    assert "outrage_writer" in said


def test_an_update_is_asked_for_while_nobody_writes_one(place: Place) -> None:
    place.look()
    place.look(29)
    assert len(place.messages()) == 1
    place.look(1)
    assert "Viimeisestä tilannetiedosta on 30 min" in place.messages()[1]["text"]
    place.look(29)
    assert len(place.messages()) == 2
    place.slack.workspace.say("U0ANNA", place.rooms()[0].id, "Varasto selvittää, tiedote klo 15.")
    place.look(2)
    place.look(27)
    assert len(place.messages()) == 3  # hers, and no reminder since
    place.look(5)
    assert len(place.messages()) == 4


@pytest.mark.parametrize("archives", [True, False])
def test_when_the_case_is_closed_a_last_summary_stays_and_nobody_is_asked_any_more(
    place: Place, archives: bool
) -> None:
    place.look()
    place.now += minutes(5)
    place.close_case()
    place.look(archives=archives)
    place.look(500, archives=archives)
    assert len(place.messages()) == 1
    assert "✅ Ohi: Nuotiopuoti, tapaus 1001" in str(place.messages()[0]["blocks"])
    assert place.rooms()[0].is_archived is archives
    assert bool(place.slack.workspace.pins(place.rooms()[0].id)) is archives
    assert trail(place.store).count("outrage_channel.closed") == 1


def test_a_crash_between_archiving_and_writing_it_down_is_settled_by_the_next_look(place: Place) -> None:
    place.look()
    place.close_case()
    place.slack.faults.add(Fault("status_after", path="/api/conversations.archive", status=503))
    with pytest.raises(Exception, match="Slack"):
        place.look()
    place.look(1)
    assert place.row().closed_at is not None


def test_a_warning_gets_no_channel(place: Place) -> None:
    with place.store.begin() as session:
        session.get_one(Case, place.case).level = "warning"
    place.look()
    assert place.rooms() == []


def test_without_the_scope_the_error_says_what_to_do(tmp_path: Path, store: Sessions) -> None:
    with closing(Place(tmp_path, store, scopes=SCOPES - {"channels:manage"})) as place:
        with pytest.raises(SignInAgain, match="Compare its scopes"):
            place.look()
        assert place.rooms() == []


def test_who_cannot_be_invited_keeps_nobody_else_out(place: Place) -> None:
    rooms = SlackRooms("xoxb-x", place.api)
    channel = rooms.open("fire-7")
    rooms.invite(channel, ["U0NOBODY", "U0SARA", "U0SARA"])
    assert place.slack.workspace.members(channel) == ["U0SARA"]
    with pytest.raises(Refused):
        rooms.open("Fire 7!")
    assert rooms.said_last(channel, datetime.fromtimestamp(0, NOON.tzinfo)) is None
