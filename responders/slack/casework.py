"""What people can do with a case from Slack beside its reply: plain calls, made by the listeners and met elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models.states import CaseState, NoteKind, NudgeKind
from responders.slack.actions import Outcome, Person


@dataclass(frozen=True)
class NoteView:
    """A note of the staff. `to_id` is the colleague asked, `answers` the question's id, `minutes` a call's length."""

    id: int
    kind: NoteKind
    text: str
    at: datetime
    by_id: str
    by_name: str
    minutes: int | None = None
    to_id: str | None = None
    answers: int | None = None


@dataclass(frozen=True)
class CaseBrief:
    """A case as windows and lists show it.

    `complaint`: closing needs a reply of ours or a written reason. `answered`: a reply of ours went out, or somebody
    answered by hand. `same_as` is the number of the case that stands for this one.
    """

    case_id: int
    number: int
    kind: str
    about: str
    state: CaseState
    complaint: bool
    answered: bool
    owner_id: str | None = None
    owner_name: str | None = None
    team: str | None = None
    snoozed_until: datetime | None = None
    same_as: int | None = None
    notes: Sequence[NoteView] = ()


@dataclass(frozen=True)
class NudgeView:
    """What one of the staff is told of a case in a message of their own: by whom, when, and in which words.

    `note_id` and `text` are the question, or the answer to one; `customer` is what the customer last wrote. The card
    stands in `card_channel` at `card_ts`, None where it does not stand yet.
    """

    id: int
    kind: NudgeKind
    to_id: str
    by_id: str
    by_name: str
    at: datetime
    case_id: int
    number: int
    note_id: int | None = None
    text: str = ""
    customer: str = ""
    card_channel: str | None = None
    card_ts: str | None = None


@dataclass(frozen=True)
class Closing:
    """How a case ends: three answers that do not hang on each other, and why, where no reply tells it.

    None means that the question does not arise (a compliment is neither justified nor compensated).
    """

    handled: bool
    justified: bool | None
    compensated: bool | None
    reason: str = ""


class Casework(Protocol):
    """Every call may come twice, late, or from somebody who may not. None raises for what a person did.

    An Outcome that is not ok says why by its code: not_allowed; not_found; already_* with `by`, `by_id` and `at` for
    who was first (already_assigned, already_closed, already_snoozed, already_linked, already_open, already_answered);
    empty; needs_reason (a complaint without an answer); not_future; too_far; unknown_team; unknown_case; same_case;
    reply_in_flight (a reply is on its way: wait for it); outrage (what burns cannot be put off); owner_may_not and
    colleague_may_not (`by` is a person whose role does not let them); alert_under_contact (an alert cannot stand under
    one customer's case); nothing_to_answer (no post to answer is known); bad_link; over_length; changed; role_unknown.
    One that is ok with the code taken_from says in `by` who had the case before.
    """

    def brief(self, case_id: int) -> CaseBrief | None: ...

    def numbered(self, number: int) -> CaseBrief | None: ...

    def take(self, case_id: int, who: Person) -> Outcome: ...

    def assign(self, case_id: int, owner: Person | None, team: str | None, who: Person) -> Outcome: ...

    def note(self, case_id: int, text: str, who: Person) -> Outcome: ...

    def log_call(self, case_id: int, minutes: int, text: str, who: Person) -> Outcome: ...

    def ask(self, case_id: int, colleague: Person, question: str, who: Person) -> Outcome: ...

    def answer(self, question_id: int, text: str, who: Person) -> Outcome: ...

    def snooze(self, case_id: int, until: datetime, who: Person) -> Outcome: ...

    def wake(self, case_id: int, who: Person) -> Outcome: ...

    def close(self, case_id: int, closing: Closing, who: Person) -> Outcome: ...

    def reopen(self, case_id: int, who: Person) -> Outcome: ...

    def link(self, case_id: int, number: int, who: Person) -> Outcome: ...

    def write(self, case_id: int, text: str, who: Person) -> Outcome: ...

    def answered_by_hand(self, case_id: int, who: Person, link: str = "") -> Outcome: ...
