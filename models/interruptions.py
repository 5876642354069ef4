"""Every time that the product called somebody away from what they did: written down, never changed, soon forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.states import Means, Rest

NIGHT_BEGINS, NIGHT_ENDS = 22, 7
SATURDAY = 5


class Interruption(Base):
    """One person reached once. `user_id` is a Slack id: a group's where nobody knows who stands behind it.

    `why` is a code, such as alert.raised or chain.step; never a text.
    """

    __tablename__ = "interruption"
    __table_args__ = ({"info": {"retention": "staff"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[str] = mapped_column(index=True)
    means: Mapped[Means]
    why: Mapped[str]
    level: Mapped[str | None]  # of the alert, where it was one
    case_id: Mapped[int | None]
    rest: Mapped[Rest]


def rest_at(at: datetime, zone: ZoneInfo, *, in_quiet_hours: bool) -> Rest:
    """In whose rest `at` falls, by the clock on the person's wall: nights are 22-7, weekends Saturday and Sunday."""
    local = at.astimezone(zone)
    if in_quiet_hours:
        return Rest.QUIET
    if local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS:
        return Rest.NIGHT
    return Rest.WEEKEND if local.weekday() >= SATURDAY else Rest.NONE


def record_interruption(
    session: Session,
    at: datetime,
    user_id: str,
    means: Means,
    why: str,
    *,
    zone: ZoneInfo,
    level: str | None = None,
    case_id: int | None = None,
    in_quiet_hours: bool = False,
) -> None:
    """Writes down that the product reached this person, in the transaction that remembers the message.

    `zone` is where the person lives, or the shop's; `in_quiet_hours` whether their own quiet hours held at `at`.
    """
    rest = rest_at(at, zone, in_quiet_hours=in_quiet_hours)
    session.add(Interruption(at=at, user_id=user_id, means=means, why=why, level=level, case_id=case_id, rest=rest))


def interruptions_of(
    session: Session, begins: datetime, ends: datetime, user_id: str | None = None
) -> dict[tuple[Means, Rest], int]:
    """The counts from `begins` up to `ends`: of one person, or of everybody together."""
    counted = (
        select(Interruption.means, Interruption.rest, func.count())
        .where(Interruption.at >= begins, Interruption.at < ends)
        .group_by(Interruption.means, Interruption.rest)
        .order_by(Interruption.means, Interruption.rest)
    )
    if user_id is not None:
        counted = counted.where(Interruption.user_id == user_id)
    return {(means, rest): int(count) for means, rest, count in session.execute(counted)}


def interrupted_people(session: Session, begins: datetime, ends: datetime) -> Sequence[tuple[str, int]]:
    """Who was reached how often, the most often first. For reports that the shop has allowed to name people."""
    count = func.count()
    rows = session.execute(
        select(Interruption.user_id, count)
        .where(Interruption.at >= begins, Interruption.at < ends)
        .group_by(Interruption.user_id)
        .order_by(count.desc(), Interruption.user_id)
    )
    return [(user_id, int(number)) for user_id, number in rows]


def forget_interruptions(session: Session, before: datetime) -> int:
    """Deletes what is older than `before` and returns how much it was."""
    gone = session.execute(delete(Interruption).where(Interruption.at < before).returning(Interruption.id))
    return len(gone.all())
