"""What a setting would have done in the past: the alerts people would have got, and how each turned out.

The engine reads the past post by post, as it came; only the grading afterwards knows how it ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import quantiles

from classifier.heat.engine import HeatEngine
from classifier.heat.outcome import Fire, Graded, OutrageRule, Past, grade, look_back
from classifier.heat.policy import HeatPolicy
from classifier.heat.posts import JudgedPost
from classifier.heat.told import Alert, Teller, Telling
from models.states import Grade

WARM_UP = timedelta(days=14)
"""So long a brand's own normal is learnt before its alerts count."""

_TICK = timedelta(minutes=5)  # how often time passes while nobody writes
_QUIET = timedelta(hours=4)  # after so long without a post every window is empty, and time alone changes nothing
_COPY = timedelta(hours=24)  # a text counts once in this time, as in the engine


@dataclass(frozen=True)
class Span:
    """From when to when a brand's alerts count; `heard` is its first post."""

    heard: datetime
    since: datetime
    until: datetime

    @property
    def weeks(self) -> float:
        """0 where the history is no longer than the warm-up."""
        return max(timedelta(0), self.until - self.since) / timedelta(weeks=1)

    def holds(self, at: datetime) -> bool:
        return self.since <= at <= self.until


@dataclass(frozen=True)
class Leads:
    """Quartiles of the time from the first call about a fire to half of it, below zero where that was over."""

    lower: timedelta
    median: timedelta
    upper: timedelta


@dataclass(frozen=True)
class Backtest:
    """What one setting would have done: the alerts in the spans with their grades, and the fires that began there.

    `told` is when people were first called about a fire, for each fire where they were.
    """

    spans: Mapping[str, Span]
    alerts: tuple[tuple[Alert, Graded], ...]
    fires: tuple[Fire, ...]
    told: Mapping[Fire, datetime]

    @property
    def weeks(self) -> float:
        """Of all brands together."""
        return sum(span.weeks for span in self.spans.values())

    @property
    def alerts_a_week(self) -> float:
        """0 where nothing was tested."""
        return len(self.alerts) / self.weeks if self.weeks else 0.0

    @property
    def episodes_a_week(self) -> float:
        """Alerts that came to a brand with none for twelve hours: one outrage may have several cards."""
        last: dict[str, datetime] = {}
        count = 0
        for alert, _ in self.alerts:
            before = last.get(alert.brand)
            if before is None or alert.at - before >= Telling.silence:
                last[alert.brand] = alert.at
                count += 1
        return count / self.weeks if self.weeks else 0.0

    @property
    def caught(self) -> int:
        return len(self.told)

    @property
    def missed(self) -> int:
        return len(self.fires) - len(self.told)

    @property
    def grades(self) -> Mapping[Grade, int]:
        """How many alerts turned out how; every grade is there."""
        counts = Counter(graded.grade for _, graded in self.alerts)
        return {grade: counts[grade] for grade in Grade}

    def lead(self, fire: Fire) -> timedelta | None:
        """From the first call about the fire to half of it; None for one that was missed."""
        told = self.told.get(fire)
        return None if told is None else fire.half - told

    @property
    def leads(self) -> Leads | None:
        """None where no fire was caught; of one fire all three are the same."""
        found = [(fire.half - at).total_seconds() for fire, at in self.told.items()]
        if not found:
            return None
        lower, middle, upper = quantiles(found, n=4, method="inclusive") if len(found) > 1 else found * 3
        return Leads(*(timedelta(seconds=seconds) for seconds in (lower, middle, upper)))


def spans_of(
    posts: Iterable[JudgedPost], since: datetime | None = None, until: datetime | None = None
) -> dict[str, Span]:
    """Each brand's span: from `since`, and not before two weeks of its posts, to `until` or the last post of all."""
    heard: dict[str, datetime] = {}
    last = None
    for post in posts:
        at = post.created_at
        if post.brand not in heard or at < heard[post.brand]:
            heard[post.brand] = at
        if last is None or at > last:
            last = at
    if last is None:
        return {}
    end = last if until is None else min(until, last)
    return {
        brand: Span(first, first + WARM_UP if since is None else max(since, first + WARM_UP), end)
        for brand, first in heard.items()
    }


def run(
    posts: Iterable[JudgedPost],
    policy: HeatPolicy,
    rule: OutrageRule,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    past: Past | None = None,
    telling: Telling | None = None,
    watched: Callable[[Iterable[JudgedPost]], Iterable[JudgedPost]] = iter,
) -> Backtest:
    """What `policy` would have done with the posts, in the order in which they came; those before `since` warm up.

    The posts are read twice, and once more without `past`: an iterator will not do, but what reads them anew will.
    Posts from `until` on tell only how it ended. `past` is `look_back(posts, rule)` where the caller has it already,
    as for two settings on the same posts; `watched` lets the caller see how far the posts were read.
    """
    past = look_back(posts, rule) if past is None else past
    spans = spans_of(posts, since, until)
    heard = (post for post in watched(posts) if until is None or post.created_at < until)
    alerts = _alerts(heard, HeatEngine(policy), Teller(telling or Telling()))
    fires = tuple(fire for fire in past.fires if spans[fire.brand].holds(fire.began))
    told = _told(alerts, past)
    return Backtest(
        spans=spans,
        alerts=tuple((alert, _graded(alert, alert.at, past)) for alert in alerts if spans[alert.brand].holds(alert.at)),
        fires=fires,
        told={fire: told[fire] for fire in fires if fire in told},
    )


def _alerts(posts: Iterable[JudgedPost], engine: HeatEngine, teller: Teller) -> list[Alert]:
    """The alerts of all posts, with time passing in the pauses as it does while the product runs."""
    last: dict[str, datetime] = {}
    for post in posts:
        at, before = post.created_at, last.get(post.brand)
        if before is not None:
            tick = before + _TICK
            while tick < at and tick - before <= _QUIET:
                for change in engine.tick(post.brand, tick):
                    teller.told(change)
                tick += _TICK
        last[post.brand] = at if before is None else max(at, before)
        teller.heard(post, engine.policy.negative_from)
        for change in engine.observe(post):
            teller.told(change)
    return teller.alerts()


def _told(alerts: Iterable[Alert], past: Past) -> dict[Fire, datetime]:
    found: dict[Fire, datetime] = {}
    for alert in alerts:
        for call in alert.calls:
            fire = _graded(alert, call.at, past).fire
            if fire is not None and (fire not in found or call.at < found[fire]):
                found[fire] = call.at
    return found


def _graded(alert: Alert, at: datetime, past: Past) -> Graded:
    return grade(alert.brand, alert.subject, alert.key, at, past)


def angry_by_hour(posts: Iterable[JudgedPost], negative_from: float) -> dict[str, dict[datetime, int]]:
    """How many different people were negative in each hour, by brand; shares and copies are no new voices."""
    hours: dict[str, dict[datetime, set[str]]] = {}
    heard: dict[tuple[str, str], datetime] = {}
    for post in posts:
        brand = hours.setdefault(post.brand, {})
        if post.is_share or post.negative < negative_from:
            continue
        before = heard.get((post.brand, post.text_key))
        if before is not None and post.created_at - before < _COPY:
            continue
        heard[post.brand, post.text_key] = post.created_at
        hour = post.created_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        brand.setdefault(hour, set()).add(post.author_id or f"post {post.external_id}")
    return {brand: {hour: len(people) for hour, people in found.items()} for brand, found in hours.items()}
