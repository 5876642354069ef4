"""The way to one customer as the store knows it, and how long a reply there may be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.base import Sessions
from models.mentions import Mention
from responders.reachability import Route, RouteKind
from responders.routes import LONGEST_OTHER, Abilities, limit_for, limits, route_for
from tests.builders import NOON, US, a_dm, a_post, store_posts


def route(store: Sessions, hours: float, human_agent: bool = False) -> Route:
    with store() as session:
        mention = session.scalars(select(Mention).order_by(Mention.id).limit(1)).one()
        return route_for(session, mention, Abilities(human_agent), NOON + timedelta(hours=hours))


def test_messengers_window_counts_from_the_customers_last_message_not_from_ours(store: Sessions) -> None:
    store_posts(
        store,
        a_dm(channel="facebook"),
        a_dm("Haloo?", channel="facebook", created_at=NOON + timedelta(hours=10)),
        a_dm("Hei!", channel="facebook", author=US, from_us=True, created_at=NOON + timedelta(hours=20)),
    )
    assert route(store, 33).kind is RouteKind.API
    assert route(store, 33).until == NOON + timedelta(hours=34)
    assert route(store, 34).kind is RouteKind.BY_HAND
    assert route(store, 34, human_agent=True).kind is RouteKind.API
    assert route(store, 10 + 7 * 24, human_agent=True).kind is RouteKind.NONE


def test_a_public_post_stays_open(store: Sessions) -> None:
    store_posts(store, a_post())
    assert route(store, 24 * 30) == Route(RouteKind.API, "open")


@pytest.mark.parametrize(
    ("channel", "private", "longest"),
    [("x", False, 280), ("x", True, 10_000), ("facebook", False, 8000), ("facebook", True, 2000)],
)
def test_each_channel_has_its_own_length(channel: str, private: bool, longest: int) -> None:
    assert limit_for(limits(), channel, private).longest == longest


def test_x_counts_an_emoji_as_two_and_a_link_as_23() -> None:
    public, private = limit_for(limits(), "x", False), limit_for(limits(), "x", True)
    assert (public.measure("😀"), private.measure("😀")) == (2, 1)
    assert public.measure("https://nuotiopuoti.example/" + "a" * 90) == 23


def test_a_channel_nobody_knows_has_the_long_limit() -> None:
    assert limit_for(limits(), "replay", False) is LONGEST_OTHER
