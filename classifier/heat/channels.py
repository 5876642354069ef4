"""In how many channels at once people are negative, against what each of the brand's channels usually hears."""

from __future__ import annotations

import math
from dataclasses import dataclass

from classifier.heat.usual_share import UsualShare
from classifier.heat.windows import LONGEST, MinuteCounts

MOST = 16  # channels kept; a file may hold any names
_LEAST = 3  # people of three hours in a channel, below which nothing has spread to it
_SPREADS = 2.0  # and so many spreads more of them than usual there
_GUESS, _GUESS_WORTH = 0.5, 10.0  # a channel's part of the brand's negative people, until it is known


@dataclass(frozen=True, slots=True)
class Abroad:
    """Channels that burn now, the negative people of three hours in them, and how many of those are in the busiest."""

    channels: int
    people: int
    most: int


class Channels:
    """Negative people of the last hours by channel; with `usual`, what share of the brand's is usual in each."""

    __slots__ = ("_counts", "_hour", "_usual")

    def __init__(self, *, learns: bool) -> None:
        self._counts: dict[str, MinuteCounts] = {}
        self._usual: dict[str, UsualShare] | None = {} if learns else None
        self._hour: dict[str, int] = {}

    def hear(self, channel: str, minute: int) -> None:
        """Counts one person."""
        counts = self._counts.get(channel)
        if counts is None:
            if len(self._counts) >= MOST:
                return
            counts = self._counts[channel] = MinuteCounts()
            if self._usual is not None:
                self._usual.setdefault(channel, UsualShare(_GUESS, _GUESS_WORTH))
        counts.add(minute)
        if self._usual is not None:
            self._hour[channel] = self._hour.get(channel, 0) + 1

    def restart(self) -> None:
        """Forgets the last hours, not what is usual."""
        self._counts.clear()
        self._hour.clear()

    def close_hour(self) -> None:
        """Learns each channel's part of the hour that ended."""
        if self._usual is None or not self._hour:
            return
        whole = sum(self._hour.values())
        for channel, share in self._usual.items():
            share.learn(self._hour.get(channel, 0), whole)
        self._hour.clear()

    def now(self, minute: int, usual: float = 0.0) -> Abroad:
        """Where it burns, with so many negative people usual in these three hours over all channels."""
        burning = []
        for channel, counts in self._counts.items():
            count = counts.last(LONGEST, minute)
            if count < _LEAST:
                continue
            expected = usual * self._usual[channel].value if self._usual is not None else 0.0
            if count > expected + _SPREADS * math.sqrt(expected + 1):
                burning.append(count)
        return Abroad(len(burning), sum(burning), max(burning, default=0))
