"""How long a reply may be on each channel, and how the channel counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """The longest text a channel takes, in the channel's own measure."""

    longest: int
    measure: Callable[[str], int] = len

    def over(self, text: str) -> int:
        """By how much `text` is too long; 0 when it fits."""
        return max(0, self.measure(text) - self.longest)
