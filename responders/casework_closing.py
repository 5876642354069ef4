"""How a case ends, and how it is opened again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import OURSELVES
from models.cases import Case
from models.mentions import Mention, Thread
from models.replies import move_case, move_reply
from models.states import CaseState, ReplyState
from models.verdicts import VerdictRow
from responders.casework_owning import closed
from responders.casework_resting import stir
from responders.complaints import is_answered, is_complaint
from responders.deeds import DONE, Doing
from responders.echoes import IN_FLIGHT
from responders.matters import live_reply
from responders.slack.actions import Outcome, Person
from responders.slack.casework import Closing
from responders.suggest import Suggester

UNASKED = Closing(handled=False, justified=None, compensated=None)
"""What came of a case that ended without anybody being asked: nothing."""


def close(doing: Doing, closing: Closing) -> Outcome:
    """The case ends with what came of it. A complaint that nobody answered ends only with a written reason."""
    session, case, reason = doing.session, doing.case, closing.reason.strip()
    if case.state is CaseState.CLOSED:
        return closed(doing)
    if in_flight(session, case):
        return Outcome(False, "reply_in_flight")
    if not reason and not is_answered(case) and is_complaint(session, case):
        return Outcome(False, "needs_reason", field="reason")
    step_aside(session, case, doing.now, doing.who.id)
    end(session, case, doing.who, reason or None, doing.now, closing)
    return DONE


def reopen(doing: Doing, suggester: Suggester) -> Outcome:
    """The case waits for us again; one that another stood for stands for itself again."""
    session, case = doing.session, doing.case
    if case.state is not CaseState.CLOSED:
        return Outcome(False, "already_open")
    case.same_as = None
    move_case(session, case, CaseState.OPEN, at=doing.now, actor=doing.who.id)
    draft_again(session, case, suggester, doing.now)
    return DONE


def end(
    session: Session,
    case: Case,
    who: Person,
    reason: str | None,
    now: datetime,
    closing: Closing = UNASKED,
    **detail: object,
) -> None:
    """Closes a case that the session holds, with who did it, why and what came of it, in the caller's transaction."""
    stir(session, case, "closed", now, who.id)
    case.closed_reason, case.closed_at = reason, now
    case.closed_by, case.closed_by_name = who.id, who.name
    case.handled, case.justified, case.compensated = closing.handled, closing.justified, closing.compensated
    came_of_it = {name: getattr(closing, name) for name in ("handled", "justified", "compensated")}
    move_case(
        session, case, CaseState.CLOSED, at=now, actor=who.id, reasoned=reason is not None, **came_of_it, **detail
    )


def in_flight(session: Session, case: Case) -> bool:
    """Whether a reply has left a person's hands and not settled yet."""
    reply = live_reply(session, case.id)
    return reply is not None and reply.state in IN_FLIGHT


def step_aside(session: Session, case: Case, now: datetime, actor: str = OURSELVES) -> None:
    """The draft that waits, or was refused, gives way to what happened."""
    reply = live_reply(session, case.id)
    if reply is not None and reply.state in (ReplyState.DRAFTED, ReplyState.REFUSED):
        move_reply(session, reply.id, reply.state, ReplyState.SUPERSEDED, at=now, actor=actor)
        session.refresh(reply)


def draft_again(session: Session, case: Case, suggester: Suggester, now: datetime) -> None:
    """Drafts an answer where the case is about a text that was judged, and no draft waits."""
    if live_reply(session, case.id) is not None or case.mention_id is None:
        return
    mention = session.get_one(Mention, case.mention_id)
    verdict = session.scalars(select(VerdictRow).where(VerdictRow.mention_id == mention.id)).first()
    if verdict is not None:
        thread = session.get_one(Thread, mention.thread_id)
        suggester.draft(session, case, mention, verdict, thread, heated=case.kind == "alert", now=now)
