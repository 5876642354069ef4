"""Counts by minute over a stretch of time, in bounded memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence

WINDOWS = (15, 60, 180)
"""Minutes in which people are counted in a thread or topic."""

BRAND_WINDOWS = (*WINDOWS, 720)
"""Minutes in which they are counted over the brand: a slow outrage of many small threads shows over half a day."""

LONGEST = WINDOWS[-1]


class MinuteCounts:
    """Counts of one or more kinds by minute; at most one row a minute, late entries find their place.

    Nothing is told of more than `longest` minutes before the newest entry. All kinds stand in one table, so that the
    counts of a thread are three objects and not three for each kind: there are many threads, and each object costs
    memory, and time of Python's collector. A total has room for 10^8 posts by authors read by more than everybody.
    """

    __slots__ = ("_kinds", "_longest", "_minutes", "_totals")

    def __init__(self, longest: int = LONGEST, kinds: int = 1) -> None:
        self._longest, self._kinds = longest, kinds
        self.clear()

    def clear(self) -> None:
        self._minutes = array("q")
        self._totals = array("q", bytes(8 * self._kinds))  # of each kind: before each minute, and after the last

    def add(self, minute: int, kind: int = 0, amount: int = 1) -> None:
        minutes, totals, kinds = self._minutes, self._totals, self._kinds
        if not minutes or minute > minutes[-1]:
            if minutes and minute - minutes[0] > 2 * self._longest:
                old = bisect_left(minutes, minute - self._longest)
                del minutes[:old], totals[: old * kinds]
            minutes.append(minute)
            totals.extend(totals[-kinds:])
        elif minute < minutes[-1]:
            self._add_late(minute, kind, amount)
            return
        totals[kind - kinds] += amount

    def _add_late(self, minute: int, kind: int, amount: int) -> None:
        minutes, totals, kinds = self._minutes, self._totals, self._kinds
        place = bisect_left(minutes, minute)
        row = place * kinds
        if minutes[place] != minute:
            minutes.insert(place, minute)
            totals[row:row] = totals[row : row + kinds]
        for later in range(row + kinds + kind, len(totals), kinds):
            totals[later] += amount

    def last(self, window: int, now: int, kind: int = 0) -> int:
        """How many of the kind in the `window` minutes that end with minute `now`."""
        totals, kinds = self._totals, self._kinds
        return totals[kind - kinds] - totals[bisect_left(self._minutes, now - window + 1) * kinds + kind]

    def in_each(self, windows: Sequence[int], now: int, *asked: int) -> list[list[int]]:
        """Of each kind that is asked for, how many in each of the windows (shortest first) that end with `now`."""
        minutes, totals, kinds = self._minutes, self._totals, self._kinds
        rows, place = list[int](), len(minutes)
        for window in windows:
            place = bisect_left(minutes, now - window + 1, 0, place)
            rows.append(place * kinds)
        return [[totals[kind - kinds] - totals[row + kind] for row in rows] for kind in asked]

    def spread(self, window: int, now: int, kind: int = 0) -> int:
        """Over how many minutes the window's entries of the kind are spread, at least 1."""
        minutes, totals, kinds = self._minutes, self._totals, self._kinds
        for place in range(bisect_left(minutes, now - window + 1), len(minutes)):
            row = place * kinds + kind
            if totals[row] < totals[row + kinds]:
                return now - minutes[place] + 1
        return 1
