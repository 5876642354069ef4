"""A shelf of threads on Graph: what it is called, what its items mean, and the two calls that read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from listener.posts import Post
from listener.sources.facebook_posts import Item
from models.errors import TryLater
from models.graph import GraphClient

SMALL = 5  # threads, and entries in each, when Graph finds the usual page too much to answer


@dataclass(frozen=True)
class Found:
    """A page of items, and the cursor of the next page if there is one."""

    items: list[Item]
    after: str | None


@dataclass(frozen=True)
class Shelf:
    """`fields(entries)` are a thread's, with that many of its newest entries within, under the name `inner`."""

    graph: GraphClient
    threads_a_page: int
    entries_a_thread: int
    path: str
    needs: str
    ordered_by: str
    fields: Callable[[int], str]
    inner: str  # the edge that holds a thread's entries
    inner_needs: str
    inner_parameters: Mapping[str, str]
    root: Callable[[Item, bool], Post | None]  # the post that a thread itself is, if it is one
    entry: Callable[[Item, str, bool], Post | None]
    closed: Callable[[Item], bool]  # whether a thread takes no more answers
    rereads: bool  # whether new entries can hide in threads that stay far down
    pace: Callable[[], None]  # called before each call

    def threads(self, after: str | None) -> Found:
        """A page of threads, newest first. Raises what the client raises."""
        try:
            return self._threads(after, self.threads_a_page, self.entries_a_thread)
        except TryLater as error:
            if error.code != "platform_trouble":
                raise
            return self._threads(after, SMALL, SMALL)

    def entries(self, thread_id: str, after: str | None = None) -> Found:
        """A page of a thread's entries, newest first: from the top as many as `threads` shows."""
        self.pace()
        given = dict(self.inner_parameters) | {"limit": str(self.entries_a_thread)}
        if after:
            given |= {"after": after, "limit": str(2 * self.entries_a_thread)}
        return found_in(self.graph.get(f"{thread_id}/{self.inner}", needs=self.inner_needs, **given))

    def _threads(self, after: str | None, threads: int, entries: int) -> Found:
        self.pace()
        given = {"fields": self.fields(entries), "limit": str(threads)} | ({"after": after} if after else {})
        return found_in(self.graph.get(self.path, needs=self.needs, **given))


def found_in(edge: object) -> Found:
    """What an edge holds; nothing when Graph left it out."""
    if not isinstance(edge, Mapping):
        return Found([], None)
    items = [item for item in edge.get("data") or () if isinstance(item, Mapping)]
    paging = edge.get("paging") or {}
    return Found(items, (paging.get("cursors") or {}).get("after") if paging.get("next") else None)
