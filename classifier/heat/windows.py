"""Counts by minute over a stretch of time, in bounded memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left

WINDOWS = (15, 60, 180)
"""Minutes in which people are counted in a thread or topic."""

BRAND_WINDOWS = (*WINDOWS, 720)
"""Minutes in which they are counted over the brand: a slow outrage of many small threads shows over half a day."""

LONGEST = WINDOWS[-1]


class MinuteCounts:
    """Counts by minute over the last `longest` minutes; at most one entry a minute, late entries find their place."""

    __slots__ = ("_longest", "_minutes", "_totals")

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._minutes = array("l")
        self._totals = array("l")  # running total up to and with each minute

    def add(self, minute: int, amount: int = 1) -> None:
        minutes, totals = self._minutes, self._totals
        if not minutes:
            minutes.append(minute)
            totals.append(amount)
            return
        newest = minutes[-1]
        if newest == minute:
            totals[-1] += amount
        elif newest < minute:
            minutes.append(minute)
            totals.append(totals[-1] + amount)
            if len(minutes) > 2 * self._longest:
                self._forget(minute - self._longest)
        else:
            self._add_late(minute, amount)

    def _add_late(self, minute: int, amount: int) -> None:
        minutes, totals = self._minutes, self._totals
        place = bisect_left(minutes, minute)
        if minutes[place] != minute:
            minutes.insert(place, minute)
            totals.insert(place, totals[place - 1] if place else 0)
        for later in range(place, len(totals)):
            totals[later] += amount

    def _forget(self, before: int) -> None:
        cut = bisect_left(self._minutes, before)
        gone = self._totals[cut - 1] if cut else 0
        self._minutes = self._minutes[cut:]
        self._totals = array("l", [total - gone for total in self._totals[cut:]])

    def last(self, window: int, now: int) -> int:
        """How many in the `window` minutes that end with minute `now`."""
        minutes = self._minutes
        if not minutes or minutes[-1] <= now - window:
            return 0
        totals = self._totals
        if minutes[0] > now - window:
            return totals[-1]
        return totals[-1] - totals[bisect_left(minutes, now - window + 1) - 1]

    def spread(self, window: int, now: int) -> int:
        """Over how many minutes the entries of the window are spread, at least 1."""
        place = bisect_left(self._minutes, now - window + 1)
        return now - self._minutes[place] + 1 if place < len(self._minutes) else 1
