"""Messenger conversations as a source: both sides heard, newest first until known, at Meta's pace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from listener.posts import Author, Place, Post, Replyable
from models.errors import SignInAgain, TryLater
from sandbox.faults import Fault
from tests.unit.sandbox.graph_setup import AINO, PAGE_ID, VEIKKO, PageOnLoopback, page_on_loopback, read_all


@pytest.fixture
def at() -> Iterator[PageOnLoopback]:
    with page_on_loopback() as here:
        yield here


def ids(posts: list[Post] | tuple[Post, ...]) -> list[str]:
    return [post.external_id for post in posts]


def test_the_customers_message_and_our_answer_are_one_thread(at: PageOnLoopback) -> None:
    theirs = at.page.add_message(*AINO, "Hei, onko teillä kirvestä? 🪓")
    at.clock.pass_minutes(1)
    ours = at.page.send_message(AINO[0], "On!", "RESPONSE", None)
    [conversation] = at.page.state()["conversations"]

    answer, question = at.conversations().fetch({}).posts

    assert question == Post(
        channel="facebook",
        account=PAGE_ID,
        external_id=theirs,
        thread_id=conversation["id"],
        place=Place.DM,
        text="Hei, onko teillä kirvestä? 🪓",
        created_at=at.clock.now - timedelta(minutes=1),
        author=Author(*AINO),
    )
    assert (answer.external_id, answer.from_us, answer.thread_id) == (ours, True, conversation["id"])


def test_a_message_without_words_is_heard_too(at: PageOnLoopback) -> None:
    at.page.add_message(*AINO, "")
    assert [post.text for post in at.conversations().fetch({}).posts] == [""]


def test_a_conversation_that_takes_no_answer_says_so(at: PageOnLoopback) -> None:
    at.page.add_message(*AINO, "Hei")
    [conversation] = at.page.state()["conversations"]
    at.page.store.put("conversations", conversation["id"], conversation | {"can_reply": False})
    assert [post.replyable for post in at.conversations().fetch({}).posts] == [Replyable.NO]


def test_many_conversations_are_read_newest_first_until_known(at: PageOnLoopback) -> None:
    calls: list[int] = []
    at.page.app.before_request(lambda: calls.append(1))
    source = at.conversations(threads_a_page=3)
    for n in range(9):
        at.page.add_message(f"720{n}", f"Asiakas {n}", "vanha", at=at.clock.pass_minutes(30))
    old, cursor = read_all(source)
    assert len(old) == 9

    new = [at.page.add_message(f"720{n}", f"Asiakas {n}", "uusi", at=at.clock.pass_minutes(30)) for n in (0, 4, 5, 8)]
    calls.clear()
    posts, cursor = read_all(source, cursor)
    assert [i for i in ids(posts) if i in new] == new[::-1]
    assert len(calls) == 2

    assert read_all(source, cursor)[0] == []


def test_a_conversation_that_jumps_to_the_front_during_the_walk_loses_nothing(at: PageOnLoopback) -> None:
    source = at.conversations(threads_a_page=2, entries_a_thread=2, since=at.clock.now - timedelta(days=1))
    wanted = set()
    for n in range(8):
        for _ in range(6):
            wanted.add(at.page.add_message(f"720{n}", f"Asiakas {n}", "hei", at=at.clock.pass_minutes(30)))
    page = source.fetch({})
    found = set(ids(page.posts))
    wanted.add(at.page.add_message("7200", "Asiakas 0", "joko?", at=at.clock.pass_minutes(1)))
    posts, cursor = read_all(source, page.cursor)
    found |= set(ids(posts))
    found |= set(ids(read_all(source, cursor)[0]))
    assert found == wanted


def test_nothing_older_than_since_is_delivered(at: PageOnLoopback) -> None:
    at.page.add_message(*AINO, "vanha")
    since = at.clock.pass_minutes(60)
    new = at.page.add_message(*AINO, "uusi", at=at.clock.pass_minutes(1))
    at.page.add_message(*VEIKKO, "vanha", at=since - timedelta(minutes=5))
    assert ids(read_all(at.conversations(since=since))[0]) == [new]


def test_two_calls_a_second_are_never_exceeded() -> None:
    with page_on_loopback(conversation_calls_per_s=2) as at:
        for n in range(5):
            at.page.add_message(f"720{n}", f"Asiakas {n}", "hei", at=at.clock.pass_minutes(30))
        posts, _ = read_all(
            at.conversations(threads_a_page=1, since=at.clock.now - timedelta(days=1), calls_apart_s=0.55)
        )
    assert len(posts) == 5


def test_the_pace_is_kept_between_calls(at: PageOnLoopback) -> None:
    asked: list[float] = []
    at.page.app.before_request(lambda: asked.append(time.monotonic()))
    source = at.conversations(calls_apart_s=0.1)
    cursor: Any = {}
    for _ in range(3):
        cursor = source.fetch(cursor).cursor
    assert asked[2] - asked[0] >= 0.18  # a floor: waiting longer is never wrong


def test_a_throttled_read_is_try_later_and_a_missing_permission_is_named(at: PageOnLoopback) -> None:
    at.page.add_message(*AINO, "Hei")
    body = '{"error": {"code": 613, "message": ""}}'
    at.page.faults.add(Fault("status", status=403, body=body, headers={"Content-Type": "application/json"}))
    with pytest.raises(TryLater):
        at.conversations().fetch({})
    at.page.scopes.remove("pages_messaging")
    with pytest.raises(SignInAgain, match="pages_messaging"):
        at.conversations().fetch({})


def test_doubled_and_shuffled_answers_deliver_each_message_once_a_turn(at: PageOnLoopback) -> None:
    wanted = [at.page.add_message(*AINO, str(n), at=at.clock.pass_minutes(1)) for n in range(5)]
    at.page.faults.add(Fault("duplicate", times=-1))
    page = at.conversations().fetch({})
    assert ids(page.posts) == wanted[::-1]
    at.page.faults.clear()
    at.page.faults.add(Fault("shuffle", times=-1))
    assert at.conversations().fetch({}).posts == page.posts
