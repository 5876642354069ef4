"""What is kept of a thread, or of a topic, in which somebody was negative."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from classifier.heat.carried import QUICK, Carried, CarriedPeaks, Far, far_of
from classifier.heat.changes import Subject
from classifier.heat.channels import Channels
from classifier.heat.due import Due
from classifier.heat.lately import counted_lately
from classifier.heat.levels import HeldLevel
from classifier.heat.normal import DailyPeak
from classifier.heat.policy import HeatPolicy
from classifier.heat.usual_share import UsualShare
from classifier.heat.windows import LONGEST, MinuteCounts

_EVIDENCE = 5  # comments that a change links to

Key = tuple[Subject, str, str]  # subject, channel ("" for a topic), thread or topic
Peaks = tuple[DailyPeak, DailyPeak, DailyPeak]


class Followed:
    """A thread or a topic: who was negative in it and when, who was not, who passed it on, and who read it."""

    __slots__ = ("_others", "about", "called", "carried", "channel", "due", "evidence", "first_negative", "heated",
                 "held", "in_own_channel", "last_heard", "negatives", "people", "reach", "reach_minute", "replied",
                 "seen", "subject", "thread_id", "topic")  # fmt: skip

    def __init__(self, key: Key, minute: int, *, in_own_channel: bool, replied: bool) -> None:
        self.subject, self.channel, name = key
        self.thread_id = name if self.subject is Subject.THREAD else None
        self.topic = name if self.subject is Subject.TOPIC else None
        self.in_own_channel, self.replied = in_own_channel, replied
        self.first_negative = self.last_heard = minute
        self.negatives = MinuteCounts()  # negative posts, copies removed
        self.people = MinuteCounts()  # of them, the first of each person
        self._others: MinuteCounts | None = None  # not negative, copies removed
        self.heated: MinuteCounts | None = None
        self.called: MinuteCounts | None = None  # calls to act, copies and all
        self.seen: dict[str, int] = {}  # author -> minute counted
        self.evidence: deque[str] = deque(maxlen=_EVIDENCE)
        self.reach, self.reach_minute = 0, minute
        self.carried = Carried(Channels(learns=False) if self.subject is Subject.TOPIC else None)
        self.about: Followed | None = None  # of a thread: the topic that its newest complaint is one of
        self.held = HeldLevel()
        self.due = Due()

    @property
    def key(self) -> Key:
        return self.subject, self.channel, self.thread_id or self.topic or ""

    def hear_negative(self, author_id: str | None, external_id: str, minute: int, policy: HeatPolicy) -> bool:
        """Counts the post, and the person unless counted within the last hours; True when the person is new."""
        self.negatives.add(minute)
        if author_id is not None:
            if self.counts(author_id, minute, policy):
                return False
            if len(self.seen) < policy.most_people or author_id in self.seen:
                self.seen[author_id] = minute
        self.people.add(minute)
        self.evidence.append(external_id)
        return True

    def counts(self, author_id: str | None, minute: int, policy: HeatPolicy) -> bool:
        """Whether the author is one of its people now."""
        return author_id is not None and counted_lately(self.seen, author_id, minute, policy.same_author_minutes)

    def hear_other(self, minute: int) -> None:
        if self._others is None:
            self._others = MinuteCounts()
        self._others.add(minute)

    def hear_heated(self, minute: int) -> None:
        if self.heated is None:
            self.heated = MinuteCounts()
        self.heated.add(minute)

    def hear_call(self, minute: int) -> None:
        if self.called is None:
            self.called = MinuteCounts()
        self.called.add(minute)

    def note_reach(self, followers: int, minute: int, policy: HeatPolicy) -> bool:
        """Notes a widely read author who was negative here, or passed it on; True when the author is one."""
        if followers < policy.reach_followers:
            return False
        self.reach, self.reach_minute = max(self.reach, followers), minute
        return True

    def unanswered_minutes(self, now: int) -> int:
        """How long the first negative post has waited on our own page; 0 when answered or elsewhere."""
        return now - self.first_negative if self.in_own_channel and not self.replied else 0

    def share(self, window: int, now: int, least: int = 1) -> float:
        """The negative share of a window's posts; 0 with fewer than `least` posts, which say nothing yet."""
        negatives = self.negatives.last(window, now)
        spoken = negatives + (self._others.last(window, now) if self._others is not None else 0)
        return negatives / spoken if spoken >= max(1, least) else 0.0

    def far(self, now: int, peaks: CarriedPeaks, usual_new: UsualShare) -> Far:
        """How far it is carried now."""
        posts = self.negatives.last(QUICK, now)
        if self._others is not None:
            posts += self._others.last(QUICK, now)
        return far_of(self.carried, posts, self.people.last(LONGEST, now), now, peaks, usual_new)

    def heated_last(self, window: int, now: int) -> int:
        return self.heated.last(window, now) if self.heated is not None else 0

    def reach_now(self, now: int, policy: HeatPolicy) -> int:
        """Followers of the widest-read negative author of the last day; 0 below the policy's line."""
        return self.reach if now - self.reach_minute < policy.thread_idle_minutes else 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How many different people are negative now, against the busiest thread (or topic) of this brand's usual days."""

    people: tuple[int, int, int]  # in each of WINDOWS
    above: tuple[float, float, float]  # spreads above the usual daily peak
    share: float

    @property
    def mean(self) -> float:
        """Of the two windows that stand out most."""
        return (sum(self.above) - min(self.above)) / 2

    @property
    def window(self) -> int:
        """The index of the window that stands out most."""
        return max(range(3), key=self.above.__getitem__)


def usual_peaks(people: tuple[float, float, float], policy: HeatPolicy) -> Peaks:
    """How many people the busiest one of an ordinary day has at its peak, before anything is learned."""
    quarter, hour, long = (
        DailyPeak(math.log1p(usual), policy.thread_spread, 5.0, math.log1p(usual), 0.3) for usual in people
    )
    return quarter, hour, long


def pace_of(followed: Followed, now: int, peaks: Peaks, policy: HeatPolicy) -> Pace:
    people, log = followed.people, math.log1p
    counts = quarter, hour, long = people.last(15, now), people.last(60, now), people.last(180, now)
    above = (peaks[0].above(log(quarter)), peaks[1].above(log(hour)), peaks[2].above(log(long)))
    share = max(followed.share(LONGEST, now), followed.share(60, now, policy.least_people))
    return Pace(counts, above, share)
