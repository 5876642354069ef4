"""Whether a source has been quiet for longer than its own normal, though nothing seems to be wrong with it.

Time is cut into quarters of an hour, and a quarter counts as heard when somebody wrote in it: fifty comments on one
giveaway are a handful of quarters, not fifty proofs of how much there usually is to hear. Out of the last fourteen days
before the quiet began, each hour of the day has its share of heard quarters, on workdays and on weekends apart. The
quiet is then measured not in hours but in *expected quarters*: a shop's night adds next to nothing, Tuesday at noon
adds a lot. If quarters were heard independently, the chance of hearing none in a gap that expects `e` would be at most
exp(-e). Days differ more than that (a campaign, a holiday, rain), so `e` is divided by how much more: the days'
variance over what independence would give, as in quasi-Poisson models. Silent means that what is left of the chance
is under one in ten thousand, and that at least two hours have gone by.

What we do not know never alarms: before three days of history, and in hours of a kind of day that has not been heard
on two days, nothing is expected.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
HISTORY = timedelta(days=14)
LEAST_HISTORY = timedelta(days=3)
LEAST_DAYS = 2  # of one kind, before anything is expected of it
SHORTEST = timedelta(hours=2)
SURPRISE = math.log(10_000)

_Hour = tuple[bool, int]  # weekend or not, hour of the day


class Hearing(StrEnum):
    """How a source sounds."""

    TOO_LITTLE_HISTORY = "too_little_history"
    NORMAL = "normal"
    SILENT = "silent"


@dataclass(frozen=True)
class Quiet:
    """How a source sounds, and from when on nothing was heard: None when nothing ever was."""

    hearing: Hearing
    since: datetime | None = None


def quarter_of(at: datetime) -> datetime:
    """The beginning of the quarter of an hour that holds `at`."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def listen_for_quiet(heard: Iterable[datetime], until: datetime, zone: ZoneInfo) -> Quiet:
    """How the source sounds at `until`, when it was last read; `heard` are the times when people wrote, in UTC."""
    quarters = sorted({quarter_of(at) for at in heard if at <= until})
    if not quarters:
        return Quiet(Hearing.TOO_LITTLE_HISTORY)
    last = quarters[-1]
    known = [quarter for quarter in quarters if quarter > last - HISTORY]
    since = last + QUARTER
    if last - known[0] < LEAST_HISTORY:
        return Quiet(Hearing.TOO_LITTLE_HISTORY, since)
    if until - since < SHORTEST:
        return Quiet(Hearing.NORMAL, since)
    share = _share_heard(known, zone)
    enough = SURPRISE * _spread(known, share, zone)
    expected = 0.0
    for quarter in _quarters(since, until):
        expected += share.get(_hour_of(quarter, zone), 0.0)
        if expected >= enough:
            return Quiet(Hearing.SILENT, since)
    return Quiet(Hearing.NORMAL, since)


def _share_heard(known: list[datetime], zone: ZoneInfo) -> dict[_Hour, float]:
    """How large a part of each hour's quarters was heard, for the hours of which enough days are known."""
    passed: Counter[_Hour] = Counter()
    days: dict[_Hour, set[int]] = {}
    for quarter in _quarters(known[0], known[-1] + QUARTER):
        hour = _hour_of(quarter, zone)
        passed[hour] += 1
        days.setdefault(hour, set()).add(quarter.astimezone(zone).toordinal())
    heard = Counter(_hour_of(quarter, zone) for quarter in known)
    return {hour: heard[hour] / passed[hour] for hour in passed if len(days[hour]) >= LEAST_DAYS}


def _spread(known: list[datetime], share: dict[_Hour, float], zone: ZoneInfo) -> float:
    """How many times more the days differ than independent quarters would; never less than one."""
    expected: dict[int, float] = {}
    heard: Counter[int] = Counter()
    for quarter in _quarters(known[0], known[-1] + QUARTER):
        day = quarter.astimezone(zone).toordinal()
        expected[day] = expected.get(day, 0.0) + share.get(_hour_of(quarter, zone), 0.0)
    for quarter in known:
        if _hour_of(quarter, zone) in share:
            heard[quarter.astimezone(zone).toordinal()] += 1
    off = [(heard[day] - mean) ** 2 / mean for day, mean in expected.items() if mean > 0]
    return max(1.0, sum(off) / max(1, len(off) - 1))


def _quarters(start: datetime, end: datetime) -> Iterator[datetime]:
    """The quarters that are over by `end`."""
    while start + QUARTER <= end:
        yield start
        start += QUARTER


def _hour_of(quarter: datetime, zone: ZoneInfo) -> _Hour:
    local = quarter.astimezone(zone)
    return local.weekday() >= 5, local.hour
