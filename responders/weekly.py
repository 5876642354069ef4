"""Tells people once a week how the alerts turned out, also over restarts and lost answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from models.audit import record
from models.base import Sessions
from models.interruptions import forget_interruptions
from models.jobs import JobKind, put
from models.reports import WeeklyReport
from responders.interruptions import KEPT
from responders.ports import CardRef, Notifier
from responders.slack.weekly_cards import WeeklyView, weekly_card
from responders.standing import Standing, stand

logger = logging.getLogger(__name__)

TOLD_AT = time(9)


def next_report(now: datetime, zone: ZoneInfo) -> datetime:
    """The next Monday, nine o'clock of the shop's day, after `now`."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    at = datetime.combine(monday, TOLD_AT, zone)
    return at if at > now else datetime.combine(monday + timedelta(weeks=1), TOLD_AT, zone)


def show_weekly(
    monday: date,
    *,
    sessions: Sessions,
    view: Callable[[], WeeklyView],
    notifier: Notifier,
    channel: str,
    language: str,
    zone: ZoneInfo,
    now: datetime,
    wall: datetime,
) -> None:
    """Posts the report on the week that began on `monday`, unless that is done, and asks for the next one.

    `view` gathers the figures; that may take long. Raises what the notifier raises.
    """
    with sessions() as session:
        report = session.get(WeeklyReport, monday)
    posted = None
    if report is None or report.card_ts is None:
        place = channel if report is None or report.card_channel is None else report.card_channel
        standing = Standing(f"week-{monday}", place, None, report.card_posting_at if report is not None else None)
        card = weekly_card(view(), language)
        posted = stand(standing, card, notifier, lambda: _wish(sessions, monday, now))
    _remember(sessions, monday, posted, next_report(wall, zone), now)


def _wish(sessions: Sessions, monday: date, now: datetime) -> None:
    with sessions.begin() as session:
        session.merge(WeeklyReport(monday=monday, card_posting_at=now))


def _remember(sessions: Sessions, monday: date, ref: CardRef | None, again: datetime, now: datetime) -> None:
    with sessions.begin() as session:
        if ref is not None:
            place = {"card_channel": ref.channel, "card_ts": ref.ts}
            session.execute(update(WeeklyReport).where(WeeklyReport.monday == monday).values(**place))
            record(session, now, "weekly_report.posted", monday=monday.isoformat())
            logger.info("weekly report posted monday=%s", monday)
        forget_interruptions(session, now - KEPT)
        put(session, JobKind.WEEKLY_REPORT, "", again)
