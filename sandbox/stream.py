"""What stands on the stand-ins of X and Facebook, the shop's answers too, as the stream of the rehearsal's page."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sandbox.graph_world import GraphWorld
from sandbox.page import StreamItem, StreamSlice
from sandbox.x_world import XWorld

Json = dict[str, Any]
Key = tuple[str, str]  # channel, external id
WITHHELD = "Facebook-käyttäjä"  # as Facebook itself calls somebody it does not name


class Stream:
    """`after(seq)` gives what is new since then. `sentiments` tells what the judge has said so far, by key.

    A look reads everything there is, so no two are nearer than `look_every_s`.

    Numbers live as long as this object: a page left open over a restart begins anew.
    """

    def __init__(
        self,
        x: XWorld,
        graph: GraphWorld,
        sentiments: Callable[[], Mapping[Key, str]] = lambda: {},
        look_every_s: float = 0.0,
    ) -> None:
        self._x = x
        self._graph = graph
        self._sentiments = sentiments
        self._lock = threading.Lock()
        self._latest = 0
        self._look_every_s = look_every_s
        self._look_at = -math.inf
        self._items: dict[Key, StreamItem] = {}

    def after(self, seq: int) -> StreamSlice:
        """The items that are new or changed since `seq`, oldest change first."""
        with self._lock:
            if time.monotonic() >= self._look_at:
                self._look()
                self._look_at = time.monotonic() + self._look_every_s
            items = [item for item in self._items.values() if item.seq > seq]
            return StreamSlice(tuple(sorted(items, key=lambda item: item.seq)), self._latest)

    def _look(self) -> None:
        sentiments = self._sentiments()
        found = sorted((*self._on_x(), *self._on_facebook()), key=lambda item: (item.created_at, item.external_id))
        for item in found:
            key = (item.channel, item.external_id)
            item = replace(item, sentiment=sentiments.get(key))
            known = self._items.get(key)
            if known is None or item != replace(known, seq=0):
                self._latest += 1
                self._items[key] = replace(item, seq=self._latest)

    def _on_x(self) -> Iterable[StreamItem]:
        people: dict[str, Json | None] = {}

        def item(
            id: str, author_id: str, place: str, text: str, at: str, thread: str, parent: str | None
        ) -> StreamItem:
            if author_id not in people:
                people[author_id] = self._x.user(author_id)
            person = people[author_id] or {"name": author_id, "username": None}
            return StreamItem(
                seq=0,
                channel="x",
                place=place,
                external_id=id,
                thread_id=thread,
                parent_id=parent,
                author_name=person["name"],
                author_handle=person["username"],
                text=text,
                created_at=datetime.fromisoformat(at),
                from_us=author_id == self._x.me,
            )

        for post in self._x.posts():
            ours = self._x.me in (post["author_id"], *post["mentions"].values())
            yield item(
                post["id"],
                post["author_id"],
                "mention" if ours else "search",
                post["long_text"] or post["text"],
                post["created_at"],
                post["conversation_id"],
                post["in_reply_to"] or post["reposts"],
            )
        for event in self._x.dms():
            conversation = event["dm_conversation_id"]
            yield item(event["id"], event["sender_id"], "dm", event["text"], event["created_at"], conversation, None)

    def _on_facebook(self) -> Iterable[StreamItem]:
        page = self._graph.page_id

        def item(one: Json, place: str, thread: str, parent: str | None) -> StreamItem:
            author = one["from"] or {"id": None, "name": WITHHELD}
            return StreamItem(
                seq=0,
                channel="facebook",
                place=place,
                external_id=one["id"],
                thread_id=thread,
                parent_id=parent,
                author_name=author["name"],
                author_handle=None,
                text=one["message"],
                created_at=datetime.fromisoformat(one["created_time"]),
                from_us=author["id"] == page,
            )

        store = self._graph.store
        for post in store.all("posts"):
            ours = post["from"] is not None and post["from"]["id"] == page
            yield item(post, "own_post" if ours else "visitor_post", post["id"], None)
            for comment in self._graph.comments_of(post["id"]):
                yield item(comment, "comment", post["id"], comment["parent_id"] or post["id"])
        for talk in store.all("conversations"):
            for message in self._graph.messages_of(talk["id"]):
                yield item(message, "dm", talk["id"], None)
