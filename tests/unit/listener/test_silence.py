"""A source is silent when it is quieter than its own normal, and never for want of knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.silence import Hearing, listen_for_quiet, quarter_of

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 9, tzinfo=HELSINKI).astimezone(UTC)


def at(day: int, hour: float) -> datetime:
    """`hour` o'clock in Helsinki, `day` days after Monday 9 November."""
    return MONDAY + timedelta(days=day, hours=hour)


def a_rhythm(days: int, every_minutes: int, opens: int = 8, closes: int = 22, weekend: bool = True) -> list[datetime]:
    """Posts at a steady rhythm while people are awake."""

    def posts() -> Iterator[datetime]:
        for day in range(days):
            if weekend or (MONDAY + timedelta(days=day)).astimezone(HELSINKI).weekday() < 5:
                for minute in range(opens * 60, closes * 60, every_minutes):
                    yield at(day, minute / 60)

    return list(posts())


def until(heard: list[datetime], end: datetime) -> list[datetime]:
    return [one for one in heard if one <= end]


TWO_WEEKS = a_rhythm(14, 20)
BUSY = a_rhythm(14, 3)
SLOW = a_rhythm(14, 420)  # two a day


@pytest.mark.parametrize(
    ("heard", "last", "now", "expected"),
    [
        ([], at(0, 0), at(9, 12), Hearing.TOO_LITTLE_HISTORY),
        (a_rhythm(3, 20), at(2, 12), at(2, 20), Hearing.TOO_LITTLE_HISTORY),
        (TWO_WEEKS, at(9, 12), at(9, 13), Hearing.NORMAL),
        (TWO_WEEKS, at(9, 12), at(9, 20), Hearing.SILENT),
        (TWO_WEEKS, at(9, 22), at(10, 8), Hearing.NORMAL),  # a night
        (TWO_WEEKS, at(9, 22), at(10, 13), Hearing.SILENT),  # a morning that never came
        (BUSY, at(9, 12), at(9, 13.9), Hearing.NORMAL),  # less than two hours is nothing
        (BUSY, at(9, 12), at(9, 14.8), Hearing.SILENT),
        (BUSY, at(8, 21.9), at(9, 8), Hearing.NORMAL),
        (SLOW, at(10, 16), at(11, 16), Hearing.NORMAL),  # a day off is nothing for who writes twice a day
        (a_rhythm(12, 20, weekend=False), at(4, 22), at(6, 22), Hearing.NORMAL),  # the first weekend: nobody knows
        (a_rhythm(12, 20, weekend=False), at(11, 22), at(13, 22), Hearing.NORMAL),  # later ones: known to be quiet
        (a_rhythm(16, 20), at(12, 12), at(12, 21), Hearing.SILENT),  # a weekend that is usually lively
    ],
)
def test_quiet_is_weighed_against_the_sources_own_hours(
    heard: list[datetime], last: datetime, now: datetime, expected: Hearing
) -> None:
    assert listen_for_quiet(until(heard, last), now, HELSINKI).hearing is expected


def test_the_quiet_begins_after_the_last_quarter_that_was_heard() -> None:
    heard = until(TWO_WEEKS, at(9, 12))
    assert listen_for_quiet(heard, at(9, 20), HELSINKI).since == at(9, 12.25)


def test_a_crowd_in_one_hour_does_not_make_every_hour_a_crowds() -> None:
    calm = until(SLOW, at(10, 16))
    crowd = [at(9, 10) + timedelta(seconds=10 * number) for number in range(300)]
    assert listen_for_quiet([*calm, *crowd], at(11, 12), HELSINKI).hearing is Hearing.NORMAL


def test_days_that_differ_much_ask_for_more_patience() -> None:
    steady = a_rhythm(10, 30)
    uneven = [one for one in a_rhythm(10, 15) if (one - MONDAY).days % 2 == 0 or one.astimezone(HELSINKI).hour == 8]
    last, now = at(8, 12), at(8, 21)
    assert listen_for_quiet(until(steady, last), now, HELSINKI).hearing is Hearing.SILENT
    assert listen_for_quiet(until(uneven, last), now, HELSINKI).hearing is Hearing.NORMAL


@settings(max_examples=25, deadline=None)
@given(
    every=st.integers(min_value=2, max_value=400),
    shift=st.lists(st.integers(min_value=-7, max_value=7), min_size=20, max_size=20),
    day=st.integers(min_value=4, max_value=13),
)
def test_a_source_that_keeps_its_own_rhythm_is_never_silent(every: int, shift: list[int], day: int) -> None:
    heard = [one + timedelta(minutes=shift[number % len(shift)]) for number, one in enumerate(a_rhythm(14, every))]
    written = sorted(one for one in heard if at(day, 0) <= one < at(day + 1, 0))
    for one in written:
        just_before = [earlier for earlier in heard if earlier < one]
        if max(just_before) < one - timedelta(hours=2):
            assert listen_for_quiet(just_before, one, HELSINKI).hearing is not Hearing.SILENT


@settings(max_examples=25, deadline=None)
@given(
    every=st.integers(min_value=2, max_value=30),
    day=st.integers(min_value=7, max_value=11),
    hour=st.integers(min_value=9, max_value=12),
)
def test_a_lively_source_that_dies_in_the_morning_is_silent_by_the_evening(every: int, day: int, hour: int) -> None:
    heard = until(a_rhythm(14, every), at(day, hour))
    assert listen_for_quiet(heard, at(day, 22), HELSINKI).hearing is Hearing.SILENT


@settings(max_examples=25, deadline=None)
@given(every=st.integers(min_value=2, max_value=120), day=st.integers(min_value=4, max_value=13))
def test_a_night_alone_never_alarms(every: int, day: int) -> None:
    heard = until(a_rhythm(14, every), at(day - 1, 22))
    assert listen_for_quiet(heard, at(day, 8), HELSINKI).hearing is not Hearing.SILENT


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_quarter_holds_its_moment(moment: datetime) -> None:
    assert timedelta(0) <= moment - quarter_of(moment) < timedelta(minutes=15)
