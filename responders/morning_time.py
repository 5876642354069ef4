"""When the morning's digest is due, and how many working days something has waited. Pure; the clocks may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORKING_DAYS = frozenset(range(5))
_LONGEST_GAP = 8  # days: a digest comes at least once a week


@dataclass(frozen=True)
class Morning:
    """The time of day in the shop's zone, and the weekdays, Monday 0, on which the digest comes; at least one."""

    at: time
    zone: ZoneInfo
    days: frozenset[int] = WORKING_DAYS

    def due_on(self, day: date) -> datetime:
        """The instant: of a time that comes twice the first, of one that is skipped as long after midnight."""
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)

    def next_after(self, now: datetime) -> datetime:
        """The first digest after `now`."""
        today = now.astimezone(self.zone).date()
        days = (today + timedelta(days=number) for number in range(-1, _LONGEST_GAP))
        return next(at for day in days if day.weekday() in self.days and (at := self.due_on(day)) > now)

    def day_due(self, now: datetime) -> date | None:
        """Today, where its digest is due by `now`; a morning that is over is not made up for."""
        today = now.astimezone(self.zone).date()
        return today if today.weekday() in self.days and self.due_on(today) <= now else None

    def before(self, day: date) -> datetime:
        """When the digest before that day's was due: what happened since then is news."""
        days = (day - timedelta(days=number) for number in range(1, _LONGEST_GAP))
        return next(self.due_on(one) for one in days if one.weekday() in self.days)


def working_days_since(since: datetime, today: date, zone: ZoneInfo) -> int:
    """How many working days have begun after the day of `since`, today among them; holidays count as working days."""
    first = since.astimezone(zone).date()
    weeks, rest = divmod(max(0, (today - first).days), 7)
    return 5 * weeks + sum((today - timedelta(days=one)).weekday() in WORKING_DAYS for one in range(rest))
