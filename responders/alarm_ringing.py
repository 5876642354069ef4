"""Tells people of an alarm by a route that is not Slack, and by the same that it is over."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from models.alarms import SourceAlarm
from models.base import Sessions
from responders.oncall import By, Call, Duty, Step, call_of
from responders.oncall_ringing import Message
from responders.slack.alarm_cards import AlarmView, alarm_words

logger = logging.getLogger(__name__)

BESIDE_SLACK = frozenset({By.EMAIL, By.WEBHOOK, By.PAGERDUTY, By.OPSGENIE})
FOR_GOOD_NEWS = frozenset({By.EMAIL, By.WEBHOOK})  # the others would wake somebody
LEVEL = "warning"


class Ring(Protocol):
    """Makes a call; responders.oncall_ringing.Ringer is one. Raises PlatformError."""

    def ring(self, call: Call, message: Message) -> object: ...


def routes_beside_slack(duty: Duty) -> tuple[Step, ...]:
    """The steps of any chain that work without Slack, each route once."""
    found: dict[tuple[By, str], Step] = {}
    for chain in duty.chains:
        for step in chain.steps:
            if step.by in BESIDE_SLACK:
                found.setdefault((step.by, step.to), step)
    return tuple(found.values())


def ring_alarm(
    key: str, *, sessions: Sessions, ringer: Ring, duty: Duty, language: str, zone: ZoneInfo, now: datetime
) -> None:
    """`key` is the alarm's id and the route's number, "7:0". Raises what the ringer raises."""
    alarm_id, _, number = key.partition(":")
    with sessions() as session:
        alarm = session.get(SourceAlarm, int(alarm_id))
    routes = routes_beside_slack(duty)
    if alarm is None or int(number) >= len(routes):
        return  # the settings have fewer routes than when it was asked
    call = call_of(routes[int(number)], duty, LEVEL, now)
    if alarm.cleared_at is not None and call.by not in FOR_GOOD_NEWS:
        return
    view = AlarmView(alarm.source, alarm.kind, alarm.code, alarm.since, alarm.cleared_at)
    title, text = alarm_words(view, language, zone)
    ringer.ring(call, Message(title, text, LEVEL, f"alarm:{alarm_id}", test=False))
    logger.info("alarm rung alarm=%s by=%s cleared=%s", alarm_id, call.by, alarm.cleared_at is not None)
