"""Interruptions are counted by person, means and rest, and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from models.base import Sessions
from models.interruptions import (
    forget_interruptions,
    interrupted_people,
    interruptions_of,
    record_interruption,
    rest_at,
)
from models.states import Means, Rest

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 9, 10, tzinfo=UTC)
WEEK = timedelta(days=7)


def _record(store: Sessions, at: datetime, user: str, means: Means = Means.RING, *, quiet: bool = False) -> None:
    with store.begin() as session:
        record_interruption(
            session, at, user, means, "chain.step", zone=HELSINKI, level="warning", in_quiet_hours=quiet
        )


def test_a_week_is_counted_for_one_and_for_all(store: Sessions) -> None:
    _record(store, MONDAY, "U0ANNA")
    _record(store, MONDAY, "U0ANNA", Means.MENTION, quiet=True)
    _record(store, MONDAY + timedelta(hours=12), "U0SARA")  # midnight in Helsinki
    _record(store, MONDAY + WEEK, "U0ANNA")  # the next week's
    with store() as session:
        hers = interruptions_of(session, MONDAY, MONDAY + WEEK, "U0ANNA")
        everybodys = interruptions_of(session, MONDAY, MONDAY + WEEK)
        people = interrupted_people(session, MONDAY, MONDAY + WEEK)
    assert hers == {(Means.MENTION, Rest.QUIET): 1, (Means.RING, Rest.NONE): 1}
    assert everybodys == hers | {(Means.RING, Rest.NIGHT): 1}
    assert people == [("U0ANNA", 2), ("U0SARA", 1)]


def test_what_is_old_is_forgotten(store: Sessions) -> None:
    _record(store, MONDAY, "U0ANNA")
    _record(store, MONDAY + WEEK, "U0ANNA")
    with store.begin() as session:
        assert forget_interruptions(session, MONDAY + timedelta(days=1)) == 1
    with store() as session:
        assert interrupted_people(session, MONDAY, MONDAY + 2 * WEEK) == [("U0ANNA", 1)]


@given(st.integers(0, 366 * 24 * 60))
def test_rest_is_told_by_the_wall_where_the_person_lives(minute: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    local = at.astimezone(HELSINKI)
    rest = rest_at(at, HELSINKI, in_quiet_hours=False)
    assert (rest is Rest.NIGHT) == (local.hour in (22, 23, *range(7)))
    assert (rest is Rest.WEEKEND) == (local.isoweekday() > 5 and rest is not Rest.NIGHT)
    assert rest_at(at, HELSINKI, in_quiet_hours=True) is Rest.QUIET
