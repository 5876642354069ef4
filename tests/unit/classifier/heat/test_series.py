from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.episodes import ALERT, Episodes
from classifier.heat.series import SeriesScorer
from tests.unit.classifier.heat.counts import MONDAY, mentions

HELSINKI = ZoneInfo("Europe/Helsinki")


def alert_days(rows, scorer=None):
    """At which days after the start the series alerts."""
    scorer = scorer or SeriesScorer()
    return [(at - MONDAY) / timedelta(days=1) for at, value in rows if scorer.score(at, value) >= ALERT]


@pytest.mark.parametrize("level", [4, 60, 1000])
def test_ordinary_weeks_are_nearly_quiet_whatever_the_brands_size(level):
    assert len(alert_days(mentions(28, lambda day: level))) <= 2


@pytest.mark.parametrize("minutes", [1, 5, 15, 60])
@pytest.mark.parametrize("level", [20, 1000])
def test_a_burst_alerts_at_once_and_once_however_long_a_row_is(minutes, level):
    burst = mentions(9, lambda day: level * (8 if 8.5 <= day < 8.75 else 1), minutes)
    found = [day for day in alert_days(burst) if day > 7]
    assert len(found) == 1
    assert 8.5 <= found[0] <= 8.5 + max(30, minutes) / 1440


def test_an_episode_that_grows_far_beyond_its_alert_alerts_again():
    level = lambda day: 60 * (5 if 14.5 <= day < 14.6 else 300 if 14.6 <= day < 14.8 else 1)  # noqa: E731
    found = [day for day in alert_days(mentions(16, level)) if day > 14]
    assert len(found) == 2
    assert found[1] >= 14.6


def test_a_second_crisis_is_seen_although_the_first_was_large():
    level = lambda day: 60 * (100 if 10.5 <= day < 11 else 12 if 17.5 <= day < 17.7 else 1)  # noqa: E731
    assert any(17.5 <= day < 17.6 for day in alert_days(mentions(19, level)))


@pytest.mark.parametrize("times", [3, 12])
def test_a_lasting_new_level_is_told_and_quiet_again_within_days_and_a_crisis_above_it_is_seen(times):
    level = lambda day: 60 * (times if day >= 14 else 1) * (8 if day >= 33.5 else 1)  # noqa: E731
    found = [day for day in alert_days(mentions(34, level)) if day >= 14]
    assert found[0] < 15
    assert all(day < 18 or 33.5 <= day < 33.6 for day in found)
    assert found[-1] >= 33.5


def test_a_brand_that_was_silent_for_a_week_is_told_once_and_then_known_again():
    found = [day for day in alert_days(mentions(42, lambda day: 0 if 14 <= day < 21 else 200)) if day >= 14]
    assert len(found) <= 3
    assert all(20.9 < day < 25 for day in found)


def test_nights_and_weekends_are_no_news_but_the_days_counts_at_night_are():
    rows = list(mentions(28, lambda day: 60))
    assert not [day for day in alert_days(rows) if day > 10]
    at_night = [
        (at, value * (6 if 22 + 2 / 24 <= (at - MONDAY) / timedelta(days=1) < 22 + 4 / 24 else 1)) for at, value in rows
    ]
    assert any(22 <= day < 22.2 for day in alert_days(at_night))


@pytest.mark.parametrize("start", [datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 10, 5, tzinfo=UTC)])
def test_the_hour_that_moves_in_spring_and_autumn_is_no_news(start):
    rows = list(mentions(28, lambda day: 200, start=start, zone=HELSINKI))
    scorer = SeriesScorer(HELSINKI)
    alerts = [at for at, value in rows if scorer.score(at, value) >= ALERT]
    assert not [at for at in alerts if at > start + timedelta(days=7)]


def test_history_is_counted_without_its_holes():
    scorer = SeriesScorer()
    for hour in [*range(10), *range(500, 505)]:
        scorer.score(MONDAY + timedelta(hours=hour), 3.0)
    assert scorer.history_hours == 9 + 1 + 4
    assert scorer.oddities == {"gap": 1}


def test_a_first_day_alerts_only_on_something_enormous():
    assert not alert_days(mentions(1, lambda day: 60))
    assert alert_days(mentions(1, lambda day: 60 * (40 if day > 0.7 else 1)))


def test_rows_out_of_order_and_at_the_same_time_are_taken_and_counted():
    scorer = SeriesScorer()
    for hour in (0, 1, 1, 2, 1, 3, 90, 91):
        assert 0 <= scorer.score(MONDAY + timedelta(hours=hour), 3.0) <= 1
    assert scorer.oddities == {"late": 1, "same_time": 1, "gap": 1}


def test_a_clock_that_was_far_ahead_for_one_row_comes_back():
    scorer = SeriesScorer()
    rows = list(mentions(20, lambda day: 60 * (10 if 19 <= day < 19.2 else 1)))
    rows.insert(1000, (datetime(2030, 1, 1, tzinfo=UTC), 20.0))
    found = alert_days(rows, scorer)
    assert scorer.oddities["clock_set_back"] == 1
    assert scorer.oddities["late"] == 5
    assert any(19 <= day < 19.1 for day in found)


counts = st.lists(st.tuples(st.integers(-300, 3000), st.integers(0, 10**9)), max_size=60)


@settings(deadline=None, max_examples=40)
@given(counts, st.integers(0, 60))
def test_whatever_comes_scores_are_parts_of_one_and_do_not_depend_on_what_follows(steps, cut):
    def scores(some):
        scorer, at, found = SeriesScorer(), MONDAY, []
        for minutes, value in some:
            at += timedelta(minutes=minutes)
            found.append(scorer.score(at, float(value)))
        return found

    whole = scores(steps)
    assert all(0 <= score <= 1 for score in whole)
    assert scores(steps[:cut]) == whole[:cut]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.floats(-30, 30)), min_size=1, max_size=200))
def test_within_a_day_of_an_alert_only_a_clearly_higher_row_alerts(rows):
    episodes, minute, last, height = Episodes(), 0, -10_000, 0.0
    for passed, above in rows:
        minute += passed
        if episodes.score(above, minute) >= ALERT:
            assert above >= 0
            assert minute - last >= 24 * 60 or above >= height + 3
            last, height = minute, above
        elif above >= 0:
            assert minute - last < 24 * 60
