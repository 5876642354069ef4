"""Which cases are complaints, which of them are answered, and which were closed though they must not have been."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.cases import Alert, Case
from models.mentions import Mention, Thread
from models.states import CaseState
from models.verdicts import VerdictRow
from responders.alerting import LEVELS
from responders.likely import LIKELY, MUST_BE_SEEN

COMPLAINT_FROM = "warning"
"""From this level on an alert is a complaint, and stays one when it cools."""


def is_complaint(session: Session, case: Case) -> bool:
    """Whether the case closes only after an answer of ours or with a written reason.

    A customer's case is one where they wrote anything negative, or with a risk that a person must see. So is a case
    that stands for another complaint, unless that was answered before and its customer has not complained since.
    """
    if case.kind == "alert":
        if _was_hot(session, case):
            return True
    elif session.scalar(select(Mention.id).where(*said_in(session, case), complaining()).limit(1)) is not None:
        return True
    linked = session.scalars(select(Case).where(Case.same_as == case.id)).all()
    return any(is_complaint(session, one) and not _settled(session, one) for one in linked)


def is_answered(case: Case) -> bool:
    """Whether an answer of ours went out, or was given by hand, to what the case is about now."""
    return case.answered_at is not None


def complaining() -> ColumnElement[bool]:
    """A condition on the verdict of a mention, to be used with `said_in`."""
    flagged = or_(*(VerdictRow.flags[flag].as_float() >= LIKELY for flag in MUST_BE_SEEN))
    verdict = select(VerdictRow.id).where(
        VerdictRow.mention_id == Mention.id, or_(VerdictRow.label == "negative", flagged)
    )
    return verdict.exists()


def said_in(session: Session, case: Case) -> Sequence[ColumnElement[bool]]:
    """Which mentions are the customer's own in a contact: all of a private thread, or theirs in a public one."""
    theirs: list[ColumnElement[bool]] = [Mention.from_us.is_(False), Mention.thread_id == case.thread_id]
    thread = session.get(Thread, case.thread_id) if case.thread_id is not None else None
    if thread is not None and not thread.is_private:
        author = _author(case)  # of one whose name is withheld it is the mention's own id
        theirs.append(or_(Mention.author_id == author, Mention.external_id == author))
    return theirs


def closed_unanswered(session: Session) -> list[int]:
    """The numbers of complaints that were closed without an answer of ours or a written reason; there must be none."""
    silent = select(Case).where(
        Case.state == CaseState.CLOSED,
        Case.answered_at.is_(None),
        Case.same_as.is_(None),
        func.trim(func.coalesce(Case.closed_reason, "")) == "",
    )
    return [case.number for case in session.scalars(silent.order_by(Case.number)) if is_complaint(session, case)]


def _settled(session: Session, linked: Case) -> bool:
    """Whether a linked case had its answer, and nothing to complain of has come from its customer since."""
    if linked.answered_at is None:
        return False
    since = (*said_in(session, linked), complaining(), Mention.received_at > linked.answered_at)
    return linked.kind == "alert" or session.scalar(select(Mention.id).where(*since).limit(1)) is None


def _was_hot(session: Session, case: Case) -> bool:
    told = session.scalars(select(Alert.level).where(Alert.case_id == case.id)).all()
    return any(LEVELS.index(level) >= LEVELS.index(COMPLAINT_FROM) for level in (*told, case.level or "none"))


def _author(case: Case) -> str | None:
    """The author in a contact's name, "contact:<thread>:<author>#<episode>"; None in a private thread."""
    parts = case.matter.rsplit("#", 1)[0].split(":", 2)
    return parts[2] if len(parts) == 3 else None
