"""A deaf line is found out and made anew, at a bounded pace, and people are told once each way."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from responders.slack.line import (
    DEAF,
    Do,
    Line,
    Rhythm,
    beat_failed,
    beat_sent,
    heard,
    renewed,
    should_tell,
    told,
    what_next,
)
from tests.builders import NOON

RHYTHM = Rhythm()


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_new_line_is_tried_at_once_and_a_line_that_hears_once_a_minute() -> None:
    line = Line(NOON)
    assert what_next(line, NOON, RHYTHM) is Do.WAIT
    assert what_next(line, after(1), RHYTHM) is Do.BEAT
    line = heard(beat_sent(line, after(1)), after(2), beat=True)
    assert what_next(line, after(61), RHYTHM) is Do.WAIT
    assert what_next(line, after(62), RHYTHM) is Do.BEAT


def test_presses_that_come_in_make_a_beat_needless() -> None:
    line = heard(Line(NOON, heard_at=NOON, proven=True), after(59), beat=False)
    assert what_next(line, after(100), RHYTHM) is Do.WAIT


def test_a_beat_that_does_not_come_back_makes_the_line_anew_and_then_more_and_more_seldom() -> None:
    line, gaps, last, at = Line(NOON, heard_at=NOON, proven=True), [], NOON, 0
    while len(gaps) < 8:
        at += 1
        step = what_next(line, after(at), RHYTHM)
        if step is Do.BEAT:
            line = beat_sent(line, after(at))
        elif step is Do.RENEW:
            line = renewed(line, after(at))
            gaps.append((after(at) - last).total_seconds())
            last = after(at)
    assert gaps[0] == 80  # a minute's quiet, and the deadline
    assert gaps[1:5] == [21, 21, 21, 40]
    assert max(gaps) <= RHYTHM.longest_wait_s
    assert (line.deaf_since, line.code) == (NOON, DEAF)


def test_where_no_beat_ever_came_back_the_line_is_left_alone_and_nobody_is_woken() -> None:
    line, renewals = Line(NOON), 0
    for at in range(0, 7200):
        step = what_next(line, after(at), RHYTHM)
        if step is Do.BEAT:
            line = beat_sent(line, after(at))
        elif step is Do.RENEW:
            line, renewals = renewed(line, after(at)), renewals + 1
        assert not should_tell(line, after(at), RHYTHM)
    assert renewals == RHYTHM.unproven_tries


def test_slack_that_answers_no_call_is_no_reason_for_a_new_line_but_people_are_told() -> None:
    line = beat_failed(Line(NOON, heard_at=NOON, proven=True), "unreachable", after(60))
    assert what_next(line, after(60), RHYTHM) is Do.WAIT
    assert what_next(line, after(61), RHYTHM) is Do.BEAT
    assert not should_tell(line, after(299), RHYTHM)
    assert should_tell(line, after(300), RHYTHM)
    line = told(line)
    assert not should_tell(line, after(400), RHYTHM)
    line = heard(line, after(401), beat=True)
    assert should_tell(line, after(401), RHYTHM)
    assert not should_tell(told(line), after(402), RHYTHM)


class Watching(RuleBasedStateMachine):
    """Slack is well, deaf or away, in any order and for any time; the watch does what it is told each second."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        self.line = heard(Line(NOON), NOON, beat=True)
        self.renewals: list[float] = []
        self.deaf_from: float | None = None
        self.news: list[bool] = []  # True: deaf, False: hears again

    @rule(seconds=st.integers(1, 400), slack=st.sampled_from(["well", "deaf", "away"]))
    def pass_time(self, seconds: int, slack: str) -> None:
        for _ in range(seconds):
            self.at += 1
            now = after(self.at)
            step = what_next(self.line, now, RHYTHM)
            if step is Do.RENEW:
                self.renewals.append(self.at)
                self.line = renewed(self.line, now)
            elif step is Do.BEAT and slack == "away":
                self.line = beat_failed(self.line, "unreachable", now)
            elif step is Do.BEAT:
                self.line = beat_sent(self.line, now)
            if slack == "well" and self.line.beat_at is not None:
                self.line = heard(self.line, now, beat=True)
            if should_tell(self.line, now, RHYTHM):
                self.line = told(self.line)
                self.news.append(self.line.deaf_since is not None)
        if slack == "well" and seconds >= RHYTHM.longest_wait_s + RHYTHM.deadline_s:
            assert self.line.deaf_since is None, "it hears again within the longest wait"
            assert not self.line.told

    @precondition(lambda self: self.at > 0)
    @rule()
    def stay_deaf_for_long(self) -> None:
        self.pass_time(seconds=int(RHYTHM.alarm_s + RHYTHM.every_s + RHYTHM.deadline_s + 2), slack="deaf")
        assert self.line.told, "whoever is deaf for long is told of"

    @invariant()
    def people_hear_the_two_kinds_of_news_in_turn(self) -> None:
        assert self.news == [number % 2 == 0 for number in range(len(self.news))]

    @invariant()
    def lines_are_not_made_in_a_hurry(self) -> None:
        assert all(later - earlier >= RHYTHM.deadline_s for earlier, later in pairwise(self.renewals))


TestWatching = Watching.TestCase


@given(st.integers(0, 10_000))
def test_the_wait_between_two_lines_has_an_end(renewals: int) -> None:
    line = Line(NOON, beat_at=NOON, proven=True, renewals=renewals)
    assert what_next(line, after(RHYTHM.longest_wait_s + 1), RHYTHM) is Do.RENEW
