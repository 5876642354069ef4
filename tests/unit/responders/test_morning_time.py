"""The digest is due once on each of its days by the clock on the wall, however the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from responders.morning_time import WORKING_DAYS, Morning, working_days_since

ZONES = st.sampled_from(["Europe/Helsinki", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo"]).map(ZoneInfo)
CLOCKS = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(lambda minute: BEGIN + timedelta(minutes=minute))
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
MORNINGS = st.builds(Morning, CLOCKS, ZONES, DAYS)
EVERY_NIGHT = Morning(time(3, 30), ZoneInfo("Europe/Helsinki"), frozenset(range(7)))
HELSINKI = ZoneInfo("Europe/Helsinki")
SPRING, AUTUMN = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC)


@given(MORNINGS, MOMENTS)
@example(EVERY_NIGHT, SPRING)
@example(EVERY_NIGHT, AUTUMN)
def test_each_of_its_days_has_one_and_none_is_left_out(morning: Morning, now: datetime) -> None:
    zone, days = morning.zone, morning.days
    due, seen = now, []
    for _ in range(9):
        following = morning.next_after(due)
        assert following > due
        day = following.astimezone(zone).date()
        assert day.weekday() in days
        assert morning.day_due(following) == day
        seen.append(day)
        due = following
    assert len(set(seen)) == len(seen)
    every = (seen[0] + timedelta(days=number) for number in range((seen[-1] - seen[0]).days + 1))
    assert seen == [day for day in every if day.weekday() in days]


@given(CLOCKS, ZONES, MOMENTS)
def test_it_comes_at_its_time_on_the_wall_or_in_the_hour_that_was_skipped(
    at: time, zone: ZoneInfo, now: datetime
) -> None:
    due = Morning(at, zone, frozenset(range(7))).next_after(now)
    told = due.astimezone(zone).replace(tzinfo=None)
    wanted = datetime.combine(told.date(), at)
    assert timedelta() <= told - wanted <= timedelta(hours=1)


@given(MORNINGS, MOMENTS)
def test_a_morning_that_is_over_is_not_made_up_for(morning: Morning, now: datetime) -> None:
    zone, days = morning.zone, morning.days
    day = morning.day_due(now)
    if day is None:
        today = now.astimezone(zone).date()
        assert today.weekday() not in days or morning.due_on(today) > now
    else:
        assert day == now.astimezone(zone).date()
        assert morning.before(day) < morning.due_on(day) <= now


@pytest.mark.parametrize(
    ("since", "today", "days"),
    [
        (datetime(2026, 11, 13, 12, tzinfo=UTC), date(2026, 11, 13), 0),  # a Friday
        (datetime(2026, 11, 13, 12, tzinfo=UTC), date(2026, 11, 15), 0),
        (datetime(2026, 11, 13, 12, tzinfo=UTC), date(2026, 11, 16), 1),
        (datetime(2026, 11, 13, 12, tzinfo=UTC), date(2026, 11, 18), 3),
        (datetime(2026, 11, 13, 22, 30, tzinfo=UTC), date(2026, 11, 16), 1),  # Saturday in Helsinki
        (datetime(2026, 11, 18, tzinfo=UTC), date(2026, 11, 16), 0),
    ],
)
def test_working_days_are_counted_by_the_days_that_began(since: datetime, today: date, days: int) -> None:
    assert working_days_since(since, today, HELSINKI) == days


@given(MOMENTS, st.integers(0, 400))
def test_working_days_are_those_between(since: datetime, later: int) -> None:
    first = since.astimezone(HELSINKI).date()
    between = [first + timedelta(days=number) for number in range(1, later + 1)]
    expected = sum(day.weekday() in WORKING_DAYS for day in between)
    assert working_days_since(since, first + timedelta(days=later), HELSINKI) == expected
