"""What a brand's own past extremes were: its daily peaks, and how many days ago a value as high was usual."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque

import numpy as np

from classifier.heat.many_settings import Floats, ManySettings


class DailyPeaks:
    """Tells how far a surprise lies above the usual daily peak, in spreads, under every setting at once.

    Mean and spread of the daily maximum are shrunk to a guess, so that a first day can already be unusual, and each
    day's peak is cut, so that one crisis does not blind the watch for the next.
    """

    def __init__(self, settings: ManySettings) -> None:
        many = len(settings.guess)
        self._settings = settings
        self._kept = 0.5 ** (1 / settings.peak_days)
        self._guess_sum = settings.guess_days * settings.guess
        self._guess_squares = settings.guess_days * (settings.guess_spread**2 + settings.guess**2)
        self._weight, self._sum, self._squares = np.zeros(many), np.zeros(many), np.zeros(many)
        self._mean, self._spread = settings.guess, np.maximum(settings.guess_spread, settings.least_spread)
        self._peak = np.zeros(many)
        self._day: int | None = None
        self._covered = 0.0

    def above(self, surprise: Floats, day: int, minutes: float) -> Floats:
        """Spreads above the usual peak; then notes the surprise for its day, `minutes` of which it covers."""
        if day != self._day:
            self._close_day()
            self._day = day
        self._covered += minutes
        above: Floats = (surprise - self._mean) / self._spread
        np.maximum(self._peak, surprise, out=self._peak)
        return above

    def _close_day(self) -> None:
        """A day of which only a part was seen weighs as much as that part."""
        part = min(1.0, self._covered / 1440)
        peak = np.minimum(self._peak, self._mean + self._settings.cut * self._spread)
        kept = self._kept**part
        self._weight = self._weight * kept + part
        self._sum = self._sum * kept + part * peak
        self._squares = self._squares * kept + part * peak * peak
        weight = self._weight + self._settings.guess_days
        self._mean = (self._sum + self._guess_sum) / weight
        variance = np.maximum((self._squares + self._guess_squares) / weight - self._mean**2, 0.0)
        self._spread = np.maximum(np.sqrt(variance), self._settings.least_spread)
        self._peak = np.zeros_like(self._peak)
        self._covered = 0.0


class ReturnTime:
    """Tells how rare a value is: in how many days one as high was seen once, over the last two weeks.

    A conformal rank (Laxhammar & Falkman 2010) in days instead of rows, so that it does not depend on their distance.
    Memory is one value for each five minutes.
    """

    _DAYS, _SLOT_MINUTES = 14.0, 5

    def __init__(self) -> None:
        self._ordered: list[float] = []
        self._slots: deque[tuple[float, float]] = deque()
        self._minutes = 0.0
        self._slot: int | None = None
        self._highest, self._covered = -math.inf, 0.0

    def days(self, value: float, minute: float, minutes: float) -> float:
        """Days in which a value as high came once; the row at `minute` covers `minutes`."""
        slot = int(minute) // self._SLOT_MINUTES
        if slot != self._slot:
            self._remember()
            self._slot, self._highest, self._covered = slot, -math.inf, 0.0
        self._highest = max(self._highest, value)
        self._covered += minutes
        as_high = len(self._ordered) - bisect_left(self._ordered, value) + 1
        return max(self._minutes + self._covered, 1.0) / 1440 / as_high

    def _remember(self) -> None:
        if self._slot is None:
            return
        insort(self._ordered, self._highest)
        self._slots.append((self._highest, self._covered))
        self._minutes += self._covered
        while self._minutes > self._DAYS * 1440:
            oldest, covered = self._slots.popleft()
            del self._ordered[bisect_left(self._ordered, oldest)]
            self._minutes -= covered
