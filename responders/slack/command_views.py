"""What /palovahti answers with, as plain values, and what it asks of the rest of the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from models.states import AlarmKind, CaseState
from responders.command_words import Asked
from responders.slack.actions import Outcome, Person
from responders.slack.home_views import HomeRow, Muted


@dataclass(frozen=True)
class OnDuty:
    """Who is on by one schedule, and who comes next when."""

    schedule: str
    person: str | None
    slack_id: str | None
    next_person: str | None = None
    next_slack_id: str | None = None
    next_at: datetime | None = None


@dataclass(frozen=True)
class DeafSource:
    """A source that does not hear, since when and why."""

    source: str
    kind: AlarmKind
    since: datetime


@dataclass(frozen=True)
class Status:
    """How things stand at `at`. `cards_late` cards have waited for Slack longer than a minute, `given_up` jobs stopped
    trying.
    """

    at: datetime
    fires: Sequence[HomeRow]
    fires_total: int
    open: int
    due: int
    free: int
    oldest: datetime | None
    drafts: int
    deaf: Sequence[DeafSource]
    duty: Sequence[OnDuty]
    cards_late: int
    given_up: int
    muted: Muted | None = None


@dataclass(frozen=True)
class Found:
    """A case that was looked for."""

    row: HomeRow
    state: CaseState


@dataclass(frozen=True)
class Hits:
    """What a search found: the first ones, the best first, and how many there were."""

    found: Sequence[Found]
    total: int
    at: datetime


@dataclass(frozen=True)
class Deed:
    """Something a person did: `action` as the audit trail names it, `number` the case's."""

    at: datetime
    actor: str
    action: str
    number: int | None


class Lookups(Protocol):
    """What everybody with a role may ask."""

    def may_look(self, user_id: str) -> bool: ...

    def status(self, user_id: str) -> Status: ...

    def find(self, wanted: Asked, user_id: str) -> Hits: ...

    def duty(self) -> Sequence[OnDuty]: ...

    def log(self) -> Sequence[Deed]: ...


class Muting(Protocol):
    """Keeping alerts still. `not_allowed` where the role does not reach, `not_muted` where nothing was to end."""

    def mute(self, span: timedelta, reason: str, who: Person) -> tuple[Outcome, datetime | None]: ...

    def unmute(self, who: Person) -> Outcome: ...


class Duties(Protocol):
    """Taking the duty oneself, for a while from now on."""

    def take(self, span: timedelta, who: Person) -> Outcome: ...
