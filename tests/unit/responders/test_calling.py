"""An @ goes to those on duty for the level and to nobody else, and lets people rest but for an outrage."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from responders.calling import whom_to_call
from responders.oncall import By, Chain, Duty, Hours, Person, Schedule, Step, who_is_on

HELSINKI = ZoneInfo("Europe/Helsinki")
WEEK_BEGINS = datetime(2026, 11, 9, tzinfo=UTC)
NAMES = ("Anna", "Bo", "Sara", "Omar")
MINUTES = st.integers(0, 366 * 24 * 60)
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))


@st.composite
def duties(draw: st.DrawFn) -> Duty:
    quiet = st.none() | st.builds(Hours, CLOCKS, CLOCKS, st.just(HELSINKI))
    people = {name: Person(name, f"U0{name.upper()}", quiet=draw(quiet)) for name in NAMES}
    schedules = {
        name: Schedule(
            name,
            tuple(draw(st.lists(st.sampled_from(NAMES), max_size=4))),
            date(2026, 1, 5),
            draw(st.integers(1, 9)),
            draw(CLOCKS),
            HELSINKI,
        )
        for name in ("days", "nights")
    }
    steps = st.builds(
        Step,
        st.sampled_from([By.SCHEDULE, By.PERSON, By.GROUP, By.PAGERDUTY]),
        st.just(""),
        st.just(timedelta(minutes=5)),
    ).map(lambda step: Step(step.by, _to(step.by, draw), step.wait))
    levels = st.frozensets(st.sampled_from(["warning", "outrage"]), min_size=1)
    chains = draw(
        st.lists(
            st.builds(
                Chain,
                st.just("chain"),
                levels,
                st.lists(steps, min_size=1, max_size=4).map(tuple),
                st.just(timedelta(minutes=30)),
            ),
            max_size=3,
        )
    )
    return Duty(people, schedules, tuple(chains))


def _to(by: By, draw: st.DrawFn) -> str:
    names = {By.SCHEDULE: ["days", "nights"], By.PERSON: list(NAMES), By.GROUP: ["S0CARE"]}
    return draw(st.sampled_from(names.get(by, ["https://events.pagerduty.com"])))


@given(duties(), st.sampled_from(["none", "watch", "warning", "outrage"]), MINUTES)
def test_only_those_on_duty_are_called_each_once_and_rest_is_kept(duty: Duty, level: str, minute: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    whom = whom_to_call(duty, level, at, ("U0OWNER",))
    if level in ("none", "watch"):
        assert (whom.called, whom.resting) == ((), ())
        return
    if not duty.chains:
        assert whom.called == ("U0OWNER",)
        return
    chain = next((one for one in duty.chains if level in one.levels), None)
    rung = [step.to for step in chain.steps if step.by is By.SCHEDULE] if chain else []
    on = {duty.people[name].slack_id for one in rung if (name := who_is_on(duty.schedules[one], at)) is not None}
    resting = {
        person.slack_id
        for person in duty.people.values()
        if level != "outrage" and person.quiet is not None and person.quiet.hold(at)
    }
    assert set(whom.called) == on - resting
    assert set(whom.resting) == on & resting
    assert len(whom.called) == len(set(whom.called))


def test_who_rests_is_left_out_below_an_outrage_and_the_others_are_called() -> None:
    nights = Hours(time(22), time(7), HELSINKI)
    people = {"Anna": Person("Anna", "U0ANNA", quiet=nights), "Bo": Person("Bo", "U0BO")}
    schedules = {
        name: Schedule(name, (member,), date(2026, 11, 2), 7, time(9), HELSINKI)
        for name, member in (("first", "Anna"), ("second", "Bo"))
    }
    wait = timedelta(minutes=5)
    steps = (Step(By.SCHEDULE, "first", wait), Step(By.SCHEDULE, "second", wait), Step(By.PERSON, "Anna", wait))
    chain = Chain("nights", frozenset({"warning", "outrage"}), steps, timedelta(minutes=30))
    duty = Duty(people, schedules, (chain,))
    at_night = WEEK_BEGINS + timedelta(hours=22)
    assert whom_to_call(duty, "warning", at_night).called == ("U0BO",)
    assert whom_to_call(duty, "warning", at_night).resting == ("U0ANNA",)
    assert whom_to_call(duty, "outrage", at_night).called == ("U0ANNA", "U0BO")
    assert whom_to_call(duty, "warning", WEEK_BEGINS + timedelta(hours=10)).called == ("U0ANNA", "U0BO")


def test_without_chains_the_settings_name_whom_to_call_and_quiet_hours_hold_for_them_too() -> None:
    people = {"Anna": Person("Anna", "U0ANNA", quiet=Hours(time(22), time(7), HELSINKI))}
    duty = Duty(people, {}, ())
    at_night = WEEK_BEGINS + timedelta(hours=22)
    assert whom_to_call(duty, "warning", at_night, ("U0ANNA", "S0CARE")).called == ("S0CARE",)
    assert whom_to_call(duty, "outrage", at_night, ("U0ANNA", "S0CARE")).called == ("U0ANNA", "S0CARE")
    assert whom_to_call(duty, "outrage", at_night).called == ()
