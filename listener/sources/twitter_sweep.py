"""Where a reading of X stands: it walks from the newest page back to what an earlier sweep already saw, and a bit past.

X's `since_id` can skip a post that was indexed late, for good. So a sweep re-reads an overlap below the newest post of
the last complete one and leaves known posts to the unique key. It may be interrupted between any two pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from listener.posts import Cursor


@dataclass(frozen=True)
class Sweep:
    """`mark` is the newest post of the last complete sweep, `top` the newest of this one, `token` its next page.

    Nothing older than `floor` is wanted. It is kept from the very first sweep on: one that moved with every start would
    lose what was said while we were off.
    """

    floor: datetime | None = None
    mark: datetime | None = None
    top: datetime | None = None
    token: str | None = None

    @classmethod
    def read(cls, cursor: Cursor, since: datetime | None = None) -> Sweep:
        """Where it stands; a source that was never read begins with `since` as its floor."""
        if not cursor:
            return cls(floor=since)
        floor, mark, top = (
            datetime.fromisoformat(cursor[n]) if n in cursor else None for n in ("floor", "mark", "top")
        )
        return cls(floor, mark, top, cursor.get("token"))

    def cursor(self) -> Cursor:
        times = {"floor": self.floor, "mark": self.mark, "top": self.top}
        return {name: at.isoformat() for name, at in times.items() if at} | (
            {"token": self.token} if self.token else {}
        )

    @property
    def done(self) -> bool:
        """True when the next page begins a new sweep."""
        return self.token is None

    def wants(self, at: datetime) -> bool:
        return self.floor is None or at >= self.floor

    def restarted(self) -> Sweep:
        """The same sweep from the newest page again, for a token that X no longer knows."""
        return replace(self, top=None, token=None)

    def after(self, times: Sequence[datetime], next_token: str | None, overlap: timedelta) -> Sweep:
        """Where it stands when a page with posts of these `times` has been read."""
        top = self.top or max(times, default=None)
        known_from = self.mark - overlap if self.mark else self.floor
        seen_before = known_from is not None and bool(times) and min(times) < known_from
        if next_token and not seen_before:
            return replace(self, top=top, token=next_token)
        return Sweep(self.floor, mark=max((at for at in (self.mark, top) if at), default=None))
