"""Whose list holds which case, in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from responders.queue_order import Filters, OpenCase, Queues, Scope, Show, Viewer, page_of, queues_of

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
ANNA = Viewer("U0ANNA", frozenset({"Logistiikka"}))

moments = st.integers(-5000, 5000).map(lambda number: NOW + timedelta(minutes=number))
open_cases = st.builds(
    OpenCase,
    case_id=st.integers(1, 10**6),
    kind=st.sampled_from(["alert", "contact"]),
    level=st.sampled_from([None, "watch", "warning", "outrage"]),
    since=moments,
    channel=st.sampled_from(["x", "facebook", "manual"]),
    language=st.sampled_from(["fi", "sv", ""]),
    owner_id=st.sampled_from([None, "U0ANNA", "U0SARA"]),
    team=st.sampled_from([None, "Logistiikka", "Talous"]),
    snoozed_until=st.none() | moments,
    until=st.none() | moments,
    complaint=st.booleans(),
    flagged=st.booleans(),
    late=st.booleans(),
)
lists = st.lists(open_cases, max_size=30, unique_by=lambda case: case.case_id)
filters = st.builds(
    Filters,
    scope=st.sampled_from(Scope),
    show=st.sampled_from(Show),
    channel=st.sampled_from(["", "x", "facebook"]),
    language=st.sampled_from(["", "fi"]),
)


def a_case(number: int, **named: object) -> OpenCase:
    plain = OpenCase(number, "contact", None, NOW - timedelta(minutes=number))
    return replace(plain, **named)  # type: ignore[arg-type]


def queues(*cases: OpenCase) -> Queues:
    return queues_of(cases, Filters(), ANNA, NOW)


def test_the_longest_wait_comes_first_and_a_risk_before_it():
    found = queues(a_case(1), a_case(2), a_case(3, flagged=True, since=NOW))
    assert found.free == (3, 2, 1)


def test_a_way_that_closes_soon_goes_before_longer_waits():
    soon = a_case(1, until=NOW + timedelta(hours=3), since=NOW)
    later = a_case(2, until=NOW + timedelta(hours=30))
    found = queues(soon, later, a_case(3))
    assert found.free[0] == 1
    assert found.due == (1,)


def test_an_outrage_comes_before_a_warning_whoever_has_it():
    warning = a_case(1, kind="alert", level="warning")
    outrage = a_case(2, kind="alert", level="outrage", since=NOW, owner_id="U0SARA")
    assert queues(warning, outrage).fires == (2, 1)


def test_an_alert_that_cooled_is_work_like_any_other():
    found = queues(a_case(1, kind="alert", level="watch"))
    assert (found.fires, found.free) == ((), (1,))


def test_a_page_beyond_the_last_is_the_last():
    assert page_of(range(32), 9, 15) == ((30, 31), 2)
    assert page_of((), 3, 15) == ((), 0)


@given(lists, filters)
def test_no_open_case_is_lost_and_none_stands_twice(cases: list[OpenCase], chosen: Filters):
    found = queues_of(cases, chosen, ANNA, NOW)
    for each in (found.fires, found.due, found.mine, found.teams, found.free, found.all):
        assert len(set(each)) == len(each)
        assert set(each) <= {case.case_id for case in cases}
    if not chosen.channel and not chosen.language:
        awake = queues_of(cases, replace(chosen, show=Show.WAITING), ANNA, NOW)
        asleep = queues_of(cases, replace(chosen, show=Show.SNOOZED), ANNA, NOW)
        assert set(awake.all) | set(asleep.all) == {case.case_id for case in cases}
        assert not set(awake.all) & set(asleep.all)


@given(lists, filters)
def test_no_filter_hides_a_fire(cases: list[OpenCase], chosen: Filters):
    burning = {case.case_id for case in cases if case.kind == "alert" and case.level in ("warning", "outrage")}
    assert set(queues_of(cases, chosen, ANNA, NOW).fires) == burning


@given(lists, filters, st.randoms())
def test_the_order_hangs_on_the_cases_alone(cases: list[OpenCase], chosen: Filters, luck: object):
    shuffled = list(cases)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert queues_of(shuffled, chosen, ANNA, NOW) == queues_of(cases, chosen, ANNA, NOW)


@given(st.lists(st.integers(), unique=True, max_size=60), st.integers(1, 20))
def test_the_pages_together_are_the_list(ids: list[int], size: int):
    pages = [page_of(ids, number, size)[0] for number in range(-(-len(ids) // size))]
    assert [one for page in pages for one in page] == ids
