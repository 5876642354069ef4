"""How the alerts turned out, week by week, what their chances were worth, and whether another setting did better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

from classifier.heat.outcome import Fire
from models.states import Grade

ENOUGH = 10
"""With fewer graded alerts, figures about chances say nothing."""

_MISSED_COSTS = 5  # an outrage that was missed weighs as much as so many needless alerts: our guess, said aloud
_BINS = 5


@dataclass(frozen=True)
class Told:
    """One alert's card: when people were first called, with what chance, and how it turned out (None: not known yet).

    `lead` runs from the first call that was about an outrage to half of it.
    """

    at: datetime
    probability: float
    grade: Grade | None
    lead: timedelta | None = None
    by_a_person: bool = False


@dataclass(frozen=True)
class Week:
    """One ISO week's alerts, the outrages that began in it, and those nobody was called about."""

    monday: date
    told: tuple[Told, ...]
    fires: int
    missed: int

    @property
    def name(self) -> str:
        """As ISO 8601 writes it: 2026-W46."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    def graded(self, grade: Grade) -> int:
        return sum(one.grade is grade for one in self.told)

    @property
    def waiting(self) -> int:
        """Alerts whose outcome is not known yet."""
        return sum(one.grade is None for one in self.told)

    @property
    def precision(self) -> float | None:
        """The share of graded alerts that were about an outrage."""
        return precision_of(self.told)

    @property
    def lead(self) -> timedelta | None:
        """The median lead of those that had one."""
        return lead_of(self.told)


@dataclass(frozen=True)
class Bin:
    """Alerts with chances from `low` to below `high` (the last up to 1): how many, what was said, what happened."""

    low: float
    high: float
    alerts: int
    said: float
    happened: float


@dataclass(frozen=True)
class Reliability:
    """What the chances were worth (Brier 1950): 0 is perfect; `base_rate_brier` is always saying the usual share."""

    alerts: int
    brier: float
    base_rate_brier: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Effect:
    """What a setting did, or would have done, over the same past. `needless` are its benign and false alerts."""

    alerts: int
    needless: int
    missed: int

    @property
    def cost(self) -> int:
        return self.needless + _MISSED_COSTS * self.missed


def precision_of(told: Iterable[Told]) -> float | None:
    """The share of graded alerts that were about an outrage; None where none is graded."""
    grades = [one.grade for one in told if one.grade is not None]
    return sum(grade.is_hit for grade in grades) / len(grades) if grades else None


def lead_of(told: Iterable[Told]) -> timedelta | None:
    """The median lead; None where no alert had one."""
    leads = [one.lead.total_seconds() for one in told if one.lead is not None]
    return timedelta(seconds=median(leads)) if leads else None


def weeks_of(
    told: Sequence[Told], fires: Iterable[Fire], missed: Iterable[Fire], zone: ZoneInfo, first: date, last: date
) -> list[Week]:
    """A row for each week from Monday `first` to Monday `last`, oldest first, also where nothing happened."""
    fires, missed = list(fires), list(missed)
    weeks = []
    for number in range((last - first).days // 7 + 1):
        monday = first + timedelta(weeks=number)
        weeks.append(
            Week(
                monday,
                tuple(one for one in told if monday_of(one.at, zone) == monday),
                sum(monday_of(fire.began, zone) == monday for fire in fires),
                sum(monday_of(fire.began, zone) == monday for fire in missed),
            )
        )
    return weeks


def monday_of(at: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week in which `at` falls, in the shop's zone."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def reliability_of(told: Iterable[Told]) -> Reliability | None:
    """The chances at the first call against what came of it; None where fewer than ENOUGH are graded."""
    known = [(one.probability, float(one.grade.is_hit)) for one in told if one.grade is not None]
    if len(known) < ENOUGH:
        return None
    base = fmean(happened for _, happened in known)
    return Reliability(
        alerts=len(known),
        brier=fmean((said - happened) ** 2 for said, happened in known),
        base_rate_brier=base * (1 - base),
        bins=tuple(_bins(known)),
    )


def _bins(known: Sequence[tuple[float, float]]) -> Iterable[Bin]:
    for number in range(_BINS):
        inside = [pair for pair in known if min(int(pair[0] * _BINS), _BINS - 1) == number]
        if inside:
            said, happened = (fmean(column) for column in zip(*inside, strict=True))
            yield Bin(number / _BINS, (number + 1) / _BINS, len(inside), said, happened)


def better_than(current: str, effects: Mapping[str, Effect]) -> str | None:
    """The setting that would have cost least over the past, where that is less than the current one's; else None.

    A needless alert costs one, a missed outrage five. Of equals the one that comes first in `effects` is named.
    """
    best = min(effects, key=lambda name: effects[name].cost)
    return best if effects[best].cost < effects[current].cost else None
