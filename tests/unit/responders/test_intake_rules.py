"""Which links are the same post, and how fast counts grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.growth import Counted, Growth, growth
from responders.intake_rules import link_key
from tests.builders import NOON, minutes


@pytest.mark.parametrize(
    "same",
    [
        ("https://www.facebook.com/groups/5/posts/7/", "http://m.facebook.com/groups/5/posts/7?mibextid=abc&fbclid=x"),
        ("https://forum.example/viewtopic.php?t=12&f=3", "https://forum.example/viewtopic.php?f=3&t=12#p99"),
        ("https://instagram.com/p/Ab1/?igsh=zz", "https://www.instagram.com/p/Ab1"),
    ],
)
def test_the_same_post_has_one_key(same: tuple[str, str]):
    assert link_key(same[0]) == link_key(same[1])


def test_other_posts_have_other_keys():
    links = [
        "https://forum.example/viewtopic.php?t=12",
        "https://forum.example/viewtopic.php?t=13",
        "https://forum.example/viewtopic.php",
        "https://other.example/viewtopic.php?t=12",
        "https://instagram.com/p/AB1",
        "https://instagram.com/p/Ab1",
    ]
    assert len({link_key(link) for link in links}) == len(links)


@pytest.mark.parametrize("none", ["", "kissa", "javascript:alert(1)", "https://", "https://a b.fi/x", "ftp://x.fi/y"])
def test_what_is_no_web_address_has_none(none: str):
    assert link_key(none) is None


@given(st.text(max_size=400))
def test_any_text_is_taken(text: str):
    key = link_key(f"https://x.example/{text}")
    assert key is None or 0 < len(key) <= 300


def test_growth_is_what_a_quarter_brought_between_the_last_two():
    counts = [
        Counted(NOON, 10, 5, 1),
        Counted(NOON + minutes(30), 50, 5, None),
        Counted(NOON + minutes(60), 90, 4, 3),
    ]
    assert growth(counts) == Growth(comments=20.0, reactions=0.0, shares=0.0)


def test_a_first_look_and_two_at_once_tell_no_growth():
    assert growth([Counted(NOON, 10)]) is None
    assert growth([Counted(NOON, 10), Counted(NOON + timedelta(seconds=20), 90)]) is None
