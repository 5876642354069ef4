"""How far a row of counts stands out, measured by the brand's own past: many settings and two ways, averaged."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from classifier.heat.many_settings import Floats, ManySettings
from classifier.heat.own_extremes import DailyPeaks, ReturnTime
from classifier.heat.usual_counts import UsualCounts

_ALERT_FROM = 1.65  # five brands alert .9 times a week each; 1.45 to 1.75 do about as well on them
_SHORT_MINUTES = 8.0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a count series, with what its time means."""

    value: float
    minute: float
    passed: float  # minutes since the row before
    covered: float  # the same, but a hole in the rows does not count
    hour: float  # 0 to 24, local
    weekend: bool
    day: int


class Radar:
    """Learns from each row after reading it."""

    def __init__(self, settings: ManySettings) -> None:
        self._settings = settings
        self._usual = UsualCounts(settings)
        self._peaks = DailyPeaks(settings)
        short = settings.window_minutes < _SHORT_MINUTES
        self._groups = [(group / group.sum(), ReturnTime()) for group in (short, ~short)]
        self._share = 1 / len(short)
        self._kept_for, self._kept = 0.0, np.ones(len(short))
        self._first = True
        self.restart()

    def restart(self) -> None:
        """Starts the windows anew; what was learned stays."""
        self._count = np.zeros(len(self._settings.clip))
        self._expected = np.zeros(len(self._settings.clip))

    def above(self, row: Row) -> float:
        """How far the row stands out; 0 is where an alert is due.

        It is the mean of the spreads above the usual daily peak, plus the log10 of the days in which it comes once.
        """
        usual = self._usual.expect(row.hour, row.weekend)
        if self._first:
            usual, self._first = np.full_like(usual, row.value), False
        surprise = self._surprise(row, usual)
        above = self._peaks.above(surprise, row.day, row.covered).sum() * self._share
        rare = [ranks.days(float(group @ surprise), row.minute, row.covered) for group, ranks in self._groups]
        self._usual.learn(row.value, usual, int(row.hour), row.weekend, row.covered)
        return float(above) + sum(map(math.log10, rare)) / len(rare) - _ALERT_FROM

    def _surprise(self, row: Row, usual: Floats) -> Floats:
        """log(1 + z), z the residual of square roots (Anscombe 1948), 0 at or below the usual."""
        if row.passed != self._kept_for:
            self._kept_for, self._kept = row.passed, 0.5 ** (row.passed / self._settings.window_minutes)
        kept = self._kept
        self._count = self._count * kept + row.value
        self._expected = self._expected * kept + usual
        rows = 1 + kept  # brings a fading sum to the size at which its spread is that of a plain count
        counted, expected = self._count * rows, self._expected * rows
        z = 2 * (np.sqrt(counted + 0.375) - np.sqrt(expected + 0.375)) * (1 + expected) ** -self._settings.flatten
        surprise: Floats = np.log1p(np.maximum(z, 0.0))
        return surprise
