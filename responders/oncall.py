"""Who is on duty, and whom a chain of steps rings when. Pure: schedules, people and times in, an answer out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LEVELS = ("warning", "outrage")


class By(StrEnum):
    """How a step reaches somebody."""

    SCHEDULE = "schedule"  # a direct message in Slack to whoever is on duty
    PERSON = "person"  # a direct message in Slack
    GROUP = "group"  # a mention of a Slack user group in the channel of alerts
    CHANNEL = "channel"  # a message in a Slack channel, nobody mentioned
    EMAIL = "email"
    WEBHOOK = "webhook"
    PAGERDUTY = "pagerduty"
    OPSGENIE = "opsgenie"


@dataclass(frozen=True)
class Hours:
    """A stretch of the day, over midnight where it ends before it begins; the whole day where both are the same.

    `days` are the weekdays on which a stretch begins, Monday 0.
    """

    begins: time
    ends: time
    zone: ZoneInfo
    days: frozenset[int] = frozenset(range(7))

    def hold(self, at: datetime) -> bool:
        """Whether `at` falls within a stretch, by the clock on the wall."""
        local = at.astimezone(self.zone)
        today, yesterday = local.weekday() in self.days, (local.weekday() - 1) % 7 in self.days
        now = local.time().replace(tzinfo=None)
        if self.begins < self.ends:
            return today and self.begins <= now < self.ends
        return (today and now >= self.begins) or (yesterday and now < self.ends)


@dataclass(frozen=True)
class Person:
    """One of the staff, as far as they can be reached."""

    name: str
    slack_id: str
    phone: str | None = None
    email: str | None = None
    quiet: Hours | None = None


@dataclass(frozen=True)
class Override:
    """Somebody takes the duty from `begins` up to `ends`, both in UTC, whoever's turn it is."""

    person: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Schedule:
    """Members in turn, `days` each, handed over at `hand_over` in `zone`; the first turn begins on `starts`."""

    name: str
    members: tuple[str, ...]
    starts: date
    days: int
    hand_over: time
    zone: ZoneInfo
    overrides: tuple[Override, ...] = ()

    def turn_at(self, at: datetime) -> int:
        """The number of the turn that holds `at`, 0 for the first; below 0 before the schedule's start."""
        turn = (at.astimezone(self.zone).date() - self.starts).days // self.days
        while self.turn_begins(turn) > at:
            turn -= 1
        while self.turn_begins(turn + 1) <= at:
            turn += 1
        return turn

    def turn_begins(self, turn: int) -> datetime:
        """The instant of the hand-over.

        A time of day that comes twice, when clocks go back, means the first; one that is skipped means as long after
        the midnight before it. So turns follow each other without a hole however the clocks change.
        """
        day = self.starts + timedelta(days=turn * self.days)
        return datetime.combine(day, self.hand_over, self.zone).astimezone(UTC)


@dataclass(frozen=True)
class HandOver:
    """The duty changes to `person` at `at`."""

    at: datetime
    person: str


@dataclass(frozen=True)
class Step:
    """Rings `to` by one route, then waits before the next step."""

    by: By
    to: str  # a name, a Slack id, an address or a URL
    wait: timedelta


@dataclass(frozen=True)
class Chain:
    """Steps in order, from the first again after the last, until somebody has the matter.

    Who has it keeps it quiet for `kept`; without an action in that time the chain begins anew.
    """

    name: str
    levels: frozenset[str]
    steps: tuple[Step, ...]
    kept: timedelta
    hours: Hours | None = None

    @property
    def length(self) -> timedelta:
        return sum((step.wait for step in self.steps), timedelta())

    def offset(self, number: int) -> timedelta:
        """How long after a round's beginning its step `number` is due."""
        return sum((step.wait for step in self.steps[:number]), timedelta())


@dataclass(frozen=True)
class Ring:
    """The step `number` of a chain, due at `at`."""

    number: int
    at: datetime


@dataclass(frozen=True)
class Duty:
    """Everything that the settings say of people on duty."""

    people: Mapping[str, Person]
    schedules: Mapping[str, Schedule]
    chains: tuple[Chain, ...]


NOBODY = Duty({}, {}, ())
"""Of a shop whose settings name nobody."""


@dataclass(frozen=True)
class Call:
    """A step with its names looked up: `to` is a Slack id, an address or a URL, None where nobody is on duty.

    A `quiet` one is not made: the person's quiet hours hold, and it is no outrage.
    """

    by: By
    to: str | None
    person: str | None = None
    quiet: bool = False


def who_is_on(schedule: Schedule, at: datetime) -> str | None:
    """The one person on duty at `at`; an override wins. None only where there are no members and no override."""
    for override in schedule.overrides:
        if override.begins <= at < override.ends:
            return override.person
    return schedule.members[schedule.turn_at(at) % len(schedule.members)] if schedule.members else None


def next_hand_over(schedule: Schedule, at: datetime) -> HandOver | None:
    """The next time that another person takes the duty, None where it stays with the same for good."""
    on, edge = who_is_on(schedule, at), at
    edges = sorted({edge for one in schedule.overrides for edge in (one.begins, one.ends)})
    turns = len(schedule.members) if len(set(schedule.members)) > 1 else 0
    while turns >= 0:
        later = [one for one in edges if one > edge]
        if turns:
            later.append(schedule.turn_begins(schedule.turn_at(edge) + 1))
        if not later:
            return None
        edge = min(later)
        person = who_is_on(schedule, edge)
        if person is not None and person != on:
            return HandOver(edge, person)
        if not edges or edge >= edges[-1]:
            turns -= 1  # with the last override over, a whole round of turns shows everybody who will ever be on
    return None


def hand_overs(schedule: Schedule, since: datetime, until: datetime) -> tuple[HandOver, ...]:
    """Every change of duty after `since` and by `until`, in order."""
    found: list[HandOver] = []
    change = next_hand_over(schedule, since)
    while change is not None and change.at <= until:
        found.append(change)
        change = next_hand_over(schedule, change.at)
    return tuple(found)


def with_overrides(duty: Duty, taken: Mapping[str, Sequence[Override]]) -> Duty:
    """The same with duties taken meanwhile, by schedule, the newest first: they win over the settings' overrides."""
    schedules = {
        name: replace(one, overrides=(*taken.get(name, ()), *one.overrides)) for name, one in duty.schedules.items()
    }
    return replace(duty, schedules=schedules)


def chain_for(chains: Sequence[Chain], level: str, at: datetime) -> Chain | None:
    """The first chain that is for `level` and whose hours hold at `at`."""
    for chain in chains:
        if level in chain.levels and (chain.hours is None or chain.hours.hold(at)):
            return chain
    return None


def due_steps(
    chain: Chain, begun_at: datetime, acknowledged_at: datetime | None, now: datetime, *, since: datetime | None = None
) -> tuple[Ring, ...]:
    """The steps that have become due after `since` (None: from the beginning on) and by `now`, in their order.

    Looking with `since` at the last look's `now` tells every step once. Nothing is due while an acknowledgement
    holds; when it has run out the chain begins anew. After a long time without a look each step is due once, not once
    for every round that was missed.
    """
    start = begun_at if acknowledged_at is None else acknowledged_at + chain.kept
    if now < start:
        return ()
    rings = []
    for number in range(len(chain.steps)):
        first = start + chain.offset(number)
        if first <= now:
            latest = first + (now - first) // chain.length * chain.length
            if since is None or latest > since:
                rings.append(Ring(number, latest))
    return tuple(sorted(rings, key=lambda ring: (ring.at, ring.number)))


def next_ring(chain: Chain, begun_at: datetime, after: datetime) -> Ring:
    """The first step of a chain begun at `begun_at` that falls due after `after`."""
    rings = []
    for number in range(len(chain.steps)):
        at = begun_at + chain.offset(number)
        if at <= after:
            at += ((after - at) // chain.length + 1) * chain.length
        rings.append(Ring(number, at))
    return min(rings, key=lambda ring: (ring.at, ring.number))


def call_of(step: Step, duty: Duty, level: str, at: datetime) -> Call:
    """Whom the step rings at `at`, by what, and whether it stays quiet."""
    if step.by not in (By.SCHEDULE, By.PERSON, By.EMAIL) or "@" in step.to:
        return Call(step.by, step.to)
    schedule = duty.schedules.get(step.to)
    name = who_is_on(schedule, at) if schedule else step.to
    person = duty.people.get(name) if name else None
    if person is None:
        return Call(step.by, None)
    quiet = level != "outrage" and person.quiet is not None and person.quiet.hold(at)
    return Call(step.by, person.email if step.by is By.EMAIL else person.slack_id, person.name, quiet)
