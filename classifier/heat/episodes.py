"""One alert an episode: of the rows that stand out together only the first is news, and another when it grows."""

from __future__ import annotations

import math

ALERT = 0.5  # scores from here on are alerts
_SILENCE_MINUTES = 24 * 60
_RISE_MINUTES = 60  # how high the first hour goes belongs to its alert
_CLEARLY_HIGHER = 3.0  # spreads above that hour; what another alert needs within the silence
_TIER = 1.5  # spreads between the tiers of alerts
_NEAR = -2.0  # from here on a row below an alert is worth a mark
_ECHO = 0.1  # what is left of the score of a row that tells nothing new


class Episodes:
    """Turns how far rows stand out into scores, 0 to 1, so that any one threshold alerts about once an episode.

    Scores worth a look come in tiers: .12 and .27 below an alert, .6, .8, .9 and .95 from an alert on. A finer
    difference would say nothing, and a threshold laid into it would be chance.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._told, self._told_at = -math.inf, -math.inf

    def score(self, above: float, minute: float) -> float:
        """`above` is in spreads, 0 where an alert is due."""
        if above < _NEAR:
            return _ECHO * _share(above - _NEAR)
        if minute - self._told_at < _SILENCE_MINUTES:
            rising = self._told >= 0 and minute - self._told_at < _RISE_MINUTES
            needed = self._told + _CLEARLY_HIGHER if self._told >= 0 else math.floor(self._told) + 1
            if rising:
                self._told = max(self._told, above)
            if rising or above < needed:
                return _ECHO * _share(above - _NEAR)
        self._told, self._told_at = above, minute
        return _share(math.floor(above)) if above < 0 else 1 - 0.4 * 0.5 ** min(3, int(above / _TIER))


def _share(above: float) -> float:
    return 1 / (1 + math.exp(min(50.0, -above)))
