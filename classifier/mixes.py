"""Compares counts: whether a share stands out from the usual one, and how far apart two mixes are."""

import math
from collections.abc import Mapping

Counts = Mapping[str, int]

_SIGMAS = 3.0
_POINTS = 0.05
_LEAST_DISTANCE = 0.12


def stands_out(count: int, of: int, usual: int, of_usual: int) -> int:
    """Return 1 when a share is clearly above the usual one, -1 when clearly below, else 0.

    Both statistics and eyes must see it: three standard errors of two proportions, and five points.
    """
    pooled = (count + usual) / (of + of_usual)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_usual))
    apart = count / of - usual / of_usual
    if abs(apart) < _POINTS or abs(apart) < _SIGMAS * error:
        return 0
    return 1 if apart > 0 else -1


def distance(one: Counts, other: Counts) -> float:
    """Return the Jensen-Shannon distance of two mixes: 0 for the same shares, 1 for nothing in common.

    Lin 1991, "Divergence Measures Based on the Shannon Entropy"; its root is a metric (Endres and Schindelin 2003).
    """
    first, second = shares(one), shares(other)
    divergence = 0.0
    for name in sorted({*first, *second}):
        p, q = first.get(name, 0.0), second.get(name, 0.0)
        divergence += sum(share * math.log2(2 * share / (p + q)) for share in (p, q) if share) / 2
    return math.sqrt(max(0.0, divergence))


def far_apart(one: Counts, other: Counts) -> bool:
    """True when two mixes are further apart than twice what chance makes of samples of their size."""
    return distance(one, other) >= max(_LEAST_DISTANCE, 2 * _by_chance(one, other))


def shares(counts: Counts) -> dict[str, float]:
    """Return the counts as shares of their sum."""
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()} if total else {}


def _by_chance(one: Counts, other: Counts) -> float:
    """The distance of two samples of the same mix: their divergence is a chi-square, to second order."""
    freedom = len({name for name in {*one, *other} if one.get(name) or other.get(name)}) - 1
    return math.sqrt(max(0, freedom) / (8 * math.log(2)) * (1 / sum(one.values()) + 1 / sum(other.values())))
