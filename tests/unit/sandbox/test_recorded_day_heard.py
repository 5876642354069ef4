"""The recorded day, played hour by hour, is heard whole and as recorded through the real platform clients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.posts import Author, Cursor, Post, Source
from listener.sources.facebook import FacebookConversations, FacebookFeed
from listener.sources.recorded_lines import post_from
from listener.sources.twitter import XConnection, dms_source, mentions_source, search_source
from models.x_api import XKeys
from sandbox.graph import GraphSandbox
from sandbox.player import Player
from sandbox.serving import Server, serve
from sandbox.store import Store
from sandbox.x import XSandbox

DAY = Path(__file__).parents[3] / "sandbox" / "recordings" / "a_day.jsonl"
BRAND = ["nuotiopuoti", "nuotiopuodin", "nuotiopuodista", "nuotiopuodilta", "nuotiopuotia", "nuotiopuodissa"]
PAGE = "104500000000001"
MORNING, EVENING = datetime(2026, 11, 10, 5, tzinfo=UTC), datetime(2026, 11, 10, 19, tzinfo=UTC)


class World:
    """Both stand-ins on one store, and the time that they and the player share."""

    def __init__(self) -> None:
        self.now = MORNING
        self.store = Store()
        often = {"mentions": 10_000, "search": 10_000, "dm_events": 10_000}
        self.x = XSandbox(self.store, lambda: self.now, limits=often)
        self.graph = GraphSandbox(
            self.store, lambda: self.now, page_id=PAGE, page_name="Nuotiopuoti", conversation_calls_per_s=1000
        )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def servers(world: World) -> Iterator[tuple[Server, Server]]:
    both = serve(world.x.app), serve(world.graph.app)
    yield both
    for server in both:
        server.close()


def sources(world: World, x_url: str, graph_url: str) -> list[Source]:
    keys = world.x.keys
    connection = XConnection(
        XKeys(keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret),
        world.x.me,
        api_base=x_url,
    )
    token = "sandbox-page-token"
    return [
        mentions_source(connection, since=MORNING),
        search_source(connection, BRAND, since=MORNING),
        dms_source(connection, since=MORNING),
        FacebookFeed(page_id=PAGE, token=token, base_url=graph_url, since=MORNING),
        FacebookConversations(page_id=PAGE, token=token, base_url=graph_url, since=MORNING, calls_apart_s=0),
    ]


def ageless(author: Author | None) -> Author | None:
    """As the day was recorded; X tells everybody's age."""
    return replace(author, created_at=None) if author is not None else None


def test_every_recorded_post_is_heard_through_tweepy_and_facebook_sdk(
    world: World, servers: tuple[Server, Server]
) -> None:
    player = Player(DAY, world.x.world, world.graph, world.store)
    heard: dict[tuple[str, str], Post] = {}
    cursors: dict[str, Cursor] = {}
    ears = sources(world, servers[0].url, servers[1].url)
    while world.now < EVENING:
        world.now += timedelta(hours=1)
        player.step(world.now)
        for source in ears:
            more = True
            while more:
                page = source.fetch(cursors.get(source.name, {}))
                cursors[source.name], more = page.cursor, page.more
                heard.update({(post.channel, post.external_id): post for post in page.posts})

    recorded = [post_from(line) for line in DAY.read_bytes().splitlines()]
    on_x = {post.external_id: post for post in heard.values() if post.channel == "x"}
    assert {post.external_id for post in recorded if post.channel == "x"} == on_x.keys()
    for post in recorded:
        if post.channel == "x":
            same = on_x[post.external_id]
            assert (post.place, post.thread_id, post.created_at) == (same.place, same.thread_id, same.created_at)
            assert (post.author, post.is_share, post.replyable) == (ageless(same.author), same.is_share, same.replyable)
            assert post.text == same.text or post.is_share  # reposts are cut, X's way
    # The stand-in of Facebook gives ids of its own, as Graph would.
    assert Counter(
        (post.place, post.text, post.created_at, post.author, post.from_us)
        for post in recorded
        if post.channel == "facebook"
    ) == Counter(
        (post.place, post.text, post.created_at, post.author, post.from_us)
        for post in heard.values()
        if post.channel == "facebook"
    )
