"""Keeps how Slack's line is, and turns a deaf one into an alarm like a source's, told by every route that is left."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alarms import SourceAlarm
from models.audit import record
from models.base import Sessions
from models.jobs import JobKind, put
from models.slack_line import ONLY, SOURCE, SlackLine, the_line
from models.states import AlarmKind
from responders.slack.line import DEAF, Line

logger = logging.getLogger(__name__)

KEPT_EVERY = timedelta(seconds=30)


class LineNews:
    """Meets responders.slack.line_watch.News. `routes` is how many routes beside Slack an alarm is rung by."""

    def __init__(self, sessions: Sessions, clock: Callable[[], datetime], routes: int = 0) -> None:
        self._sessions = sessions
        self._clock = clock
        self._routes = routes
        self._kept: Line | None = None
        self._kept_at: datetime | None = None

    def last(self) -> tuple[datetime | None, bool, bool]:
        with self._sessions() as session:
            line = session.get(SlackLine, ONLY)
            alarm = _open_alarm(session)
        heard_at = alarm.since if alarm is not None else line.heard_at if line is not None else None
        return heard_at, line is not None and line.proven_at is not None, alarm is not None

    def keep(self, line: Line) -> None:
        """Writes a change at once, and that nothing changed only now and then."""
        now, before = self._clock(), self._kept
        same = before is not None and (before.deaf_since, before.code, before.proven) == (
            line.deaf_since,
            line.code,
            line.proven,
        )
        if same and self._kept_at is not None and now < self._kept_at + KEPT_EVERY:
            return
        with self._sessions.begin() as session:
            row = the_line(session)
            row.heard_at = line.heard_at or row.heard_at
            row.deaf_since, row.code = line.deaf_since, line.code if line.deaf_since is not None else None
            if line.proven:
                row.proven_at = line.heard_at or row.proven_at
        self._kept, self._kept_at = line, now

    def tell(self, line: Line) -> None:
        """An alarm is raised, or cleared; its message and its calls are jobs, and wait for routes that are shut."""
        now = self._clock()
        with self._sessions.begin() as session:
            alarm = _open_alarm(session)
            if line.deaf_since is not None and alarm is None:
                code = line.code or DEAF
                alarm = SourceAlarm(
                    source=SOURCE, kind=AlarmKind.FAILING, code=code, since=line.deaf_since, raised_at=now
                )
                session.add(alarm)
                session.flush()
                record(session, now, "alarm.raised", alarm=alarm.id, source=SOURCE, kind="failing", code=code)
                logger.error("slack line deaf alarm=%d code=%s", alarm.id, code)
            elif line.deaf_since is None and alarm is not None:
                alarm.cleared_at = now
                record(session, now, "alarm.cleared", alarm=alarm.id, source=SOURCE, kind="failing", code=alarm.code)
                logger.warning("slack line hears again alarm=%d", alarm.id)
            else:
                return
            put(session, JobKind.SHOW_ALARM, str(alarm.id), now, urgent=True)
            for route in range(self._routes):
                put(session, JobKind.RING_ALARM, f"{alarm.id}:{route}", now, urgent=True)


def _open_alarm(session: Session) -> SourceAlarm | None:
    return session.scalars(
        select(SourceAlarm).where(SourceAlarm.source == SOURCE, SourceAlarm.cleared_at.is_(None))
    ).first()
