"""Everything App Home shows, as plain values, and what it asks of the rest of the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from responders.queue_order import Filters
from responders.slack.actions import Outcome, Person
from responders.slack.interruption_words import Interrupted


@dataclass(frozen=True)
class HomeRow:
    """One case in a list. `about` are the first words of its matter; `card` is where its card stands.

    `until` is when the way to the customer closes; `late_minutes` how long a burning thread has waited for us, once
    that is longer than it should. `mine`: the viewer has it.
    """

    case_id: int
    number: int
    kind: str
    level: str | None
    channel: str
    about: str
    since: datetime
    who: str = ""
    private: bool = False
    flagged: bool = False
    owner_id: str | None = None
    owner_name: str | None = None
    team: str | None = None
    mine: bool = False
    until: datetime | None = None
    late_minutes: int | None = None
    snoozed_until: datetime | None = None
    card: tuple[str, str] | None = None


@dataclass(frozen=True)
class HomeList:
    """The first rows of a list, or one page of it, and how many it holds altogether."""

    rows: Sequence[HomeRow]
    total: int


@dataclass(frozen=True)
class DraftRow:
    """A reply that a person wrote and that waits for somebody's yes."""

    row: HomeRow
    reply_id: int
    version: int
    by: str
    text: str


@dataclass(frozen=True)
class Today:
    """The day so far. `median_minutes` from a customer's message to our answer; None while there is none."""

    came_in: int
    answered: int
    median_minutes: int | None
    open: int
    oldest: datetime | None


@dataclass(frozen=True)
class Muted:
    """Alerts keep still until `until`; an outrage is told all the same."""

    until: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class HomeView:
    """What one person sees, as it stood at `at`.

    `lists` are named mine, teams, free, or by the chosen scope, which then has pages. `channels` and `languages` are
    those of the open cases. A button is there only where the viewer may do what it does.
    """

    at: datetime
    filters: Filters
    today: Today
    fires: HomeList
    due: HomeList
    drafts: Sequence[DraftRow]
    drafts_total: int
    lists: Sequence[tuple[str, HomeList]]
    channels: Sequence[str] = ()
    languages: Sequence[str] = ()
    pages: int = 1
    muted: Muted | None = None
    has_teams: bool = True
    interrupted: tuple[Interrupted, Interrupted] | None = None  # this week so far, and the last
    may_take: bool = False
    may_take_in: bool = False
    may_approve_many: bool = False


class Homes(Protocol):
    """What a person's Home shows now; None for somebody who may see nothing."""

    def home(self, user_id: str, filters: Filters) -> HomeView | None: ...


class Takes(Protocol):
    """Gives a case to the person who asks for it; `already_assigned` says who was first."""

    def take(self, case_id: int, who: Person) -> Outcome: ...


class ApprovesMany(Protocol):
    """Approves several drafts, each at the version that was read; an Outcome for each, in their order."""

    def approve_many(self, drafts: Sequence[tuple[int, int]], who: Person) -> Sequence[Outcome]: ...
