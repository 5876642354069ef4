"""Sees that every source still hears: raises an alarm for one that keeps failing or has gone silent, and clears it.

A source is failing when its calls have failed for ten minutes, from a first failure to a last, not counting the time
before and after: a machine that slept through the night has no night of failures. When only a person can help
(a token to renew), the second failure is enough. Silence is judged at the moment of the last successful read, so that
a source nobody read is not called quiet.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from listener.silence import HISTORY, Hearing, Quiet, listen_for_quiet
from models.alarms import HeardQuarter, SourceAlarm
from models.audit import record
from models.base import Sessions
from models.jobs import JobKind, put
from models.mentions import SourceCursor
from models.states import AlarmKind

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=10)
PATIENCE_WHEN_WAITING = timedelta(hours=1)
WAITING = frozenset({"rate_limited", "throttled"})  # the platform said when it will answer again
AT_ONCE = frozenset({"spending_limit"})  # a person has to pay, and it is asked again only in an hour
KEPT = 2 * HISTORY  # a source that speaks seldom may be quiet for long before it is called silent
QUIET = "quiet"
"""The code of an alarm about a source whose every call succeeds."""


def watch_sources(
    *, sources: Iterable[str], sessions: Sessions, zone: ZoneInfo, now: datetime, wall: datetime, again_s: float
) -> None:
    """Compares every source of the settings with its alarms, and looks again in `again_s` seconds."""
    with sessions.begin() as session:
        for source in sources:
            cursor = session.get(SourceCursor, source)
            if cursor is not None:
                _watch_failing(session, cursor, now, wall)
                if cursor.failing_since is None:
                    _watch_silent(session, cursor, zone, now, wall)
        put(session, JobKind.WATCH_SOURCES, "", wall + timedelta(seconds=again_s))


def keeps_failing(cursor: SourceCursor) -> bool:
    """Whether people have to know that the source fails."""
    if cursor.failing_since is None or cursor.failed_at is None:
        return False
    failing = cursor.failed_at - cursor.failing_since
    if cursor.problem in AT_ONCE:
        return True
    if cursor.sign_in_again:
        return failing > timedelta(0)
    return failing >= (PATIENCE_WHEN_WAITING if cursor.problem in WAITING else PATIENCE)


def _watch_failing(session: Session, cursor: SourceCursor, now: datetime, wall: datetime) -> None:
    alarm = _open_alarm(session, cursor.source, AlarmKind.FAILING)
    if alarm is not None and cursor.failing_since is None:
        _clear(session, alarm, now, wall)
    elif alarm is not None and cursor.problem is not None and alarm.code != cursor.problem:
        alarm.code = cursor.problem  # what to do may have changed with it
        put(session, JobKind.SHOW_ALARM, str(alarm.id), wall)
    elif alarm is None and cursor.failing_since is not None and keeps_failing(cursor):
        _raise(session, cursor.source, AlarmKind.FAILING, cursor.problem or "", cursor.failing_since, now, wall)


def _watch_silent(session: Session, cursor: SourceCursor, zone: ZoneInfo, now: datetime, wall: datetime) -> None:
    quiet = _quiet(session, cursor, zone)
    alarm = _open_alarm(session, cursor.source, AlarmKind.SILENT)
    if alarm is not None:
        if quiet.since is not None and quiet.since > alarm.since:
            _clear(session, alarm, now, wall)
    elif quiet.hearing is Hearing.SILENT and quiet.since is not None:
        _raise(session, cursor.source, AlarmKind.SILENT, QUIET, quiet.since, now, wall)


def _quiet(session: Session, cursor: SourceCursor, zone: ZoneInfo) -> Quiet:
    forgotten = cursor.read_at - KEPT
    session.execute(delete(HeardQuarter).where(HeardQuarter.source == cursor.source, HeardQuarter.quarter < forgotten))
    heard = session.scalars(select(HeardQuarter.quarter).where(HeardQuarter.source == cursor.source)).all()
    return listen_for_quiet(heard, cursor.read_at, zone)


def _open_alarm(session: Session, source: str, kind: AlarmKind) -> SourceAlarm | None:
    return session.scalars(
        select(SourceAlarm).where(
            SourceAlarm.source == source, SourceAlarm.kind == kind, SourceAlarm.cleared_at.is_(None)
        )
    ).first()


def _raise(
    session: Session, source: str, kind: AlarmKind, code: str, since: datetime, now: datetime, wall: datetime
) -> None:
    alarm = SourceAlarm(source=source, kind=kind, code=code, since=since, raised_at=now)
    session.add(alarm)
    session.flush()
    record(session, now, "alarm.raised", alarm=alarm.id, source=source, kind=str(kind), code=code)
    put(session, JobKind.SHOW_ALARM, str(alarm.id), wall, urgent=True)
    logger.warning("source alarm raised alarm=%d source=%s kind=%s code=%s", alarm.id, source, kind, code)


def _clear(session: Session, alarm: SourceAlarm, now: datetime, wall: datetime) -> None:
    alarm.cleared_at = now
    record(session, now, "alarm.cleared", alarm=alarm.id, source=alarm.source, kind=str(alarm.kind), code=alarm.code)
    put(session, JobKind.SHOW_ALARM, str(alarm.id), wall)
    logger.info("source alarm cleared alarm=%d source=%s kind=%s", alarm.id, alarm.source, alarm.kind)
