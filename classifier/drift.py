"""Whether what the judge reads, or how it reads, has changed: figures a week, and a sentence where a week stands out.

A week is compared with all the weeks before it together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from classifier.judges.language import HOME, UNKNOWN
from classifier.mixes import Counts, distance, far_apart, shares, stands_out
from classifier.verdict import LIKELY, Label

LEAST_A_WEEK = 30
"""A week with fewer mentions is shown and not compared."""

LEAST_BEFORE = 100
"""What is usual is known from so many mentions on, in the weeks before."""

LEAST_CORRECTED = 10
"""Fewer corrections say nothing of how people and judge agree."""

NO_REASON = "none"
_SURENESS = 0.05  # how far the mean confidence must fall to be seen
_SIGMAS = 3.0


@dataclass(frozen=True)
class Judged:
    """One mention as the judge itself read it, and the side a person gave it afterwards, if one did."""

    at: datetime
    judge_version: str
    language: str
    label: str
    confidence: float
    abstained: bool
    truncated: bool
    reasons: Mapping[str, float]
    corrected_to: str | None = None


@dataclass
class Tally:
    """Counts over judged mentions; tallies of several weeks add up to one."""

    mentions: int = 0
    judges: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # likely ones; "none" for a mention without any
    abstained: int = 0
    truncated: int = 0
    corrected: int = 0
    agreed: int = 0  # corrections that left the side as it was
    sure: float = 0.0  # sum of the labels' probabilities
    sure_squared: float = 0.0

    def count(self, one: Judged) -> None:
        self.mentions += 1
        self.judges[one.judge_version] += 1
        self.labels[one.label] += 1
        self.languages[one.language] += 1
        likely = [name for name, probability in one.reasons.items() if probability >= LIKELY]
        self.reasons.update(likely or [NO_REASON])
        self.abstained += one.abstained
        self.truncated += one.truncated
        self.corrected += one.corrected_to is not None
        self.agreed += one.corrected_to == one.label
        self.sure += one.confidence
        self.sure_squared += one.confidence**2

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{name: mine + getattr(other, name) for name, mine in vars(self).items()})

    @property
    def confidence(self) -> float:
        """The mean probability of the label."""
        return self.sure / self.mentions if self.mentions else 0.0

    @property
    def spread(self) -> float:
        """The standard deviation of the label's probability."""
        return math.sqrt(max(0.0, self.sure_squared / self.mentions - self.confidence**2)) if self.mentions else 0.0


@dataclass(frozen=True)
class Week:
    """One ISO week; distances are from the weeks before, 0..1, and None where those are too little history."""

    monday: date
    tally: Tally
    label_distance: float | None = None
    reason_distance: float | None = None
    remarks: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def name(self) -> str:
        """As ISO 8601 writes it: 2026-W46."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def compared(self) -> bool:
        return self.label_distance is not None


def weeks_of(judged: Iterable[Judged], zone: ZoneInfo, now: datetime, weeks: int) -> list[Week]:
    """Return the last `weeks` ISO weeks up to this one, oldest first, each compared with those before it."""
    tallies = {monday: Tally() for monday in _mondays(zone, now, weeks)}
    for one in judged:
        tally = tallies.get(_monday(one.at.astimezone(zone).date()))
        if tally is not None:
            tally.count(one)
    before, found = Tally(), []
    for monday, tally in tallies.items():
        found.append(_compared(Week(monday, tally), before))
        before = before + tally
    return found


def beginning(zone: ZoneInfo, now: datetime, weeks: int) -> datetime:
    """Return when the first of these weeks began."""
    monday = _mondays(zone, now, weeks)[0]
    return datetime(monday.year, monday.month, monday.day, tzinfo=zone)


def _mondays(zone: ZoneInfo, now: datetime, weeks: int) -> list[date]:
    last = _monday(now.astimezone(zone).date())
    return [last - timedelta(weeks=back) for back in reversed(range(weeks))]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _compared(week: Week, before: Tally) -> Week:
    """The week with its distances and remarks, or as it is where there is too little to compare."""
    now = week.tally
    if now.mentions < LEAST_A_WEEK or before.mentions < LEAST_BEFORE:
        return week
    remarks = [*_judges(now, before), *_shares(now, before), *_sureness(now, before), *_agreement(now, before)]
    remarks += _mixes(now, before)
    return replace(
        week,
        label_distance=distance(now.labels, before.labels),
        reason_distance=distance(now.reasons, before.reasons),
        remarks=tuple(f"Week {week.number}: {remark}" for remark in remarks),
    )


def _judges(now: Tally, before: Tally) -> list[str]:
    new = sorted(set(now.judges) - set(before.judges))
    return [f"another judge began to read ({', '.join(new)}), so what changed may be the judge."] if new else []


def _shares(now: Tally, before: Tally) -> list[str]:
    said = []
    asked = [
        ("abstained", now.abstained, before.abstained, "a new kind of text, or another language?", ""),
        (
            "negative", now.labels[Label.NEGATIVE], before.labels[Label.NEGATIVE],
            "trouble among customers, or texts it reads wrongly?", "a calm week, or trouble it does not see?",
        ),
        ("cut for length", now.truncated, before.truncated, "e-mails or pasted texts among them?", ""),
    ]  # fmt: skip
    for what, count, usual, when_more, when_less in asked:
        way = stands_out(count, now.mentions, usual, before.mentions)
        why = {1: when_more, -1: when_less}.get(way)
        if why:
            said.append(f"{_both(count, now, usual, before, what)}: {why}")
    for language, count in sorted(now.languages.items()):
        usual = before.languages[language]
        if language != UNKNOWN and stands_out(count, now.mentions, usual, before.mentions) > 0:
            unread = "" if language in HOME else ", which the judge was not taught"
            said.append(f"{_both(count, now, usual, before, f'in language {language!r}')}{unread}.")
    return said


def _both(count: int, now: Tally, usual: int, before: Tally, what: str) -> str:
    return f"{percent(count / now.mentions)} {what}, usually {percent(usual / before.mentions)}"


def _sureness(now: Tally, before: Tally) -> list[str]:
    fall = before.confidence - now.confidence
    if fall < _SURENESS or fall * math.sqrt(now.mentions) < _SIGMAS * now.spread:
        return []
    sure, usual = percent(now.confidence), percent(before.confidence)
    return [f"the judge was {sure} sure of its side, usually {usual}: words it does not know?"]


def _agreement(now: Tally, before: Tally) -> list[str]:
    if min(now.corrected, before.corrected) < LEAST_CORRECTED:
        return []
    if stands_out(now.agreed, now.corrected, before.agreed, before.corrected) >= 0:
        return []
    share, usual = percent(now.agreed / now.corrected), percent(before.agreed / before.corrected)
    return [f"people left the side as it was in {share} of {now.corrected} corrections, usually in {usual}."]


def _mixes(now: Tally, before: Tally) -> list[str]:
    mixes = (("sides", now.labels, before.labels), ("contact reasons", now.reasons, before.reasons))
    return [
        f"another mix of {what} than in the weeks before ({_moved(mix, usual)})."
        for what, mix, usual in mixes
        if far_apart(mix, usual)
    ]


def _moved(mix: Counts, usual: Counts) -> str:
    """The two that moved most, in plain words."""
    here, there = shares(mix), shares(usual)
    moved = {name: abs(here.get(name, 0.0) - there.get(name, 0.0)) for name in {*here, *there}}
    most = sorted(moved, key=lambda name: (-moved[name], name))[:2]
    return "; ".join(
        f"{name.replace('_', ' ')} {percent(here.get(name, 0.0))}, usually {percent(there.get(name, 0.0))}"
        for name in most
    )


def percent(share: float) -> str:
    """Return a share as people read it: 31 %."""
    return f"{100 * share:.0f} %"
