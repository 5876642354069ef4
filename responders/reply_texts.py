"""Keeps every version of a reply's text, and finds what a person began from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Reply, ReplyText
from responders.slack.actions import Person


def keep_text(session: Session, reply: Reply, at: datetime, by: Person | None = None) -> None:
    """Keeps the reply's text as it stands, in the caller's transaction; `by` None for a playbook's words."""
    session.add(
        ReplyText(
            reply_id=reply.id,
            version=reply.version,
            text=reply.text,
            at=at,
            by_id=by.id if by is not None else None,
            by_name=by.name if by is not None else None,
        )
    )
    session.flush()


def texts_of(session: Session, reply_id: int) -> Sequence[ReplyText]:
    """Every version that was kept, the oldest first."""
    return session.scalars(select(ReplyText).where(ReplyText.reply_id == reply_id).order_by(ReplyText.version)).all()


def base_text(session: Session, reply: Reply) -> str:
    """The playbook's words that people began from; empty where they wrote the reply on their own."""
    from_playbook = (
        select(ReplyText.text)
        .where(ReplyText.reply_id == reply.id, ReplyText.by_id.is_(None))
        .order_by(ReplyText.version.desc())
        .limit(1)
    )
    return session.scalar(from_playbook) or ""
