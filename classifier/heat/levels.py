"""Holding a level: it rises at once, and falls only after staying clearly below for a while."""

from __future__ import annotations

from classifier.heat.policy import HeatPolicy, Level


class HeldLevel:
    """A level with hysteresis, and what was last told about it."""

    __slots__ = ("_below_since", "level", "told", "told_score")

    def __init__(self) -> None:
        self.level = Level.NONE
        self.told = Level.NONE
        self.told_score = 0.0
        self._below_since: int | None = None

    def follow(self, score: float, minute: int, policy: HeatPolicy) -> Level:
        """The level after a score at this minute."""
        reached = policy.level_of(score)
        if reached > self.level:
            self.level = reached
            self._below_since = None
        elif self.level > Level.NONE:
            if score >= policy.floor_of(self.level) - policy.margin:
                self._below_since = None
            elif self._below_since is None:
                self._below_since = minute
            elif minute - self._below_since >= policy.cool_minutes:
                self.level = reached
                self._below_since = None
        return self.level
