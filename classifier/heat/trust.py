"""How far the forecast is to be trusted in this shop: its odds, put right by how earlier alerts turned out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ENOUGH = 20
"""Graded alerts, with at least FEWEST of either kind, before the shop's own history says anything."""

FEWEST = 3
_PRIOR = 10.0  # graded alerts that the forecast as learnt is worth
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Trust:
    """How the shop's own history corrects log-odds: shift + slope x odds. As learnt, until there is enough of it."""

    shift: float = 0.0
    slope: float = 1.0
    alerts: int = 0  # graded ones that it rests on

    def __call__(self, odds: float) -> float:
        return self.shift + self.slope * odds


def trust_of(graded: Sequence[tuple[float, bool]]) -> Trust:
    """The correction that graded alerts call for: (log-odds as learnt, whether it was an outrage) for each.

    Logistic recalibration (Platt 1999; Steyerberg 2004, Statistics in Medicine 23), drawn towards no correction by as
    much as ten alerts would: the shift moves first, the slope little. With too few alerts, or almost only one kind, the
    answer is no correction.
    """
    right = sum(burned for _, burned in graded)
    if len(graded) < ENOUGH or min(right, len(graded) - right) < FEWEST:
        return Trust()
    shift, slope = 0.0, 1.0
    for _ in range(_STEPS):  # Newton's method on the penalised likelihood, which is convex
        down_shift, down_slope = _PRIOR / 16 * shift, _PRIOR * (slope - 1)
        shift_2, both, slope_2 = _PRIOR / 16, 0.0, _PRIOR
        for odds, burned in graded:
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, shift + slope * odds))))
            miss, weight = chance - burned, chance * (1 - chance)
            down_shift += miss
            down_slope += miss * odds
            shift_2 += weight
            both += weight * odds
            slope_2 += weight * odds * odds
        whole = shift_2 * slope_2 - both * both
        step_shift = (slope_2 * down_shift - both * down_slope) / whole
        step_slope = (shift_2 * down_slope - both * down_shift) / whole
        shift, slope = shift - step_shift, slope - step_slope
        if abs(step_shift) + abs(step_slope) < 1e-9:
            break
    return Trust(shift, max(0.1, slope), len(graded))
