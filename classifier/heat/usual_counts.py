"""How many a row of a count series usually holds: the present level, times the hour of the day, times the weekend."""

from __future__ import annotations

import numpy as np

from classifier.heat.many_settings import Floats, ManySettings

_WEEKEND = 0.65  # of a weekday's mentions; .44 to .83 for the brands of NAB realTweets
_HOUR_GUESS = 0.5  # hours of each kind that the guess "every hour is alike" is worth
_WEEKEND_GUESS = 60.0  # hours that the guessed weekend is worth
_WEEKEND_HOURS = 48.0
_LEAST = 1e-6


class UsualCounts:
    """Learned online under every setting at once, from counts cut at a few times the usual.

    The level is a mean over rows, so neither the rows' distance nor a missing row needs to be known.
    """

    def __init__(self, settings: ManySettings) -> None:
        many = len(settings.clip)
        self._settings = settings
        self._hour_kept = 0.5 ** (1 / settings.shape_days)
        self._weekend_kept = 0.5 ** (1 / (settings.weekend_weeks * _WEEKEND_HOURS))
        self._kept_for, self._level_kept = 0.0, np.ones(many)
        self._level_sum, self._level_weight = np.zeros(many), np.zeros(many)
        self._hour_sum, self._hour_weight = np.full((24, many), _HOUR_GUESS), np.full((24, many), _HOUR_GUESS)
        self._by_hour = np.ones((24, many))
        self._day_weight = np.full((2, many), _WEEKEND_GUESS)
        self._by_day = np.array([np.ones(many), np.full(many, _WEEKEND)])
        self._day_sum = self._day_weight * self._by_day
        self._level, self._shape = np.zeros(many), np.ones(many)
        self._open: tuple[int, int] | None = None
        self._open_count, self._open_level = np.zeros(many), np.zeros(many)

    def expect(self, hour: float, weekend: bool) -> Floats:
        """How many a row at this local time (0 to 24; hours pass smoothly into each other) usually holds."""
        early = int(hour + 23.5) % 24
        part = (hour + 23.5) % 1.0
        shape = self._by_hour[early] * (1 - part) + self._by_hour[(early + 1) % 24] * part
        self._shape = shape * self._by_day[int(weekend)]
        self._level = self._level_sum / np.maximum(self._level_weight, _LEAST)
        return self._level * self._shape

    def learn(self, value: float, usual: Floats, hour: int, weekend: bool, minutes: float) -> None:
        """Takes a row in, `minutes` after the one before; `usual` is what was expected of it."""
        if self._open is None:
            usual = np.full_like(usual, value)
        if self._open != (hour, int(weekend)):
            self._close_hour()
            self._open = (hour, int(weekend))
        if minutes != self._kept_for:
            self._kept_for, self._level_kept = minutes, 0.5 ** (minutes / 60 / self._settings.level_hours)
        taught = np.minimum(value, self._settings.clip * usual + 2)
        self._level_sum *= self._level_kept
        self._level_sum += taught
        self._level_weight *= self._level_kept
        self._level_weight += self._shape
        self._open_count += taught
        self._open_level += self._level

    def _close_hour(self) -> None:
        """Learns how the hour that ended stood to the level, each hour with the same weight."""
        if self._open is None:
            return
        hour, day = self._open
        ratio = np.minimum(self._open_count / np.maximum(self._open_level, _LEAST), 20.0)
        self._hour_sum[hour] = self._hour_sum[hour] * self._hour_kept + ratio / np.maximum(self._by_day[day], 0.05)
        self._hour_weight[hour] = self._hour_weight[hour] * self._hour_kept + 1
        self._by_hour[hour] = self._hour_sum[hour] / self._hour_weight[hour]
        self._day_sum[day] = self._day_sum[day] * self._weekend_kept + ratio / np.maximum(self._by_hour[hour], 0.05)
        self._day_weight[day] = self._day_weight[day] * self._weekend_kept + 1
        self._by_day[day] = self._day_sum[day] / self._day_weight[day]
        self._open_count, self._open_level = np.zeros_like(ratio), np.zeros_like(ratio)
