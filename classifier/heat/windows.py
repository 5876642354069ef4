"""Counts of the last 15, 60 and 180 minutes, in bounded memory."""

from __future__ import annotations

from bisect import bisect_left

WINDOWS = (15, 60, 180)
LONGEST = WINDOWS[-1]


class MinuteCounts:
    """Counts by minute over the longest window; at most one entry a minute, late entries find their place."""

    __slots__ = ("_minutes", "_totals")

    def __init__(self) -> None:
        self._minutes: list[int] = []
        self._totals: list[int] = []  # running total up to and with each minute

    def add(self, minute: int, amount: int = 1) -> None:
        minutes, totals = self._minutes, self._totals
        if minutes and minutes[-1] == minute:
            totals[-1] += amount
            return
        if not minutes or minutes[-1] < minute:
            minutes.append(minute)
            totals.append((totals[-1] if totals else 0) + amount)
            if len(minutes) > 2 * LONGEST:
                self._forget(minute - LONGEST)
            return
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
        self._totals = [total - gone for total in self._totals[cut:]]

    def last(self, window: int, now: int) -> int:
        """How many in the `window` minutes that end with minute `now`."""
        minutes, totals = self._minutes, self._totals
        if not minutes or minutes[-1] <= now - window:
            return 0
        place = bisect_left(minutes, now - window + 1)
        return totals[-1] - (totals[place - 1] if place else 0)

    def counts(self, now: int) -> tuple[int, int, int]:
        """How many in the last 15, 60 and 180 minutes."""
        return self.last(15, now), self.last(60, now), self.last(180, now)

    def spread(self, window: int, now: int) -> int:
        """Over how many minutes the entries of the window are spread, at least 1."""
        place = bisect_left(self._minutes, now - window + 1)
        return now - self._minutes[place] + 1 if place < len(self._minutes) else 1
