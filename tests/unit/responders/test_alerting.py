from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responders.alerting import LEVELS, AlertPolicy, Decision, HeatView, LastAlert, decide_alert

NOW = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
POLICY = AlertPolicy()


def heat(level):
    return HeatView("thread", "t1", level, 2.0, 0.5)


def last(shown, highest=None, hours_ago=1.0, settled=False):
    return LastAlert(shown, highest or shown, NOW - timedelta(hours=hours_ago), settled)


@pytest.mark.parametrize(
    ("level", "before", "decision"),
    [
        ("none", None, Decision.STAY_QUIET),
        ("watch", None, Decision.STAY_QUIET),
        ("warning", None, Decision.RAISE),
        ("outrage", None, Decision.RAISE),
        ("warning", last("warning"), Decision.REDRAW),
        ("outrage", last("warning"), Decision.ESCALATE),
        ("warning", last("outrage"), Decision.REDRAW),
        ("watch", last("warning"), Decision.COOL_DOWN),
        ("none", last("outrage"), Decision.COOL_DOWN),
        ("none", last("none", "warning"), Decision.STAY_QUIET),
        ("warning", last("none", "warning"), Decision.REDRAW),
        ("outrage", last("none", "warning"), Decision.ESCALATE),
        ("warning", last("none", "warning", hours_ago=12), Decision.RAISE),
        ("warning", last("none", "outrage", hours_ago=13), Decision.RAISE),
        ("warning", last("warning", settled=True), Decision.STAY_QUIET),
        ("outrage", last("warning", settled=True), Decision.ESCALATE),
        ("none", last("warning", settled=True), Decision.STAY_QUIET),
        ("warning", last("warning", hours_ago=12, settled=True), Decision.RAISE),
    ],
)
def test_what_people_are_told(level, before, decision):
    assert decide_alert(heat(level), before, POLICY, NOW) is decision


@pytest.mark.parametrize(("level", "decision"), [("watch", Decision.RAISE), ("none", Decision.STAY_QUIET)])
def test_a_shop_may_ask_for_cards_from_watch_on(level, decision):
    assert decide_alert(heat(level), None, AlertPolicy(least_level="watch"), NOW) is decision


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LEVELS), st.integers(1, 900), st.booleans()), max_size=60))
def test_over_any_history_people_are_called_only_for_something_new(story):
    """Plays levels through the decisions as the worker would, and checks each call against what people knew."""
    alert, now = None, NOW
    for level, minutes, settle in story:
        now += timedelta(minutes=minutes)
        decision = decide_alert(heat(level), alert, POLICY, now)
        alerting = LEVELS.index(level) >= LEVELS.index(POLICY.least_level)
        if decision is Decision.RAISE:
            assert alerting
            assert alert is None or now - alert.hot_at >= POLICY.silence
            alert = LastAlert(level, level, now)
        elif decision is Decision.ESCALATE:
            assert LEVELS.index(level) > LEVELS.index(alert.highest)
            alert = LastAlert(level, level, now)
        elif decision is Decision.COOL_DOWN:
            assert not alerting
            alert = LastAlert(level, alert.highest, alert.hot_at)
            assert decide_alert(heat(level), alert, POLICY, now) is Decision.STAY_QUIET
        elif alerting:
            assert LEVELS.index(level) <= LEVELS.index(alert.highest)
            alert = LastAlert(level, alert.highest, now, alert.settled)
        if alert and settle:
            alert = LastAlert(alert.shown, alert.highest, alert.hot_at, settled=True)
