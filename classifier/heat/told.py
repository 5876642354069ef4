"""Which changes of heat people are called about: one alert a matter, again only when it grew worse than they knew."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from classifier.heat.changes import HeatChange, Subject
from classifier.heat.policy import Level
from classifier.heat.posts import JudgedPost


@dataclass(frozen=True)
class Telling:
    """When people are told, as responders/alerting.py decides it; a test holds the two together."""

    least: Level = Level.WARNING
    silence: timedelta = timedelta(hours=12)  # heat after so long without any is a new matter


@dataclass(frozen=True)
class Call:
    """People were called, and told this level."""

    at: datetime
    level: Level


@dataclass(frozen=True)
class Alert:
    """One card, with every call to it in order of time; `key` is that of outcome.Fire."""

    brand: str
    subject: Subject
    key: str
    calls: tuple[Call, ...]

    @property
    def at(self) -> datetime:
        return self.calls[0].at

    @property
    def level(self) -> Level:
        """The highest that people were told."""
        return max(call.level for call in self.calls)


Matter = tuple[str, Subject, str]
"""Brand, subject and key: what one alert is about."""

_LATELY = timedelta(hours=6)
_MOSTLY = 0.5


class Teller:
    """Hears what the engine says, and the posts between, and keeps the alerts that people would have got.

    A brand is hot because of its hottest thread, or of a topic that most of its complaints are about; a topic is
    nothing new where most of it stands in one thread, and no thread or topic is while the brand itself burns. One fire
    has one card: the newest.
    (The product also knows topics that are nearly the same; their embeddings are not known here.)
    """

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._open: dict[Matter, _Open] = {}
        self._all: list[_Open] = []
        self._hot: set[Matter] = set()
        self._burning: set[str] = set()  # brands
        self._lately: defaultdict[str, deque[JudgedPost]] = defaultdict(deque)

    def heard(self, post: JudgedPost, negative_from: float) -> None:
        """Remembers a complaint for a while."""
        if post.negative >= negative_from:
            self._lately[post.brand].append(post)

    def told(self, change: HeatChange) -> None:
        """Takes in one change of heat."""
        own = _matter(change)
        (self._hot.discard if change.level is Level.NONE else self._hot.add)(own)
        if change.subject is Subject.BRAND:
            burns = change.level >= Level.WARNING
            (self._burning.add if burns else self._burning.discard)(change.brand)
        if change.level < self._telling.least:
            return
        mine = self._open.get(own)
        known = [mine, *(self._open.get(matter) for matter in self._others(change))]
        newest = max((each for each in known if each is not None), key=lambda each: each.hot_at, default=None)
        if newest is None or change.at - newest.hot_at >= self._telling.silence:
            self._open[own] = _Open(own, change)
            self._all.append(self._open[own])
        elif change.level > newest.highest:
            newest.call(change)
        elif newest is mine:
            mine.hot_at = change.at

    def alerts(self) -> list[Alert]:
        """The alerts so far, in order of time."""
        return [Alert(*each.matter, tuple(each.calls)) for each in self._all]

    def _others(self, change: HeatChange) -> Iterator[Matter]:
        """What else may be the same fire."""
        brand = change.brand
        if change.subject is Subject.BRAND:
            if change.thread_id is not None:
                yield brand, Subject.THREAD, f"{change.channel} {change.thread_id}"
            topic = _most_of(post.topic for post in self._since(brand, change.at))
            if topic is not None and (brand, Subject.TOPIC, topic) in self._hot:
                yield brand, Subject.TOPIC, topic
            return
        if brand in self._burning:
            yield from (matter for matter in self._open if matter[0] == brand)
        if change.subject is Subject.TOPIC:
            said = (post for post in self._since(brand, change.at) if post.topic == change.topic)
            thread = _most_of(f"{post.channel} {post.thread_id}" for post in said)
            if thread is not None and (brand, Subject.THREAD, thread) in self._hot:
                yield brand, Subject.THREAD, thread

    def _since(self, brand: str, now: datetime) -> deque[JudgedPost]:
        """The brand's complaints of the last hours."""
        lately = self._lately[brand]
        while lately and lately[0].created_at <= now - _LATELY:
            lately.popleft()
        return lately


class _Open:
    """An alert while it goes on; `hot_at` is when heat last stood at the alerting level."""

    def __init__(self, matter: Matter, change: HeatChange) -> None:
        self.matter = matter
        self.calls: list[Call] = []
        self.call(change)

    def call(self, change: HeatChange) -> None:
        self.calls.append(Call(change.at, change.level))
        self.highest, self.hot_at = change.level, change.at


def _matter(change: HeatChange) -> Matter:
    if change.subject is Subject.BRAND:
        return change.brand, change.subject, change.brand
    key = str(change.topic) if change.subject is Subject.TOPIC else f"{change.channel} {change.thread_id}"
    return change.brand, change.subject, key


def _most_of(said: Iterable[str | None]) -> str | None:
    """What at least half of them are."""
    counts = Counter(said)
    ((found, most),) = counts.most_common(1) or [(None, 0)]
    return found if most >= _MOSTLY * counts.total() else None
