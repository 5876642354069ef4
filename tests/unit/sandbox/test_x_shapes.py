"""The stand-in of X answers in the shape of recorded X answers, and as tweepy reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import tweepy

from tests.unit.sandbox.x_setup import ME, RunningX, running_x

RECORDINGS = Path(__file__).parents[2] / "recordings" / "x"
RATE_HEADERS = {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"}


@pytest.fixture
def x() -> Iterator[RunningX]:
    with running_x() as running:
        yield running


def recorded(name: str, number: int = 0) -> dict[str, Any]:
    exchanges = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    response: dict[str, Any] = exchanges[number]["response"]
    return response


def shape(value: object) -> object:
    """What keys there are and what kind of values, without the values; a list is its first item."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


def same_answer(ours: requests.Response, name: str, number: int = 0) -> bool:
    theirs = recorded(name, number)
    headers = {header.lower() for header in ours.headers}
    wanted = RATE_HEADERS & set(theirs["headers"])
    return (
        ours.status_code == theirs["status"]
        and shape(ours.json()) == shape(theirs["body"])
        and bool(wanted)
        and wanted <= headers
    )


def raw(x: RunningX) -> tweepy.Client:
    return x.tweepy(return_type=requests.Response)


def test_mentions_look_as_recorded(x: RunningX) -> None:
    for number in range(11):
        x.sandbox.add_post(x.customer, f"@nuotiopuoti {number}")
    assert same_answer(raw(x).get_users_mentions(ME, user_auth=True), "v2__client_get_users_mentions")


def test_search_looks_as_recorded(x: RunningX) -> None:
    for number in range(11):
        x.sandbox.add_post(x.customer, f"tweepy {number}")
    assert same_answer(raw(x).search_recent_tweets("Tweepy", user_auth=True), "v2__client_search_recent_tweets")


def test_messages_look_as_recorded(x: RunningX) -> None:
    assert same_answer(raw(x).get_direct_message_events(), "v2__manage_and_lookup_direct_messages", 3)
    x.sandbox.add_dm(x.customer, "Testing 1")
    sent = raw(x).create_direct_message(participant_id=x.customer, text="Testing 2")
    assert same_answer(sent, "v2__manage_and_lookup_direct_messages", 0)
    with_one = raw(x).get_direct_message_events(participant_id=x.customer)
    assert same_answer(with_one, "v2__manage_and_lookup_direct_messages", 5)


def test_a_new_post_looks_as_recorded_with_todays_edit_history(x: RunningX) -> None:
    ours = raw(x).create_tweet(text="Test Tweet")
    theirs = recorded("v2__asyncclient_create_and_delete_tweet")  # of May 2022, before posts could be edited
    body = ours.json()
    assert body["data"].pop("edit_history_tweet_ids") == [body["data"]["id"]]
    assert (ours.status_code, shape(body)) == (theirs["status"], shape(theirs["body"]))


def test_tweepy_reads_every_field_of_a_post(x: RunningX) -> None:
    ours = x.sandbox.add_post(ME, "Uusi teltta https://nuotiopuoti.fi/teltta")
    id = x.sandbox.add_post(x.customer, "Onko tätä?", in_reply_to=ours, quotes=ours)
    answer = x.tweepy().get_users_mentions(
        ME,
        user_auth=True,
        expansions=["author_id", "referenced_tweets.id", "referenced_tweets.id.author_id", "in_reply_to_user_id"],
        tweet_fields=["author_id", "conversation_id", "created_at", "entities", "referenced_tweets", "reply_settings"],
        user_fields=["created_at", "public_metrics"],
    )
    (post,) = answer.data
    assert (post.id, post.author_id, post.conversation_id) == (int(id), int(x.customer), int(ours))
    assert post.created_at == x.now
    assert post.edit_history_tweet_ids == [int(id)]
    assert {(one.type, one.id) for one in post.referenced_tweets} == {("replied_to", int(ours)), ("quoted", int(ours))}
    start, end = post.entities["mentions"][0]["start"], post.entities["mentions"][0]["end"]
    assert (post.text[start:end], post.entities["mentions"][0]["id"]) == ("@nuotiopuoti", ME)
    assert {user.username: user.public_metrics["followers_count"] for user in answer.includes["users"]} == {
        "maija_k": 120,
        "nuotiopuoti": 0,
    }
    assert all(2010 <= user.created_at.year < 2024 for user in answer.includes["users"])
    link = answer.includes["tweets"][0].entities["urls"][0]
    assert (link["expanded_url"], link["url"][:13]) == ("https://nuotiopuoti.fi/teltta", "https://t.co/")


def test_tweepy_reads_every_field_of_a_message(x: RunningX) -> None:
    id = x.sandbox.add_dm(x.customer, "Hei")
    answer = x.tweepy().get_direct_message_events(
        dm_event_fields=["created_at", "dm_conversation_id", "sender_id"], expansions="sender_id"
    )
    (event,) = answer.data
    assert (event.id, event.event_type, event.text, event.sender_id) == (
        int(id),
        "MessageCreate",
        "Hei",
        int(x.customer),
    )
    assert (event.created_at, event.dm_conversation_id) == (x.now, f"{ME}-{x.customer}")
    assert answer.includes["users"][0].name == "Maija Kivelä"


def test_tweepys_paginator_walks_all_pages_both_ways(x: RunningX) -> None:
    ids = [int(x.sandbox.add_post(x.customer, f"@nuotiopuoti {number}")) for number in range(12)][::-1]
    pages = list(tweepy.Paginator(x.tweepy().get_users_mentions, ME, user_auth=True, max_results=5))
    assert [post.id for page in pages for post in page.data] == ids
    back = x.tweepy().get_users_mentions(
        ME, user_auth=True, max_results=5, pagination_token=pages[-1].meta["previous_token"]
    )
    assert [post.id for post in back.data] == ids[5:10]


def test_tweepys_paginator_walks_all_pages_of_a_search(x: RunningX) -> None:
    ids = [int(x.sandbox.add_post(x.customer, f"Nuotiopuoti {number}")) for number in range(25)][::-1]
    pages = list(tweepy.Paginator(x.tweepy().search_recent_tweets, "nuotiopuoti", user_auth=True, max_results=10))
    assert [[post.id for post in page.data] for page in pages] == [ids[:10], ids[10:20], ids[20:]]


def test_messages_end_with_an_empty_page_though_a_token_was_given(x: RunningX) -> None:
    x.sandbox.add_dm(x.customer, "Hei")
    pages = list(tweepy.Paginator(x.tweepy().get_direct_message_events))
    assert [page.meta["result_count"] for page in pages] == [1, 0]


def test_ids_bound_a_page_and_carry_the_time(x: RunningX) -> None:
    ids = []
    for number in range(4):
        ids.append(x.sandbox.add_post(x.customer, f"@nuotiopuoti {number}"))
        x.later(1)
    answer = x.tweepy().get_users_mentions(ME, user_auth=True, since_id=ids[0], until_id=ids[3])
    assert [str(post.id) for post in answer.data] == [ids[2], ids[1]]
    answer = x.tweepy().search_recent_tweets("nuotiopuoti", user_auth=True, since_id=ids[0], until_id=ids[3])
    assert [str(post.id) for post in answer.data] == [ids[2], ids[1]]
    minute = timedelta(minutes=1)
    answer = x.tweepy().get_users_tweets(
        x.customer, user_auth=True, start_time=x.now - 3 * minute, end_time=x.now - minute
    )
    assert [str(post.id) for post in answer.data] == [ids[2], ids[1]]
    milliseconds = (int(ids[1]) >> 22) + 1288834974657
    assert timedelta(milliseconds=milliseconds).total_seconds() == (x.now - timedelta(minutes=3)).timestamp()


def test_what_is_withheld_is_told_beside_the_data(x: RunningX) -> None:
    parent = x.sandbox.add_post(x.sandbox.add_user("pekka"), "Avaus")
    x.sandbox.add_post(x.customer, "@nuotiopuoti katso", in_reply_to=parent)
    x.sandbox.delete_post(parent)
    x.sandbox.withhold_user(x.customer)
    answer = x.tweepy().get_users_mentions(
        ME, user_auth=True, expansions=["author_id", "referenced_tweets.id"], tweet_fields="referenced_tweets"
    )
    assert len(answer.data) == 1
    assert {error["resource_id"] for error in answer.errors} == {parent, x.customer}
    assert "users" not in answer.includes
