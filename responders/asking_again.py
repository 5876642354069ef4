"""How often a customer has written since we last answered them: from the third message on they are repeating it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Case, Reply
from models.mentions import Mention, Thread
from models.states import ReplyState
from responders.complaints import said_in

ASKS_AGAIN_FROM = 3
"""Messages without an answer: the first, a reminder, and then somebody who feels that nobody reads."""


def asks_again(session: Session, case: Case) -> bool:
    """Whether the customer of a contact repeats themselves, because nothing came back."""
    return unanswered_messages(session, case) >= ASKS_AGAIN_FROM


def unanswered_messages(session: Session, case: Case) -> int:
    """The messages of a contact's customer since our last answer; 0 for an alert, which is about many people."""
    if case.kind != "contact" or case.thread_id is None:
        return 0
    since = [Mention.created_at > at for at in (_last_answer(session, case),) if at is not None]
    return session.scalar(select(func.count(Mention.id)).where(*said_in(session, case), *since)) or 0


def _last_answer(session: Session, case: Case) -> datetime | None:
    """What we sent or said by hand in this case, and in private also what a colleague wrote on the platform."""
    sent = session.scalar(
        select(func.max(func.coalesce(Reply.sent_at, Reply.decided_at))).where(
            Reply.case_id == case.id, Reply.state.in_((ReplyState.SENT, ReplyState.BY_HAND))
        )
    )
    thread = session.get(Thread, case.thread_id)
    spoken = thread.answered_at if thread is not None and thread.is_private else None
    return max((at for at in (sent, spoken, case.answered_at) if at is not None), default=None)
