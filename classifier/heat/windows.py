"""Counts by minute over a stretch of time, in bounded memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left

WINDOWS = (15, 60, 180)
"""Minutes in which people are counted in a thread or topic."""

BRAND_WINDOWS = (*WINDOWS, 720)
"""Minutes in which they are counted over the brand: a slow outrage of many small threads shows over half a day."""

LONGEST = WINDOWS[-1]

_NONE = array("l")


class MinuteCounts:
    """Counts by minute over the last `longest` minutes; at most one entry a minute, late entries find their place.

    Most threads have one post: a first minute is kept as it is, and only a second one needs room for many.
    """

    __slots__ = ("_amount", "_first", "_longest", "_minutes", "_totals")

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._first = self._amount = 0  # the only minute so far, and its total
        self._minutes: array[int] | None = None
        self._totals = _NONE  # running total up to and with each minute

    def add(self, minute: int, amount: int = 1) -> None:
        minutes = self._minutes
        if minutes is None:
            if minute == self._first or not self._amount:
                self._first = minute
                self._amount += amount
                return
            minutes = self._minutes = array("l", (self._first,))
            self._totals = array("l", (self._amount,))
        totals = self._totals
        newest = minutes[-1]
        if newest == minute:
            totals[-1] += amount
        elif newest < minute:
            minutes.append(minute)
            totals.append(totals[-1] + amount)
            if len(minutes) > 2 * self._longest:
                self._forget(minutes, minute - self._longest)
        else:
            self._add_late(minutes, minute, amount)

    def _add_late(self, minutes: array[int], minute: int, amount: int) -> None:
        totals = self._totals
        place = bisect_left(minutes, minute)
        if minutes[place] != minute:
            minutes.insert(place, minute)
            totals.insert(place, totals[place - 1] if place else 0)
        for later in range(place, len(totals)):
            totals[later] += amount

    def _forget(self, minutes: array[int], before: int) -> None:
        cut = bisect_left(minutes, before)
        gone = self._totals[cut - 1] if cut else 0
        self._minutes = minutes[cut:]
        self._totals = array("l", [total - gone for total in self._totals[cut:]])

    def last(self, window: int, now: int) -> int:
        """How many in the `window` minutes that end with minute `now`."""
        minutes = self._minutes
        if minutes is None:
            return self._amount if self._first > now - window else 0
        if minutes[-1] <= now - window:
            return 0
        totals = self._totals
        if minutes[0] > now - window:
            return totals[-1]
        return totals[-1] - totals[bisect_left(minutes, now - window + 1) - 1]

    def spread(self, window: int, now: int) -> int:
        """Over how many minutes the entries of the window are spread, at least 1."""
        if self._minutes is None:
            return now - self._first + 1 if self._amount and self._first > now - window else 1
        place = bisect_left(self._minutes, now - window + 1)
        return now - self._minutes[place] + 1 if place < len(self._minutes) else 1
