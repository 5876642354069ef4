"""What people can do from Slack to a reply and to a reading: plain calls, made by the listeners and met elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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
    not_allowed, not_found, not_reachable, no_other, empty, over_length, unfilled_slot; of an alert, already_graded
    or alert_not_found; any other is told as itself.
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
    """A draft as the edit window needs it. `used` is its length and `limit` the longest, as the channel counts.

    `base` are the playbook's words that people began from, empty where there were none.
    """

    reply_id: int
    version: int
    text: str
    limit: int
    used: int
    public: bool
    warnings: tuple[str, ...] = ()
    base: str = ""


class Actions(Protocol):
    """Every call may come twice, late, or from somebody who may not: each is a compare-and-set on `version`.

    None of them raises for what a person did; they answer with an Outcome. `draft` answers None for an unknown
    reply, and words its warnings in `language`, the shop's where it is None.
    """

    def draft(self, reply_id: int, language: str | None = None) -> DraftView | None: ...

    def approve(self, reply_id: int, version: int, who: Person) -> Outcome: ...

    def edit(self, reply_id: int, version: int, text: str, who: Person) -> Outcome: ...

    def edit_and_approve(self, reply_id: int, version: int, text: str, who: Person) -> Outcome: ...

    def other(self, reply_id: int, version: int, who: Person) -> Outcome: ...

    def reject(self, reply_id: int, version: int, reason: str, who: Person) -> Outcome: ...

    def by_hand(self, reply_id: int, version: int, who: Person, link: str = "") -> Outcome: ...

    def confirm_sent(self, reply_id: int, version: int, who: Person) -> Outcome: ...

    def send_again(self, reply_id: int, version: int, who: Person) -> Outcome: ...


@dataclass(frozen=True)
class WaitingDraft:
    """A draft by somebody who may not send it, which waits for who may. `about` are the customer's words."""

    case_id: int
    number: int
    reply_id: int
    version: int
    text: str
    about: str
    by_id: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class Batch:
    """What came of approving several at once: `code` is all, some, none, or not_allowed, role_unknown, empty.

    `outcomes` has every reply's own, in the order they were asked for.
    """

    code: str
    outcomes: tuple[tuple[int, Outcome], ...] = ()

    @property
    def approved(self) -> int:
        return sum(outcome.ok for _, outcome in self.outcomes)


class Batches(Protocol):
    """Drafts that wait for somebody who may send them, and approving many of them at once."""

    def waiting(self) -> Sequence[WaitingDraft]: ...

    def approve_many(self, chosen: Sequence[tuple[int, int]], who: Person) -> Batch: ...


@dataclass(frozen=True)
class Said:
    """What is said of one text: its side, whether it is heated, the reasons of contact and the risks."""

    label: str
    high_arousal: bool
    reasons: frozenset[str]
    flags: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """How the text of a case's mention was read.

    The figures are the judge's own, also after a correction; `reasons` and `flags` are empty for a judge that gives
    none. `now` is what counts. `correction` is the last correction's id, 0 where there is none, and `corrected_by`
    its author's Slack id: who corrects says with it what they saw.
    """

    case_id: int
    mention_id: int
    channel: str
    text: str
    judge_version: str
    language: str
    label: str
    shares: Mapping[str, float]  # the probability of each side
    arousal: float
    reasons: Mapping[str, float]
    flags: Mapping[str, float]
    abstained: bool
    abstention: str | None  # why, where the judge said why
    truncated: bool
    now: Said
    correction: int = 0
    corrected_by: str | None = None
    corrected_at: datetime | None = None


class Draft(StrEnum):
    """What became of the draft when the reading was corrected."""

    SAME = "same"
    NEW = "new"
    KEPT = "kept"  # somebody had taken it up


@dataclass(frozen=True)
class Corrected:
    """What came of a correction. `code` is stored; same (nothing to correct); again (the same was stored before);
    or, when nothing was stored, corrected_meanwhile (`by_id`, `at`), not_allowed or not_found.
    """

    code: str
    channel: str = ""
    draft: Draft = Draft.SAME
    by_id: str | None = None
    at: datetime | None = None

    @property
    def ok(self) -> bool:
        return self.code in ("stored", "same", "again")


class Readings(Protocol):
    """How mentions were read, and putting it right.

    `reading` answers None for a case without a judged text. `words_behind` are the words that carried the judge's
    label; it may take some seconds, and answers None when the judge at work is not the one that read the text.
    `correct` is a compare-and-set on `seen`, the last correction that the person saw; it never raises for what a
    person did.
    """

    def reading(self, case_id: int) -> Reading | None: ...

    def words_behind(self, reading: Reading) -> Sequence[str] | None: ...

    def correct(self, case_id: int, mention_id: int, seen: int, said: Said, who: Person) -> Corrected: ...


class Grades(Protocol):
    """A person's word on an alert; the first counts, and a second answers with who gave it (`already_graded`)."""

    def grade(self, case_id: int, right: bool, who: Person) -> Outcome: ...
