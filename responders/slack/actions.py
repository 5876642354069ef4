"""What people can do to a reply from Slack: plain calls, made by the listeners and met by the approvals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Person:
    """Who pressed: Slack's user id, and the name colleagues know."""

    id: str
    name: str


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    `code` when not ok is one of: already_approved, already_sent, already_rejected, already_by_hand, changed,
    not_allowed, not_found, not_reachable, no_other, empty, over_length, unfilled_slot; any other is told as itself.
    `by`, `by_id` and `at` say who got there first and when: the same person again is a double click, and is told
    nothing. `limit` belongs to over_length, `field` to unfilled_slot.
    """

    ok: bool
    code: str = ""
    by: str | None = None
    by_id: str | None = None
    at: datetime | None = None
    limit: int | None = None
    field: str | None = None


@dataclass(frozen=True)
class DraftView:
    """A draft as the edit window needs it. `used` is its length and `limit` the longest, as the channel counts."""

    reply_id: int
    version: int
    text: str
    limit: int
    used: int
    public: bool
    warnings: tuple[str, ...] = ()


class Actions(Protocol):
    """Every call may come twice, late, or from somebody who may not: each is a compare-and-set on `version`.

    None of them raises for what a person did; they answer with an Outcome. `draft` answers None for an unknown reply.
    """

    def draft(self, reply_id: int) -> DraftView | None: ...

    def approve(self, reply_id: int, version: int, who: Person) -> Outcome: ...

    def edit(self, reply_id: int, version: int, text: str, who: Person) -> Outcome: ...

    def edit_and_approve(self, reply_id: int, version: int, text: str, who: Person) -> Outcome: ...

    def other(self, reply_id: int, version: int, who: Person) -> Outcome: ...

    def reject(self, reply_id: int, version: int, reason: str, who: Person) -> Outcome: ...

    def by_hand(self, reply_id: int, version: int, who: Person) -> Outcome: ...

    def confirm_sent(self, reply_id: int, version: int, who: Person) -> Outcome: ...

    def send_again(self, reply_id: int, version: int, who: Person) -> Outcome: ...
