"""Looks every night whether a complaint was closed without an answer or a written reason: there must be none."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.base import Sessions
from models.jobs import JobKind, put
from responders.complaints import closed_unanswered

logger = logging.getLogger(__name__)

AT_NIGHT = time(2, 15)
"""The shop's own time."""


def check_closed(*, sessions: Sessions, zone: ZoneInfo, wall: datetime) -> list[int]:
    """The numbers of such cases, which are logged as an error; looks again the next night."""
    with sessions() as session:
        numbers = closed_unanswered(session)
    with sessions.begin() as session:
        put(session, JobKind.CHECK_CLOSED, "", next_check(wall, zone))
    if numbers:
        logger.error("complaints closed unanswered count=%d numbers=%s", len(numbers), numbers)
    else:
        logger.info("complaints closed unanswered count=0")
    return numbers


def next_check(now: datetime, zone: ZoneInfo) -> datetime:
    """The next night's look after `now`, in UTC."""
    local = now.astimezone(zone)
    day = local.date() if local.time() < AT_NIGHT else local.date() + timedelta(days=1)
    return datetime.combine(day, AT_NIGHT, zone).astimezone(now.tzinfo)
