"""When a count stood above its usual, seen afterwards: in ten-minute bins, with the days before and after known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

BIN_MINUTES = 10  # half of an outrage is reached in hours: ten minutes blur nothing that matters
BINS_AN_HOUR = 60 // BIN_MINUTES
BINS_A_DAY = 24 * BINS_AN_HOUR

_DAYS_AROUND = 14  # the usual of a day is the median of the like days this many before and after it
_SLACK = 0.5  # a day half again as lively as usual is no stretch of its own: brands drift by a quarter from day to day
_MOST_AN_HOUR = 3.0  # for the shape of the day, an hour counts at most so many times the mean hour


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bins `first` to `last`, both counted in, with the best window in it: where most came on top of the usual."""

    first: int
    last: int
    window: tuple[int, int]
    excess: float


def counted(bins: Sequence[int], first: int, last: int) -> list[int]:
    """How many of the events fall into each bin from `first` to `last`."""
    counts = [0] * (last - first + 1)
    for at in bins:
        counts[at - first] += 1
    return counts


def usual_of(counts: Sequence[int], first: int) -> list[float]:
    """What is usual for each bin: the median of the like days around (weekends apart), in the shape of a mean day.

    The median leaves bursts out of the usual as long as most days have none. Days are those of UTC.
    """
    days: defaultdict[int, int] = defaultdict(int)
    hours: defaultdict[int, int] = defaultdict(int)
    for place, count in enumerate(counts):
        days[(first + place) // BINS_A_DAY] += count
        hours[(first + place) // BINS_AN_HOUR] += count
    most = max(1.0, _MOST_AN_HOUR * sum(counts) / len(hours))
    shape = [0.0] * 24
    for hour, count in hours.items():
        shape[hour % 24] += min(count, most)
    whole = sum(shape) or 1.0
    levels = {day: _level(days, day) for day in days}
    return [
        levels[(first + place) // BINS_A_DAY] * shape[(first + place) // BINS_AN_HOUR % 24] / whole / BINS_AN_HOUR
        for place in range(len(counts))
    ]


def _level(days: dict[int, int], day: int) -> float:
    around = [other for other in range(day - _DAYS_AROUND, day + _DAYS_AROUND + 1) if other in days]
    alike = [other for other in around if _is_weekend(other) == _is_weekend(day)]
    return median(days[other] for other in (alike if len(alike) > 3 else around))


def _is_weekend(day: int) -> bool:
    return (day + 3) % 7 >= 5  # 1 January 1970 was a Thursday


def stretches(counts: Sequence[int], usual: Sequence[float], floor: float, width: int) -> list[Stretch]:
    """The stretches in which the count stood above its usual, each with its best window of at most `width` bins.

    A stretch begins with the first bin above 1.5 usual + `floor`, and ends at its highest sum of what lies above that,
    once the sum has come down to nothing or by as much as `width` silent bins cost.
    """
    above = [count - (1 + _SLACK) * each - floor for count, each in zip(counts, usual, strict=True)]
    excess = [0.0, *accumulate(count - each for count, each in zip(counts, usual, strict=True))]
    return [
        Stretch(first, last, *_best_window(excess, first, last, width)) for first, last in _rises(above, floor * width)
    ]


def _rises(values: Sequence[float], drop: float) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    first = peak_at = 0
    total = peak = 0.0
    for place, value in enumerate([*values, float("-inf")]):
        if not peak:
            first = place
        total += value
        if total > peak:
            peak, peak_at = total, place
        elif total <= max(0.0, peak - drop):
            if peak:
                found.append((first, peak_at))
            total = peak = 0.0
    return found


def _best_window(excess: Sequence[float], first: int, last: int, width: int) -> tuple[tuple[int, int], float]:
    """The window of at most `width` bins in [first, last] with the largest excess; `excess` are sums up to each bin."""
    best, window = float("-inf"), (first, last)
    lowest: list[int] = []  # starts, their sums rising: a queue whose head is the lowest still in reach
    head = 0
    for end in range(first, last + 1):
        while len(lowest) > head and excess[lowest[-1]] >= excess[end]:
            lowest.pop()
        lowest.append(end)
        head = min(head, len(lowest) - 1)
        while lowest[head] <= end - width:
            head += 1
        gain = excess[end + 1] - excess[lowest[head]]
        if gain > best:
            best, window = gain, (lowest[head], end)
    return window, best
