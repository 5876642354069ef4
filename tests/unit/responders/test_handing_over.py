"""At a hand-over who goes off and who comes on are told once, with the fires that are open; duties change hands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from models.base import Sessions
from models.errors import OutcomeUnknown, PlatformError, TryLater
from models.jobs import Job, JobKind
from responders.duties import DutyDesk, TakingDuty, duty_now, on_duty
from responders.handing_over import HandingOver
from responders.oncall import Duty, who_is_on
from responders.ports import Card, CardRef
from responders.roles import Everybody, NamedRoles, Role, Roles
from responders.slack.actions import Person
from tests.builders import ANNA, MIKAEL, NOON, minutes, trail
from tests.unit.responders.escalating import a_duty, a_fire, taking
from tests.unit.responders.slack.limits import assert_slack_takes

CHANGE = datetime(2026, 11, 16, 7, tzinfo=NOON.tzinfo)  # Monday, nine in Helsinki: from Anna to Mikael
SARA = Person("U0SARA", "Sara")


@dataclass
class Post:
    """Notes messages; `wrong` is raised after the message, `lost` before it."""

    wrong: PlatformError | None = None
    down: PlatformError | None = None
    said: list[tuple[str, Card]] = field(default_factory=list)

    def post(self, channel: str, card: Card, key: str) -> CardRef:
        if self.down is not None:
            raise self.down
        self.said.append((channel, card))
        if self.wrong is not None:
            raise self.wrong
        return CardRef(channel, "1.0")

    def update(self, ref: CardRef, card: Card) -> None:
        raise AssertionError

    def find(self, channel: str, key: str, not_before: datetime) -> CardRef | None:
        raise AssertionError


def look(
    store: Sessions, post: Post, now: datetime, duty: Duty | None = None, languages: dict[str, str] | None = None
) -> None:
    HandingOver(store, duty or a_duty(), post, "fi", (languages or {}).get).tell(now, now)


def desk(store: Sessions, now: datetime, roles: Roles | None = None) -> DutyDesk:
    return DutyDesk(sessions=store, duty=a_duty(), roles=roles or Everybody(), clock=lambda: now, wall=lambda: now)


def on(store: Sessions, now: datetime) -> str | None:
    with store() as session:
        return who_is_on(duty_now(session, a_duty(), now).schedules["evenings"], now)


def test_both_are_told_once_each_in_their_own_language_with_the_open_fires(store: Sessions) -> None:
    duty, post = a_duty(), Post()
    a_fire(store, duty, at=CHANGE - minutes(20))
    held = a_fire(store, duty, at=CHANGE - minutes(10))
    taking(store, duty, CHANGE - minutes(5)).acknowledge(held, ANNA)
    look(store, post, CHANGE - minutes(1))
    assert post.said == []
    for after in (0, 1, 30, 59, 600):
        look(store, post, CHANGE + minutes(after), languages={"U0MIKAEL": "sv"})
    assert [channel for channel, _ in post.said] == ["U0ANNA", "U0MIKAEL"]
    off, comes = (str(card.blocks) for _, card in post.said)
    assert "Päivystysvuorosi päättyi: evenings" in off
    assert "Nyt päivystää Mikael." in off
    assert "Din jour har börjat: evenings" in comes
    assert "Före dig hade Anna jour." in comes
    assert "ärende 1002: Anna Virta har hand om det" in comes
    assert "ärende 1001: ingen har tagit det än" in comes
    for _, card in post.said:
        assert_slack_takes(card.blocks)
    assert trail(store).count("duty.told") == 2


def test_a_slack_that_is_down_is_tried_again_and_a_lost_answer_is_not(store: Sessions) -> None:
    down = Post(down=TryLater("unreachable", "x"))
    look(store, down, CHANGE)
    lost = Post(wrong=OutcomeUnknown("no_answer", "x"))
    look(store, lost, CHANGE + minutes(1))
    assert len(lost.said) == 2
    again = Post()
    look(store, again, CHANGE + minutes(2))
    assert again.said == []


def test_a_crash_after_the_wish_is_not_told_a_second_time(store: Sessions) -> None:
    class Crash(BaseException):
        pass

    class Dies(Post):
        def post(self, channel: str, card: Card, key: str) -> CardRef:
            super().post(channel, card, key)
            raise Crash

    first, second = Dies(), Post()
    with pytest.raises(Crash):
        look(store, first, CHANGE)
    look(store, second, CHANGE + minutes(1))
    assert [channel for channel, _ in first.said + second.said] == ["U0ANNA", "U0MIKAEL"]


def test_a_hand_over_nobody_could_be_told_of_for_an_hour_is_let_be(store: Sessions) -> None:
    post = Post()
    look(store, post, CHANGE + timedelta(hours=1, minutes=1))
    assert post.said == []


def test_the_next_look_is_at_the_hand_over(store: Sessions) -> None:
    look(store, Post(), CHANGE - minutes(0.5))
    with store() as session:
        assert session.query(Job).filter(Job.kind == JobKind.HAND_OVER).one().run_at == CHANGE


def test_somebody_takes_the_duty_for_some_hours_and_it_goes_back(store: Sessions) -> None:
    post = Post()
    assert desk(store, NOON).take("evenings", 2, MIKAEL).ok
    assert [on(store, NOON + timedelta(hours=hours)) for hours in (-1, 0, 1.9, 2)] == [
        "Anna",
        "Mikael",
        "Mikael",
        "Anna",
    ]
    look(store, post, NOON)
    assert [channel for channel, _ in post.said] == ["U0ANNA", "U0MIKAEL"]
    look(store, post, NOON + timedelta(hours=2))
    assert [channel for channel, _ in post.said][2:] == ["U0MIKAEL", "U0ANNA"]
    assert trail(store).count("duty.given") == 1


def test_of_two_that_hold_the_newer_counts(store: Sessions) -> None:
    desk(store, NOON).take("evenings", 5, MIKAEL)
    later = NOON + timedelta(hours=1)
    assert desk(store, later).take("evenings", 1, ANNA).ok
    assert [on(store, later + timedelta(hours=hours)) for hours in (0, 1)] == ["Anna", "Mikael"]


def test_who_has_the_duty_hands_it_on_and_others_only_as_leads(store: Sessions) -> None:
    roles = NamedRoles({Role.LEAD: frozenset({"U0SARA"})}, Role.DRAFTER)
    assert desk(store, NOON, roles).hand_to("evenings", "U0MIKAEL", 1, ANNA).ok  # her own
    assert on(store, NOON) == "Mikael"
    assert desk(store, NOON, roles).hand_to("evenings", "U0ANNA", 1, Person("U0X", "X")).code == "not_allowed"
    assert desk(store, NOON, roles).hand_to("evenings", "U0ANNA", 1, SARA).ok
    assert on(store, NOON) == "Anna"


@pytest.mark.parametrize(
    ("schedule", "hours", "who", "code"),
    [
        ("mornings", 2, MIKAEL, "unknown_schedule"),
        ("evenings", 0, MIKAEL, "wrong_hours"),
        ("evenings", 169, MIKAEL, "wrong_hours"),
        ("evenings", 2, SARA, "not_on_the_list"),
        ("evenings", 2, ANNA, "already_on_duty"),
    ],
)
def test_what_cannot_be_is_said(store: Sessions, schedule: str, hours: float, who: Person, code: str) -> None:
    assert desk(store, NOON).take(schedule, hours, who).code == code
    nobody = NamedRoles({Role.LEAD: frozenset({"U0SARA"})}, None)
    assert desk(store, NOON, nobody).take(schedule, hours, MIKAEL).code == "not_allowed"


def test_the_command_takes_the_schedule_that_the_person_takes_turns_in(store: Sessions) -> None:
    assert TakingDuty(desk(store, NOON), a_duty()).take(timedelta(hours=3), MIKAEL).ok
    with store() as session:
        [now] = on_duty(duty_now(session, a_duty(), NOON), NOON)
    assert (now.person, now.slack_id, now.until, now.then) == ("Mikael", "U0MIKAEL", NOON + timedelta(hours=3), "Anna")
