"""The volume radar's many settings: drawn at random once, never selected, and always averaged.

Which single setting does best on a handful of brands says nothing about the next brand, so none is chosen. The ranges
are wide guesses; a draw is repeatable from its seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SETTINGS = 48
DRAW = 20260  # as good as any: see benchmarks/heat-results.md


@dataclass(frozen=True)
class ManySettings:
    """One number for each setting in every field."""

    window_minutes: Floats  # half-life of what counts as "now"; the shortest see little but the newest row
    level_hours: Floats  # half-life of the present level
    shape_days: Floats  # half-life of the profile of the day
    weekend_weeks: Floats  # half-life of the weekend's share
    clip: Floats  # a row teaches at most this many times what was usual
    flatten: Floats  # 0: residuals of square roots, for Poisson counts; towards .5: for counts that come in clumps
    peak_days: Floats  # half-life of a daily peak
    guess: Floats  # an ordinary day's peak, before any was seen ...
    guess_spread: Floats
    guess_days: Floats  # ... and the days that this guess is worth
    cut: Floats  # a day teaches at most a peak this many spreads above the usual one
    least_spread: Floats

    @staticmethod
    def drawn(seed: int, count: int = SETTINGS) -> ManySettings:
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose

        def between(low: float, high: float) -> Floats:
            return np.array([low + (high - low) * chance.random() for _ in range(count)])

        def evenly_by_size(low: float, high: float) -> Floats:
            return np.exp(between(np.log(low), np.log(high)))

        return ManySettings(
            window_minutes=evenly_by_size(1.7, 63.0),  # the mean age of a row in windows of 5 minutes to 3 hours
            level_hours=evenly_by_size(8.0, 160.0),
            shape_days=evenly_by_size(7.0, 28.0),
            weekend_weeks=evenly_by_size(3.0, 10.0),
            clip=between(2.0, 4.0),
            flatten=between(0.0, 0.4),
            peak_days=evenly_by_size(4.0, 30.0),
            guess=between(1.0, 2.2),
            guess_spread=between(0.3, 0.6),
            guess_days=evenly_by_size(1.0, 5.0),
            cut=between(1.0, 3.0),
            least_spread=between(0.15, 0.5),
        )
