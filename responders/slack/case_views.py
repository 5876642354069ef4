"""What a card tells of the case itself: the customer's history, the staff's notes, how it ended, what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class History:
    """Of how many matters of the customer's within `days` this is the last, and how many others wait for us still."""

    contacts: int
    unsolved: int
    days: int


@dataclass(frozen=True)
class Notes:
    """How many notes the staff have made, and who wrote what in the last one. The customer sees none of it."""

    count: int
    last_by: str
    last: str


@dataclass(frozen=True)
class Ending:
    """How a case ended, and why, where no reply tells it. None means that the question did not arise."""

    at: datetime | None = None
    by: str | None = None
    handled: bool | None = None
    justified: bool | None = None
    compensated: bool | None = None
    reason: str | None = None


class Edit(StrEnum):
    """What a person did to some words of a suggested reply."""

    SWAPPED = "swapped"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """Words that stood next to each other, before and after."""

    edit: Edit
    before: str
    after: str


@dataclass(frozen=True)
class CaseFacts:
    """Who has the case, until when it is put off, which case stands for it, and what is known beside the messages."""

    owner: str | None = None
    team: str | None = None
    snoozed_until: datetime | None = None
    same_as: int | None = None  # that case's number
    history: History | None = None
    notes: Notes | None = None
    ending: Ending | None = None
    changes: Sequence[Change] = ()


NOTHING_MORE = CaseFacts()
"""Of a case that nobody has taken up yet."""
