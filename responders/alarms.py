"""Tells people in Slack that a source does not hear, and in the same message that it hears again."""

from __future__ import annotations

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update

from models.alarms import SourceAlarm
from models.audit import record
from models.base import Sessions
from responders.ports import CardRef, Notifier
from responders.slack.alarm_cards import AlarmView, alarm_card
from responders.standing import Standing, stand

logger = logging.getLogger(__name__)


def show_alarm(
    alarm_id: int,
    *,
    sessions: Sessions,
    notifier: Notifier,
    channel: str,
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Posts the alarm's message in `channel`, or redraws it. Raises what the notifier raises."""
    with sessions() as session:
        alarm = session.get(SourceAlarm, alarm_id)
    if alarm is None:
        return
    view = AlarmView(alarm.source, alarm.kind, alarm.code, alarm.since, alarm.cleared_at)
    standing = Standing(f"alarm-{alarm_id}", alarm.card_channel or channel, alarm.card_ts, alarm.card_posting_at)
    posted = stand(standing, alarm_card(view, language, zone), notifier, lambda: _wish(sessions, alarm_id, now))
    if posted is not None:
        _remember(sessions, alarm_id, posted, now)


def _wish(sessions: Sessions, alarm_id: int, now: datetime) -> None:
    with sessions.begin() as session:
        session.execute(update(SourceAlarm).where(SourceAlarm.id == alarm_id).values(card_posting_at=now))


def _remember(sessions: Sessions, alarm_id: int, ref: CardRef, now: datetime) -> None:
    with sessions.begin() as session:
        place = {"card_channel": ref.channel, "card_ts": ref.ts}
        session.execute(update(SourceAlarm).where(SourceAlarm.id == alarm_id).values(**place))
        record(session, now, "alarm.posted", alarm=alarm_id)
    logger.info("alarm posted alarm=%d", alarm_id)
