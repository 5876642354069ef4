"""Where a stand-in keeps what it was told: JSON documents in one SQLite file, so that a restart forgets nothing."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Document = dict[str, Any]


class Store:
    """Collections of JSON documents by id, in insertion order; `path` None keeps them in memory.

    Safe to share between threads. `transaction()` makes several reads and writes one step, seen whole or not at all.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            str(path) if path else ":memory:", check_same_thread=False, isolation_level=None, timeout=30
        )
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS document (seq INTEGER PRIMARY KEY AUTOINCREMENT, "
            "collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (collection, id))"
        )

    def put(self, collection: str, id: str, body: Document) -> None:
        """Adds the document, or replaces it in its place in the order."""
        with self._lock:
            self._db.execute(
                "INSERT INTO document (collection, id, body) VALUES (?, ?, ?) "
                "ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body",
                (collection, id, json.dumps(body)),
            )

    def get(self, collection: str, id: str) -> Document | None:
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM document WHERE collection = ? AND id = ?", (collection, id)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, collection: str) -> list[Document]:
        """Every document of the collection, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT body FROM document WHERE collection = ? ORDER BY seq", (collection,)
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def delete(self, collection: str, id: str) -> None:
        with self._lock:
            self._db.execute("DELETE FROM document WHERE collection = ? AND id = ?", (collection, id))

    def next_number(self, name: str, start: int = 1) -> int:
        """A counter that survives restarts: start, start + 1, ..."""
        with self.transaction():
            body = self.get("_counters", name) or {"next": start}
            self.put("_counters", name, {"next": body["next"] + 1})
            return int(body["next"])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One step: other threads wait; an exception undoes everything. May be nested."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._db.close()
