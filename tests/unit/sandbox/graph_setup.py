"""A sandbox Page on a loopback port, the clock it lives by, and the people who write on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from listener.posts import Cursor, Post, Source
from listener.sources.facebook import FacebookConversations, FacebookFeed
from models.graph import GraphClient
from responders.publishers.facebook import FacebookPublisher
from sandbox.graph import GraphSandbox
from sandbox.serving import serve
from sandbox.store import Store

PAGE_ID = "104500000000001"
TOKEN = "EAAB-rehearsal-token"
AINO = ("7200000000000001", "Aino Korpi")
VEIKKO = ("7200000000000002", "Veikko Salo")


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: float) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now


@dataclass(frozen=True)
class PageOnLoopback:
    """The sandbox, its clock and its address, with makers of the real clients for it."""

    page: GraphSandbox
    clock: Clock
    url: str

    def client(self, **given: Any) -> GraphClient:
        return GraphClient(**({"token": TOKEN, "base_url": self.url} | given))

    def feed(self, **given: Any) -> FacebookFeed:
        return FacebookFeed(**({"page_id": PAGE_ID, "token": TOKEN, "base_url": self.url} | given))

    def conversations(self, **given: Any) -> FacebookConversations:
        plain: dict[str, Any] = {"page_id": PAGE_ID, "token": TOKEN, "base_url": self.url, "calls_apart_s": 0.0}
        return FacebookConversations(**(plain | given))

    def publisher(self, **given: Any) -> FacebookPublisher:
        return FacebookPublisher(**({"page_id": PAGE_ID, "token": TOKEN, "base_url": self.url} | given))


@contextmanager
def page_on_loopback(**given: Any) -> Iterator[PageOnLoopback]:
    clock = Clock()
    store = Store()
    plain: dict[str, Any] = {"token": TOKEN, "conversation_calls_per_s": 1000}
    page = GraphSandbox(store, clock, PAGE_ID, "Nuotiopuoti", **(plain | given))
    server = serve(page.app)
    try:
        yield PageOnLoopback(page, clock, server.url)
    finally:
        server.close()
        store.close()


def read_all(source: Source, cursor: Cursor | None = None, turns: int = 50) -> tuple[list[Post], Cursor]:
    """Turns until the source wants no more at once: all posts in order of delivery, and the last cursor."""
    posts: list[Post] = []
    cursor = cursor or {}
    for _ in range(turns):
        page = source.fetch(cursor)
        posts += page.posts
        cursor = page.cursor
        if not page.more:
            return posts, cursor
    raise AssertionError(f"{source.name} still wants more after {turns} turns")
