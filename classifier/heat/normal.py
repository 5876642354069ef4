"""A brand's own normal: how much is usual at this hour, and how high an ordinary day's peak goes.

Both are learned online from the past only, from clipped values, so that one crisis neither raises what is usual nor
blinds the watch for the next one, while a lasting new level is learned within days.
"""

from __future__ import annotations

import math
from array import array
from datetime import UTC, datetime, tzinfo
from functools import cache
from itertools import accumulate

_PEAK_HOUR, _PEAK_TO_TROUGH, _WEEKEND = 16, 3.5, 0.65  # brand mentions in NAB realTweets: 13-20 h, 2.2-5.4, .44-.83
_LEVEL_KEPT = 0.5 ** (1 / 48)  # an hour's weight halves in two days: levels drift over about a day
_SHAPE_KEPT = 0.5 ** (1 / 21)  # a day's weight in the profile halves in three weeks
_SHAPE_GUESS = 6.0  # expected posts that the guessed shape is worth, for each hour of the week's two kinds of day
_DAY_KEPT = 0.5 ** (1 / 14)  # a daily peak's weight halves in two weeks


def _guessed_shape() -> list[float]:
    depth = (_PEAK_TO_TROUGH - 1) / (_PEAK_TO_TROUGH + 1)
    day = [1 + depth * math.cos(2 * math.pi * (hour - _PEAK_HOUR) / 24) for hour in range(24)]
    return day + [_WEEKEND * share for share in day]


_GUESS = _guessed_shape()


class Clockwork:
    """Tells the slot of the week's profile (0-23 on weekdays, 24-47 at weekends) and the local day of an hour."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._known: dict[int, tuple[int, int]] = {}
        self._slots_back: dict[tuple[int, int], tuple[int, ...]] = {}

    def slot_and_day(self, hour: int) -> tuple[int, int]:
        """`hour` counts hours since 1970 in UTC; the day is a proleptic ordinal in the shop's zone."""
        found = self._known.get(hour)
        if found is None:
            if len(self._known) > 1000:
                self._known.clear()
            local = datetime.fromtimestamp(hour * 3600, UTC).astimezone(self._zone)
            found = (local.hour + (24 if local.weekday() >= 5 else 0), local.toordinal())
            self._known[hour] = found
        return found

    def slots_back(self, hour: int, hours: int) -> tuple[int, ...]:
        """The slots of so many hours: of `hour`, and of those before it."""
        found = self._slots_back.get((hour, hours))
        if found is None:
            if len(self._slots_back) > 1000:
                self._slots_back.clear()
            found = tuple(self.slot_and_day(hour - back)[0] for back in range(hours))
            self._slots_back[hour, hours] = found
        return found


class Usual:
    """How many are usual: a slow hour-of-day profile, apart for weekends, times the present level."""

    __slots__ = ("_clockwork", "_exposure", "_prior_hours", "_prior_rate", "_rates", "_rates_at", "_seen", "_shape",
                 "_sum", "_sums", "_weight")  # fmt: skip

    def __init__(self, clockwork: Clockwork, prior_rate_per_hour: float, prior_hours: float) -> None:
        self._clockwork = clockwork
        self._prior_rate, self._prior_hours = prior_rate_per_hour, prior_hours
        self._sum = self._exposure = 0.0
        self._seen = array("d", [0.0] * 48)
        self._weight = array("d", [0.0] * 48)
        self._shape = array("d", _GUESS)
        self._rates = array("d")  # of the present hour and those before it
        self._sums = array("d")  # of the hours before, up to and with each
        self._rates_at = (-1, 0)

    @property
    def level(self) -> float:
        """Posts in an hour of an average weekday."""
        return (self._sum + self._prior_rate * self._prior_hours) / (self._exposure + self._prior_hours)

    def in_hour(self, hour: int) -> float:
        return self.level * self._shape[self._clockwork.slot_and_day(hour)[0]]

    def in_minutes(self, windows: tuple[int, ...], now: int) -> tuple[float, ...]:
        """How many are usual in each of the windows (minutes, shortest first) that end with minute `now`."""
        hour, minute = divmod(now, 60)
        hours_back = (windows[-1] + 59) // 60 + 1
        if self._rates_at != (hour, hours_back):
            level, shape = self.level, self._shape
            self._rates = array("d", [level * shape[slot] for slot in self._clockwork.slots_back(hour, hours_back)])
            self._sums = array("d", accumulate(self._rates[1:], initial=0.0))
            self._rates_at = (hour, hours_back)
        rates, sums = self._rates, self._sums
        return tuple(
            [
                (rates[0] * begun + rest * rates[full + 1]) / 60 + sums[full]
                for begun, full, rest in _parts(windows, minute)
            ]
        )

    def learn(self, hour: int, count: float) -> None:
        """Takes one closed hour in, at most about three times what was usual."""
        self._rates_at = (-1, 0)
        usual = self.in_hour(hour)
        clipped = min(count, 3 * usual + 3)
        slot, _ = self._clockwork.slot_and_day(hour)
        level, shape = self.level, self._shape[slot]
        self._sum = self._sum * _LEVEL_KEPT + clipped
        self._exposure = self._exposure * _LEVEL_KEPT + shape
        self._seen[slot] = self._seen[slot] * _SHAPE_KEPT + clipped
        self._weight[slot] = self._weight[slot] * _SHAPE_KEPT + level
        self._shape[slot] = (self._seen[slot] + _SHAPE_GUESS * _GUESS[slot]) / (self._weight[slot] + _SHAPE_GUESS)


@cache
def _parts(windows: tuple[int, ...], minute: int) -> tuple[tuple[int, int, int], ...]:
    """Of each window that ends with a minute of the hour: minutes of that hour, full hours, minutes of one before."""
    begun = [min(window, minute + 1) for window in windows]
    return tuple((part, *divmod(window - part, 60)) for window, part in zip(windows, begun, strict=True))


class DailyPeak:
    """How high a quantity goes on the brand's ordinary days: mean and spread of its daily maximum, shrunk to a guess.

    `above(value)` answers in spreads above the mean; it may never go below `floor` spreads' guess, so that a very
    quiet brand does not call a ripple a wave.
    """

    __slots__ = ("_day", "_floor", "_guess", "_guess_days", "_guess_spread", "_least_spread", "_peak", "_spread",
                 "_squares", "_sum", "_weight", "usual")  # fmt: skip

    def __init__(self, guess: float, guess_spread: float, guess_days: float, floor: float, least_spread: float) -> None:
        self._guess, self._guess_spread, self._guess_days = guess, guess_spread, guess_days
        self._floor, self._least_spread = floor, least_spread
        self._weight = self._sum = self._squares = self._peak = 0.0
        self.usual, self._spread = max(guess, floor), max(guess_spread, least_spread)
        self._day: int | None = None

    def above(self, value: float) -> float:
        return (value - self.usual) / self._spread

    def see(self, day: int, value: float) -> None:
        """Notes a value of the day; the day itself is learned when the next one begins."""
        if day != self._day:
            self.close(day)
        if value > self._peak:
            self._peak = value

    def close(self, day: int) -> None:
        """Learns the day that ended, its peak cut at two spreads above the usual one; an empty day says nothing."""
        if self._day is not None and day > self._day and self._peak > 0:
            peak = min(self._peak, self.usual + 2 * self._spread)
            self._weight = self._weight * _DAY_KEPT + 1
            self._sum = self._sum * _DAY_KEPT + peak
            self._squares = self._squares * _DAY_KEPT + peak * peak
            weight = self._weight + self._guess_days
            mean = (self._sum + self._guess_days * self._guess) / weight
            guess_square = self._guess_spread**2 + self._guess**2
            square = (self._squares + self._guess_days * guess_square) / weight
            self.usual = max(mean, self._floor)
            self._spread = max(math.sqrt(max(square - mean * mean, 0.0)), self._least_spread)
            self._peak = 0.0
        self._day = day
