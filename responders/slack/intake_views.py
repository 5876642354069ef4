"""What somebody writes down when they take something in by hand, and what it asks of the rest of the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models.growth import Counted, Growth
from models.states import Found
from responders.slack.actions import Person


@dataclass(frozen=True)
class Numbers:
    """The counts seen beside a post now; None for what is not shown there."""

    comments: int | None = None
    reactions: int | None = None
    shares: int | None = None


@dataclass(frozen=True)
class Intake:
    """One form. `form` names the window it was written in, so that it counts once however often it arrives.

    `message` names the Slack message it was made of, and `message_url` where that is. `private`: nobody else sees it
    where it was found.
    """

    form: str
    found_on: Found
    text: str
    link: str = ""
    who: str = ""
    private: bool = False
    numbers: Numbers = Numbers()
    message: str | None = None
    message_url: str | None = None


@dataclass(frozen=True)
class IntakeOutcome:
    """What came of it.

    `code` is taken_in, known (a case of it is there already; its counts were stored), counted, or, when nothing was
    stored, not_allowed, empty, bad_link or not_found. `number` is the case's.
    """

    code: str
    number: int | None = None
    case_id: int | None = None

    @property
    def ok(self) -> bool:
        return self.code in ("taken_in", "known", "counted")


@dataclass(frozen=True)
class TakenInView:
    """What a card tells of it: where it was found, by whom, and its counts, oldest first, with how they grow."""

    found_on: Found
    by: str
    at: datetime
    private: bool = False
    counts: Sequence[Counted] = ()
    growth: Growth | None = None


class Intakes(Protocol):
    """Every call may come twice, and from two people at once; neither raises for what a person did."""

    def take_in(self, intake: Intake, who: Person) -> IntakeOutcome: ...

    def count(self, case_id: int, form: str, numbers: Numbers, who: Person) -> IntakeOutcome: ...

    def seen(self, case_id: int) -> TakenInView | None: ...
