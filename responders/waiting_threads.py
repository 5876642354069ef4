"""Reads from the store which own-channel threads hold complaints that nobody of ours has answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Case, Reply
from models.mentions import Mention, Thread
from models.states import ReplyState
from models.verdicts import Heat, VerdictRow
from responders.unanswered import BURNS_FOR, Complaint, Waiting


def waiting_threads(session: Session, now: datetime) -> list[Waiting]:
    """Every own-channel thread that somebody wrote in lately and that waits for us."""
    alive = select(Thread).where(
        Thread.in_own_channel.is_(True), Thread.is_private.is_(False), Thread.last_at >= now - BURNS_FOR
    )
    found = (waiting_in(session, thread) for thread in session.scalars(alive.order_by(Thread.id)).all())
    return [thread for thread in found if thread is not None]


def waiting_in(session: Session, thread: Thread) -> Waiting | None:
    """The thread with its complaints since we last spoke in it; None where none waits, or it is not ours."""
    if not thread.in_own_channel or thread.is_private:
        return None
    query = (
        select(Mention.created_at, Mention.author_id, Mention.author_followers, Mention.permalink, VerdictRow.label)
        .join(VerdictRow, VerdictRow.mention_id == Mention.id)
        .where(Mention.thread_id == thread.id, Mention.from_us.is_(False), Mention.is_share.is_(False))
        .order_by(Mention.created_at, Mention.id)
    )
    answered = _answered_at(session, thread)
    if answered is not None:
        query = query.where(Mention.created_at > answered)
    rows = session.execute(query).all()
    complaints = tuple(
        Complaint(row.created_at, row.author_id, row.author_followers, row.permalink)
        for row in rows
        if row.label == "negative"
    )
    if not complaints:
        return None
    level = session.scalar(select(Heat.level).where(Heat.subject == f"thread:{thread.id}"))
    return Waiting(thread.id, thread.channel, level or "none", complaints, len(rows) - len(complaints))


def _answered_at(session: Session, thread: Thread) -> datetime | None:
    """When we last spoke there: as we heard it on the platform, as we sent it, or as somebody told us by hand."""
    by_hand = session.scalar(
        select(func.max(Reply.decided_at))
        .join(Case, Case.id == Reply.case_id)
        .where(Case.thread_id == thread.id, Reply.state == ReplyState.BY_HAND)
    )
    return max((at for at in (thread.answered_at, by_hand) if at is not None), default=None)
