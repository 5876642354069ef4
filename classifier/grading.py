"""Grades alerts by how they turned out, a day or more later, and writes each grade once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from classifier.heat.outcome import Graded, OutrageRule, grade, is_known, look_back
from classifier.history import public_posts
from models.audit import record
from models.base import Sessions
from models.cases import OUTCOME, Alert, Case
from models.jobs import JobKind, put
from models.mentions import Thread

logger = logging.getLogger(__name__)

USUAL_FROM = timedelta(days=15)
"""So long before an alert the posts are needed, to know what was usual (the median of two weeks)."""

_AT_ONCE = timedelta(days=7)  # alerts of so long are graded in one go; what is left, in the next


@dataclass(frozen=True)
class Raised:
    """An alert as grading needs it; `subject` and `key` as in heat.outcome.Fire."""

    id: int
    case_id: int
    at: datetime
    subject: str
    key: str | None


def grade_alerts(
    *, sessions: Sessions, brand: str, rule: OutrageRule, now: datetime, wall: datetime, again_s: float
) -> int:
    """Grades the alerts whose outcome can be told by `now`, and looks again in `again_s` seconds; returns how many.

    What a person said of an alert stands; the outcome is kept beside it.
    """
    waiting, more = _waiting(sessions, now - timedelta(hours=rule.within_hours))
    known = list(_known(sessions, brand, rule, waiting, now)) if waiting else []
    with sessions.begin() as session:
        for alert, graded in known:
            _write(session, alert, graded, now, wall)
        put(session, JobKind.GRADE_ALERTS, "", wall + timedelta(seconds=0 if more and known else again_s))
    return len(known)


def raised(session: Session, since: datetime, until: datetime) -> list[Raised]:
    """The alerts raised from `since` to `until`, both counted in, in order of time."""
    rows = session.execute(
        select(Alert.id, Alert.case_id, Alert.at, Case.matter, Case.thread_id, Thread.channel)
        .join(Case, Case.id == Alert.case_id)
        .join(Thread, Thread.id == Case.thread_id, isouter=True)
        .where(Alert.at >= since, Alert.at <= until)
        .order_by(Alert.at, Alert.id)
    )
    return [Raised(row.id, row.case_id, row.at, *_about(row.matter, row.thread_id, row.channel)) for row in rows]


def _about(matter: str, thread_id: int | None, channel: str | None) -> tuple[str, str | None]:
    """What a matter such as "alert:thread:17#2" is about."""
    _, subject, name = matter.rsplit("#", 1)[0].split(":", 2)
    if subject == "thread":
        return subject, f"{channel} {thread_id}" if channel is not None else None
    return subject, name


def _waiting(sessions: Sessions, until: datetime) -> tuple[list[Raised], bool]:
    """The oldest alerts without an outcome, and whether there are newer ones that may be told too."""
    with sessions() as session:
        ungraded = select(Alert.id).where(Alert.outcome.is_(None), Alert.at <= until)
        first = session.scalar(select(func.min(Alert.at)).where(Alert.id.in_(ungraded)))
        if first is None:
            return [], False
        wanted = set(session.scalars(ungraded))
        found = [alert for alert in raised(session, first, until) if alert.id in wanted]
        now = [alert for alert in found if alert.at < first + _AT_ONCE]
        return now, len(now) < len(found)


def _known(
    sessions: Sessions, brand: str, rule: OutrageRule, waiting: list[Raised], now: datetime
) -> Iterable[tuple[Raised, Graded]]:
    with sessions() as session:
        past = look_back(public_posts(session, brand, waiting[0].at - USUAL_FROM, now), rule)
    for alert in waiting:
        graded = grade(brand, alert.subject, alert.key, alert.at, past)
        if is_known(graded, alert.at, now, rule):
            yield alert, graded


def _write(session: Session, alert: Raised, graded: Graded, now: datetime, wall: datetime) -> None:
    lead = graded.lead(alert.at)
    minutes = None if lead is None else round(lead / timedelta(minutes=1))
    told = session.execute(
        update(Alert)
        .where(Alert.id == alert.id, Alert.outcome.is_(None))
        .values(outcome=str(graded.grade), lead_minutes=minutes)
        .returning(Alert.id)
    ).first()
    if told is None:
        return
    session.execute(
        update(Alert)
        .where(Alert.id == alert.id, Alert.grade.is_(None))
        .values(grade=str(graded.grade), grade_by=OUTCOME, graded_at=now)
    )
    record(session, now, "alert.graded", case_id=alert.case_id, alert=alert.id, grade=str(graded.grade), lead=minutes)
    put(session, JobKind.SHOW_CARD, str(alert.case_id), wall)
    logger.info("alert graded alert=%d grade=%s", alert.id, graded.grade)
