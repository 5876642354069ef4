"""The time of a played world: it starts where the recording starts, runs `speed` times faster, and stops with us."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sandbox.store import Store

_AHEAD_S = 1.0  # how much of our time may be noted as used before it is, so that each reading is not a write


class WorldClock:
    """`now()` never goes back, not even over a restart; time in which nobody asked because we were stopped is no time.

    What was used is kept in `store`. After a kill the world goes on at most one second of ours later than it was;
    after `stop()` exactly where it was.
    """

    def __init__(
        self, start: datetime, speed: float, store: Store, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.start = start
        self.speed = speed
        self._store = store
        self._monotonic = monotonic
        self._lock = threading.Lock()
        kept = store.get("world_clock", "used")
        self._used = float(kept["seconds"]) if kept else 0.0  # of the world's time
        self._noted = self._used
        self._began: float | None = monotonic()

    def now(self) -> datetime:
        with self._lock:
            used = self._used_now()
            if used <= self._noted:
                return self.start + timedelta(seconds=used)
        # Always the store's lock before ours: a stand-in asks for the time in the middle of its own transaction.
        with self._store.transaction(), self._lock:
            used = self._used_now()
            if used > self._noted:
                self._note(used + _AHEAD_S * self.speed)
            return self.start + timedelta(seconds=used)

    def stop(self) -> None:
        """The world stands still from here on."""
        with self._store.transaction(), self._lock:
            self._used = self._used_now()
            self._began = None
            self._note(self._used)

    def _used_now(self) -> float:
        running_s = 0.0 if self._began is None else self._monotonic() - self._began
        return self._used + running_s * self.speed

    def _note(self, used: float) -> None:
        self._store.put("world_clock", "used", {"seconds": used})
        self._noted = used
