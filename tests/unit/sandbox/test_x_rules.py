"""The stand-in of X refuses what X refuses, in X's words, remembers what happened, and fails when told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import tweepy

from sandbox.faults import Fault
from sandbox.store import Store
from sandbox.x import XSandbox
from tests.unit.sandbox.x_setup import ME, MORNING, RunningX, running_x


@pytest.fixture
def x() -> Iterator[RunningX]:
    with running_x() as running:
        yield running


def test_our_reply_is_in_the_thread_and_in_what_is_read_next(x: RunningX) -> None:
    asked = x.sandbox.add_post(x.customer, "@nuotiopuoti hei")
    client = x.tweepy()
    sent = client.create_tweet(text="Hei Maija!", in_reply_to_tweet_id=asked).data
    assert sent["text"] == "@maija_k Hei Maija!"
    found = client.search_recent_tweets(f"conversation_id:{asked} from:nuotiopuoti", user_auth=True).data
    assert [str(post.id) for post in found] == [sent["id"]]
    timeline = client.get_users_tweets(ME, user_auth=True, tweet_fields="referenced_tweets").data
    assert (timeline[0].referenced_tweets[0].type, timeline[0].referenced_tweets[0].id) == ("replied_to", int(asked))


def test_a_reply_names_everybody_in_the_thread_so_we_hear_it(x: RunningX) -> None:
    complaint = x.sandbox.add_post(x.customer, "@nuotiopuoti missä paketti?")
    x.sandbox.add_post(x.sandbox.add_user("pekka"), "Sama täällä!", in_reply_to=complaint)
    latest = x.tweepy().get_users_mentions(ME, user_auth=True).data[0]
    assert latest.text == "@maija_k @nuotiopuoti Sama täällä!"


def test_our_message_is_in_the_conversation(x: RunningX) -> None:
    x.sandbox.add_dm(x.customer, "Hei")
    sent = x.tweepy().create_direct_message(participant_id=x.customer, text="Hei!").data
    found = x.tweepy().get_direct_message_events(participant_id=x.customer).data
    assert str(found[0].id) == sent["dm_event_id"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda c, post: c.create_tweet(text="Hei!", in_reply_to_tweet_id=post), tweepy.Forbidden, "otherwise engaged"),
        (lambda c, post: c.create_tweet(text="Hei!", in_reply_to_tweet_id=1), tweepy.Forbidden, "deleted or not"),
        (lambda c, post: c.create_tweet(text="x" * 281), tweepy.Forbidden, "too long"),
        (lambda c, post: c.create_tweet(text=""), tweepy.BadRequest, "text"),
        (lambda c, post: c.create_tweet(text="half \ud83d"), tweepy.BadRequest, "text"),
        (lambda c, post: c.create_tweet(text="a", poll_options=["b"]), tweepy.BadRequest, r"\$\.poll: is not defined"),
        (lambda c, post: c.create_direct_message(participant_id=5, text="a"), tweepy.Forbidden, "permission to DM"),
        (lambda c, post: c.create_direct_message(participant_id=5, text=""), tweepy.BadRequest, "text"),
        (lambda c, post: c.get_users_mentions(ME, user_auth=True, max_results=4), tweepy.BadRequest, "between 5 and"),
        (lambda c, post: c.get_users_mentions(ME, user_auth=True, max_results=101), tweepy.BadRequest, "and 100"),
        (lambda c, post: c.search_recent_tweets("a", user_auth=True, max_results=9), tweepy.BadRequest, "between 10"),
        (lambda c, post: c.search_recent_tweets("a" * 513, user_auth=True), tweepy.BadRequest, "512"),
        (lambda c, post: c.search_recent_tweets("", user_auth=True), tweepy.BadRequest, "missing expression"),
        (lambda c, post: c.search_recent_tweets("near:a", user_auth=True), tweepy.BadRequest, "operator 'near'"),
        (lambda c, post: c.search_recent_tweets("(a", user_auth=True), tweepy.BadRequest, "missing"),
        (lambda c, post: c.search_recent_tweets("a)", user_auth=True), tweepy.BadRequest, "unexpected"),
        (lambda c, post: c.get_users_mentions(ME, user_auth=True, pagination_token="??"), tweepy.BadRequest, "Invalid"),
        (lambda c, post: c.get_users_mentions(ME, user_auth=True, since_id="x"), tweepy.BadRequest, "not valid"),
        (lambda c, post: c.get_users_mentions(ME, user_auth=True, tweet_fields="colour"), tweepy.BadRequest, "not one"),
        (lambda c, post: c.get_users_mentions(ME, user_auth=True, expansions="pets"), tweepy.BadRequest, "not one of"),
    ],
)
def test_it_refuses_in_xs_words(
    x: RunningX, call: Callable[[tweepy.Client, str], object], error: type[Exception], words: str
) -> None:
    post = x.sandbox.add_post(x.customer, "Nuotiopuoti on ok, en kutsu teitä")
    with pytest.raises(error, match=words):
        call(x.tweepy(), post)


def test_an_unknown_parameter_is_named(x: RunningX) -> None:
    with pytest.raises(tweepy.BadRequest, match=r"query parameter \[colour\] is not one of"):
        x.tweepy().request("GET", "/2/users/me", params={"colour": "red"}, user_auth=True)


def test_the_same_words_twice_under_one_post_are_a_duplicate(x: RunningX) -> None:
    first, second = (x.sandbox.add_post(x.customer, f"@nuotiopuoti hei {number}") for number in (1, 2))
    client = x.tweepy()
    client.create_tweet(text="Kiitos https://nuotiopuoti.fi/a", in_reply_to_tweet_id=first)
    client.create_tweet(text="Kiitos https://nuotiopuoti.fi/a", in_reply_to_tweet_id=second)
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        client.create_tweet(text="Kiitos https://nuotiopuoti.fi/a", in_reply_to_tweet_id=first)
    x.later(24 * 60 + 1)
    assert client.create_tweet(text="Kiitos https://nuotiopuoti.fi/a", in_reply_to_tweet_id=first).data


def test_a_limited_conversation_takes_only_whom_its_first_post_named(x: RunningX) -> None:
    closed = x.sandbox.add_post(x.customer, "Vain tutuille", reply_settings="following")
    inside = x.sandbox.add_post(x.customer, "@nuotiopuoti niin teillekin", in_reply_to=closed)
    open_to_us = x.sandbox.add_post(x.customer, "@nuotiopuoti vain teille", reply_settings="mentionedUsers")
    with pytest.raises(tweepy.Forbidden, match="otherwise engaged"):
        x.tweepy().create_tweet(text="Hei!", in_reply_to_tweet_id=inside)
    assert x.tweepy().create_tweet(text="Hei!", in_reply_to_tweet_id=open_to_us).data


def test_only_signed_requests_are_let_in(x: RunningX) -> None:
    keys = x.sandbox.keys
    for header in (
        None,
        "Bearer wrong",
        "Basic abc",
        f'OAuth oauth_consumer_key="{keys.consumer_key}", oauth_token="{keys.access_token}", oauth_signature="x"',
    ):
        answer = requests.get(f"{x.url}/2/users/me", headers={"Authorization": header} if header else {}, timeout=5)
        assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


def test_a_signature_covers_every_parameter(x: RunningX) -> None:
    signed: Any = requests.Request("GET", "https://api.twitter.com/2/users/me", params={"user.fields": "name"})
    keys = x.sandbox.keys
    signed.auth = tweepy.OAuth1UserHandler(
        keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret
    ).apply_auth()
    header = signed.prepare().headers["Authorization"]
    header = header.decode() if isinstance(header, bytes) else header
    for fields, status in (("name", 200), ("public_metrics", 401)):
        answer = requests.get(
            f"{x.url}/2/users/me", params={"user.fields": fields}, headers={"Authorization": header}, timeout=5
        )
        assert answer.status_code == status


def test_an_app_may_read_posts_but_not_act_or_read_messages(x: RunningX) -> None:
    x.sandbox.add_post(x.customer, "nuotiopuoti")
    app = x.tweepy(bearer_token=x.sandbox.keys.bearer_token)
    assert len(app.search_recent_tweets("nuotiopuoti").data) == 1
    with pytest.raises(tweepy.Forbidden, match="Application-Only"):
        app.create_tweet(text="a", user_auth=False)
    with pytest.raises(tweepy.Forbidden, match="Application-Only"):
        app.get_direct_message_events(user_auth=False)


def test_messages_may_be_read_15_times_in_15_minutes_whatever_the_door(x: RunningX) -> None:
    client = x.tweepy()
    for number in range(15):
        client.get_direct_message_events(**({"participant_id": x.customer} if number % 2 else {}))
    with pytest.raises(tweepy.TooManyRequests) as refused:
        client.get_direct_message_events()
    assert refused.value.reset_time == x.wall + 900
    x.wall += 900
    client.get_direct_message_events()
    assert client.session.last is not None
    assert client.session.last.headers["x-rate-limit-remaining"] == "14"


def test_search_goes_back_seven_days_and_messages_thirty(x: RunningX) -> None:
    x.sandbox.add_post(x.customer, "nuotiopuoti", created_at=x.now - timedelta(days=7, minutes=1))
    x.sandbox.add_dm(x.customer, "Hei", created_at=x.now - timedelta(days=30, minutes=1))
    assert x.tweepy().search_recent_tweets("nuotiopuoti", user_auth=True).data is None
    assert x.tweepy().get_direct_message_events().data is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("nuotiopuoti", {"named", "plain", "repost"}),
        ("NUOTIOPUOTI -from:maija_k", {"repost"}),
        ("nuotio", set()),
        ("@nuotiopuoti", {"named", "repost"}),
        ('"kolmas viikko" OR (sopii hyvin)', {"named", "plain", "repost"}),
        ('"viikko kolmas"', set()),
    ],
)
def test_queries_match_whole_words(x: RunningX, query: str, found: set[str]) -> None:
    ids = {"named": x.sandbox.add_post(x.customer, "@nuotiopuoti kolmas viikko")}
    ids["plain"] = x.sandbox.add_post(x.customer, "Nuotiopuoti: sopii oikein hyvin!")
    ids["repost"] = x.sandbox.add_post(x.sandbox.add_user("pekka"), "", reposts=ids["named"])
    answer = x.tweepy().search_recent_tweets(query, user_auth=True).data or []
    assert {name for name, id in ids.items() if int(id) in {post.id for post in answer}} == found


def test_a_text_past_280_is_cut_and_its_whole_is_in_the_note(x: RunningX) -> None:
    text = "@nuotiopuoti " + "a" * 400
    x.sandbox.add_post(x.customer, text)
    (post,) = x.tweepy().get_users_mentions(ME, user_auth=True, tweet_fields="note_tweet").data
    assert post.data["note_tweet"]["text"] == text
    assert post.text.endswith("…")


def test_a_restart_forgets_nothing_and_a_replay_doubles_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        store = Store(tmp_path / "x.sqlite")
        sandbox = XSandbox(store, lambda: MORNING)
        author = sandbox.add_user("maija_k")
        sandbox.add_post(author, "@nuotiopuoti hei", id="1990000000000000001")
        sandbox.add_dm(author, "Hei", id="1990000000000000002")
        assert len(sandbox.world.posts()) == 1
        assert len(sandbox.world.dms()) == 1
        store.close()


def test_other_processes_reach_the_world_over_http(x: RunningX) -> None:
    user = requests.post(f"{x.url}/_sandbox/users", json={"username": "liisa"}, timeout=5).json()["id"]
    body = {"author_id": user, "text": "@nuotiopuoti hei", "created_at": "2026-11-20T07:00:00+00:00"}
    post = requests.post(f"{x.url}/_sandbox/posts", json=body, timeout=5).json()["id"]
    requests.post(f"{x.url}/_sandbox/dms", json={"sender_id": user, "text": "Hei"}, timeout=5)
    assert [one["created_at"] for one in requests.get(f"{x.url}/_sandbox/posts", timeout=5).json()] == [
        "2026-11-20T07:00:00.000Z"
    ]
    assert [one["sender_id"] for one in requests.get(f"{x.url}/_sandbox/dms", timeout=5).json()] == [user]
    requests.delete(f"{x.url}/_sandbox/posts/{post}", timeout=5)
    assert x.tweepy().get_users_mentions(ME, user_auth=True).data is None


def test_it_fails_when_told(x: RunningX) -> None:
    client = x.tweepy()
    reset = {"x-rate-limit-reset": str(int(x.wall) + 60)}
    x.sandbox.faults.add(Fault("status", "/2/users/me", status=429, headers=reset))
    with pytest.raises(tweepy.TooManyRequests) as limited:
        client.get_me()
    assert limited.value.reset_time == x.wall + 60
    x.sandbox.faults.add(Fault("expired_token", "/2/users/me"))
    with pytest.raises(tweepy.Unauthorized):
        client.get_me()
    x.sandbox.faults.add(Fault("status_after", "/2/tweets", method="POST", status=503))
    with pytest.raises(tweepy.TwitterServerError):
        client.create_tweet(text="Tämä jäi")
    assert [post["text"] for post in x.sandbox.world.posts()] == ["Tämä jäi"]
    assert client.get_me().data.username == "nuotiopuoti"
