"""The chance that what burns now is, or becomes, an outrage, and how large it will be.

The trees were learnt from simulated brands (classifier/training/forecast.py; benchmarks/heat-results.md tells how well
they do on brands they never saw). They are held to rise with every signal. What they say is put right by the shop's own
history as soon as there is enough of it (classifier/heat/trust.py). The odds are the mean of two sets of trees, of
which one does not look at arousal: how angrily a crowd writes is the weakest input, and a calm crowd may be large.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifier.heat.trees import Trees
from classifier.heat.trust import Trust

if TYPE_CHECKING:
    from classifier.heat.changes import Subject

LEARNT = Path(__file__).parent / "forecast.json"
HOURS = (1, 3, 6)
_TOLD_WITHIN = tuple(f"told_{hours}" for hours in HOURS)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What comes: the chance of an outrage within 1, 3 and 6 hours (0..1, never falling), and its final size.

    The size is how many different people will have been negative: the middle guess, and the bounds between which 8 of
    10 such fires ended.
    """

    within: tuple[float, float, float]
    people: int
    people_low: int
    people_high: int

    def to_json(self) -> dict[str, Any]:
        """The same as the store and files keep it."""
        chances = {str(hours): round(chance, 4) for hours, chance in zip(HOURS, self.within, strict=True)}
        return {
            "within_hours": chances,
            "people": {"expected": self.people, "low": self.people_low, "high": self.people_high},
        }


class Forecaster:
    """Reads rows of signals (see classifier/heat/signals.py)."""

    def __init__(self, path: Path = LEARNT) -> None:
        body = json.loads(path.read_text(encoding="utf-8"))
        self._odds = {subject: Trees(trees["now"], trees["now_calm"]) for subject, trees in body.items()}
        self._map = {subject: (float(trees["shift"]), float(trees["slope"])) for subject, trees in body.items()}
        self._bent = {
            subject: {name: [(float(x), float(y)) for x, y in trees[name]] for name in ("told", *_TOLD_WITHIN)}
            for subject, trees in body.items()
        }
        self._within = {
            subject: [(Trees(trees[f"within_{hours}"]), *trees[f"map_{hours}"]) for hours in HOURS]
            for subject, trees in body.items()
        }
        self._sizes = {
            subject: [Trees(trees[name]) for name in ("size_low", "size_middle", "size_high")]
            for subject, trees in body.items()
        }

    def odds(self, subject: Subject, row: Sequence[float]) -> float:
        """Log-odds that this is or becomes an outrage."""
        shift, slope = self._map[_kind(subject)]
        return shift + slope * self._odds[_kind(subject)].value(row)

    def straightened(self, subject: Subject, odds: float) -> float:
        """The odds as told: what is told is no fair sample of what is read, and this map puts that right."""
        return _along(self._bent[_kind(subject)]["told"], odds)

    def ahead(self, subject: Subject, row: Sequence[float], people: int, trust: Trust) -> Forecast:
        """What comes; `people` is how many different people have been negative so far: it will not be fewer."""
        chances, before = [], 0.0
        bent = self._bent[_kind(subject)]
        for name, (trees, shift, slope) in zip(_TOLD_WITHIN, self._within[_kind(subject)], strict=True):
            odds = _along(bent[name], shift + slope * trees.value(row))
            before = max(before, chance(trust(odds)))
            chances.append(before)
        low, middle, high = sorted(math.expm1(min(trees.value(row), 14.0)) for trees in self._sizes[_kind(subject)])
        return Forecast(
            within=(chances[0], chances[1], chances[2]),
            people=max(people, round(middle)),
            people_low=max(people, round(low)),
            people_high=max(people, round(high)),
        )


@cache
def shipped_forecaster() -> Forecaster:
    """The forecast that comes with the product."""
    return Forecaster()


def chance(odds: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(min(50.0, -odds)))


def _along(knots: Sequence[tuple[float, float]], odds: float) -> float:
    """On the line through the knots; beyond them, as at the last."""
    place = bisect_left(knots, (odds, -math.inf))
    if place == 0 or place == len(knots):
        return knots[min(place, len(knots) - 1)][1]
    (left, low), (right, high) = knots[place - 1], knots[place]
    return low + (high - low) * (odds - left) / (right - left)


def _kind(subject: Subject) -> str:
    return "brand" if subject == "brand" else "followed"
