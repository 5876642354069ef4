"""How hot one thread is: how many different people are negative in it, against this brand's usual busiest thread."""

from __future__ import annotations

import math
from dataclasses import dataclass

from classifier.heat.levels import HeldLevel
from classifier.heat.normal import DailyPeak
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.windows import LONGEST, WINDOWS, MinuteCounts

ThreadPeaks = tuple[DailyPeak, DailyPeak, DailyPeak]


class Thread:
    """What is kept of a thread in which somebody was negative."""

    __slots__ = ("channel", "copies", "first_negative", "heated", "held", "in_own_channel", "last_heard", "negatives",
                 "others", "people", "reach", "reach_minute", "replied", "seen", "thread_id")  # fmt: skip

    def __init__(self, channel: str, thread_id: str, minute: int, in_own_channel: bool) -> None:
        self.channel, self.thread_id = channel, thread_id
        self.in_own_channel, self.replied = in_own_channel, False
        self.first_negative = self.last_heard = minute
        self.negatives = MinuteCounts()  # negative posts, copies removed
        self.people = MinuteCounts()  # of them, the first of each person
        self.others = MinuteCounts()  # not negative, copies removed
        self.heated = MinuteCounts()
        self.copies = MinuteCounts()
        self.seen: dict[str, int] = {}  # author -> minute counted
        self.reach, self.reach_minute = 0, minute
        self.held = HeldLevel()

    def hear_person(self, author_id: str | None, minute: int, policy: HeatPolicy) -> None:
        """Counts the person unless counted within the last hours."""
        if author_id is not None:
            counted = self.seen.get(author_id)
            if counted is not None and abs(minute - counted) < policy.same_author_minutes:
                return
            if len(self.seen) < policy.most_people or counted is not None:
                self.seen[author_id] = minute
        self.people.add(minute)

    def note_reach(self, followers: int, minute: int, policy: HeatPolicy) -> bool:
        """Notes a widely read author who was negative here, or passed it on; True when the author is one."""
        if followers < policy.reach_followers:
            return False
        self.reach, self.reach_minute = max(self.reach, followers), minute
        return True

    def unanswered_minutes(self, now: int) -> int:
        """How long the first negative post has waited on our own page; 0 when answered or elsewhere."""
        return now - self.first_negative if self.in_own_channel and not self.replied else 0


@dataclass(frozen=True, slots=True)
class ThreadReading:
    """A thread's score at one moment, with the numbers that its reasons need."""

    score: float
    pace: float
    window: int  # index of the window that stands out most
    people: int
    share: float
    unanswered_minutes: int
    reach: int  # followers of the widest-read negative author of the last day, 0 below the policy's line


def thread_peaks(policy: HeatPolicy) -> ThreadPeaks:
    """How many people the busiest thread of an ordinary day has at its peak, before anything is learned."""
    guesses = [math.log1p(usual) for usual in policy.thread_people_usual]
    quarter, hour, long = (DailyPeak(guess, policy.thread_spread, 5.0, guess, 0.3) for guess in guesses)
    return quarter, hour, long


def read_thread(thread: Thread, now: int, peaks: ThreadPeaks, policy: HeatPolicy) -> ThreadReading:
    """Scores the thread: the mean of the two windows that stand out most, plus what silence on our own page adds."""
    people = thread.people.counts(now)
    above = [peak.above(math.log1p(count)) for peak, count in zip(peaks, people, strict=True)]
    pace = (sum(above) - min(above)) / 2
    share = max(_share(thread, LONGEST, now, 1), _share(thread, 60, now, policy.least_people))
    score, unanswered = pace, 0
    if people[2] >= 2:
        unanswered = thread.unanswered_minutes(now)
        score += policy.unanswered_weight * min(1.0, unanswered / policy.unanswered_full_minutes)
    if share < policy.thread_share:
        score = min(score, policy.watch / 2)
    elif people[2] < policy.least_people:
        score = min(score, policy.warning - 0.01)
    reach = thread.reach if now - thread.reach_minute < policy.thread_idle_minutes else 0
    return ThreadReading(
        score, pace, max(range(len(WINDOWS)), key=above.__getitem__), people[2], share, unanswered, reach
    )


def _share(thread: Thread, window: int, now: int, least: int) -> float:
    """The negative share of a window; 0 with fewer than `least` posts, which say nothing yet."""
    negatives = thread.negatives.last(window, now)
    spoken = negatives + thread.others.last(window, now)
    return negatives / spoken if spoken >= max(1, least) else 0.0


def shown_level(held: Level, reach: int, policy: HeatPolicy) -> Level:
    """The level with one step added when a widely read author joined in."""
    return Level(min(held + 1, Level.OUTRAGE)) if reach >= policy.reach_followers else held
