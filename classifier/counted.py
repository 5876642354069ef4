"""What people counted beside posts that no API sees, as heat hears it: so many times passed on in a quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.growth import QUARTER, Counted, growth
from models.intake import ManualCount
from models.mentions import Mention, Thread


@dataclass(frozen=True)
class PassedOn:
    """A thread's shares and comments, those of the last quarter of an hour before `at`; `count_id` is the count's."""

    count_id: int
    channel: str
    thread_id: str
    times: int
    at: datetime


def passed_on(session: Session, after: int, now: datetime) -> Iterator[PassedOn]:
    """What was counted since the count `after`, in public and not longer ago than heat counts shares."""
    rows = session.execute(
        select(ManualCount, Thread.id, Thread.channel)
        .join(Mention, Mention.id == ManualCount.mention_id)
        .join(Thread, Thread.id == Mention.thread_id)
        .where(ManualCount.id > after, ManualCount.at > now - QUARTER, Thread.is_private.is_(False))
        .order_by(ManualCount.id)
    ).all()
    for count, thread_id, channel in rows:
        before = session.scalars(
            select(ManualCount)
            .where(ManualCount.mention_id == count.mention_id, ManualCount.id < count.id)
            .order_by(ManualCount.id.desc())
            .limit(1)
        ).first()
        grown = growth([_counted(before), _counted(count)]) if before is not None else None
        times = round(grown.shares + grown.comments) if grown is not None else 0
        yield PassedOn(count.id, channel, str(thread_id), times, count.at)


def _counted(count: ManualCount) -> Counted:
    return Counted(count.at, count.comments, count.reactions, count.shares)
