import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.levels import HeldLevel
from classifier.heat.normal import Clockwork, DailyPeak, Usual
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.windows import WINDOWS, MinuteCounts

MONDAY = 20458 * 24  # hours since 1970 until Monday 2026-01-05 00:00 UTC
POLICY = HeatPolicy()


def learned(hours, count, usual=None):
    usual = usual or Usual(Clockwork(UTC), 2.0, 4.0)
    for hour in hours:
        usual.learn(hour, count(hour))
    return usual


def test_the_hours_of_the_day_are_learned():
    usual = learned(range(MONDAY, MONDAY + 21 * 24), lambda hour: 20 if 8 <= hour % 24 < 20 else 2)
    noon, night = MONDAY + 21 * 24 + 12, MONDAY + 21 * 24 + 3
    assert usual.in_hour(noon) == pytest.approx(20, rel=0.25)
    assert usual.in_hour(night) == pytest.approx(2, rel=0.6)
    assert usual.in_minutes((60,), (noon + 1) * 60 - 1)[0] == pytest.approx(usual.in_hour(noon))


def test_a_lasting_new_level_is_learned_within_days():
    usual = learned(range(MONDAY, MONDAY + 14 * 24), lambda hour: 5)
    learned(range(MONDAY + 14 * 24, MONDAY + 19 * 24), lambda hour: 15, usual)
    assert usual.level > 10


def test_one_wild_hour_teaches_little():
    usual = learned(range(MONDAY, MONDAY + 14 * 24), lambda hour: 5)
    before = usual.level
    usual.learn(MONDAY + 14 * 24, 50_000)
    assert usual.level < 1.3 * before


@settings(deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 900), min_size=1, max_size=4))
def test_what_is_usual_in_a_window_is_the_sum_of_its_minutes(now, windows):
    usual = learned(range(MONDAY, MONDAY + 30), lambda hour: hour % 7)
    now += MONDAY * 60
    found = usual.in_minutes(tuple(sorted(windows)), now)
    for window, expected in zip(sorted(windows), found, strict=True):
        assert expected == pytest.approx(sum(usual.in_hour((now - back) // 60) / 60 for back in range(window)))


@settings(deadline=None)
@given(st.lists(st.integers(0, 5000), max_size=200))
def test_whatever_is_learned_the_usual_stays_a_finite_positive_number(counts):
    usual = Usual(Clockwork(UTC), 2.0, 4.0)
    for hour, count in enumerate(counts, MONDAY):
        usual.learn(hour, count)
        assert 0 < usual.in_hour(hour) < math.inf


def test_the_shops_own_hours_follow_summer_time():
    clockwork = Clockwork(ZoneInfo("Europe/Helsinki"))
    winter, summer = (int(datetime(2026, month, 7, 12, tzinfo=UTC).timestamp()) // 3600 for month in (1, 7))
    assert (clockwork.slot_and_day(winter)[0], clockwork.slot_and_day(summer)[0]) == (14, 15)


def test_a_daily_peak_is_learned_when_its_day_is_over_and_a_crisis_is_cut():
    peak = DailyPeak(1.0, 0.3, 3.0, 0.5, 0.2)
    peak.see(1, 50.0)
    assert peak.usual == 1.0
    peak.close(2)
    assert 1.0 < peak.usual < 1.3
    for day in range(3, 60):
        peak.see(day, 0.8)
    assert peak.usual == pytest.approx(0.8, abs=0.1)


def test_a_level_is_held_until_the_score_stays_clearly_below():
    held = HeldLevel()
    assert held.follow(POLICY.warning, 0, POLICY) is Level.WARNING
    assert held.follow(POLICY.warning - POLICY.margin, 30, POLICY) is Level.WARNING  # within the margin
    assert held.follow(-3.0, 40, POLICY) is Level.WARNING
    assert held.follow(-3.0, 90, POLICY) is Level.WARNING
    assert held.follow(-3.0, 100, POLICY) is Level.NONE


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 8), st.integers(0, 200)), min_size=1, max_size=60))
def test_a_level_never_lags_a_rise_and_never_falls_within_the_cooling_time(story):
    held, minute, risen_at = HeldLevel(), 0, 0
    for score, passed in story:
        minute += passed
        before = held.level
        after = held.follow(score, minute, POLICY)
        assert after >= POLICY.level_of(score)
        if after > before:
            risen_at = minute
        if after < before:
            assert minute - risen_at >= POLICY.cool_minutes


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 2), st.integers(1, 5)), max_size=150))
def test_window_counts_equal_counting_one_by_one_in_any_order(entries):
    counts, kept, newest = MinuteCounts(kinds=3), [], 0
    for minute, kind, amount in entries:
        newest = max(newest, minute)
        if newest - minute < 180:  # the engine never enters older ones
            counts.add(minute, kind, amount)
            kept.append((minute, kind, amount))
        told = counts.in_each(WINDOWS, newest, 0, 1, 2)
        for kind in range(3):
            within = [[(m, a) for m, k, a in kept if k == kind and newest - window < m] for window in WINDOWS]
            assert told[kind] == [sum(amount for _, amount in each) for each in within]
            assert told[kind] == [counts.last(window, newest, kind) for window in WINDOWS]
            first = [min((minute for minute, _ in each), default=newest) for each in within]
            assert [counts.spread(window, newest, kind) for window in WINDOWS] == [newest - each + 1 for each in first]
