"""How far negative talk is carried: shares and replies, readers, people who are new to the brand, and channels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from classifier.heat.channels import Abroad, Channels
from classifier.heat.lately import counted_lately
from classifier.heat.normal import DailyPeak
from classifier.heat.policy import HeatPolicy
from classifier.heat.usual_share import UsualShare
from classifier.heat.windows import LONGEST, MinuteCounts

MOST_FOLLOWERS = 10_000_000_000
"""Of one author: more than there are people. What a platform says beyond that is no count."""

QUICK = 15  # minutes in which shares and replies are counted

SHARES, READERS, NEWCOMERS = range(3)
"""The kinds that are counted here, in whichever table."""

CARRIED_KINDS = 3


class Carried:
    """What is kept of it for a thread, a topic or a brand. The caller tells each person once in three hours.

    The counts go into a table that the caller may use for more kinds.
    """

    __slots__ = ("_counts", "_passers", "channels")

    def __init__(self, counts: MinuteCounts, channels: Channels | None = None) -> None:
        self._counts, self.channels = counts, channels
        self._passers: dict[str, int] | None = None  # who passed it on -> minute counted

    def hear_person(
        self, author_id: str | None, followers: int, newcomer: bool, channel: str, minute: int, policy: HeatPolicy
    ) -> None:
        """Counts somebody who was negative; nobody is new whose name the platform withholds."""
        if followers and not (self._passers and self._has_passed_on(author_id, minute, policy)):
            self._counts.add(minute, READERS, min(followers, MOST_FOLLOWERS))
        if newcomer:
            self._counts.add(minute, NEWCOMERS)
        if self.channels is not None:
            self.channels.hear(channel, minute)

    def hear_share(
        self, author_id: str | None, followers: int, minute: int, policy: HeatPolicy, *, counted: bool
    ) -> bool:
        """Counts somebody who passed it on, once in three hours; `counted`: he is among its people already."""
        if self._has_passed_on(author_id, minute, policy):
            return False
        if author_id is not None:
            if self._passers is None:
                self._passers = {}
            if len(self._passers) >= policy.most_people:
                self._passers.clear()
            self._passers[author_id] = minute
        self._counts.add(minute, SHARES)
        if followers and not counted:
            self._counts.add(minute, READERS, min(followers, MOST_FOLLOWERS))
        return True

    def hear_counted(self, times: int, minute: int) -> None:
        """Counts what a person read beside a post: passed on or replied to so many times, by whom nobody knows."""
        self._counts.add(minute, SHARES, times)

    def _has_passed_on(self, author_id: str | None, minute: int, policy: HeatPolicy) -> bool:
        if self._passers is None or author_id is None:
            return False
        return counted_lately(self._passers, author_id, minute, policy.same_author_minutes)

    def shares(self, now: int) -> int:
        """Plain shares in the last quarter of an hour, each person's once."""
        return self._counts.last(QUICK, now, SHARES)

    def readers(self, now: int) -> int:
        """Followers, summed over the different people of the last three hours who were negative or passed it on."""
        return self._counts.last(LONGEST, now, READERS)

    def newcomers(self, now: int) -> int:
        """How many of the people of the last three hours had not written of the brand before."""
        return self._counts.last(LONGEST, now, NEWCOMERS)

    def restart(self) -> None:
        """Forgets the last hours; the table of counts is the caller's to clear."""
        self._passers = None
        if self.channels is not None:
            self.channels.restart()


@dataclass(frozen=True, slots=True)
class CarriedPeaks:
    """How far an ordinary day's furthest one is carried, in logarithms of 1 + n."""

    traffic: DailyPeak
    readers: DailyPeak

    def see(self, day: int, far: Far) -> None:
        self.traffic.see(day, far.log_traffic)
        self.readers.see(day, far.log_readers)

    def close(self, day: int) -> None:
        self.traffic.close(day)
        self.readers.close(day)


class Far(NamedTuple):
    """How far it is carried now. What is above, is so in spreads of the brand's usual daily peak."""

    posts: int  # in a quarter of an hour, copies removed
    shares: int  # in a quarter of an hour, plain ones
    readers: int  # of three hours
    newcomers: int
    of: int  # so many people, of three hours
    newcomers_z: float  # against the brand's usual share of them
    abroad: Abroad
    log_traffic: float
    log_readers: float
    traffic_above: float
    readers_above: float


def usual_carried(traffic: float, readers: float) -> CarriedPeaks:
    """The peaks before anything is learned: so many shares and replies, so many readers."""
    return CarriedPeaks(
        DailyPeak(math.log1p(traffic), 0.5, 4.0, math.log1p(traffic / 2), 0.3),
        DailyPeak(math.log1p(readers), 1.2, 4.0, math.log1p(readers / 5), 0.5),
    )


def far_of(
    carried: Carried,
    posts: int,
    people: int,
    now: int,
    peaks: CarriedPeaks,
    usual_new: UsualShare,
    usual_people: float = 0.0,
) -> Far:
    """`posts`: of the last quarter of an hour; `people`: of three hours, the negative ones, and how many are usual."""
    shares, readers, new = carried.shares(now), carried.readers(now), carried.newcomers(now)
    traffic, read = math.log1p(posts + shares), math.log1p(readers)
    return Far(
        posts=posts,
        shares=shares,
        readers=readers,
        newcomers=new,
        of=people,
        newcomers_z=usual_new.z(new, people) if people else 0.0,
        abroad=carried.channels.now(now, usual_people) if carried.channels is not None else _HERE,
        log_traffic=traffic,
        log_readers=read,
        traffic_above=peaks.traffic.above(traffic),
        readers_above=peaks.readers.above(read),
    )


_HERE = Abroad(1, 0, 0)  # a thread stands in one channel
