"""Every instant has one person on duty, and a chain forgets nobody and never rings a step twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from responders.oncall import (
    By,
    Call,
    Chain,
    Duty,
    HandOver,
    Hours,
    Override,
    Person,
    Ring,
    Schedule,
    Step,
    call_of,
    chain_for,
    due_steps,
    next_hand_over,
    who_is_on,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
ZONES = [
    HELSINKI,
    *map(ZoneInfo, ("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")),
]
DAY = timedelta(days=1)

instants = st.integers(0, 16 * 365 * 24 * 60).map(lambda n: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
schedules = st.builds(
    Schedule,
    name=st.just("evenings"),
    members=st.lists(st.sampled_from(["Anna", "Bo", "Cia", "Dan"]), min_size=1, max_size=5).map(tuple),
    starts=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 28),
    hand_over=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
)
overrides = st.builds(
    lambda person, begins, lasts: Override(person, begins, begins + lasts),
    st.sampled_from(["Anna", "Eva"]),
    instants,
    st.timedeltas(timedelta(minutes=1), timedelta(days=30)),
)
steps = st.builds(
    Step, by=st.just(By.PERSON), to=st.just("Anna"), wait=st.integers(1, 90).map(lambda n: timedelta(minutes=n))
)
chains = st.builds(
    Chain,
    name=st.just("night"),
    levels=st.just(frozenset({"outrage"})),
    steps=st.lists(steps, min_size=1, max_size=5).map(tuple),
    kept=st.integers(1, 240).map(lambda n: timedelta(minutes=n)),
)


def a_schedule(*members: str, **changes: object) -> Schedule:
    made = Schedule("evenings", members, date(2026, 11, 23), 7, time(9), HELSINKI)
    return replace(made, **changes)  # type: ignore[arg-type]


def helsinki(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=HELSINKI)  # type: ignore[misc,arg-type]


@settings(deadline=None)
@given(schedules, instants)
def test_every_instant_has_one_person_and_one_turn(schedule: Schedule, at: datetime) -> None:
    turn = schedule.turn_at(at)
    assert schedule.turn_begins(turn) <= at < schedule.turn_begins(turn + 1)
    assert who_is_on(schedule, at) == schedule.members[turn % len(schedule.members)]


@settings(deadline=None)
@given(schedules, st.integers(-400, 400))
def test_turns_follow_each_other_and_last_their_days_but_for_a_changed_clock(schedule: Schedule, turn: int) -> None:
    lasts = schedule.turn_begins(turn + 1) - schedule.turn_begins(turn)
    assert abs(lasts - schedule.days * DAY) <= timedelta(hours=1)


@settings(deadline=None)
@given(schedules, overrides, instants)
def test_an_override_wins_while_it_lasts_and_changes_nothing_else(
    schedule: Schedule, override: Override, at: datetime
) -> None:
    changed = replace(schedule, overrides=(override,))
    holds = override.begins <= at < override.ends
    assert who_is_on(changed, at) == (override.person if holds else who_is_on(schedule, at))
    assert who_is_on(changed, override.begins) == override.person
    assert who_is_on(changed, override.ends) == who_is_on(schedule, override.ends)


@settings(deadline=None)
@given(schedules, st.lists(overrides, max_size=3), instants)
def test_until_the_next_hand_over_the_same_person_is_on_and_then_another(
    schedule: Schedule, some: list[Override], at: datetime
) -> None:
    schedule = replace(schedule, overrides=tuple(some))
    on, hand_over = who_is_on(schedule, at), next_hand_over(schedule, at)
    until = hand_over.at if hand_over else at + 300 * DAY
    if hand_over:
        assert hand_over.at > at
        assert hand_over.person == who_is_on(schedule, hand_over.at) != on
    step = max((until - at) / 50, timedelta(minutes=1))
    looked = at
    while looked < until:
        assert who_is_on(schedule, looked) == on
        looked += step


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("hand_over", [time(0), time(2, 15), time(3, 30)], ids=str)
def test_days_on_which_clocks_change_have_no_hole_and_no_way_back(zone: ZoneInfo, hand_over: time) -> None:
    """Every ten minutes of a year, so of each changed day too, the turns only go forward, by one."""
    schedule = a_schedule("Anna", "Bo", "Cia", starts=date(2026, 1, 1), days=1, hand_over=hand_over, zone=zone)
    at, turn = datetime(2026, 1, 2, tzinfo=UTC), schedule.turn_at(datetime(2026, 1, 2, tzinfo=UTC))
    for _ in range(365 * 144):
        at += timedelta(minutes=10)
        now = schedule.turn_at(at)
        assert now - turn in (0, 1)
        turn = now
    assert turn in (364, 365, 366)


def test_the_week_changes_hands_on_monday_at_nine() -> None:
    schedule = a_schedule("Anna", "Bo")
    assert who_is_on(schedule, helsinki(2026, 11, 30, 8, 59)) == "Anna"
    assert who_is_on(schedule, helsinki(2026, 11, 30, 9)) == "Bo"
    assert next_hand_over(schedule, helsinki(2026, 11, 24, 12)) == HandOver(helsinki(2026, 11, 30, 9), "Bo")


def test_the_hour_that_comes_twice_hands_over_once() -> None:
    schedule = a_schedule("Anna", "Bo", starts=date(2026, 10, 25), days=1, hand_over=time(3, 30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 3.30 summer time; at 4.00 it is 3.00 again
    assert [who_is_on(schedule, first + timedelta(minutes=n)) for n in (-1, 0, 30, 59, 60, 90)] == ["Bo"] + 5 * ["Anna"]


def test_one_alone_hands_over_to_nobody_and_nobody_is_nobody() -> None:
    assert next_hand_over(a_schedule("Anna"), helsinki(2026, 12, 1)) is None
    assert who_is_on(a_schedule(), helsinki(2026, 12, 1)) is None
    eve = Override("Eva", helsinki(2026, 12, 24, 9), helsinki(2026, 12, 27, 9))
    alone = a_schedule("Anna", overrides=(eve,))
    assert next_hand_over(alone, helsinki(2026, 12, 1)) == HandOver(eve.begins, "Eva")
    assert next_hand_over(alone, helsinki(2026, 12, 25)) == HandOver(eve.ends, "Anna")


@settings(deadline=None)
@given(chains, instants, st.lists(st.integers(1, 60 * 24 * 60), min_size=1, max_size=30))
def test_looks_at_any_times_tell_each_step_once_in_each_round_and_forget_none(
    chain: Chain, begun: datetime, gaps: list[int]
) -> None:
    told: list[Ring] = []
    since, now = None, begun
    for gap in [0, *gaps]:
        now += timedelta(seconds=gap)
        told += due_steps(chain, begun, None, now, since=since)
        since = now
    assert len(set(told)) == len(told)
    for ring in told:
        assert (ring.at - begun - chain.offset(ring.number)) % chain.length == timedelta()
    if max(gaps) <= chain.length.total_seconds():  # looked at least once a round: every round is whole
        for number in range(len(chain.steps)):
            due = max(0, (now - begun - chain.offset(number)) // chain.length + 1)
            assert len([ring for ring in told if ring.number == number]) == due


@settings(deadline=None)
@given(chains, instants, st.timedeltas(timedelta(), timedelta(days=400)))
def test_without_an_acknowledgement_a_chain_never_stops(chain: Chain, begun: datetime, later: timedelta) -> None:
    since = begun + later
    rings = due_steps(chain, begun, None, since + chain.length, since=since)
    assert sorted(ring.number for ring in rings) == list(range(len(chain.steps)))
    assert all(since < ring.at <= since + chain.length for ring in rings)


@settings(deadline=None)
@given(chains, instants, st.timedeltas(timedelta(), timedelta(days=2)), st.timedeltas(timedelta(), timedelta(days=2)))
def test_an_acknowledgement_keeps_quiet_until_it_runs_out_and_then_all_begins_anew(
    chain: Chain, begun: datetime, taken: timedelta, later: timedelta
) -> None:
    acknowledged = begun + taken
    now = acknowledged + later
    rings = due_steps(chain, begun, acknowledged, now, since=acknowledged)
    assert bool(rings) == (later >= chain.kept)
    assert rings == due_steps(chain, acknowledged + chain.kept, None, now)


@settings(deadline=None)
@given(st.times(), st.times(), st.sampled_from(ZONES), instants)
def test_hours_and_the_hours_between_them_make_a_day(begins: time, ends: time, zone: ZoneInfo, at: datetime) -> None:
    assume(begins != ends)
    assert Hours(begins, ends, zone).hold(at) != Hours(ends, begins, zone).hold(at)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = Hours(time(22), time(7), HELSINKI, frozenset({4}))
    assert not friday_night.hold(helsinki(2026, 11, 27, 6))
    assert friday_night.hold(helsinki(2026, 11, 27, 23))
    assert friday_night.hold(helsinki(2026, 11, 28, 6, 59))
    assert not friday_night.hold(helsinki(2026, 11, 28, 23))
    assert Hours(time(0), time(0), HELSINKI).hold(helsinki(2026, 11, 28, 12))


def test_the_first_chain_for_the_level_and_the_hour_is_the_one() -> None:
    step = Step(By.CHANNEL, "C1", timedelta(minutes=5))
    day = Chain("day", frozenset({"warning", "outrage"}), (step,), DAY, Hours(time(9), time(17), HELSINKI))
    night = Chain("night", frozenset({"outrage"}), (step,), DAY)
    assert chain_for([day, night], "outrage", helsinki(2026, 11, 27, 12)) is day
    assert chain_for([day, night], "outrage", helsinki(2026, 11, 27, 20)) is night
    assert chain_for([day, night], "warning", helsinki(2026, 11, 27, 20)) is None


def test_a_step_rings_who_is_on_duty_and_quiet_hours_hold_but_for_an_outrage() -> None:
    sleeps = Hours(time(22), time(7), HELSINKI)
    duty = Duty(
        {"Anna": Person("Anna", "UANNA", email="anna@shop.example", quiet=sleeps), "Bo": Person("Bo", "UBO")},
        {"evenings": a_schedule("Anna", "Bo")},
        (),
    )
    night = helsinki(2026, 11, 25, 23)
    minute = timedelta(minutes=1)

    def called(by: By, to: str, level: str = "warning", at: datetime = night) -> Call:
        return call_of(Step(by, to, minute), duty, level, at)

    assert called(By.SCHEDULE, "evenings") == Call(By.SCHEDULE, "UANNA", "Anna", quiet=True)
    assert called(By.SCHEDULE, "evenings", "outrage") == Call(By.SCHEDULE, "UANNA", "Anna")
    assert called(By.SCHEDULE, "evenings", at=night + 7 * DAY) == Call(By.SCHEDULE, "UBO", "Bo")
    assert called(By.EMAIL, "evenings", at=helsinki(2026, 11, 25, 12)) == Call(By.EMAIL, "anna@shop.example", "Anna")
    assert called(By.EMAIL, "all@shop.example") == Call(By.EMAIL, "all@shop.example")
    assert called(By.GROUP, "SGROUP") == Call(By.GROUP, "SGROUP")
