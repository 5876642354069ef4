"""One series of a brand: how many there were in the last hours, and how many are usual."""

from __future__ import annotations

import math

from classifier.heat.normal import Clockwork, Usual
from classifier.heat.policy import HeatPolicy
from classifier.heat.windows import BRAND_WINDOWS, MinuteCounts


def surprise(count: float, usual: float) -> float:
    """How surprising a count is: log(1 + z) of its square-root (Anscombe) residual, 0 at or below the usual."""
    if count <= usual:
        return 0.0
    return math.log1p(2 * (math.sqrt(count + 0.375) - math.sqrt(usual + 0.375)))


class Track:
    """One series of the brand: its counts, and what is usual."""

    __slots__ = ("_counts", "_expected", "_expected_at", "_kind", "hour_count", "usual")

    def __init__(
        self, counts: MinuteCounts, kind: int, clockwork: Clockwork, prior_rate: float, policy: HeatPolicy
    ) -> None:
        self._counts, self._kind = counts, kind
        self.usual = Usual(clockwork, prior_rate, policy.prior_hours)
        self.hour_count = 0
        self._expected: tuple[float, ...] = ()
        self._expected_at = -1

    def add(self, minute: int) -> None:
        self._counts.add(minute, self._kind)

    def last(self, window: int, now: int) -> int:
        """How many there were in the window (minutes) that ends with minute `now`."""
        return self._counts.last(window, now, self._kind)

    def expected(self, now: int) -> tuple[float, ...]:
        """What is usual in each of BRAND_WINDOWS that ends now."""
        if self._expected_at != now:
            self._expected, self._expected_at = self.usual.in_minutes(BRAND_WINDOWS, now), now
        return self._expected

    def seen(self, now: int) -> list[int]:
        """How many there were in each of BRAND_WINDOWS."""
        return self._counts.in_each(BRAND_WINDOWS, now, self._kind)[0]

    def restart(self) -> None:
        self.hour_count, self._expected_at = 0, -1

    def close_hour(self, hour: int) -> None:
        self.usual.learn(hour, self.hour_count)
        self.hour_count, self._expected_at = 0, -1
