"""A hot thread is read again at once and each minute, and no longer than it is hot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from sqlalchemy import select

from listener.posts import Author, Post, ThreadPage, ThreadReader
from listener.rereading import reread_thread
from listener.sources.twitter import XConnection, XSource, mentions_source
from models.base import Sessions
from models.errors import PlatformError, Refused, TryLater
from models.jobs import Job, JobKind
from models.mentions import Thread
from tests.builders import NOON, US, a_comment, heat, mentions, minutes, store_posts
from tests.unit.sandbox.graph_setup import AINO, PageOnLoopback, page_on_loopback
from tests.unit.sandbox.x_setup import ME, RunningX, running_x

# the step


@dataclass
class FakeReader:
    """Gives the pages it was told to, in order; an error among them is raised."""

    pages: list[ThreadPage | PlatformError]
    asked: list[tuple[str, datetime]] = field(default_factory=list)

    def fetch_thread(self, thread_id: str, since: datetime) -> ThreadPage:
        self.asked.append((thread_id, since))
        page = self.pages.pop(0)
        if isinstance(page, PlatformError):
            raise page
        return page


def reread(store: Sessions, *pages: ThreadPage | PlatformError, channel: str = "facebook") -> FakeReader:
    reader = FakeReader(list(pages))
    reread_thread(1, readers={channel: reader}, sessions=store, now=NOON, wall=NOON, every_s=60)
    return reader


def jobs(store: Sessions) -> dict[JobKind, float]:
    with store() as session:
        return {job.kind: (job.run_at - NOON).total_seconds() for job in session.scalars(select(Job))}


@pytest.fixture
def hot(store: Sessions) -> Sessions:
    """A store with one hot thread, number 1."""
    store_posts(store, a_comment("Surkeaa!", external_id="c1"))
    heat(store, 1, "watch")
    return store


def test_what_is_new_is_kept_judged_at_once_and_read_again_in_a_minute(hot: Sessions) -> None:
    later = NOON + minutes(2)
    known, new = a_comment("Surkeaa!", external_id="c1"), a_comment("Minullekin!", created_at=later)
    reader = reread(hot, ThreadPage((new, known)))
    assert reader.asked == [("p1", NOON)]
    assert [mention.text for mention in mentions(hot)] == ["Surkeaa!", "Minullekin!"]
    assert jobs(hot) == {JobKind.CLASSIFY: 0, JobKind.REREAD: 60}
    assert reread(hot, ThreadPage(())).asked == [("p1", later)]


def test_our_answer_in_a_hot_thread_stops_its_clock(hot: Sessions) -> None:
    reread(hot, ThreadPage((a_comment("Pahoittelut", author=US, from_us=True, created_at=NOON + minutes(1)),)))
    with hot() as session:
        assert session.get_one(Thread, 1).answered_at == NOON + minutes(1)
    assert JobKind.CONSIDER in jobs(hot)


def test_the_platforms_own_pace_counts_when_it_is_slower(hot: Sessions) -> None:
    reread(hot, ThreadPage((), wait_s=300))
    assert jobs(hot) == {JobKind.REREAD: 300}
    reread(hot, ThreadPage((), wait_s=2))
    assert jobs(hot) == {JobKind.REREAD: 60}


@pytest.mark.parametrize("level", ["none", None])
def test_a_thread_that_is_not_hot_is_left_alone(store: Sessions, level: str | None) -> None:
    store_posts(store, a_comment("Surkeaa!"))
    if level:
        heat(store, 1, level)
    assert reread(store).asked == []
    assert jobs(store) == {}


def test_a_channel_that_nobody_can_read_by_thread_is_left_alone(hot: Sessions) -> None:
    assert reread(hot, channel="x").asked == []
    assert jobs(hot) == {}


def test_a_thread_that_is_gone_is_not_asked_for_again(hot: Sessions) -> None:
    reread(hot, Refused("gone", "It was deleted."))
    assert jobs(hot) == {}


def test_a_platform_that_asks_to_wait_is_asked_again_by_the_worker(hot: Sessions) -> None:
    with pytest.raises(TryLater):
        reread(hot, TryLater("rate_limited", "Wait.", 90.0))
    assert jobs(hot) == {}


# a thread of a Page


@pytest.fixture
def at() -> Iterator[PageOnLoopback]:
    with page_on_loopback() as here:
        yield here


def texts(posts: tuple[Post, ...]) -> list[str]:
    return [post.text for post in posts]


def test_a_pages_thread_brings_its_comments_and_replies_newest_first(at: PageOnLoopback) -> None:
    ours = at.page.add_own_post("Uutuus!")
    elsewhere = at.page.add_own_post("Toinen")
    first = at.page.add_comment(ours, "Surkeaa", *AINO, at=at.clock.pass_minutes(1))
    at.page.add_comment(first, "Samaa mieltä", *AINO, at=at.clock.pass_minutes(1))
    at.page.add_comment(elsewhere, "Hieno", *AINO, at=at.clock.pass_minutes(1))
    feed = at.feed()
    assert isinstance(feed, ThreadReader)
    page = feed.fetch_thread(ours, at.clock.now)
    assert texts(page.posts) == ["Samaa mieltä", "Surkeaa"]
    assert {post.thread_id for post in page.posts} == {ours}
    assert page.wait_s is None
    regular = {post.external_id: post for post in feed.fetch({}).posts}
    assert all(regular[post.external_id] == post for post in page.posts)


def test_a_busy_pages_thread_is_read_down_to_what_was_heard_and_no_further(at: PageOnLoopback) -> None:
    ours = at.page.add_own_post("Uutuus!")
    at.page.add_comment(ours, "vanha", *AINO, at=at.clock.pass_minutes(1))
    heard_until = at.clock.pass_minutes(60)
    for number in range(40):
        at.page.add_comment(ours, f"uusi {number}", *AINO, at=at.clock.pass_minutes(0.1))
    page = at.feed(entries_a_thread=10).fetch_thread(ours, heard_until)
    assert len(page.posts) == 40
    assert "vanha" not in texts(page.posts)


def test_a_page_whose_allowance_is_nearly_spent_asks_for_a_pause(at: PageOnLoopback) -> None:
    ours = at.page.add_own_post("Uutuus!")
    at.page.usage_percent = 75
    assert at.feed().fetch_thread(ours, at.clock.now).wait_s == 300


def test_a_deleted_thread_is_refused(at: PageOnLoopback) -> None:
    with pytest.raises(Refused):
        at.feed().fetch_thread("104500000000001_999", at.clock.now)


# a conversation on X


@pytest.fixture
def x() -> Iterator[RunningX]:
    with running_x() as running:
        yield running


def reader(x: RunningX) -> XSource:
    return mentions_source(XConnection(x.keys, ME, api_base=x.url, wall_clock=lambda: x.wall))


def test_a_conversation_on_x_brings_also_what_does_not_name_us(x: RunningX) -> None:
    root = x.sandbox.add_post(x.customer, "@nuotiopuoti surkeaa")
    heard_until = x.now
    x.later(5)
    other = x.sandbox.add_user("veikkos", "Veikko Salo")
    x.sandbox.add_post(other, "@maija_k sama täällä", in_reply_to=root)
    x.sandbox.add_post(other, "@nuotiopuoti jotain muuta")
    page = reader(x).fetch_thread(root, heard_until)
    assert {post.thread_id for post in page.posts} == {root}
    assert len(page.posts) == 2


def test_only_what_is_new_is_read_for_x_bills_what_is_read(x: RunningX) -> None:
    root = x.sandbox.add_post(x.customer, "@nuotiopuoti surkeaa")
    x.later(30)
    for number in range(120):
        x.sandbox.add_post(x.customer, f"ja vielä {number}", in_reply_to=root)
    page = reader(x).fetch_thread(root, x.now)
    assert len(page.posts) == 120
    assert len({post.external_id for post in page.posts}) == 120
    assert root not in {post.external_id for post in page.posts}


def test_x_says_how_long_a_pause_its_limit_asks_for() -> None:
    with running_x({"search": 2}) as x:
        root = x.sandbox.add_post(x.customer, "@nuotiopuoti surkeaa")
        page = reader(x).fetch_thread(root, x.now)
        assert page.wait_s is not None
        assert page.wait_s > 60
        reader(x).fetch_thread(root, x.now)
        with pytest.raises(TryLater):
            reader(x).fetch_thread(root, x.now)


def test_people_in_the_conversation_come_with_their_accounts(x: RunningX) -> None:
    root = x.sandbox.add_post(x.customer, "@nuotiopuoti surkeaa")
    [post] = reader(x).fetch_thread(root, x.now).posts
    assert post.author is not None
    assert post.author == Author(x.customer, "Maija Kivelä", "maija_k", 120, post.author.created_at)
    assert post.author.created_at is not None
