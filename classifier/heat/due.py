"""When something hot is worth another look: every minute, and within a minute when the crowd has clearly grown."""

from __future__ import annotations

_GROWN = 0.1  # by this part, within the same minute


class Due:
    """Remembers the last look."""

    __slots__ = ("_count", "_minute")

    def __init__(self) -> None:
        self._minute, self._count = -1, 0

    def is_due(self, minute: int, count: int) -> bool:
        """Whether to look now, with so many people in the last hour; a look is noted."""
        if minute == self._minute and count <= self._count * (1 + _GROWN):
            return False
        self._minute, self._count = minute, count
        return True
