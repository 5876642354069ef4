"""Replies and messages to X: sent once, found again, and every failure told as what to do next."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import request

from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater
from models.x_api import XKeys
from responders.ports import Outgoing
from responders.publishers.twitter import XPublisher
from sandbox.faults import Fault
from tests.unit.sandbox.x_setup import ME, RunningX, running_x

TEXT = "Hei Maija! Kuitti & seuranta: https://nuotiopuoti.fi/seuranta?id=1. Pahoittelut <3 🙏"


@pytest.fixture
def x() -> Iterator[RunningX]:
    with running_x({"dm_events": 1000}) as running:
        yield running


def publisher(x: RunningX, **settings: Any) -> XPublisher:
    given: dict[str, Any] = {"min_gap_s": 0.0, "api_base": x.url, "wall_clock": lambda: x.wall} | settings
    return XPublisher(x.keys, ME, **given)


def reply(x: RunningX, text: str = TEXT) -> Outgoing:
    asked = x.sandbox.add_post(x.customer, "@nuotiopuoti missä paketti?")
    return Outgoing(1, "x", ME, "mention", asked, asked, None, text, x.now)


def message(x: RunningX, text: str = TEXT) -> Outgoing:
    x.sandbox.add_dm(x.customer, "Hei, missä paketti?")
    conversation = f"{ME}-{x.customer}"
    return Outgoing(2, "x", ME, "dm", conversation, conversation, x.customer, text, x.now)


def ours(x: RunningX) -> list[str]:
    posts = [post["id"] for post in x.sandbox.world.posts() if post["author_id"] == ME]
    return posts + [event["id"] for event in x.sandbox.world.dms() if event["sender_id"] == ME]


@pytest.mark.parametrize("outgoing", [reply, message])
def test_what_is_published_is_there_once_and_is_found_again(x: RunningX, outgoing: Any) -> None:
    approved = outgoing(x)
    assert publisher(x).find(approved) is None
    published = publisher(x).publish(approved)
    assert ours(x) == [published.external_id]
    assert publisher(x).find(approved) == published
    assert published.permalink is not None
    assert published.permalink.startswith("https://x.com/")


def test_a_reply_stands_under_the_post_it_answers(x: RunningX) -> None:
    approved = reply(x)
    id = publisher(x).publish(approved).external_id
    post = x.sandbox.world.post(id)
    assert post is not None
    assert (post["in_reply_to"], post["conversation_id"]) == (approved.target_id, approved.thread_id)


@pytest.mark.parametrize("outgoing", [reply, message])
@pytest.mark.parametrize("kind", ["hang_after", "status_after"])
def test_an_answer_lost_after_the_effect_is_unknown_then_found(x: RunningX, outgoing: Any, kind: Any) -> None:
    approved = outgoing(x)
    x.sandbox.faults.add(Fault(kind, method="POST", status=503, delay_s=1.0))
    with pytest.raises(OutcomeUnknown):
        publisher(x, read_timeout_s=0.2).publish(approved)
    found = publisher(x).find(approved)
    assert found is not None
    assert ours(x) == [found.external_id]


@pytest.mark.parametrize("outgoing", [reply, message])
def test_a_request_that_died_on_the_way_is_unknown_and_not_found(x: RunningX, outgoing: Any) -> None:
    approved = outgoing(x)
    x.sandbox.faults.add(Fault("hang_before", method="POST", delay_s=1.0))
    with pytest.raises(OutcomeUnknown):
        publisher(x, read_timeout_s=0.2).publish(approved)
    assert publisher(x).find(approved) is None


def test_sending_again_after_an_unknown_outcome_is_refused_as_duplicate(x: RunningX) -> None:
    approved = reply(x)
    x.sandbox.faults.add(Fault("status_after", "/2/tweets", method="POST"))
    with pytest.raises(OutcomeUnknown):
        publisher(x).publish(approved)
    with pytest.raises(Refused) as refused:
        publisher(x).publish(approved)
    assert refused.value.code == "duplicate"
    assert len(ours(x)) == 1


def test_a_refused_connection_is_try_later(x: RunningX) -> None:
    with pytest.raises(TryLater) as later:
        publisher(x, api_base="http://127.0.0.1:1").publish(reply(x))
    assert later.value.code == "unreachable"


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (Fault("status", status=429), TryLater, "rate_limited"),
        (Fault("status", status=402), TryLater, "spending_limit"),
        (Fault("status", status=500), OutcomeUnknown, "no_answer"),
        (Fault("status", status=502, body="<html>"), OutcomeUnknown, "no_answer"),
        (Fault("status", status=504, body="[]"), OutcomeUnknown, "no_answer"),
        (Fault("status", status=408), OutcomeUnknown, "no_answer"),
        (Fault("status_after", status=200, body="<html>"), OutcomeUnknown, "no_answer"),
        (Fault("status_after", status=201, body="{}"), OutcomeUnknown, "no_answer"),
        (Fault("status_after", status=201, body='{"data": {}}'), OutcomeUnknown, "no_id"),
        (Fault("expired_token"), SignInAgain, "token_refused"),
        (Fault("status", status=403, body="no json"), Refused, "forbidden"),
        (Fault("status", status=403, body='{"errors": [{"code": 453}]}'), Refused, "plan_lacks_this"),
        (Fault("status", status=400, body="[]"), Refused, "invalid_request"),
    ],
)
@pytest.mark.parametrize("outgoing", [reply, message])
def test_each_failure_says_what_to_do_next(
    x: RunningX, outgoing: Any, fault: Fault, error: type[PlatformError], code: str
) -> None:
    approved = outgoing(x)
    x.sandbox.faults.add(replace(fault, method="POST"))
    with pytest.raises(error) as raised:
        publisher(x).publish(approved)
    assert (type(raised.value), raised.value.code) == (error, code)


def test_a_deleted_parent_is_refused(x: RunningX) -> None:
    approved = reply(x)
    x.sandbox.delete_post(approved.target_id)
    with pytest.raises(Refused) as refused:
        publisher(x).publish(approved)
    assert refused.value.code == "parent_gone"


def test_an_author_who_did_not_call_us_cannot_be_answered(x: RunningX) -> None:
    asked = x.sandbox.add_post(x.customer, "En suosittele Nuotiopuotia")
    with pytest.raises(Refused) as refused:
        publisher(x).publish(replace(reply(x), target_id=asked))
    assert refused.value.code == "not_summoned"


def test_a_person_who_never_wrote_cannot_be_messaged(x: RunningX) -> None:
    with pytest.raises(Refused) as refused:
        publisher(x).publish(replace(message(x), recipient_id=x.sandbox.add_user("pekka")))
    assert refused.value.code == "dm_closed"


@pytest.mark.parametrize(
    ("approved", "code"),
    [
        (Outgoing(1, "x", ME, "mention", "5", "5", None, "a" * 281, None), "too_long"),  # type: ignore[arg-type]
        (Outgoing(1, "x", ME, "dm", "5", "5", None, "Hei", None), "no_recipient"),  # type: ignore[arg-type]
    ],
)
def test_what_x_cannot_take_never_leaves(x: RunningX, approved: Outgoing, code: str) -> None:
    with pytest.raises(Refused) as refused:
        publisher(x, api_base="http://127.0.0.1:1").publish(approved)
    assert refused.value.code == code


def test_every_send_has_a_connection_of_its_own(x: RunningX) -> None:
    asked: list[str | None] = []

    @x.sandbox.app.before_request
    def listen() -> None:
        asked.append(request.headers.get("Connection"))

    publisher(x).publish(reply(x))
    assert asked == ["close"]


@pytest.mark.parametrize("outgoing", [reply, message])
def test_an_older_reply_with_the_same_words_is_not_taken_for_this_one(x: RunningX, outgoing: Any) -> None:
    approved = outgoing(x)
    publisher(x).publish(approved)
    x.later(1)
    assert publisher(x).find(replace(approved, not_before=x.now)) is None


def test_the_same_words_elsewhere_are_not_taken_for_this_one(x: RunningX) -> None:
    first, second = reply(x), reply(x)
    publisher(x).publish(first)
    assert publisher(x).find(second) is None


def test_what_a_customer_wrote_is_not_taken_for_ours(x: RunningX) -> None:
    approved = message(x)
    x.sandbox.add_dm(x.customer, approved.text)
    assert publisher(x).find(approved) is None


def test_a_reply_is_found_among_hundreds(x: RunningX) -> None:
    approved = reply(x)
    published = publisher(x).publish(approved)
    for number in range(250):
        x.sandbox.add_post(ME, f"Vastaus {number}")
    assert publisher(x).find(approved) == published


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", status=503),
        Fault("status", status=403),
        Fault("status", status=429),
        Fault("status", status=200, body="[]"),
        Fault("expired_token"),
        Fault("hang_before", delay_s=1.0),
    ],
)
@pytest.mark.parametrize("outgoing", [reply, message])
def test_a_look_that_failed_says_nothing_about_the_reply(x: RunningX, outgoing: Any, fault: Fault) -> None:
    approved = outgoing(x)
    x.sandbox.faults.add(replace(fault, method="GET"))
    with pytest.raises(TryLater):
        publisher(x, read_timeout_s=0.2).find(approved)


def test_sends_keep_their_distance_whatever_their_kind(x: RunningX) -> None:
    sender = publisher(x, min_gap_s=5.0)
    sender.publish(reply(x))
    x.wall += 2
    with pytest.raises(TryLater) as later:
        sender.publish(message(x))
    assert (later.value.code, later.value.retry_after_s) == ("pacing", 3.0)
    x.wall += 3
    sender.publish(message(x))


def test_a_used_up_limit_is_not_knocked_at_again() -> None:
    with running_x({"create_dm": 1}) as x:
        sender = publisher(x)
        sender.publish(message(x, "Hei!"))
        x.sandbox.faults.add(Fault("status", method="POST", status=500, times=-1))  # would show if one knocked
        with pytest.raises(TryLater) as later:
            sender.publish(message(x, "Hei taas!"))
        assert later.value.retry_after_s == 901.0
        x.sandbox.faults.clear()
        sender.publish(reply(x))  # replies have a limit of their own
        x.wall += 901
        sender.publish(message(x, "Hei taas!"))


def test_429_tells_when_to_come_back_and_is_remembered(x: RunningX) -> None:
    sender, headers = publisher(x), {"x-rate-limit-reset": str(int(x.wall) + 60), "x-rate-limit-remaining": "0"}
    x.sandbox.faults.add(Fault("status", method="POST", status=429, headers=headers))
    for _ in range(2):
        with pytest.raises(TryLater) as later:
            sender.publish(reply(x))
        assert later.value.retry_after_s == 61.0


def test_wrong_keys_ask_for_new_ones(x: RunningX) -> None:
    wrong = XKeys(x.keys.consumer_key, "guessed", x.keys.access_token, "guessed")
    with pytest.raises(SignInAgain):
        XPublisher(wrong, ME, api_base=x.url).publish(reply(x))


def test_neither_keys_nor_words_reach_logs_or_errors(x: RunningX, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    approved = reply(x)
    published = publisher(x).publish(approved)
    with pytest.raises(Refused) as refused:
        publisher(x).publish(approved)
    told = caplog.text + str(refused.value) + json.dumps(refused.value.advice)
    assert published.external_id in told
    for secret in ("Maija", "Kuitti", "oauth_signature", x.keys.access_token, x.keys.consumer_secret):
        assert secret not in told


def test_find_bears_clocks_that_differ_a_little(x: RunningX) -> None:
    approved = reply(x)
    published = publisher(x).publish(approved)
    assert publisher(x).find(replace(approved, not_before=x.now + timedelta(seconds=5))) == published
