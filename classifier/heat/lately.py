"""What was counted lately, in order of time, so that the oldest can be dropped first."""

from __future__ import annotations

from collections.abc import Mapping


def counted_lately(seen: Mapping[str, int], key: str, minute: int, within: int) -> bool:
    """True when the key was counted within so many minutes."""
    counted = seen.get(key)
    return counted is not None and abs(minute - counted) < within


def counted_before(seen: dict[str, int], key: str, minute: int, within: int) -> bool:
    """True when the key was counted within so many minutes; otherwise notes it."""
    counted = seen.get(key)
    if counted is not None and abs(minute - counted) < within:
        return True
    seen.pop(key, None)  # so that the dictionary stays in order of time
    seen[key] = minute
    return False


def drop_old(seen: dict[str, int], before: int, most: int) -> None:
    """Drops the entries before a minute, and the oldest of more than `most`."""
    for key in list(seen):
        if seen[key] >= before and len(seen) <= most:
            break
        del seen[key]
