"""One act of a person on a case: what every such act is given, and how it is told, asked for and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import Case, CaseNote, Nudge
from models.jobs import JobKind, put
from models.states import NudgeKind
from responders.slack.actions import Outcome, Person

JUST_NOW = timedelta(seconds=30)
"""What another did so shortly ago was not on the card when this person pressed: it is told, and not undone."""

DONE = Outcome(True)


@dataclass(frozen=True)
class Doing:
    """The case, held against others until the transaction ends; who acts; and the time on both clocks."""

    session: Session
    case: Case
    who: Person
    now: datetime
    wall: datetime

    def record(self, action: str, **detail: Any) -> None:
        """The audit line of this act: ids, codes and numbers, never a text."""
        record(self.session, self.now, action, actor=self.who.id, case_id=self.case.id, **detail)

    def just_now(self, at: datetime | None) -> bool:
        """Whether `at` is so close that this person cannot have seen what happened then."""
        return at is not None and self.now - at < JUST_NOW

    def nudge(self, kind: NudgeKind, to_id: str, note: CaseNote | None = None) -> None:
        """Tells one of the staff, in a message of their own; nobody is told of what they did themselves."""
        if to_id != self.who.id:
            ask_nudge(self.session, self.case.id, kind, to_id, self.who, self.now, self.wall, note)


def in_one_transaction(
    sessions: Sessions,
    wanted: Select[Case],
    who: Person,
    clock: Callable[[], datetime],
    wall: Callable[[], datetime],
    deed: Callable[[Doing], Outcome],
) -> Outcome:
    """What `deed` answers for the `wanted` case, which is held: undone unless it went well, and then the card is drawn.

    Of two at once the second waits, and then finds what the first did.
    """
    try:
        with sessions.begin() as session:
            case = session.scalars(wanted.with_for_update(of=Case)).first()
            if case is None:
                return Outcome(False, "not_found")
            doing = Doing(session, case, who, clock(), wall())
            outcome = deed(doing)
            if not outcome.ok:
                raise _Undone(outcome)
            put(session, JobKind.SHOW_CARD, str(case.id), doing.wall, urgent=True)
    except _Undone as undone:
        return undone.outcome
    return outcome


class _Undone(Exception):
    """Takes a transaction back and carries out what to tell the person."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


def ask_nudge(
    session: Session,
    case_id: int,
    kind: NudgeKind,
    to_id: str,
    by: Person,
    now: datetime,
    wall: datetime,
    note: CaseNote | None = None,
) -> None:
    """Writes the message down and asks for its delivery, in the caller's transaction."""
    nudge = Nudge(
        case_id=case_id,
        kind=kind,
        to_id=to_id,
        note_id=note.id if note is not None else None,
        by_id=by.id,
        by_name=by.name,
        at=now,
    )
    session.add(nudge)
    session.flush()
    put(session, JobKind.NUDGE, str(nudge.id), wall)


def held(session: Session, case_id: int) -> Case | None:
    """The case, which nobody else changes until the transaction ends."""
    return session.get(Case, case_id, with_for_update=True)
