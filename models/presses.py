"""Presses in Slack, written down before they are acknowledged, so that none is forgotten when the process dies."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_new

REMEMBERED = timedelta(hours=1)
"""So long a press that was done is known by its key: Slack may deliver it again."""


class Press(Base):
    """One press. `key` tells it from every other; `body` is what is needed to do it, emptied when it is done."""

    __tablename__ = "press"
    __table_args__ = ({"info": {"retention": "until it is done; the key for an hour"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]


def write_down(session: Session, key: str, body: dict[str, Any], now: datetime) -> int | None:
    """The new press's id; None when the same press is known already."""
    new = insert_new(session, Press, [{"key": key, "body": body, "at": now}], ["key"])
    return new[0] if new else None


def unfinished(session: Session) -> list[Press]:
    """What was acknowledged and is not done, in the order it came."""
    return list(session.scalars(select(Press).where(Press.done_at.is_(None)).order_by(Press.id)))


def finish(session: Session, press_id: int, now: datetime) -> None:
    """The press is done: what it held is forgotten, and so are the keys of old ones."""
    session.execute(update(Press).where(Press.id == press_id).values(done_at=now, body={}))
    session.execute(delete(Press).where(Press.done_at < now - REMEMBERED))
