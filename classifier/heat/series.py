"""How unusual each row of a plain count series is, from the series' own past alone."""

from __future__ import annotations

import math
from collections import Counter, deque
from datetime import UTC, datetime

from classifier.heat.brand import surprise
from classifier.heat.normal import Clockwork, DailyPeak, Usual
from classifier.heat.windows import WINDOWS

_EPISODE_MINUTES = 24 * 60  # after a peak, only a clearly higher one is news
_WIDER = 0.75  # this much higher, in spreads
_ECHO = 0.5  # what is left of the score of a row that repeats the episode's peak
_UNKNOWN = 60 * 24 * 366  # minutes; longer than any step
_GAP_HOURS = 24  # a longer hole in the rows teaches nothing
_EVEN, _SLOPE = 2.5, 0.9  # a score of 0.5 lies 2.5 spreads above the usual daily peak


class SeriesScorer:
    """Scores rows in order of time; each score depends on the rows up to it and on nothing else.

    A row counts what happened in one step, and the step is the smallest distance of two rows seen so far. `oddities`
    counts rows older than their forerunner (`late`, taken at its time) and holes of more than a day (`gap`).
    """

    def __init__(self) -> None:
        self.oddities: Counter[str] = Counter()
        self._clockwork = Clockwork(UTC)  # a bare series does not say its zone: its hours are learned as written
        self._usual: Usual | None = None  # from the first closed hour on
        self._peaks = [DailyPeak(math.log1p(2.5), 0.35, 2.0, math.log1p(1.0), 0.15) for _ in WINDOWS]
        self._rows: list[deque[tuple[int, float]]] = [deque() for _ in WINDOWS]
        self._clock: int | None = None
        self._step = _UNKNOWN
        self._hour = self._hour_rows = 0
        self._hour_sum = self._last_value = 0.0
        self._episode_peak, self._episode_at = -math.inf, 0

    def score(self, at: datetime, value: float) -> float:
        """The anomaly score of the next row, 0..1."""
        minute = int(at.timestamp()) // 60
        if self._clock is None:
            self._clock, self._hour = minute, minute // 60
        if minute < self._clock:
            self.oddities["late"] += 1
            minute = self._clock
        elif minute > self._clock:
            self._step = min(self._step, minute - self._clock)
            self._close_hours(minute // 60)
        self._clock = minute
        self._hour_sum, self._hour_rows, self._last_value = self._hour_sum + value, self._hour_rows + 1, value
        return self._as_news(minute, self._above(minute, value))

    def _above(self, minute: int, value: float) -> float:
        """Spreads above the usual daily peak, the windows' mean."""
        above = []
        day = self._clockwork.slot_and_day(minute // 60)[1]
        for window, rows, peak in zip(WINDOWS, self._rows, self._peaks, strict=True):
            rows.append((minute, value))
            covered = max(window, self._step)
            while rows[0][0] <= minute - covered:
                rows.popleft()
            if self._usual is None:
                continue
            steps = len({at for at, _ in rows})
            usual = self._usual.in_minutes(min(covered, steps * self._step), minute)
            found = surprise(sum(amount for _, amount in rows), usual)
            above.append(peak.above(found))
            peak.see(day, found)
        return sum(above) / len(above) if above else -math.inf

    def _as_news(self, minute: int, raw: float) -> float:
        """0..1, with the echoes of an episode's peak turned down: one alert an episode, and another if it grows."""
        if raw == -math.inf:
            return 0.0
        score = 1 / (1 + math.exp(min(50.0, -_SLOPE * (raw - _EVEN))))
        if minute - self._episode_at >= _EPISODE_MINUTES or raw > self._episode_peak + _WIDER:
            if raw > 0:
                self._episode_peak, self._episode_at = raw, minute
            return score
        return score * _ECHO

    def _close_hours(self, until: int) -> None:
        if until - self._hour > max(_GAP_HOURS, 2 * self._step // 60):
            self.oddities["gap"] += 1
            self._hour, self._hour_rows, self._hour_sum = until, 0, 0.0
            return
        for hour in range(self._hour, until):
            if self._step > 60:
                self._learn(hour, self._last_value * 60 / self._step)
            elif 2 * self._hour_rows * self._step >= 60:  # with fewer than half of the rows the hour says too little
                self._learn(hour, self._hour_sum * 60 / (self._hour_rows * self._step))
            self._hour_rows, self._hour_sum = 0, 0.0
        self._hour = until

    def _learn(self, hour: int, count: float) -> None:
        if self._usual is None:
            self._usual = Usual(self._clockwork, count, 2.0)
        self._usual.learn(hour, count)
        for peak in self._peaks:
            peak.close(self._clockwork.slot_and_day(hour + 1)[1])
