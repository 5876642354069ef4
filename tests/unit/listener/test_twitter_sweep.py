"""A sweep never misses a post, whatever arrives between its pages and wherever it is interrupted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from listener.sources.twitter_sweep import Sweep

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
OVERLAP = timedelta(minutes=30)
PAGE = 3


class Platform:
    """Posts by minute; a page token holds to a post, as X's do, so new posts do not shift the pages."""

    def __init__(self) -> None:
        self.now = 0
        self.posts: list[tuple[int, int]] = []  # minute, number: sorts as X's ids do

    def arrive(self, minutes_late: int) -> None:
        self.posts.append((max(0, self.now - minutes_late), len(self.posts)))

    def page(self, token: str | None) -> tuple[list[tuple[int, int]], str | None]:
        below = tuple(json.loads(token)) if token else (1 << 30, 0)
        older = sorted((post for post in self.posts if post < below), reverse=True)
        page = older[:PAGE]
        return page, json.dumps(page[-1]) if len(older) > PAGE else None


def read(platform: Platform, cursor: object) -> tuple[set[tuple[int, int]], object, bool]:
    sweep = Sweep.read(json.loads(json.dumps(cursor)))
    page, token = platform.page(sweep.token)
    sweep = sweep.after([START + timedelta(minutes=minute) for minute, _ in page], token, OVERLAP)
    return set(page), sweep.cursor(), sweep.done


# what happens, one after another: time passes, a post arrives (some minutes late), a page is read
events = st.one_of(
    st.tuples(st.just("pass"), st.integers(1, 60)),
    st.tuples(st.just("arrive"), st.integers(0, 29)),
    st.tuples(st.just("read"), st.just(0)),
)


@given(st.lists(events, max_size=80))
def test_any_interleaving_of_new_posts_and_pages_misses_nothing(happenings: list[tuple[str, int]]) -> None:
    platform, seen, done, late = Platform(), set[tuple[int, int]](), True, 0
    cursor: object = {}
    for kind, amount in happenings:
        if kind == "pass":
            platform.now += amount
        elif kind == "arrive":
            platform.arrive(min(amount, platform.now - late))
        else:
            if done:
                late = max(late, platform.now - 29)  # what is older must have been there when a sweep began
            page, cursor, done = read(platform, cursor)
            seen |= page
    for _ in range(2):  # the sweep under way, and one more
        done = False
        while not done:
            page, cursor, done = read(platform, cursor)
            seen |= page
    assert seen == set(platform.posts)


@given(st.lists(st.integers(0, 29), min_size=1, max_size=30))
def test_a_quiet_platform_is_read_no_deeper_than_the_overlap(lateness: list[int]) -> None:
    platform = Platform()
    for late in lateness:
        platform.now += 100
        platform.arrive(late)
    cursor: object = {}
    done = False
    while not done:
        _, cursor, done = read(platform, cursor)
    _, _, done = read(platform, cursor)
    assert done  # posts are at least 71 minutes apart: one page of three passes the overlap


def test_an_interrupted_sweep_goes_on_at_its_page() -> None:
    sweep = Sweep().after([START], "page two", OVERLAP)
    assert Sweep.read(sweep.cursor()) == Sweep(mark=None, top=START, token="page two")
    assert Sweep.read(sweep.cursor()).after([START - timedelta(hours=1)], None, OVERLAP) == Sweep(mark=START)


def test_an_empty_page_moves_nothing() -> None:
    assert Sweep(mark=START).after([], None, OVERLAP) == Sweep(mark=START)


def test_the_mark_never_goes_back() -> None:
    assert Sweep(mark=START).after([START - timedelta(days=1)], None, OVERLAP) == Sweep(mark=START)
