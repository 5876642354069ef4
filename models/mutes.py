"""When alerts keep still: a person asked for it, for a while, with a reason; an outrage is told all the same."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit import record
from models.base import Base

LOUD = "outrage"
"""The level that no mute keeps still."""


class Mute(Base):
    """One stretch of stillness. It ends by itself at `until`, or before, when somebody ends it."""

    __tablename__ = "mute"

    id: Mapped[int] = mapped_column(primary_key=True)
    begins_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str]
    by_id: Mapped[str]
    by_name: Mapped[str]


def mute_now(session: Session, now: datetime) -> Mute | None:
    """The mute that holds, None when alerts speak."""
    return session.scalars(
        select(Mute).where(Mute.until > now, Mute.begins_at <= now).order_by(Mute.until.desc(), Mute.id.desc()).limit(1)
    ).first()


def still_until(session: Session, kind: str, level: str | None, now: datetime) -> datetime | None:
    """Until when a case of this kind and level calls nobody and posts no new card; None when it may."""
    if kind != "alert" or level == LOUD:
        return None
    mute = mute_now(session, now)
    return mute.until if mute is not None else None


def begin_mute(session: Session, until: datetime, reason: str, who: tuple[str, str], now: datetime) -> Mute:
    """Stillness from now on, in place of any that holds. `who` is a Slack id and a name."""
    _end_all(session, now)
    mute = Mute(begins_at=now, until=until, reason=reason, by_id=who[0], by_name=who[1])
    session.add(mute)
    session.flush()
    record(session, now, "alerts.muted", actor=who[0], mute=mute.id, until=until.isoformat(timespec="minutes"))
    return mute


def end_mute(session: Session, who_id: str, now: datetime) -> Mute | None:
    """Ends the mute that holds and returns it; None when alerts speak already."""
    mute = mute_now(session, now)
    if mute is None:
        return None
    _end_all(session, now)
    record(session, now, "alerts.unmuted", actor=who_id, mute=mute.id)
    return mute


def _end_all(session: Session, now: datetime) -> None:
    session.execute(update(Mute).where(Mute.until > now).values(until=now))
