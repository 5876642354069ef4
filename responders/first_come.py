"""Who was first with a reply, for telling whoever comes second; and when it was the same person's press again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import OURSELVES, AuditEntry
from models.cases import Reply
from models.states import ReplyState
from responders.reply_texts import texts_of
from responders.slack.actions import Outcome, Person

_TOO_LATE = {
    ReplyState.APPROVED: "already_approved",
    ReplyState.SENDING: "already_approved",
    ReplyState.UNCONFIRMED: "already_approved",
    ReplyState.SENT: "already_sent",
    ReplyState.REJECTED: "already_rejected",
    ReplyState.BY_HAND: "already_by_hand",
}


def too_late(session: Session, reply: Reply) -> Outcome:
    """What the person is told whose reply has moved on, or whose draft another has changed."""
    session.refresh(reply)
    code = _TOO_LATE.get(reply.state)
    if code is None:
        return _changed(session, reply)
    return Outcome(False, code, by=reply.decided_by_name, by_id=reply.decided_by, at=reply.decided_at)


def swapped_again(session: Session, reply: Reply, version: int, who: Person) -> bool:
    """Whether the same person's swap of that version is the last that happened to the draft."""
    last = _last_line(session, reply)
    return (
        reply.state is ReplyState.DRAFTED
        and reply.version == version + 1
        and last is not None
        and (last.action, last.actor) == ("reply.swapped", who.id)
    )


def _last_line(session: Session, reply: Reply) -> AuditEntry | None:
    lines = select(AuditEntry).where(AuditEntry.reply_id == reply.id).order_by(AuditEntry.id.desc())
    return session.scalars(lines.limit(1)).first()


def _changed(session: Session, reply: Reply) -> Outcome:
    """Who changed the draft last, and when; by the name that stands with its words."""
    last = _last_line(session, reply)
    if last is None or last.actor == OURSELVES:
        return Outcome(False, "changed")
    names = {one.by_id: one.by_name for one in texts_of(session, reply.id)}
    return Outcome(False, "changed", by=names.get(last.actor), by_id=last.actor, at=last.at)
