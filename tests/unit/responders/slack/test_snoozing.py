"""Until when a case can be put off with one choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.slack.snoozing import When, moments

HELSINKI = ZoneInfo("Europe/Helsinki")


def shown(now: datetime) -> list[tuple[str, str]]:
    return [(one.when.value, f"{one.at.astimezone(HELSINKI):%a %d.%m. %H.%M}") for one in moments(now, HELSINKI)]


@pytest.mark.parametrize(
    ("now", "choices"),
    [
        (
            datetime(2026, 11, 10, 9, 42, 30, tzinfo=UTC),  # a Tuesday morning
            [("hour", "Tue 10.11. 12.42"), ("today", "Tue 10.11. 16.00"), ("tomorrow", "Wed 11.11. 09.00")],
        ),
        (
            datetime(2026, 11, 13, 15, 0, tzinfo=UTC),  # a Friday afternoon
            [("hour", "Fri 13.11. 18.00"), ("tomorrow", "Sat 14.11. 09.00"), ("workday", "Mon 16.11. 09.00")],
        ),
        (
            datetime(2026, 10, 24, 20, 0, tzinfo=UTC),  # the night when the clocks go back
            [("hour", "Sun 25.10. 00.00"), ("tomorrow", "Sun 25.10. 09.00"), ("workday", "Mon 26.10. 09.00")],
        ),
    ],
)
def test_the_choices_are_by_the_shops_clock(now: datetime, choices: list[tuple[str, str]]) -> None:
    assert shown(now) == choices


@given(st.integers(1_577_836_800, 2_208_988_800), st.timezone_keys())  # 2020 to 2040
def test_every_choice_is_ahead_and_none_means_the_same(seconds: int, zone: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    found = moments(now, ZoneInfo(zone))
    assert found[0].when is When.HOUR
    assert len({one.at for one in found}) == len(found)
    assert all(timedelta(minutes=59) <= one.at - now <= timedelta(days=4) for one in found)
