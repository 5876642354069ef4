"""What the chances were worth, week by week, and whether another setting did better."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.honesty import (
    ENOUGH,
    Effect,
    Told,
    better_than,
    lead_of,
    monday_of,
    precision_of,
    reliability_of,
    weeks_of,
)
from classifier.heat.outcome import Fire
from models.states import Grade

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 9, 10, tzinfo=UTC)


def told(grade: Grade | None, probability: float = 0.5, at: datetime = MONDAY, lead: float | None = None) -> Told:
    return Told(at, probability, grade, None if lead is None else timedelta(minutes=lead))


def a_fire(at: datetime) -> Fire:
    return Fire("n", "brand", "n", at, at, at, at, 30)


def test_precision_counts_the_graded_and_late_is_not_false() -> None:
    grades = [Grade.RIGHT, Grade.EARLY, Grade.LATE, Grade.BENIGN, Grade.FALSE, None]
    assert precision_of(told(grade) for grade in grades) == pytest.approx(3 / 5)
    assert precision_of([told(None)]) is None
    assert precision_of([]) is None


def test_the_lead_is_the_median_of_those_that_have_one() -> None:
    assert lead_of([told(Grade.RIGHT, lead=lead) for lead in (10, 60, -5)]) == timedelta(minutes=10)
    assert lead_of([told(Grade.FALSE)]) is None


def test_weeks_begin_on_monday_in_the_shops_zone_and_none_is_left_out() -> None:
    late_sunday = datetime(2026, 11, 15, 21, 59, tzinfo=UTC)
    monday = datetime(2026, 11, 15, 22, 0, tzinfo=UTC)  # midnight in Helsinki
    assert (monday_of(late_sunday, HELSINKI), monday_of(monday, HELSINKI)) == (date(2026, 11, 9), date(2026, 11, 16))
    fires = [a_fire(late_sunday), a_fire(monday)]
    weeks = weeks_of(
        [told(Grade.RIGHT, at=late_sunday), told(None, at=monday)], fires, fires[1:], HELSINKI,
        date(2026, 11, 2), date(2026, 11, 16),
    )  # fmt: skip
    assert [(week.name, len(week.told), week.fires, week.missed, week.waiting) for week in weeks] == [
        ("2026-W45", 0, 0, 0, 0),
        ("2026-W46", 1, 1, 0, 0),
        ("2026-W47", 1, 1, 1, 1),
    ]
    assert [week.precision for week in weeks] == [None, 1.0, None]


def test_below_ten_graded_alerts_nothing_is_said_of_chances() -> None:
    assert reliability_of([told(Grade.RIGHT)] * (ENOUGH - 1) + [told(None)] * 5) is None
    assert reliability_of([told(Grade.RIGHT)] * ENOUGH) is not None


def test_chances_are_set_against_what_happened() -> None:
    alerts = [told(Grade.RIGHT, 0.9)] * 6 + [told(Grade.FALSE, 0.9)] * 2 + [told(Grade.BENIGN, 0.1)] * 4
    found = reliability_of(alerts)
    assert found is not None
    assert found.brier == pytest.approx((6 * 0.01 + 2 * 0.81 + 4 * 0.01) / 12)
    assert found.base_rate_brier == pytest.approx(0.25)
    assert [(one.low, one.high, one.alerts, one.happened) for one in found.bins] == [
        (0.0, 0.2, 4, 0.0),
        (0.8, 1.0, 8, 0.75),
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(Grade)), min_size=ENOUGH))
def test_every_graded_alert_is_in_one_bin(pairs: list[tuple[float, Grade]]) -> None:
    found = reliability_of([told(grade, probability) for probability, grade in pairs])
    assert found is not None
    assert sum(one.alerts for one in found.bins) == found.alerts == len(pairs)
    assert all(one.low <= one.said <= one.high for one in found.bins)
    assert 0 <= found.brier <= 1


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        ({"normal": Effect(9, 4, 0), "quiet": Effect(6, 1, 0), "keen": Effect(14, 9, 0)}, "quiet"),
        ({"normal": Effect(9, 4, 1), "quiet": Effect(6, 1, 2), "keen": Effect(12, 6, 0)}, "keen"),
        ({"normal": Effect(9, 4, 0), "quiet": Effect(6, 1, 1), "keen": Effect(14, 9, 0)}, None),
        ({"normal": Effect(9, 4, 0), "quiet": Effect(9, 4, 0)}, None),
    ],
)
def test_another_setting_is_proposed_when_it_had_cost_less(effects: dict[str, Effect], expected: str | None) -> None:
    assert better_than("normal", effects) == expected
