"""Until when a case can be put off with one choice. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

AFTERNOON, MORNING = time(16), time(9)
SATURDAY = 5


class When(StrEnum):
    """The choices, in the order of the window."""

    HOUR = "hour"
    TODAY = "today"
    TOMORROW = "tomorrow"
    WORKDAY = "workday"
    OWN = "own"


@dataclass(frozen=True)
class Moment:
    """One choice and the moment that it means."""

    when: When
    at: datetime


def moments(now: datetime, zone: ZoneInfo) -> list[Moment]:
    """In an hour, today at 16, tomorrow at 9, the next working day at 9, by the clocks of the shop's `zone`.

    A choice that would be over within the hour, or that means the same as one before it, is left out. Working days
    are Monday to Friday.
    """
    today = now.astimezone(zone).date()
    tomorrow = today + timedelta(days=1)
    workday = tomorrow
    while workday.weekday() >= SATURDAY:
        workday += timedelta(days=1)
    hour = now + timedelta(hours=1)
    found = [Moment(When.HOUR, hour.replace(second=0, microsecond=0))]
    for when, day, clock in (
        (When.TODAY, today, AFTERNOON),
        (When.TOMORROW, tomorrow, MORNING),
        (When.WORKDAY, workday, MORNING),
    ):
        at = datetime.combine(day, clock, zone).astimezone(now.tzinfo)
        if at > hour and at not in [one.at for one in found]:
            found.append(Moment(when, at))
    return found
