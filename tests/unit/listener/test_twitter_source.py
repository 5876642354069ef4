"""The X sources through tweepy against the stand-in: what they bring, in what order, and what each failure means."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response
from flask.typing import ResponseReturnValue

from listener.posts import Page, Place, Post, Replyable, Source
from listener.sources.twitter import (
    XConnection,
    XSource,
    dms_source,
    mentions_source,
    search_query,
    search_source,
)
from listener.sources.twitter_posts import Includes, post_of
from models.errors import PlatformError, Refused, SignInAgain, TryLater
from models.x_api import XKeys
from sandbox.faults import Fault
from sandbox.serving import serve
from tests.unit.sandbox.x_setup import LONG_AGO, ME, RunningX, running_x

FAR = 10_000


@pytest.fixture
def x() -> Iterator[RunningX]:
    with running_x({"mentions": FAR, "search": FAR, "dm_events": FAR}) as running:
        yield running


def connect(x: RunningX, **settings: Any) -> XConnection:
    return XConnection(x.keys, ME, api_base=x.url, wall_clock=lambda: x.wall, **settings)


def mentions(x: RunningX, **settings: Any) -> XSource:
    return mentions_source(connect(x), **settings)


def sweep(source: Source, cursor: object = None) -> tuple[list[Post], Page]:
    """All posts of one sweep and its last page; cursors go through JSON as they do in the database."""
    posts: list[Post] = []
    page = Page((), cursor or {})  # type: ignore[arg-type]
    while True:
        page = source.fetch(json.loads(json.dumps(page.cursor)))
        posts += page.posts
        if not page.more:
            return posts, page


def test_a_mention_arrives_with_all_that_a_card_needs(x: RunningX) -> None:
    id = x.sandbox.add_post(x.customer, "@nuotiopuoti missä <mun> paketti & kuitti?")
    (post,) = mentions(x).fetch({}).posts
    assert (post.external_id, post.thread_id, post.account, post.channel) == (id, id, ME, "x")
    assert post.text == "@nuotiopuoti missä <mun> paketti & kuitti?"
    assert post.created_at == x.now
    assert post.author is not None
    assert (post.author.external_id, post.author.name) == (x.customer, "Maija Kivelä")
    assert (post.author.handle, post.author.followers) == ("maija_k", 120)
    assert post.author.created_at == LONG_AGO
    assert post.permalink == f"https://x.com/maija_k/status/{id}"
    assert (post.place, post.replyable, post.from_us, post.is_share) == (Place.MENTION, Replyable.YES, False, False)


def test_mention_and_search_bring_the_same_post(x: RunningX) -> None:
    x.sandbox.add_post(x.customer, "@nuotiopuoti missä paketti?")
    found = search_source(connect(x), ["nuotiopuoti"]).fetch({}).posts
    assert found == mentions(x).fetch({}).posts


def test_search_brings_posts_that_do_not_name_us_and_cannot_be_answered(x: RunningX) -> None:
    x.sandbox.add_post(x.customer, "En suosittele Nuotiopuotia kenellekään")
    x.sandbox.add_post(x.customer, "Jotain ihan muuta")
    (post,) = search_source(connect(x), ["nuotiopuoti", "Nuotiopuotia"]).fetch({}).posts
    assert (post.place, post.replyable) == (Place.SEARCH, Replyable.NOT_SUMMONED)


def test_a_quote_of_us_may_be_answered(x: RunningX) -> None:
    ours = x.sandbox.add_post(ME, "Nyt teltat -30 %")
    x.sandbox.add_post(x.customer, "Nuotiopuoti taas vauhdissa", quotes=ours)
    post = search_source(connect(x), ["nuotiopuoti"]).fetch({}).posts[0]
    assert (post.place, post.replyable) == (Place.SEARCH, Replyable.YES)


def test_a_limited_conversation_says_so(x: RunningX) -> None:
    root = x.sandbox.add_post(x.customer, "Puhutaan kaupoista", reply_settings="following")
    x.sandbox.add_post(x.customer, "@nuotiopuoti kuten te", in_reply_to=root, reply_settings="following")
    assert mentions(x).fetch({}).posts[0].replyable == Replyable.REPLIES_LIMITED


def test_a_limited_post_that_names_us_may_be_answered(x: RunningX) -> None:
    x.sandbox.add_post(x.customer, "@nuotiopuoti vastatkaa", reply_settings="mentionedUsers")
    assert mentions(x).fetch({}).posts[0].replyable == Replyable.YES


def test_a_repost_is_a_share_and_never_answered(x: RunningX) -> None:
    original = x.sandbox.add_post(x.customer, "@nuotiopuoti kolmas viikko ilman pakettia")
    x.sandbox.add_post(x.sandbox.add_user("pekka"), "", reposts=original)
    share = search_source(connect(x), ["nuotiopuoti"]).fetch({}).posts[0]
    assert (share.is_share, share.replyable) == (True, Replyable.NOT_SUMMONED)


def test_a_reply_of_ours_comes_back_as_from_us(x: RunningX) -> None:
    asked = x.sandbox.add_post(x.customer, "@nuotiopuoti auki tänään?")
    ours = x.tweepy().create_tweet(text="Kyllä, 18 asti. T. Nuotiopuoti", in_reply_to_tweet_id=asked).data["id"]
    posts = {post.external_id: post for post in search_source(connect(x), ["nuotiopuoti"]).fetch({}).posts}
    assert (posts[ours].from_us, posts[ours].parent_id, posts[ours].thread_id) == (True, asked, asked)
    assert not posts[asked].from_us


def test_a_post_without_an_author_is_kept_and_the_gap_is_logged(x: RunningX, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "listener")
    id = x.sandbox.add_post(x.customer, "@nuotiopuoti olen poissa")
    x.sandbox.withhold_user(x.customer)
    (post,) = mentions(x).fetch({}).posts
    assert (post.author, post.permalink) == (None, f"https://x.com/i/status/{id}")
    assert f"ids={x.customer}" in caplog.text
    assert "olen poissa" not in caplog.text


def test_a_reply_to_a_deleted_post_keeps_its_parents_id(x: RunningX) -> None:
    ours = x.sandbox.add_post(ME, "Ale alkoi")
    x.sandbox.add_post(x.customer, "Missä?", in_reply_to=ours)
    x.sandbox.delete_post(ours)
    (post,) = mentions(x).fetch({}).posts
    assert (post.parent_id, post.thread_id, post.text) == (ours, ours, "@nuotiopuoti Missä?")


def test_a_long_post_of_a_paying_customer_arrives_whole(x: RunningX) -> None:
    text = "@nuotiopuoti " + "Odotin pakettia kolme viikkoa. " * 30
    x.sandbox.add_post(x.customer, text)
    assert mentions(x).fetch({}).posts[0].text == text


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("@nuotiopuoti 🤬🤬🤬", "@nuotiopuoti 🤬🤬🤬"),
        ("@nuotiopuoti أين طلبي", "@nuotiopuoti أين طلبي"),
        ("@nuotiopuoti half \ud83d emoji", "@nuotiopuoti half \ufffd emoji"),
        ("@nuotiopuoti \u200bhi\u200d", "@nuotiopuoti \u200bhi\u200d"),
    ],
)
def test_any_text_arrives_as_text_that_can_be_stored(x: RunningX, said: str, heard: str) -> None:
    x.sandbox.add_post(x.customer, said)
    (post,) = mentions(x).fetch({}).posts
    assert post.text == heard
    assert post.text.encode()


def test_messages_arrive_from_both_sides(x: RunningX) -> None:
    x.sandbox.add_dm(x.customer, "Hei, tilaus 12345 puuttuu")
    x.tweepy().create_direct_message(participant_id=x.customer, text="Katsotaan heti!")
    ours, theirs = dms_source(connect(x)).fetch({}).posts
    assert (theirs.place, theirs.from_us, theirs.text) == (Place.DM, False, "Hei, tilaus 12345 puuttuu")
    assert theirs.author is not None
    assert theirs.author.external_id == x.customer
    assert (ours.from_us, ours.thread_id) == (True, theirs.thread_id)
    assert theirs.thread_id == f"{ME}-{x.customer}"


def test_a_message_of_a_suspended_person_can_still_be_answered(x: RunningX) -> None:
    x.sandbox.add_dm(x.customer, "Hei")
    x.sandbox.withhold_user(x.customer)
    author = dms_source(connect(x)).fetch({}).posts[0].author
    assert author is not None
    assert author.external_id == x.customer


def test_a_first_sweep_brings_everything_page_by_page(x: RunningX) -> None:
    ids = [x.sandbox.add_post(x.customer, f"@nuotiopuoti {number}") for number in range(12)]
    posts, page = sweep(mentions(x, page_size=5))
    assert [post.external_id for post in posts] == ids[::-1]
    assert not page.more


def test_a_later_sweep_reads_only_down_to_what_it_knows_and_the_overlap(x: RunningX) -> None:
    source = mentions(x, page_size=5, overlap_minutes=10)
    for number in range(30):
        x.sandbox.add_post(x.customer, f"@nuotiopuoti {number}")
        x.later(5)
    _, page = sweep(source)
    new = x.sandbox.add_post(x.customer, "@nuotiopuoti uusi")
    posts, _ = sweep(source, page.cursor)
    assert posts[0].external_id == new
    assert len(posts) == 5


def test_a_post_that_x_indexed_late_is_found_within_the_overlap(x: RunningX) -> None:
    source = mentions(x, overlap_minutes=30)
    x.sandbox.add_post(x.customer, "@nuotiopuoti eka")
    _, page = sweep(source)
    late = x.sandbox.add_post(x.customer, "@nuotiopuoti myöhässä", created_at=x.now - timedelta(minutes=20))
    posts, _ = sweep(source, page.cursor)
    assert late in {post.external_id for post in posts}


def test_a_first_sweep_stops_at_the_day_it_was_told(x: RunningX) -> None:
    ids = []
    for number in range(12):
        ids.append(x.sandbox.add_post(x.customer, f"@nuotiopuoti {number}"))
        x.later(60)
    since = x.now - timedelta(minutes=125)
    posts, page = sweep(mentions(x, page_size=5, since=since))
    assert [post.external_id for post in posts] == ids[:-3:-1]
    assert page.cursor == {"floor": since.isoformat(), "mark": (x.now - timedelta(hours=1)).isoformat()}


def test_a_later_start_with_a_later_day_loses_nothing(x: RunningX) -> None:
    source = mentions(x, since=x.now)
    x.sandbox.add_post(x.customer, "@nuotiopuoti eka")
    _, page = sweep(source)
    x.later(60)
    meanwhile = x.sandbox.add_post(x.customer, "@nuotiopuoti kun olitte poissa")
    x.later(60)
    posts, _ = sweep(mentions(x, since=x.now), page.cursor)
    assert meanwhile in {post.external_id for post in posts}


def test_an_unknown_page_token_starts_the_sweep_again(x: RunningX) -> None:
    id = x.sandbox.add_post(x.customer, "@nuotiopuoti hei")
    page = mentions(x).fetch({"token": "long-forgotten", "top": "2026-11-01T00:00:00+00:00"})
    assert [post.external_id for post in page.posts] == [id]
    assert page.cursor == {"mark": x.now.isoformat()}


def test_duplicates_and_disorder_in_a_page_are_put_right(x: RunningX) -> None:
    ids = [x.sandbox.add_post(x.customer, f"@nuotiopuoti {number}") for number in range(6)]
    x.sandbox.faults.add(Fault("duplicate", "/2/users"))
    assert [post.external_id for post in mentions(x).fetch({}).posts] == ids[::-1]
    x.sandbox.faults.add(Fault("shuffle", "/2/users"))
    assert [post.external_id for post in mentions(x).fetch({}).posts] == ids[::-1]


def test_an_empty_answer_is_an_empty_page(x: RunningX) -> None:
    assert mentions(x).fetch({}) == Page((), {}, False, 901.0 / (FAR - 1))


def test_messages_are_polled_as_often_as_their_limit_allows(x: RunningX) -> None:
    with running_x() as strict:
        wait_s = dms_source(connect(strict)).fetch({}).wait_s
    assert wait_s is not None
    assert 60 <= wait_s < 70


def test_a_used_up_limit_pauses_the_sweep_where_it_is() -> None:
    with running_x({"mentions": 2}) as x:
        for number in range(15):
            x.sandbox.add_post(x.customer, f"@nuotiopuoti {number}")
        source = mentions(x, page_size=5)
        posts, page = sweep(source)
        assert (len(posts), page.wait_s) == (10, 901.0)
        with pytest.raises(TryLater) as later:
            source.fetch(page.cursor)
        assert later.value.retry_after_s == 901.0
        x.wall += 901
        rest, _ = sweep(source, page.cursor)
        assert len(rest) == 5


def test_429_without_a_reset_header_is_one_request_and_no_recursion(x: RunningX) -> None:
    x.sandbox.faults.add(Fault("status", "/2/users", times=-1, status=429))
    calls = []
    x.sandbox.app.after_request(lambda response: calls.append(1) or response)  # type: ignore[func-returns-value]
    with pytest.raises(TryLater) as later:
        mentions(x).fetch({})
    assert (len(calls), later.value.code, later.value.retry_after_s) == (1, "rate_limited", None)


def test_silence_is_given_up_after_the_timeout(x: RunningX) -> None:
    x.sandbox.faults.add(Fault("hang_before", "/2/users", delay_s=1.0))
    source = mentions_source(connect(x, read_timeout_s=0.2))
    with pytest.raises(TryLater) as later:
        source.fetch({})
    assert later.value.code == "no_answer"


def test_an_unreachable_x_is_try_later(x: RunningX) -> None:
    connection = XConnection(x.keys, ME, api_base="http://127.0.0.1:1")
    with pytest.raises(TryLater) as later:
        mentions_source(connection).fetch({})
    assert later.value.code == "unreachable"


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (Fault("status", status=503, body="<html>bad gateway</html>"), TryLater, "x_down"),
        (Fault("status", status=502, body="[]"), TryLater, "x_down"),
        (Fault("status_after", status=500), TryLater, "x_down"),
        (Fault("status", status=200, body="<html>hotel wifi</html>"), TryLater, "no_answer"),
        (Fault("status", status=200, body="[]"), TryLater, "no_answer"),
        (Fault("status", status=200, body='{"errors": [{"title": "Not Found Error"}]}'), Refused, "not_found"),
        (Fault("expired_token"), SignInAgain, "token_refused"),
        (Fault("status", status=403, body='{"errors": [{"code": 453, "message": "no"}]}'), Refused, "plan_lacks_this"),
        (Fault("status", status=402, body='{"title": "CreditsDepleted"}'), TryLater, "spending_limit"),
        (Fault("status", status=404), Refused, "not_found"),
    ],
)
def test_each_failure_says_what_to_do_next(x: RunningX, fault: Fault, error: type[PlatformError], code: str) -> None:
    x.sandbox.faults.add(fault)
    with pytest.raises(error) as raised:
        mentions(x).fetch({})
    assert raised.value.code == code


def test_wrong_keys_ask_for_new_ones(x: RunningX) -> None:
    wrong = XKeys(x.keys.consumer_key, "guessed", x.keys.access_token, "guessed")
    with pytest.raises(SignInAgain):
        mentions_source(XConnection(wrong, ME, api_base=x.url)).fetch({})


@pytest.mark.parametrize("stamp", [None, 5, "eilen", "2014-13-01T06:00:00.000Z"])
def test_an_account_whose_age_cannot_be_read_keeps_its_post(stamp: object) -> None:
    item = {"id": "12", "text": "hei", "author_id": "5", "created_at": "2026-11-20T08:00:00.000Z"}
    post = post_of(item, Includes({"5": {"id": "5", "username": "kaisal", "created_at": stamp}}, {}), ME)
    assert post.author is not None
    assert (post.author.handle, post.author.created_at) == ("kaisal", None)


def test_a_malformed_item_is_skipped_and_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("malformed")
    good = {"id": "12", "text": "hei", "author_id": "5", "created_at": "2026-11-20T08:00:00.000Z"}
    items: list[object] = [good, {"id": "13", "text": "salaista"}, good | {"id": "x"}, None, good | {"created_at": 5}]

    @app.get("/2/users/<id>/mentions")
    def answer(id: str) -> ResponseReturnValue:
        return Response(json.dumps({"data": items, "meta": {"result_count": 4}}), mimetype="application/json")

    server = serve(app)
    try:
        page = mentions_source(XConnection(XKeys("a", "b", "c", "d"), ME, api_base=server.url)).fetch({})
    finally:
        server.close()
    assert [post.external_id for post in page.posts] == ["12"]
    assert "id=13" in caplog.text
    assert "salaista" not in caplog.text


def test_neither_keys_nor_words_reach_the_logs(x: RunningX, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    x.sandbox.add_post(x.customer, "@nuotiopuoti salainen asia")
    mentions(x).fetch({})
    assert "salainen" not in caplog.text
    assert "oauth" not in caplog.text.lower()
    assert x.keys.access_token not in caplog.text
    assert x.keys.access_token not in repr(x.keys)


def test_a_query_asks_for_any_of_the_words() -> None:
    assert search_query(["Nuotiopuoti", 'nuotio "puoti"', " "]) == '"Nuotiopuoti" OR "nuotio puoti"'


@pytest.mark.parametrize("words", [[], [" "], ["pitkä sana"] * 60])
def test_a_query_that_x_would_refuse_is_refused_at_the_start(words: list[str]) -> None:
    with pytest.raises(ValueError, match="word"):
        search_query(words)
