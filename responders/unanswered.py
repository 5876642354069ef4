"""Which own-channel threads burn without our answer, the one to answer first on top.

Ignoring is the worst answer, and time is what it costs (Herhausen et al. 2019, 472,995 negative posts; Huang et al.
2018, HBR: customers valued an airline's answer within 6 minutes at nine times one after an hour), so time counts as it
is. So does growth. Followers are spread so unevenly (a Pareto tail of 1.4) that they count by their order of size:
otherwise the list would be one of followers alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from responders.alerting import LEVELS

ANSWER_WITHIN = timedelta(minutes=20)
BURNS_FOR = timedelta(hours=3)  # after the last negative post
LEAST_PEOPLE = 2  # one alone is a customer, with a card of their own
LEAST_SHARE = 0.45  # of what people wrote; under a giveaway a few are always misjudged


@dataclass(frozen=True)
class Complaint:
    """One negative post that came after our last answer; `author` None where the platform withholds it."""

    at: datetime
    author: str | None
    followers: int | None
    permalink: str | None = None


@dataclass(frozen=True)
class Waiting:
    """An own-channel thread with complaints after our last answer, oldest first; `others` wrote without complaint."""

    thread_id: int
    channel: str
    level: str  # the thread's heat, one of LEVELS
    complaints: tuple[Complaint, ...]
    others: int

    @property
    def since(self) -> datetime:
        return self.complaints[0].at

    @property
    def permalink(self) -> str | None:
        """The first complaint that waits."""
        return self.complaints[0].permalink

    @property
    def people(self) -> int:
        return _people(self.complaints)

    @property
    def followers(self) -> int:
        """Of the people who complained, as far as the platform tells."""
        known = {one.author: one.followers or 0 for one in self.complaints if one.author is not None}
        return sum(known.values())

    def people_an_hour(self, now: datetime) -> float:
        """How fast people join now: the faster of the last quarter and the last hour, or the pace of three hours."""
        quarter, hour, long = (self._joined(now - timedelta(minutes=minutes)) for minutes in (15, 60, 180))
        return max(4.0 * quarter, float(hour), long / 3)

    def _joined(self, since: datetime) -> int:
        return _people(one for one in self.complaints if one.at > since)


@dataclass(frozen=True)
class Fire:
    """A waiting thread with its place in the list; `late` once it has waited for longer than the target."""

    thread: Waiting
    minutes: int
    people_an_hour: float
    late: bool
    urgency: float


def minutes_waited(thread: Waiting, now: datetime) -> int:
    """Whole minutes since the first complaint that nobody of ours has answered."""
    return max(0, int((now - thread.since).total_seconds() // 60))


def rank(threads: Iterable[Waiting], now: datetime, target: timedelta = ANSWER_WITHIN) -> list[Fire]:
    """The threads that burn unanswered, by growth x reach x time unanswered, the most urgent first."""
    fires = [_fire(thread, now, target) for thread in threads if burns(thread, now)]
    return sorted(fires, key=lambda fire: (-fire.urgency, fire.thread.since, fire.thread.thread_id))


def burns(thread: Waiting, now: datetime) -> bool:
    """Whether it is more than one customer's complaint, and still going on."""
    if now - thread.complaints[-1].at > BURNS_FOR:
        return False
    if LEVELS.index(thread.level) >= LEVELS.index("watch"):
        return True
    said = len(thread.complaints)
    return thread.people >= LEAST_PEOPLE and said >= LEAST_SHARE * (said + thread.others)


def _fire(thread: Waiting, now: datetime, target: timedelta) -> Fire:
    minutes, growth = minutes_waited(thread, now), thread.people_an_hour(now)
    reach = math.log10(10 + thread.people + thread.followers)
    return Fire(
        thread=thread,
        minutes=minutes,
        people_an_hour=growth,
        late=now - thread.since > target,
        urgency=growth * reach * max(1, minutes),
    )


def _people(complaints: Iterable[Complaint]) -> int:
    """Different authors; one whose name is withheld counts each time, because nothing better is known."""
    authors = [one.author for one in complaints]
    return len({author for author in authors if author is not None}) + authors.count(None)
