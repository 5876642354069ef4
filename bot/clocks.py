"""The two clocks: the machine's, for leases and signatures, and the world's, for everything that people did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def wall() -> datetime:
    """The machine's time. The world's is the same, but while a recorded day is played faster than life."""
    return datetime.now(UTC)
