"""A part of a whole as it usually is with this brand, learned from hours of which none weighs too much."""

from __future__ import annotations

import math

_SHARE_KEPT = 0.5 ** (1 / (7 * 24))  # an hour's weight in the usual share halves in a week
_SHARE_OPEN_HOURS = 6  # the first hours are taken as they are: there is nothing yet to clip them by


class UsualShare:
    """A part of the brand's posts on ordinary days, from hours of which none weighs too much."""

    __slots__ = ("_all", "_guess", "_hour", "_hours", "_part", "_worth", "value")

    def __init__(self, guess: float, worth: float) -> None:
        self._guess, self._worth = guess, worth
        self._part = self._all = self._hour = 0.0  # `_hour` is an hour's usual number of posts
        self._hours = 0
        self.value = guess  # the share as it is known

    def z(self, part: int, whole: int) -> float:
        """How far a window's share lies above the usual one, in widened binomial spreads."""
        share = self.value
        return (part - whole * share) / math.sqrt(1.5 * whole * share * (1 - share) + 0.25)

    def learn(self, part: int, whole: int) -> None:
        worth = min(float(whole), 3 * self._hour + 10)
        weight = worth / whole if whole else 1.0
        share = self.value
        if self._hours < _SHARE_OPEN_HOURS:
            share = part / whole if whole else share
        most = worth * share + math.sqrt(worth * share * (1 - share)) + 1
        self._hours = min(self._hours + 1, 48)
        self._hour += (worth - self._hour) / self._hours
        self._part = self._part * _SHARE_KEPT + min(part * weight, most)
        self._all = self._all * _SHARE_KEPT + worth
        self.value = (self._part + self._guess * self._worth) / (self._all + self._worth)
