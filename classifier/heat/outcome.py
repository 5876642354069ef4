"""What was an outrage after all: looks back over judged posts, with everything known, and grades alerts by it.

This is the shop's own definition, not a forecast: it may look at what came later, so the engine never calls it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from classifier.heat.posts import JudgedPost
from classifier.heat.stretches import (
    BIN_MINUTES,
    BINS_A_DAY,
    BINS_AN_HOUR,
    Stretch,
    counted,
    stretches,
    usual_of,
)
from classifier.heat.voices import Heard, Said, counted_out, heard, once_a_day
from models.states import Grade

_BURNING_PART = 0.5  # it burns while people come faster than this part of the least outrage's mean pace
_TENTH, _HALF = 0.1, 0.5
_FORESEEN = timedelta(hours=6)  # the forecast looks so far ahead
_HEARD = timedelta(hours=3)
_OUT_AFTER = timedelta(hours=12)
_LONGEST = timedelta(days=4)  # 90 % of an outrage is said within a day or so (TiDeH: 27 h)
_CHIEF = 2 / 3
_NARROWEST_FIRST = ("thread", "topic", "brand")
_GLOWS = timedelta(hours=2)  # what flares up again so soon is the same fire


@dataclass(frozen=True)
class OutrageRule:
    """What the shop calls an outrage.

    Within `within_hours`, at least `least_people` and at least `times_hourly` x the brand's usual mentions an hour:
    so many different negative people more than usual, in one thread, one topic or over the brand, and at least
    `negative_share` of those who came on top of the usual are negative.
    """

    least_people: int = 20
    times_hourly: float = 2.0
    within_hours: int = 24
    negative_share: float = 0.45
    negative_from: float = 0.5  # the side the judge favours, as in HeatPolicy

    def needed(self, hourly: float) -> float:
        """How many people make an outrage for a brand with `hourly` mentions in a usual hour."""
        return max(float(self.least_people), self.times_hourly * hourly)


@dataclass(frozen=True)
class Fire:
    """One outrage, seen afterwards.

    `subject` is thread, topic or brand: where most of its people spoke; `key` is the thread ("channel thread"), the
    topic, or the brand. `tenth` and `half` are when a tenth and half of its people had spoken. `people` are the
    different negative ones above the usual. `threads` are those ("channel thread") that had a negative person in it.
    """

    brand: str
    subject: str
    key: str
    began: datetime
    tenth: datetime
    half: datetime
    ended: datetime
    people: int
    threads: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Burst:
    """Much talk that was no outrage: praise, a campaign, news, or (`copies`) one text over and over."""

    brand: str
    subject: str
    key: str
    began: datetime
    ended: datetime
    people: int
    copies: bool


@dataclass(frozen=True)
class Graded:
    """A grade, and the outrage it was about; `lead` runs from the alert to half of that, negative when it was late."""

    grade: Grade
    fire: Fire | None = None

    def lead(self, at: datetime) -> timedelta | None:
        return self.fire.half - at if self.fire is not None else None


@dataclass(frozen=True)
class Past:
    """What looking back finds: the outrages, and the bursts that were none, each in order of time."""

    fires: list[Fire]
    bursts: list[Burst]


def grade(brand: str, subject: str, key: str | None, at: datetime, past: Past) -> Graded:
    """How an alert at `at` turned out; `subject` and `key` are as in Fire, the key None where it is not known.

    An alert about one thread or one topic is about a fire that burned there or over the brand, not about one
    elsewhere. One up to six hours before the fire is early; a burst is remembered for three hours (heat's longest
    window) after its end.
    """
    about = [fire for fire in past.fires if _is_about(brand, subject, key, fire)]
    fire = next((fire for fire in about if fire.began - _FORESEEN <= at <= fire.ended), None)
    if fire is not None:
        if at < fire.tenth:
            return Graded(Grade.EARLY, fire)
        return Graded(Grade.RIGHT if at <= fire.half else Grade.LATE, fire)
    if any(
        _is_about(brand, subject, key, burst) and burst.began <= at <= burst.ended + _HEARD for burst in past.bursts
    ):
        return Graded(Grade.BENIGN)
    return Graded(Grade.FALSE)


def is_known(graded: Graded, at: datetime, now: datetime, rule: OutrageRule) -> bool:
    """Whether the grade of an alert will stay: its day is over, and its fire is out, or has burned for four days."""
    if now - at < timedelta(hours=rule.within_hours):
        return False
    return graded.fire is None or is_out(graded.fire, now) or now - at >= _LONGEST


def is_out(fire: Fire, now: datetime) -> bool:
    """Whether the fire has been quiet for half a day."""
    return now - fire.ended >= _OUT_AFTER


def missed(past: Past, hits: Iterable[Graded]) -> list[Fire]:
    """The outrages that none of the graded alerts was about."""
    met = {each.fire for each in hits}
    return [fire for fire in past.fires if fire not in met]


def _is_about(brand: str, subject: str, key: str | None, what: Fire | Burst) -> bool:
    if brand != what.brand:
        return False
    if key is None or "brand" in (subject, what.subject) or key == what.key:
        return True
    return isinstance(what, Fire) and key in what.threads


def fires_in(posts: Iterable[JudgedPost], rule: OutrageRule) -> list[Fire]:
    """The outrages among the posts, in order of time; the posts may come in any order."""
    return look_back(posts, rule).fires


def look_back(posts: Iterable[JudgedPost], rule: OutrageRule) -> Past:
    """The outrages and the other bursts among the posts, in order of time; the posts may come in any order.

    Copies and shares are counted out, and a person counts once a day in each thread, each topic and the brand. What
    burns at the same time in one brand is one fire. The posts are read once and not kept: of each some 400 bytes are.
    """
    brands: defaultdict[str, list[Heard]] = defaultdict(list)
    names: dict[str, str] = {}  # each author, thread and topic once
    for post in posts:
        brands[post.brand].append(heard(post, names, rule.negative_from))
    pasts = [_Brand(brand, brands.pop(brand), rule).past() for brand in list(brands)]
    return Past(
        sorted((fire for past in pasts for fire in past.fires), key=lambda fire: fire.began),
        sorted((burst for past in pasts for burst in past.bursts), key=lambda burst: burst.began),
    )


class _Brand:
    """One brand's posts, looked back over."""

    def __init__(self, name: str, posts: list[Heard], rule: OutrageRule) -> None:
        self._name, self._rule = name, rule
        self._said, self._copies = counted_out(posts)
        bins = [each.bin for each in self._said] + self._copies
        self._first, self._last = min(bins), max(bins)
        people = once_a_day(self._said)
        usual = usual_of(counted([each.bin for each in people], self._first, self._last), self._first)
        self._usual_sums = [0.0, *accumulate(usual)]
        self._width = rule.within_hours * BINS_AN_HOUR
        self._floor = _BURNING_PART * rule.least_people / self._width

    def past(self) -> Past:
        fires: list[Fire] = []
        bursts = self._copy_waves()
        for subject, key, said in self._scopes():
            people = once_a_day(said)
            fires += self._fires(subject, key, [each for each in people if each.negative], people)
            bursts += self._bursts(subject, key, people)
        fires = _one_at_a_time(fires)
        return Past(fires, [burst for burst in bursts if not any(_overlap(burst, fire) for fire in fires)])

    def _scopes(self) -> list[tuple[str, str, Sequence[Said]]]:
        """The brand, its topics and its threads, as far as they are large enough to be anything."""
        groups: defaultdict[tuple[str, str], list[Said]] = defaultdict(list)
        for each in self._said:
            groups["thread", each.thread].append(each)
            if each.topic is not None:
                groups["topic", each.topic].append(each)
        large = [(*of, said) for of, said in groups.items() if len(said) >= self._rule.least_people]
        return [("brand", self._name, self._said), *large]

    def _fires(self, subject: str, key: str, angry: Sequence[Said], people: Sequence[Said]) -> list[Fire]:
        if len(angry) < self._rule.least_people:
            return []
        first, last = self._reach(subject, people)
        counts = counted([each.bin for each in angry], first, last)
        usual = self._usual(subject, counts, first)
        others = counted([each.bin for each in people if not each.negative], first, last)
        usual_others = self._usual(subject, others, first)
        fires = []
        for stretch in stretches(counts, usual, self._floor, self._width):
            begin, end = stretch.window
            mild = sum(others[begin : end + 1]) - sum(usual_others[begin : end + 1])
            share = stretch.excess / (stretch.excess + max(0.0, mild))
            if stretch.excess >= self._needed(first + begin) and share >= self._rule.negative_share:
                fires.append(self._fire(subject, key, angry, stretch, usual, first))
        return fires

    def _fire(
        self, subject: str, key: str, angry: Sequence[Said], stretch: Stretch, usual: Sequence[float], first: int
    ) -> Fire:
        inside = [each for each in angry if stretch.first <= each.bin - first <= stretch.last]
        sums = [0.0, *accumulate(usual[stretch.first : stretch.last + 1])]
        above = [place + 1 - sums[each.bin - first - stretch.first] for place, each in enumerate(inside)]
        people = len(inside) - sums[-1]
        reached = [
            next(each.at for each, so_far in zip(inside, above, strict=True) if so_far >= part * people)
            for part in (_TENTH, _HALF)
        ]
        return Fire(
            brand=self._name,
            subject=subject,
            key=key,
            began=_time(inside[0].at),
            tenth=_time(reached[0]),
            half=_time(reached[1]),
            ended=_time(inside[-1].at),
            people=round(people),
            threads=frozenset(each.thread for each in inside),
        )

    def _bursts(self, subject: str, key: str, people: Sequence[Said]) -> list[Burst]:
        first, last = self._reach(subject, people)
        counts = counted([each.bin for each in people], first, last)
        usual = self._usual(subject, counts, first)
        return [
            self._burst(subject, key, stretch, first, copies=False)
            for stretch in stretches(counts, usual, self._floor, self._width)
            if stretch.excess >= self._needed(first + stretch.window[0])
        ]

    def _copy_waves(self) -> list[Burst]:
        counts = counted(self._copies, self._first, self._last)
        return [
            self._burst("brand", self._name, stretch, self._first, copies=True)
            for stretch in stretches(counts, usual_of(counts, self._first), self._floor, self._width)
            if stretch.excess >= max(self._rule.least_people, self._hourly(self._first + stretch.first))
        ]

    def _burst(self, subject: str, key: str, stretch: Stretch, first: int, *, copies: bool) -> Burst:
        began, ended = (_time(60.0 * BIN_MINUTES * (first + place)) for place in (stretch.first, stretch.last + 1))
        return Burst(self._name, subject, key, began, ended, round(stretch.excess), copies)

    def _reach(self, subject: str, people: Sequence[Said]) -> tuple[int, int]:
        return (people[0].bin, people[-1].bin) if subject == "thread" else (self._first, self._last)

    def _usual(self, subject: str, counts: Sequence[int], first: int) -> Sequence[float]:
        """A thread has no usual of its own: it is new."""
        return [0.0] * len(counts) if subject == "thread" else usual_of(counts, first)

    def _hourly(self, at: int) -> float:
        """The brand's usual people an hour, over the day around a bin."""
        begin = max(0, at - self._first - BINS_A_DAY // 2)
        end = min(len(self._usual_sums) - 1, at - self._first + BINS_A_DAY // 2)
        return (self._usual_sums[end] - self._usual_sums[begin]) / (end - begin) * BINS_AN_HOUR

    def _needed(self, at: int) -> float:
        return self._rule.needed(self._hourly(at))


def _one_at_a_time(fires: Iterable[Fire]) -> list[Fire]:
    """What burns at the same time is one fire."""
    groups: list[list[Fire]] = []
    ended = datetime.min.replace(tzinfo=UTC)
    for fire in sorted(fires, key=lambda fire: fire.began):
        if fire.began > ended + _GLOWS or not groups:
            groups.append([])
        groups[-1].append(fire)
        ended = max(ended, fire.ended)
    return [_together(group) for group in groups]


def _together(parts: Sequence[Fire]) -> Fire:
    """One fire with the name and the times of its chief part: the narrowest that had two thirds of the most people."""
    most = max(part.people for part in parts)
    large = [part for part in parts if part.people >= _CHIEF * most]
    chief = min(large, key=lambda part: (_NARROWEST_FIRST.index(part.subject), -part.people))
    return replace(
        chief,
        began=min(part.began for part in parts),
        ended=max(part.ended for part in parts),
        threads=frozenset().union(*(part.threads for part in parts)),
    )


def _overlap(one: Fire | Burst, other: Fire | Burst) -> bool:
    return one.began <= other.ended and other.began <= one.ended


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
