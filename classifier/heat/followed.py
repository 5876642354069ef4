"""What is kept of a thread, or of a topic, in which somebody was negative."""

from __future__ import annotations

import math
from typing import NamedTuple

from classifier.heat.carried import NEWCOMERS, QUICK, Carried, CarriedPeaks, Far, far_of
from classifier.heat.changes import Subject
from classifier.heat.channels import Channels
from classifier.heat.due import Due
from classifier.heat.lately import counted_lately
from classifier.heat.levels import HeldLevel
from classifier.heat.normal import DailyPeak
from classifier.heat.policy import HeatPolicy
from classifier.heat.usual_share import UsualShare
from classifier.heat.windows import LONGEST, WINDOWS, MinuteCounts

_EVIDENCE = 5  # comments that a change links to

NEGATIVES, PEOPLE, OTHERS, HEATED, CALLS = range(NEWCOMERS + 1, NEWCOMERS + 6)
"""Kinds of posts that are counted: negative ones, copies removed; of them, the first of each person; not negative ones,
copies removed; heated negative ones; calls to act, copies and all. Those of `Carried` stand before them."""

_KINDS = CALLS + 1

Key = tuple[Subject, str, str]  # subject, channel ("" for a topic), thread or topic
Peaks = tuple[DailyPeak, DailyPeak, DailyPeak]


class Followed:
    """A thread or a topic: who was negative in it and when, who was not, who passed it on, and who read it."""

    __slots__ = ("about", "carried", "channel", "counts", "due", "evidence", "first_negative", "held",
                 "in_own_channel", "last_heard", "reach", "reach_minute", "replied", "seen", "subject", "thread_id",
                 "topic")  # fmt: skip

    def __init__(self, key: Key, minute: int, *, in_own_channel: bool, replied: bool) -> None:
        self.subject, self.channel, name = key
        self.thread_id = name if self.subject is Subject.THREAD else None
        self.topic = name if self.subject is Subject.TOPIC else None
        self.in_own_channel, self.replied = in_own_channel, replied
        self.first_negative = self.last_heard = minute
        self.counts = MinuteCounts(kinds=_KINDS)
        self.seen: dict[str, int] = {}  # author -> minute counted
        self.evidence: tuple[str, ...] = ()
        self.reach, self.reach_minute = 0, minute
        self.carried = Carried(self.counts, Channels(learns=False) if self.subject is Subject.TOPIC else None)
        self.about: Followed | None = None  # of a thread: the topic that its newest complaint is one of
        self.held = HeldLevel()
        self.due = Due()

    @property
    def key(self) -> Key:
        return self.subject, self.channel, self.thread_id or self.topic or ""

    def hear_negative(self, author_id: str | None, external_id: str, minute: int, policy: HeatPolicy) -> bool:
        """Counts the post, and the person unless counted within the last hours; True when the person is new."""
        self.counts.add(minute, NEGATIVES)
        if author_id is not None:
            if self.has_counted(author_id, minute, policy):
                return False
            if len(self.seen) < policy.most_people or author_id in self.seen:
                self.seen[author_id] = minute
        self.counts.add(minute, PEOPLE)
        self.evidence = (*self.evidence, external_id)[-_EVIDENCE:]
        return True

    def has_counted(self, author_id: str | None, minute: int, policy: HeatPolicy) -> bool:
        """Whether the author is one of its people now."""
        return author_id is not None and counted_lately(self.seen, author_id, minute, policy.same_author_minutes)

    def note_reach(self, followers: int, minute: int, policy: HeatPolicy) -> bool:
        """Notes a widely read author who was negative here, or passed it on; True when the author is one."""
        if followers < policy.reach_followers:
            return False
        self.reach, self.reach_minute = max(self.reach, followers), minute
        return True

    def unanswered_minutes(self, now: int) -> int:
        """How long the first negative post has waited on our own page; 0 when answered or elsewhere."""
        return now - self.first_negative if self.in_own_channel and not self.replied else 0

    def far(self, now: int, peaks: CarriedPeaks, usual_new: UsualShare) -> Far:
        """How far it is carried now."""
        posts = self.counts.last(QUICK, now, NEGATIVES) + self.counts.last(QUICK, now, OTHERS)
        return far_of(self.carried, posts, self.people(LONGEST, now), now, peaks, usual_new)

    def people(self, window: int, now: int) -> int:
        """How many different people were negative in the window."""
        return self.counts.last(window, now, PEOPLE)

    def reach_now(self, now: int, policy: HeatPolicy) -> int:
        """Followers of the widest-read negative author of the last day; 0 below the policy's line."""
        return self.reach if now - self.reach_minute < policy.thread_idle_minutes else 0


class Pace(NamedTuple):
    """How many different people are negative now, against the busiest thread (or topic) of this brand's usual days."""

    people: tuple[int, int, int]  # in each of WINDOWS
    logs: tuple[float, float, float]  # of 1 + as many
    above: tuple[float, float, float]  # spreads above the usual daily peak
    share: float  # negative ones of three hours' posts, or of the last hour's where that is more of enough

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
    people, negatives, others = followed.counts.in_each(WINDOWS, now, PEOPLE, NEGATIVES, OTHERS)
    quarter, hour, long = people
    logs = math.log1p(quarter), math.log1p(hour), math.log1p(long)
    above = peaks[0].above(logs[0]), peaks[1].above(logs[1]), peaks[2].above(logs[2])
    share = negatives[2] / (negatives[2] + others[2]) if negatives[2] else 0.0
    if negatives[1] and negatives[1] + others[1] >= policy.least_people:
        share = max(share, negatives[1] / (negatives[1] + others[1]))
    return Pace((quarter, hour, long), logs, above, share)
