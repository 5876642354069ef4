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
    if counted is not None:
        del seen[key]  # so that the dictionary stays in order of time
    seen[key] = minute
    return False


def drop_old(seen: dict[str, int], before: int, most: int) -> None:
    """Drops the entries before a minute, and the oldest of more than `most`."""
    old: list[str] = []
    for key, minute in seen.items():
        if minute >= before and len(seen) - len(old) <= most:
            break
        old.append(key)
    for key in old:
        del seen[key]
