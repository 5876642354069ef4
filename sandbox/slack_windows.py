"""The windows that people have before them: the modal that each may have open, and each one's Home tab."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.slack_team import APP_ID, BOT_ID, TEAM_ID
from sandbox.store import Store

Json = dict[str, Any]


class Windows:
    """Keeps views as Slack shows them to the app. `changed` numbers a change, `clock` goes into their hashes."""

    def __init__(self, store: Store, clock: Callable[[], datetime], changed: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._changed = changed

    def open(self, user: str, view: Json) -> Json:
        """Shows a modal to a person in place of the one they may have open."""
        with self._store.transaction():
            for kept in self._store.all("slack_views"):
                if kept["user"] == user:
                    self._store.delete("slack_views", kept["view"]["id"])
            full = self._full(self._new_id(), view)
            self._store.put("slack_views", full["id"], {"user": user, "view": full, "changed": self._changed()})
        return full

    def view(self, view_id: str) -> Json | None:
        """An open modal; None when it was closed."""
        kept = self._store.get("slack_views", view_id)
        return kept["view"] if kept else None

    def id_of(self, external_id: str) -> str | None:
        """The open modal that the app gave this name."""
        views = [kept["view"] for kept in self._store.all("slack_views")]
        return next((str(one["id"]) for one in views if external_id and one["external_id"] == external_id), None)

    def viewer(self, view_id: str) -> str | None:
        """Before whom a modal is open."""
        kept = self._store.get("slack_views", view_id)
        return kept["user"] if kept else None

    def open_for(self, user: str) -> Json | None:
        """The modal that a person has open."""
        return next((kept["view"] for kept in self._store.all("slack_views") if kept["user"] == user), None)

    def change(self, view_id: str, view: Json) -> Json | None:
        """Redraws an open modal; None when it was closed meanwhile."""
        with self._store.transaction():
            kept = self._store.get("slack_views", view_id)
            if kept is None:
                return None
            fresh = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
            kept["view"] |= fresh | view | {"hash": self._hash()}
            self._store.put("slack_views", view_id, kept | {"changed": self._changed()})
        return dict(kept["view"])

    def close(self, view_id: str) -> None:
        with self._store.transaction():
            self._store.delete("slack_views", view_id)
            self._changed()

    def publish_home(self, user: str, view: Json, seen: str | None) -> Json | None:
        """Shows `view` in a person's Home tab; None where that no longer has the hash `seen`."""
        with self._store.transaction():
            kept = self._store.get("slack_homes", user)
            if seen and (kept is None or kept["view"]["hash"] != seen):
                return None
            full = self._full(kept["view"]["id"] if kept else self._new_id(), view)
            self._store.put("slack_homes", user, {"view": full, "changed": self._changed()})
        return full

    def home_of(self, user: str) -> Json | None:
        """What stands in a person's Home tab; None before the first was published."""
        kept = self._store.get("slack_homes", user)
        return kept["view"] if kept else None

    def _full(self, view_id: str, view: Json) -> Json:
        """The view with everything that Slack tells of one."""
        return {
            "id": view_id,
            "team_id": TEAM_ID,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
            "previous_view_id": None,
            "root_view_id": view_id,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
            **view,
            "state": {"values": {}},
            "hash": self._hash(),
        }

    def _new_id(self) -> str:
        return f"V{self._store.next_number('slack_view'):08d}"

    def _hash(self) -> str:
        return f"{int(self._clock().timestamp())}.{secrets.token_hex(4)}"
