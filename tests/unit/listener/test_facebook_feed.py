"""The Page's feed as a source: what becomes which Post, how far it reads, and what it does when Graph is in trouble."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.posts import Author, Place, Post, Replyable
from listener.sources.facebook_posts import comment_of, message_of, post_of
from models.errors import PlatformError, Refused, SignInAgain, TryLater
from sandbox.faults import Fault
from tests.unit.sandbox.graph_setup import AINO, PAGE_ID, VEIKKO, PageOnLoopback, page_on_loopback, read_all

RECORDINGS = Path(__file__).parents[2] / "recordings" / "facebook"


@pytest.fixture
def at() -> Iterator[PageOnLoopback]:
    with page_on_loopback() as here:
        yield here


def ids(posts: list[Post] | tuple[Post, ...]) -> list[str]:
    return [post.external_id for post in posts]


def failing(at: PageOnLoopback, code: int, times: int = -1, path: str = "/") -> None:
    body = json.dumps({"error": {"code": code, "message": "", "type": "OAuthException"}})
    at.page.faults.add(
        Fault("status", path=path, times=times, status=400, body=body, headers={"Content-Type": "application/json"})
    )


# what becomes which Post


def test_visitors_posts_our_own_and_all_comments_become_posts_of_one_thread(at: PageOnLoopback) -> None:
    ours = at.page.add_own_post("Syysale alkoi!")
    top = at.page.add_comment(ours, "Onko kirveitä?", *AINO, at=at.clock.pass_minutes(1))
    reply = at.page.add_comment(top, "Minäkin haluan tietää", *VEIKKO, at=at.clock.pass_minutes(1))
    answer = at.page.publish_comment(top, "On!")
    theirs = at.page.add_visitor_post("Missä pakettini on?", *AINO, at=at.clock.pass_minutes(1))

    posts = {post.external_id: post for post in at.feed().fetch({}).posts}

    assert posts.keys() == {ours, top, reply, answer, theirs}
    assert posts[theirs] == Post(
        channel="facebook",
        account=PAGE_ID,
        external_id=theirs,
        thread_id=theirs,
        place=Place.VISITOR_POST,
        text="Missä pakettini on?",
        created_at=at.clock.now,
        author=Author(*AINO),
        permalink=f"https://www.facebook.com/{PAGE_ID}/posts/{theirs.partition('_')[2]}",
    )
    assert [
        (posts[i].place, posts[i].thread_id, posts[i].parent_id, posts[i].from_us) for i in (ours, top, reply, answer)
    ] == [
        (Place.OWN_POST, ours, None, True),
        (Place.COMMENT, ours, ours, False),
        (Place.COMMENT, ours, top, False),
        (Place.COMMENT, ours, top, True),
    ]


def test_what_the_publisher_put_is_recognised_as_ours_by_the_same_id(at: PageOnLoopback) -> None:
    post = at.page.add_visitor_post("Missä pakettini on?", *AINO)
    published = at.page.publish_comment(post, "Katsotaan heti!")
    [echo] = [p for p in at.feed().fetch({}).posts if p.from_us]
    assert echo.external_id == published


@pytest.mark.parametrize(
    "text", ["🔥🔥🔥", "أين طردي؟ \u202eקניתי", "", "a" * 7000, "\u200b\u200d", "Ääkköset ja 👩‍👩‍👧"]
)
def test_texts_arrive_as_they_were_written(at: PageOnLoopback, text: str) -> None:
    at.page.add_visitor_post(text, *AINO)
    assert [post.text for post in at.feed().fetch({}).posts] == [text]


def test_an_author_whom_graph_withholds_is_none(at: PageOnLoopback) -> None:
    post = at.page.add_visitor_post("Kuka?", None)
    at.page.add_comment(post, "Minä", None)
    assert [(p.author, p.from_us) for p in at.feed().fetch({}).posts] == [(None, False), (None, False)]


def test_a_reply_whose_parent_is_deleted_is_still_heard(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Uutuus!")
    top = at.page.add_comment(post, "Ensin", *AINO)
    reply = at.page.add_comment(top, "Sitten", *VEIKKO)
    at.page.delete_comment(top)
    posts = {p.external_id: p for p in at.feed().fetch({}).posts}
    assert posts.keys() == {post, reply}
    assert posts[reply].parent_id == post


def test_a_post_with_closed_comments_cannot_be_answered(at: PageOnLoopback) -> None:
    post = at.page.add_visitor_post("Hei", *AINO)
    at.page.add_comment(post, "Hei", *AINO)
    at.page.close_comments(post)
    assert {p.replyable for p in at.feed().fetch({}).posts} == {Replyable.NO}


def test_a_nested_reply_can_be_answered_when_the_comment_above_it_can(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Uutuus!")
    top = at.page.add_comment(post, "Ensin", *AINO)
    at.page.add_comment(top, "Sitten", *VEIKKO)
    assert [p.replyable for p in at.feed().fetch({}).posts] == [Replyable.YES] * 3


def test_a_recorded_feed_of_the_real_graph_is_understood() -> None:
    feed = json.loads((RECORDINGS / "v2_1__feed-got.json").read_text(encoding="utf-8"))
    posts = [post_of(item, "74133697733", False) for item in feed["data"]]
    assert all(posts)
    assert sum(post.from_us for post in posts if post) == 0
    comments = [
        comment_of(comment, "74133697733", item["id"], False)
        for item in feed["data"]
        for comment in item.get("comments", {}).get("data", [])
    ]
    assert len(comments) > 5
    assert all(comments)


def test_a_recorded_comment_that_takes_no_answers_says_so() -> None:
    item = json.loads((RECORDINGS / "v2_2__comment-issue286.json").read_text(encoding="utf-8"))
    comment = comment_of(item, "474930769339741", "474930769339741_520586098107541", False)
    assert comment is not None
    assert (comment.replyable, comment.from_us, comment.text) == (Replyable.NO, True, "xxx xxxxxxx")


@pytest.mark.parametrize(
    "item",
    [
        {"id": "1_2"},
        {"id": "1_2", "created_time": "yesterday"},
        {"id": "1_2", "created_time": "2026-11-10T09:00:00"},
        {"id": "1_2", "created_time": 7},
        {"created_time": "2026-11-10T09:00:00+0000"},
    ],
)
def test_an_item_that_cannot_be_understood_is_skipped_and_logged_by_id_only(
    item: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    item |= {"message": "salaisuus", "from": {"id": "5", "name": "Aino"}}
    with caplog.at_level(logging.WARNING):
        assert post_of(item, PAGE_ID, False) is None
        assert comment_of(item, PAGE_ID, "1_1", False) is None
        assert message_of(item, PAGE_ID, "t_1", False) is None
    assert len(caplog.records) == 3
    assert "salaisuus" not in caplog.text
    assert "Aino" not in caplog.text


def test_odd_values_in_optional_fields_do_no_harm() -> None:
    item = {"id": 5, "created_time": "2026-11-10T09:00:00+0200", "message": None, "from": {"name": "?"}, "parent": "x"}
    comment = comment_of(item, PAGE_ID, "1_1", False)
    assert comment is not None
    assert (comment.external_id, comment.text, comment.author, comment.parent_id) == ("5", "", None, "1_1")
    assert comment.created_at.hour == 7
    assert comment.created_at.utcoffset() == timedelta(0)


# how far it reads


def test_an_unchanged_page_is_read_again_but_not_delivered_again(at: PageOnLoopback) -> None:
    at.page.add_visitor_post("Moi", *AINO)
    first = at.feed().fetch({})
    second = at.feed().fetch(first.cursor)
    assert (len(first.posts), second.posts, second.more) == (1, (), False)


def test_a_cursor_is_json_and_another_process_goes_on_from_it(at: PageOnLoopback) -> None:
    wanted = {at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(9)}
    found: set[str] = set()
    cursor: Any = {}
    more = True
    while more:
        page = at.feed(threads_a_page=2, since=at.clock.now - timedelta(days=1)).fetch(cursor)
        found |= set(ids(page.posts))
        cursor, more = json.loads(json.dumps(page.cursor)), page.more
    assert found == wanted


def test_more_new_posts_than_a_page_are_walked_to_newest_first_a_page_at_a_time(at: PageOnLoopback) -> None:
    feed = at.feed(threads_a_page=3)
    old = at.page.add_visitor_post("vanha", *AINO)
    cursor = feed.fetch({}).cursor
    at.clock.pass_minutes(60)
    new = [at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(10)]

    turns = []
    more = True
    while more:
        page = feed.fetch(cursor)
        turns.append(ids(page.posts))
        cursor, more = page.cursor, page.more

    assert [post for turn in turns for post in turn if post in new] == new[::-1]
    assert all(len(turn) <= 3 for turn in turns)
    assert old not in turns[0]


def test_the_first_reading_is_bounded_when_nothing_says_since_when(at: PageOnLoopback) -> None:
    for n in range(30):
        at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(1))
    posts, _ = read_all(at.feed(threads_a_page=2))
    assert len(posts) == 8


def test_nothing_older_than_since_is_delivered_but_an_old_post_with_a_fresh_comment_is(at: PageOnLoopback) -> None:
    stale = at.page.add_visitor_post("vanha", *AINO)
    ours = at.page.add_own_post("vanha oma")
    at.page.add_comment(ours, "vanha kommentti", *AINO)
    since = at.clock.pass_minutes(60)
    fresh = at.page.add_comment(ours, "uusi kommentti", *AINO, at=at.clock.pass_minutes(1))
    posts, _ = read_all(at.feed(since=since))
    assert set(ids(posts)) == {ours, fresh}
    assert stale not in ids(posts)


def test_what_came_while_the_bot_was_down_is_delivered_though_since_has_moved_on(at: PageOnLoopback) -> None:
    at.page.add_visitor_post("ennen", *AINO)
    cursor = at.feed(since=at.clock.now - timedelta(days=1)).fetch({}).cursor
    missed = at.page.add_visitor_post("poissa ollessa", *AINO, at=at.clock.pass_minutes(60))
    at.clock.pass_minutes(60 * 24 * 3)
    assert ids(at.feed(since=at.clock.now - timedelta(days=1)).fetch(cursor).posts) == [missed]


def test_all_comments_of_a_long_thread_are_read_over_several_turns(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Arvonta!")
    wanted = {at.page.add_comment(post, str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(40)}
    feed = at.feed(entries_a_thread=3)
    posts, cursor = read_all(feed)
    assert set(ids(posts)) == wanted | {post}

    at.clock.pass_minutes(60)
    fresh = [at.page.add_comment(post, str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(10)]
    posts, _ = read_all(feed, cursor)
    assert set(fresh) <= set(ids(posts))
    assert len(set(ids(posts)) & wanted) < 20


def test_a_new_comment_on_an_old_post_is_found(at: PageOnLoopback) -> None:
    old = at.page.add_own_post("Kauan sitten")
    for n in range(12):
        at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(60 * 24))
    feed = at.feed(threads_a_page=2, since=at.clock.now - timedelta(days=30))
    _, cursor = read_all(feed)
    comment = at.page.add_comment(old, "Tämä onkin surkea!", *VEIKKO, at=at.clock.pass_minutes(1))
    found: list[str] = []
    for _ in range(8):
        page = feed.fetch(cursor)
        found += ids(page.posts)
        cursor = page.cursor
    assert comment in found


def test_a_thread_that_is_hot_is_read_every_turn_though_newer_posts_bury_it(at: PageOnLoopback) -> None:
    hot = at.page.add_own_post("Uudet toimitusehdot")
    feed = at.feed(threads_a_page=2, since=at.clock.now - timedelta(days=30))
    _, cursor = read_all(feed)
    for n in range(8):
        at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(20))
    _, cursor = read_all(feed, cursor)
    for n in range(5):
        comment = at.page.add_comment(hot, f"Törkeää {n}", *VEIKKO, at=at.clock.pass_minutes(1))
        posts = []
        for _ in range(2):
            page = feed.fetch(cursor)
            posts += ids(page.posts)
            cursor = page.cursor
        assert comment in posts


def test_one_turn_makes_a_bounded_number_of_calls(at: PageOnLoopback) -> None:
    calls: list[int] = []
    at.page.app.before_request(lambda: calls.append(1))
    for n in range(30):
        post = at.page.add_own_post(str(n), at=at.clock.pass_minutes(1))
        for _ in range(9):
            at.page.add_comment(post, "hei", *AINO)
    cursor: Any = {}
    feed = at.feed(threads_a_page=5, entries_a_thread=2)
    for _ in range(20):
        calls.clear()
        cursor = feed.fetch(cursor).cursor
        assert len(calls) <= 10


# trouble


def test_doubled_and_shuffled_pages_lose_and_double_nothing(at: PageOnLoopback) -> None:
    wanted = [at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(12)]
    at.page.faults.add(Fault("duplicate", times=2))
    at.page.faults.add(Fault("shuffle", times=-1))
    posts, _ = read_all(at.feed(threads_a_page=4, since=at.clock.now - timedelta(days=1)))
    assert sorted(ids(posts)) == sorted(wanted)


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault("status", status=502, body="<html>", headers={"Content-Type": "text/html"}), TryLater, "no_answer"),
        (Fault("status", status=500), TryLater, "no_answer"),
        (Fault("hang_before", delay_s=0.6), TryLater, "no_answer"),
        (Fault("hang_after", delay_s=0.6), TryLater, "no_answer"),
        (Fault("expired_token"), SignInAgain, "token_expired"),
    ],
)
def test_a_failed_reading_raises_what_to_do_next_and_the_following_one_reads(
    at: PageOnLoopback, fault: Fault, kind: type[PlatformError], code: str
) -> None:
    post = at.page.add_visitor_post("Moi", *AINO)
    feed = at.feed(read_timeout_s=0.3)
    at.page.faults.add(fault)
    with pytest.raises(kind) as caught:
        feed.fetch({})
    assert caught.value.code == code
    assert ids(feed.fetch({}).posts) == [post]


@pytest.mark.parametrize(
    ("code", "kind"), [(1, TryLater), (2, TryLater), (4, TryLater), (100, Refused), (10, SignInAgain)]
)
def test_an_error_of_the_front_page_is_the_turns(at: PageOnLoopback, code: int, kind: type[PlatformError]) -> None:
    failing(at, code)
    with pytest.raises(kind):
        at.feed().fetch({})


def test_a_missing_permission_is_named(at: PageOnLoopback) -> None:
    at.page.scopes.remove("pages_read_engagement")
    with pytest.raises(SignInAgain, match="pages_read_engagement"):
        at.feed().fetch({})


def test_a_page_that_is_too_much_for_graph_is_asked_for_in_small(at: PageOnLoopback) -> None:
    wanted = [at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(8)]
    failing(at, 1, times=1)
    posts, _ = read_all(at.feed())
    assert sorted(ids(posts)) == sorted(wanted)


def test_trouble_after_the_first_call_ends_the_turn_without_losing_it(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Arvonta!")
    comments = [at.page.add_comment(post, str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(9)]
    feed = at.feed(entries_a_thread=3)
    failing(at, 2, times=1, path=f"/v26.0/{post}/comments")

    first = feed.fetch({})
    assert (set(ids(first.posts)), first.more) == ({post, *comments[-3:]}, False)
    rest, _ = read_all(feed, first.cursor)
    assert set(comments[:-3]) <= set(ids(rest))


def test_stale_cursors_make_the_reading_start_over_and_nothing_is_lost(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Arvonta!")
    wanted = {post} | {at.page.add_comment(post, str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(9)}
    wanted |= {at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(6)}
    feed = at.feed(threads_a_page=2, entries_a_thread=2, since=at.clock.now - timedelta(days=1))
    posts: list[Post] = []
    cursor: Any = {}
    for turn in range(30):
        if turn in (1, 3):
            cursor = json.loads(json.dumps(cursor).replace('"after": "', '"after": "%%'))
        page = feed.fetch(cursor)
        posts += page.posts
        cursor = page.cursor
    assert set(ids(posts)) == wanted


def test_a_thread_deleted_while_it_is_read_is_let_go(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Arvonta!")
    for n in range(9):
        at.page.add_comment(post, str(n), *AINO, at=at.clock.pass_minutes(1))
    feed = at.feed(entries_a_thread=2)
    failing(at, 2, times=1, path=f"/v26.0/{post}/comments")
    cursor = feed.fetch({}).cursor
    at.page.delete_post(post)
    page = feed.fetch(cursor)
    assert (page.posts, page.more, page.cursor["deep"]) == ((), False, [])


@pytest.mark.parametrize(("percent", "regain", "wait_s"), [(69, 0, None), (70, 0, 300), (90, 0, 900), (96, 40, 2400)])
def test_it_slows_at_70_percent_and_pauses_at_90(
    at: PageOnLoopback, percent: int, regain: int, wait_s: float | None
) -> None:
    for n in range(9):
        at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(1))
    at.page.usage_percent, at.page.regain_minutes = percent, regain
    page = at.feed(threads_a_page=2).fetch({})
    assert len(page.posts) >= 2
    assert page.wait_s == wait_s
    assert page.more == (percent < 90)


def test_posts_close_together_at_the_front_do_not_keep_old_threads_from_being_read(at: PageOnLoopback) -> None:
    old = at.page.add_own_post("Syysale alkoi!")
    for _ in range(2):  # a walk that starts at the front ends at these, before it comes to the old one
        at.page.add_visitor_post("Moi", *AINO, at=at.clock.pass_minutes(60))
    at.clock.pass_minutes(60)
    for _ in range(3):  # more than a page of them, within the overlap: each look at the front starts a walk
        at.page.add_visitor_post("Moi taas", *AINO, at=at.clock.pass_minutes(1))
    feed, cursor, heard = at.feed(threads_a_page=2), {}, set()
    for turn in range(24):
        if turn == 8:
            late = at.page.add_comment(old, "Vieläkään ei vastausta", *VEIKKO)
        page = feed.fetch(cursor)
        heard |= set(ids(page.posts))
        cursor = page.cursor
    assert late in heard
