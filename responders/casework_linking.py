"""Two cases that are the same matter: one ends and points to the other, which gets what its customer writes on."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.jobs import JobKind, put
from models.replies import move_case
from models.states import CaseState
from responders.casework_closing import draft_again, end, in_flight, step_aside
from responders.casework_owning import closed
from responders.complaints import is_answered, is_complaint
from responders.deeds import DONE, Doing, held
from responders.matters import head_of
from responders.slack.actions import Outcome
from responders.suggest import Suggester


def link(doing: Doing, number: int, suggester: Suggester) -> Outcome:
    """The case ends, and the one called `number`, or what stands for that, stands for it from then on.

    A complaint that waited for us waits in the other one, which is opened again where it had been settled.
    """
    session, case = doing.session, doing.case
    found = session.scalars(select(Case.id).where(Case.number == number)).first()
    if found is None:
        return Outcome(False, "unknown_case")
    if case.state is CaseState.CLOSED:
        return closed(doing)
    head = head_of(session, session.get_one(Case, found))
    if head.id == case.id:
        return Outcome(False, "same_case")
    if case.kind == "alert" and head.kind != "alert":
        return Outcome(False, "alert_under_contact")
    if held(session, head.id) is None or in_flight(session, case) or in_flight(session, head):
        return Outcome(False, "reply_in_flight")
    waits = case.state is CaseState.OPEN and not is_answered(case) and is_complaint(session, case)
    step_aside(session, case, doing.now, doing.who.id)
    case.same_as = head.id
    doing.record("case.linked", same_as=head.id, number=head.number)
    end(session, case, doing.who, None, doing.now, same_as=head.id)
    if waits and head.state is not CaseState.OPEN:
        _open(doing, head, case, suggester)
    put(session, JobKind.SHOW_CARD, str(head.id), doing.wall, urgent=True)
    return DONE


def linked_to(session: Session, case: Case) -> list[Case]:
    """The cases for which this one stands, also through others."""
    direct = session.scalars(select(Case).where(Case.same_as == case.id).order_by(Case.number)).all()
    return [*direct, *(further for one in direct for further in linked_to(session, one))]


def _open(doing: Doing, head: Case, case: Case, suggester: Suggester) -> None:
    """The settled case waits again, for what the linked one's customer wrote."""
    head.mention_id, head.answered_at = case.mention_id, None
    move_case(doing.session, head, CaseState.OPEN, at=doing.now, actor=doing.who.id, linked=case.id)
    draft_again(doing.session, head, suggester, doing.now)
