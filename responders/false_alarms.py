"""Settles an alert that a person called a false alarm: it cools, and closes where no complaint of it waits for us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import record
from models.cases import Case
from models.mentions import Mention, Thread
from models.states import CaseState
from responders.casework_closing import end, in_flight, step_aside
from responders.complaints import complaining
from responders.contacting import contact_matter
from responders.matters import newest_case
from responders.slack.actions import Outcome, Person

COOLED = "watch"


def settle_false_alarm(session: Session, case: Case, who: Person, reason: str, now: datetime) -> Outcome:
    """Cools and closes the alert's case, in the caller's transaction; the code says why it stays open."""
    if case.level not in (None, "none", COOLED):
        case.level, case.changed_at = COOLED, now
        record(session, now, "alert.cooled", actor=who.id, case_id=case.id, why="false_alarm")
    if case.state is CaseState.CLOSED:
        return Outcome(True)
    if in_flight(session, case):
        return Outcome(True, "reply_in_flight")
    if complaints_wait(session, case):
        return Outcome(True, "complaints_wait")
    step_aside(session, case, now, who.id)
    end(session, case, who, reason, now)
    return Outcome(True)


def complaints_wait(session: Session, case: Case) -> bool:
    """Whether a complaint stands in the alert's thread for which nobody answered and no case of its own stands.

    While a thread burns, its alert stands for what is said there; what is said of a topic or the brand elsewhere has
    cases of its own.
    """
    if case.thread_id is None or not case.matter.startswith("alert:thread:"):
        return False
    thread = session.get_one(Thread, case.thread_id)
    said = select(Mention).where(
        Mention.thread_id == thread.id, Mention.from_us.is_(False), Mention.is_share.is_(False), complaining()
    )
    answered = max((at for at in (thread.answered_at, case.answered_at) if at is not None), default=None)
    if answered is not None:
        said = said.where(Mention.created_at > answered)
    return any(newest_case(session, contact_matter(mention, thread)) is None for mention in session.scalars(said))
