"""Recognises what our own account said: the echo of a reply we sent, or a colleague's answer on the platform itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.audit import record
from models.cases import Case, Reply
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from models.replies import move_case, move_reply
from models.states import CaseState, ReplyState
from responders.casework_resting import stir

A_PERSON_TAKES = timedelta(minutes=2)
"""What answers sooner than this is taken for the page's automatic greeting, which is no answer."""

IN_FLIGHT = (ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED)


def hear_ourselves(session: Session, now: datetime, wall: datetime, batch: int) -> int:
    """Goes through what our account said since the last look; returns how many posts that were.

    An echo settles a reply whose outcome was unknown. An answer that did not come from here takes the place of the
    draft that waited for somebody to approve it, so that the customer is not answered twice.
    """
    said = session.execute(
        select(Mention, Thread)
        .join(Thread, Thread.id == Mention.thread_id)
        .where(Mention.from_us.is_(True), Mention.considered_at.is_(None))
        .order_by(Mention.created_at, Mention.id)
        .limit(batch)
    ).all()
    for mention, thread in said:
        mention.considered_at = now
        if mention.place == "own_post":
            continue
        if not _is_echo(session, mention, now, wall):
            _answered_elsewhere(session, mention, thread, now, wall)
    return len(said)


def _is_echo(session: Session, mention: Mention, now: datetime, wall: datetime) -> bool:
    if session.scalar(select(Reply.id).where(Reply.external_id == mention.external_id)) is not None:
        return True
    replies = session.scalars(
        select(Reply)
        .join(Mention, Mention.id == Reply.mention_id)
        .where(Reply.state.in_(IN_FLIGHT), Mention.thread_id == mention.thread_id)
    ).all()
    for reply in replies:
        if _same_words(reply.text, mention.text):
            if reply.state is ReplyState.UNCONFIRMED:
                _settle(session, reply, mention, now, wall)
            return True
    return False


def _settle(session: Session, reply: Reply, mention: Mention, now: datetime, wall: datetime) -> None:
    moved = move_reply(
        session,
        reply.id,
        ReplyState.UNCONFIRMED,
        ReplyState.SENT,
        at=now,
        external_id=mention.external_id,
        permalink=mention.permalink,
        sent_at=mention.created_at,
        problem=None,
    )
    if moved:
        case = session.get_one(Case, reply.case_id)
        stir(session, case, "answered", now)
        move_case(session, case, CaseState.ANSWERED, at=now)
        case.answered_at = mention.created_at
        put(session, JobKind.SHOW_CARD, str(reply.case_id), wall)


def _answered_elsewhere(session: Session, mention: Mention, thread: Thread, now: datetime, wall: datetime) -> None:
    heard = select(Mention.id).where(Mention.thread_id == thread.id)
    if not thread.is_private:
        if mention.parent_external_id is None:
            return
        heard = heard.where(_answered_by(mention, thread))
    answered = [Case.mention_id.in_(heard), Case.state == CaseState.OPEN, Case.kind == "contact"]
    for case in session.scalars(select(Case).where(*answered)).all():
        reply = session.scalars(
            select(Reply).where(Reply.case_id == case.id, Reply.state == ReplyState.DRAFTED)
        ).first()
        if reply is None or reply.drafted_at > mention.created_at + timedelta(minutes=1):
            continue  # the draft answers something said after this
        if session.get_one(Mention, case.mention_id).created_at + A_PERSON_TAKES > mention.created_at:
            continue  # the customer has written again since, or a machine answered
        if move_reply(session, reply.id, ReplyState.DRAFTED, ReplyState.SUPERSEDED, at=now, version=reply.version):
            stir(session, case, "answered", now)
            move_case(session, case, CaseState.ANSWERED, at=now, by="colleague_on_platform")
            case.answered_at = mention.created_at
            record(session, now, "case.answered_on_platform", case_id=case.id, reply_id=reply.id)
            put(session, JobKind.SHOW_CARD, str(case.id), wall)


def answered_already(session: Session, mention: Mention, thread: Thread) -> bool:
    """Whether a colleague answered on the platform before we heard the question."""
    wanted = [
        Mention.thread_id == thread.id,
        Mention.from_us.is_(True),
        Mention.created_at >= mention.created_at + A_PERSON_TAKES,
    ]
    if not thread.is_private:
        wanted.append(Mention.parent_external_id == mention.external_id)
    return session.scalar(select(Mention.id).where(*wanted).limit(1)) is not None


def _answered_by(answer: Mention, thread: Thread) -> ColumnElement[bool]:
    """The posts that an answer on the page speaks to: its parent, and the comments beside it in the same sub-thread."""
    parent = Mention.external_id == answer.parent_external_id
    if answer.parent_external_id == thread.external_id:
        return parent  # beside it stand everybody's comments
    return or_(parent, Mention.parent_external_id == answer.parent_external_id)


def _same_words(one: str, other: str) -> bool:
    return _own_words(one) == _own_words(other)


def _own_words(text: str) -> list[str]:
    """The words without the handles that X puts before a reply."""
    words = text.split()
    while words and words[0].startswith("@"):
        words.pop(0)
    return words
