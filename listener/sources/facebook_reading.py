"""Reads a shelf of threads (posts with comments, conversations with messages) newest first, a few calls at a time.

Each turn reads the front of the shelf, where every thread shows its newest entries. What the front does not reach is
remembered in the cursor and read in the following turns:

walk     down the shelf, when more threads are new than the front shows
deep     down one thread, when more of its entries are new than it showed
hot      threads with fresh entries that are no longer at the front
patrol   one page further down each turn, for entries in old threads; then from the front again

A thread whose entries are the same as last time (`mark`) is not delivered again; a changed one is, with its known
entries, which the unique key of mentions makes a no-op. Nothing is decided by the clock of this machine.
"""

from __future__ import annotations

import logging
import zlib
from datetime import datetime, timedelta
from typing import Any

from listener.posts import Cursor, Page, Post
from listener.sources.facebook_posts import Item, time_of
from listener.sources.facebook_shelf import Found, Shelf, found_in
from models.errors import PlatformError, Refused, TryLater
from models.graph import Usage

logger = logging.getLogger(__name__)

FIRST_PAGES = 4  # how far down the first walk goes when no `since` bounds it
PATROL_PAGES = 8
DEEP_CALLS = 4
HOT_CALLS = 4
HOT_FOR = timedelta(days=2)
THREADS_KEPT = 250  # more than the front and a whole patrol show
OVERLAP = timedelta(minutes=10)  # entries may become readable later than their time says
SLOW_PERCENT, SLOW_WAIT_S = 70, 300.0
PAUSE_PERCENT, PAUSE_WAIT_S = 90, 900.0


class Reading:
    """One turn over a shelf. `page()` is what the source gives back.

    The first turn writes its `since` in the cursor, and nothing older is ever delivered. Later turns keep that one, so
    that a bot that was down for long hears everything it missed.
    """

    def __init__(self, shelf: Shelf, cursor: Cursor, since: datetime | None) -> None:
        self._shelf = shelf
        self._since = _read(cursor.get("since")) if cursor else since
        self._turn: int = cursor.get("turn", 0) + 1
        self._newest: str | None = cursor.get("newest")
        self._walk: dict[str, Any] | None = cursor.get("walk")
        self._patrol: dict[str, Any] | None = cursor.get("patrol")
        self._deep: list[dict[str, Any]] = list(cursor.get("deep", ()))
        self._threads: dict[str, dict[str, Any]] = dict(cursor.get("threads", {}))
        self._found: dict[str, Post] = {}
        self._held_up: PlatformError | None = None

    def page(self) -> Page:
        """Reads and returns the next page. The first call's errors are the turn's; later ones only end it early."""
        if self._walk is not None:
            self._read_walk()
        else:
            self._read_front()
        try:
            self._read_deep()
            # Also when a walk has just ended: posts that stand close together start one each time the front is read.
            calm = self._walk is None and self._percent() < SLOW_PERCENT
            if calm and self._shelf.rereads:
                self._read_hot()
                self._read_patrol()
        except TryLater as error:
            logger.warning("turn cut short path=%s code=%s", self._shelf.inner, error.code)
            self._held_up = error
        posts = sorted(self._found.values(), key=lambda post: post.created_at, reverse=True)
        unfinished = self._walk is not None or bool(self._deep)
        free = self._held_up is None and self._percent() < PAUSE_PERCENT
        return Page(tuple(posts), self._cursor(), more=unfinished and free, wait_s=self._wait_s())

    def _read_front(self) -> None:
        page = self._read_threads(None)
        newest = _latest([self._newest, *(_iso(time_of(item, self._shelf.ordered_by)) for item in page.items)])
        if page.after and self._goes_on(page.items, self._newest or _iso(self._since), self._shelf.ordered_by):
            self._walk = {"after": page.after, "goal": self._newest, "high": newest, "pages": 1}
        else:
            self._newest = newest
        if self._patrol is None and page.after:
            self._patrol = {"after": page.after, "pages": 0}

    def _read_walk(self) -> None:
        assert self._walk is not None
        walk = self._walk
        try:
            page = self._read_threads(walk["after"])
        except Refused as error:
            logger.info("walk starts over path=%s code=%s", self._shelf.inner, error.code)
            self._walk = None  # a cursor may go stale; `newest` still says how far the next front has to walk
            return
        pages = walk["pages"] + 1
        far_enough = walk["goal"] is None and self._since is None and pages >= FIRST_PAGES
        goal = walk["goal"] or _iso(self._since)
        if page.after and not far_enough and self._goes_on(page.items, goal, self._shelf.ordered_by):
            self._walk = walk | {"after": page.after, "pages": pages}
        else:
            self._newest, self._walk = walk["high"], None

    def _read_deep(self) -> None:
        for _ in range(min(DEEP_CALLS, len(self._deep))):
            if self._percent() >= PAUSE_PERCENT:
                return
            job = self._deep.pop(0)
            try:
                page = self._shelf.entries(job["thread"], job["after"])
            except Refused as error:
                logger.info("thread not read path=%s code=%s", self._shelf.inner, error.code)
                if error.code != "gone":
                    self._deep.append(job | {"after": None})  # its cursor may be stale: from the top again
                    self._held_up = error
                continue
            except TryLater:
                self._deep.append(job)
                raise
            self._keep(page.items, job["thread"], False)
            if page.after and self._goes_on(page.items, job["goal"] or _iso(self._since), "created_time"):
                self._deep.insert(0, job | {"after": page.after})

    def _read_hot(self) -> None:
        latest = _latest([entry["seen"] for entry in self._threads.values()])
        if latest is None:
            return
        cooled = (datetime.fromisoformat(latest) - HOT_FOR).isoformat()
        unread = [(entry["read"], key) for key, entry in self._threads.items() if entry["read"] < self._turn]
        for _, thread_id in sorted(pair for pair in unread if self._threads[pair[1]]["seen"] >= cooled)[:HOT_CALLS]:
            try:
                page = self._shelf.entries(thread_id)
            except Refused:
                self._threads.pop(thread_id)  # deleted; should it ever come back, it is read as a new one
                continue
            self._take(thread_id, None, page, False)

    def _read_patrol(self) -> None:
        patrol = self._patrol
        if patrol is None:
            return
        try:
            after = self._read_threads(patrol["after"]).after
        except Refused as error:
            logger.info("patrol starts over path=%s code=%s", self._shelf.inner, error.code)
            after = None
        pages = patrol["pages"] + 1
        self._patrol = {"after": after, "pages": pages} if after and pages < PATROL_PAGES else None

    def _read_threads(self, after: str | None) -> Found:
        page = self._shelf.threads(after)
        for item in page.items:
            if item.get("id"):
                self._take(str(item["id"]), item, found_in(item.get(self._shelf.inner)), self._shelf.closed(item))
        return page

    def _take(self, thread_id: str, item: Item | None, shown: Found, closed: bool) -> None:
        """A thread with its newest entries: delivered when they changed, with a deep job for what is under them."""
        known = self._threads.get(thread_id)
        mark = zlib.crc32("\n".join(sorted({str(entry.get("id")) for entry in shown.items})).encode())
        goal = known["seen"] if known else None
        times = [time_of(entry) for entry in (*shown.items, *([item] if item else []))]
        seen = _latest([goal, *map(_iso, times)])
        self._threads[thread_id] = {"seen": seen or "", "mark": mark, "read": self._turn}
        if known and known["mark"] == mark:
            return
        fresh = self._keep(shown.items, thread_id, closed)
        root = self._shelf.root(item, closed) if item else None
        if root and (fresh or self._since is None or root.created_at >= self._since):
            self._found[root.external_id] = root
        if shown.after and self._goes_on(shown.items, goal or _iso(self._since), "created_time"):
            self._deep.insert(0, {"thread": thread_id, "after": shown.after, "goal": goal})

    def _keep(self, items: list[Item], thread_id: str, closed: bool) -> bool:
        posts = [post for item in items if (post := self._shelf.entry(item, thread_id, closed))]
        fresh = {post.external_id: post for post in posts if self._since is None or post.created_at >= self._since}
        self._found.update(fresh)
        return bool(fresh)

    def _goes_on(self, items: list[Item], goal: str | None, by: str) -> bool:
        """Whether what was sought may lie further down: all of these are newer than the goal, in whatever order."""
        times = [time for time in (time_of(item, by) for item in items) if time]
        return goal is None or not times or min(times) > datetime.fromisoformat(goal) - OVERLAP

    def _percent(self) -> float:
        return self._shelf.graph.usage.percent

    def _wait_s(self) -> float | None:
        if isinstance(self._held_up, TryLater) and self._held_up.retry_after_s:
            return self._held_up.retry_after_s
        return pause_s(self._shelf.graph.usage)

    def _cursor(self) -> Cursor:
        latest = sorted(self._threads.items(), key=lambda pair: str(pair[1]["seen"]), reverse=True)[:THREADS_KEPT]
        return {
            "turn": self._turn,
            "since": _iso(self._since),
            "newest": self._newest,
            "walk": self._walk,
            "patrol": self._patrol,
            "deep": self._deep,
            "threads": dict(latest),
        }


def pause_s(usage: Usage) -> float | None:
    """How long to leave Graph alone when much of what it allows is used up."""
    if usage.percent >= PAUSE_PERCENT:
        return max(PAUSE_WAIT_S, usage.regain_s or 0.0)
    return SLOW_WAIT_S if usage.percent >= SLOW_PERCENT else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _latest(times: list[str | None]) -> str | None:
    """The latest of UTC times written by isoformat, which sort as they read."""
    return max((time for time in times if time), default=None)
