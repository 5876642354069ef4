"""When each thread or topic is to be looked at again, so that those that nobody speaks of any more can be dropped.

Each is looked at about once a day, where a walk through all of them would look at each of them every hour.
"""

from __future__ import annotations

from classifier.heat.followed import Key


class Ageing:
    """Keys by the hour (since 1970) in which they are next looked at."""

    __slots__ = ("_by_hour",)

    def __init__(self) -> None:
        self._by_hour: dict[int, list[Key]] = {}

    def look_in(self, hour: int, key: Key) -> None:
        self._by_hour.setdefault(hour, []).append(key)

    def take(self, hour: int) -> list[Key]:
        """The keys that are due in this hour or before; each has to be put back unless it is dropped."""
        due = [each for each in self._by_hour if each <= hour]
        return [key for each in due for key in self._by_hour.pop(each)]
