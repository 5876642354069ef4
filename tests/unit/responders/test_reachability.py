"""The way to the customer, over channels, places, ages and rights."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.ports import Window
from responders.reachability import Route, RouteKind, reach
from tests.unit.responders.matters import NOW

PUBLIC = ("mention", "search", "visitor_post", "comment")


def route(
    channel: str, place: str, replyable: str = "yes", age_hours: float | None = None, granted: bool = False
) -> Route:
    return reach(
        channel=channel,
        place=place,
        replyable=replyable,
        last_from_customer=None if age_hours is None else NOW - timedelta(hours=age_hours),
        now=NOW,
        human_agent_granted=granted,
    )


@pytest.mark.parametrize(
    ("channel", "place", "replyable", "kind", "why"),
    [
        ("x", "mention", "yes", "api", "open"),
        ("x", "search", "yes", "api", "open"),
        ("x", "search", "not_summoned", "by_hand", "not_summoned"),
        ("x", "mention", "replies_limited", "by_hand", "replies_limited"),
        ("x", "mention", "no", "by_hand", "no"),
        ("x", "mention", "recorded", "none", "recorded"),
        ("facebook", "comment", "yes", "api", "open"),
        ("facebook", "visitor_post", "yes", "api", "open"),
        ("facebook", "comment", "no", "by_hand", "no"),
        ("replay", "comment", "yes", "none", "recorded"),
        ("replay", "dm", "recorded", "none", "recorded"),
    ],
)
def test_public_posts(channel: str, place: str, replyable: str, kind: str, why: str) -> None:
    assert route(channel, place, replyable) == Route(RouteKind(kind), why)


@pytest.mark.parametrize(
    ("age_hours", "granted", "kind", "window", "why"),
    [
        (0, False, "api", Window.RESPONSE, "open"),
        (23.99, True, "api", Window.RESPONSE, "open"),
        (24, False, "by_hand", Window.NONE, "human_agent_missing"),
        (24, True, "api", Window.HUMAN_AGENT, "human_agent"),
        (167.99, True, "api", Window.HUMAN_AGENT, "human_agent"),
        (168, True, "none", Window.NONE, "window_closed"),
        (168, False, "none", Window.NONE, "window_closed"),
        (-0.1, False, "api", Window.RESPONSE, "open"),  # their clock runs ahead of ours
    ],
)
def test_messenger_windows(age_hours: float, granted: bool, kind: str, window: Window, why: str) -> None:
    found = route("facebook", "dm", age_hours=age_hours, granted=granted)
    assert (found.kind, found.window, found.why) == (RouteKind(kind), window, why)


def test_the_end_of_the_window_is_told() -> None:
    assert route("facebook", "dm", age_hours=1).until == NOW + timedelta(hours=23)
    assert route("facebook", "dm", age_hours=25, granted=True).until == NOW + timedelta(days=7, hours=-25)
    assert route("facebook", "dm", age_hours=25).until == NOW + timedelta(days=7, hours=-25)
    assert route("facebook", "dm", age_hours=200).until is None


def test_a_direct_message_on_x_has_no_window() -> None:
    assert route("x", "dm", age_hours=1000) == Route(RouteKind.API, "open")


@pytest.mark.parametrize("channel", ["x", "facebook"])
def test_a_direct_message_only_answers_one(channel: str) -> None:
    assert route(channel, "dm", granted=True) == Route(RouteKind.NONE, "customer_not_written")


@given(
    channel=st.sampled_from(["x", "facebook", "replay"]),
    place=st.sampled_from([*PUBLIC, "dm"]),
    replyable=st.sampled_from(["yes", "not_summoned", "replies_limited", "no", "recorded"]),
    age_hours=st.none() | st.floats(-1, 1000),
    granted=st.booleans(),
)
def test_an_open_window_is_one_the_platform_takes(
    channel: str, place: str, replyable: str, age_hours: float | None, granted: bool
) -> None:
    found = route(channel, place, replyable, age_hours, granted)
    if found.kind is RouteKind.API:
        assert replyable == "yes"
        assert found.until is None or found.until > NOW
    if found.window is not Window.NONE:
        assert (channel, place, found.kind) == ("facebook", "dm", RouteKind.API)
    if found.window is Window.HUMAN_AGENT:
        assert granted
