"""Lets one process at a time work on a SQLite store, so that work a dead process left behind is safe to take over."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from sqlalchemy import make_url


class AlreadyRunning(RuntimeError):
    """Another process works on the same store; the message says what to do."""


class OnlyOne:
    """Held from `take` until `release`, or until the process ends in whatever way."""

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    @classmethod
    def take(cls, url: str) -> OnlyOne:
        """Raises AlreadyRunning when another process holds the store of this URL."""
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
            return cls(None)
        path = Path(parsed.database + ".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise AlreadyRunning(
                f"Palovahti is already running on {parsed.database}. Stop the other one first, or name another store."
            ) from None
        return cls(handle)

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
