"""Publishing on a Facebook Page: where a reply lands, what each failure means, and how a lost answer is read back."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater
from responders.ports import Outgoing, Published, Window
from sandbox.faults import Fault
from tests.unit.sandbox.graph_setup import AINO, PAGE_ID, VEIKKO, PageOnLoopback, page_on_loopback

TEXT = "Hei Aino, paketti on noutopisteessä huomenna. 🙏\n\nTerveisin Nuotiopuoti"


@pytest.fixture
def at() -> Iterator[PageOnLoopback]:
    with page_on_loopback() as here:
        yield here


def a_comment_reply(at: PageOnLoopback, place: str = "visitor_post", target: str | None = None) -> Outgoing:
    post = at.page.add_visitor_post("Missä pakettini on?", *AINO)
    at.clock.pass_minutes(5)
    return Outgoing(1, "facebook", PAGE_ID, place, post, target or post, None, TEXT, at.clock.now)


def a_message(at: PageOnLoopback, window: Window = Window.RESPONSE) -> Outgoing:
    at.page.add_message(*AINO, "Missä pakettini on?")
    at.clock.pass_minutes(5)
    [conversation] = at.page.state()["conversations"]
    talk = conversation["id"]
    return Outgoing(1, "facebook", PAGE_ID, "dm", talk, talk, AINO[0], TEXT, at.clock.now, window)


def refuse(at: PageOnLoopback, code: int, subcode: int = 0, status: int = 400) -> None:
    body = json.dumps({"error": {"code": code, "error_subcode": subcode, "message": "", "type": "OAuthException"}})
    headers = {"Content-Type": "application/json"}
    at.page.faults.add(Fault("status", method="POST", status=status, body=body, headers=headers))


# where a reply lands


def test_a_reply_to_a_visitors_post_is_a_comment_under_it(at: PageOnLoopback) -> None:
    outgoing = a_comment_reply(at)
    published = at.publisher().publish(outgoing)
    [comment] = at.page.comments_of(outgoing.thread_id)
    assert published == Published(comment["id"])
    assert (comment["message"], comment["parent_id"], comment["from"]["id"]) == (TEXT, None, PAGE_ID)


@pytest.mark.parametrize("nested", [False, True])
def test_a_reply_to_a_comment_stands_under_the_top_comment(at: PageOnLoopback, nested: bool) -> None:
    outgoing = a_comment_reply(at, "comment")
    top = at.page.add_comment(outgoing.thread_id, "Minäkin odotan", *VEIKKO)
    reply = at.page.add_comment(top, "Niin minäkin", *AINO)
    published = at.publisher().publish(replace(outgoing, target_id=reply if nested else top))
    assert at.page.comment(published.external_id)["parent_id"] == top


@pytest.mark.parametrize(
    ("window", "hours"), [(Window.NONE, 1), (Window.RESPONSE, 23), (Window.HUMAN_AGENT, 30), (Window.HUMAN_AGENT, 160)]
)
def test_a_message_goes_out_under_the_window_it_was_approved_for(
    at: PageOnLoopback, window: Window, hours: int
) -> None:
    outgoing = a_message(at, window)
    at.clock.now += timedelta(hours=hours)
    published = at.publisher().publish(outgoing)
    last = at.page.messages_of(outgoing.thread_id)[-1]
    assert (published.external_id, last["message"], last["to"]["data"][0]["id"]) == (last["id"], TEXT, AINO[0])


# what a failure means


@pytest.mark.parametrize(("window", "hours"), [(Window.RESPONSE, 25), (Window.HUMAN_AGENT, 24 * 8)])
def test_a_message_after_its_window_is_refused_as_that(at: PageOnLoopback, window: Window, hours: int) -> None:
    outgoing = a_message(at, window)
    at.clock.now += timedelta(hours=hours)
    with pytest.raises(Refused) as caught:
        at.publisher().publish(outgoing)
    assert caught.value.code == "window_closed"
    assert len(at.page.messages_of(outgoing.thread_id)) == 1


def test_a_restricted_page_is_refused_as_that(at: PageOnLoopback) -> None:
    outgoing = a_message(at)
    at.page.page_restricted = True
    with pytest.raises(Refused) as caught:
        at.publisher().publish(outgoing)
    assert caught.value.code == "page_restricted"


@pytest.mark.parametrize(
    ("code", "subcode", "status", "kind", "said"),
    [
        (190, 463, 401, SignInAgain, "token_expired"),
        (10, 0, 403, SignInAgain, "missing_permission"),
        (613, 0, 403, TryLater, "throttled"),
        (80006, 0, 403, TryLater, "throttled"),
        (551, 0, 400, Refused, "person_unreachable"),
        (368, 0, 403, Refused, "blocked_by_policy"),
        (100, 2018001, 400, Refused, "person_unreachable"),
        (2635, 0, 400, Refused, "dead_version"),
        (1, 1357046, 500, OutcomeUnknown, "platform_trouble"),
        (2, 0, 503, OutcomeUnknown, "platform_trouble"),
        (1200, 0, 400, OutcomeUnknown, "platform_trouble"),
    ],
)
def test_graphs_refusals_are_told_apart_by_number(
    at: PageOnLoopback, code: int, subcode: int, status: int, kind: type[PlatformError], said: str
) -> None:
    outgoing = a_message(at)
    refuse(at, code, subcode, status)
    with pytest.raises(kind) as caught:
        at.publisher().publish(outgoing)
    assert caught.value.code == said


@pytest.mark.parametrize(("place", "scope"), [("comment", "pages_manage_engagement"), ("dm", "pages_messaging")])
def test_the_missing_permission_is_named(at: PageOnLoopback, place: str, scope: str) -> None:
    outgoing = a_message(at) if place == "dm" else a_comment_reply(at)
    at.page.scopes.remove(scope)
    with pytest.raises(SignInAgain, match=scope):
        at.publisher().publish(outgoing)


LOST = [
    Fault("status_after", method="POST", status=502, body="<html>Bad Gateway</html>"),
    Fault("status_after", method="POST", status=500),
    Fault("hang_after", method="POST", delay_s=0.6),
]
NEVER_DONE = [Fault("hang_before", method="POST", delay_s=0.6), Fault("status", method="POST", status=503)]


@pytest.mark.parametrize("place", ["visitor_post", "dm"])
@pytest.mark.parametrize(("fault", "done"), [*((f, True) for f in LOST), *((f, False) for f in NEVER_DONE)])
def test_a_lost_answer_is_an_unknown_outcome_that_reading_back_settles(
    at: PageOnLoopback, place: str, fault: Fault, done: bool
) -> None:
    outgoing = a_message(at) if place == "dm" else a_comment_reply(at)
    publisher = at.publisher(read_timeout_s=0.3)
    at.page.faults.add(fault)
    with pytest.raises(OutcomeUnknown):
        publisher.publish(outgoing)
    at.page.faults.clear()
    found = publisher.find(outgoing)
    assert (found is not None) == done
    if found:
        state = at.page.state()
        assert found.external_id == [*state["comments"], *state["messages"]][-1]["id"]
        assert [item["message"] for item in (*state["comments"], *state["messages"])].count(TEXT) == 1


def test_an_answer_without_an_id_is_an_unknown_outcome(at: PageOnLoopback) -> None:
    outgoing = a_message(at)
    at.page.faults.add(
        Fault("status_after", method="POST", status=200, body="{}", headers={"Content-Type": "application/json"})
    )
    with pytest.raises(OutcomeUnknown):
        at.publisher().publish(outgoing)


@pytest.mark.parametrize("place", ["visitor_post", "dm"])
def test_a_refused_connection_is_try_later(at: PageOnLoopback, place: str) -> None:
    outgoing = a_message(at) if place == "dm" else a_comment_reply(at)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        publisher = at.publisher(base_url=f"http://127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(TryLater):
            publisher.publish(outgoing)
        with pytest.raises(TryLater):
            publisher.find(outgoing)


def test_trouble_while_looking_at_the_target_is_try_later_and_nothing_is_sent(at: PageOnLoopback) -> None:
    outgoing = a_comment_reply(at)
    at.page.faults.add(Fault("status", method="GET", status=502))
    with pytest.raises(TryLater):
        at.publisher().publish(outgoing)
    assert at.page.comments_of(outgoing.thread_id) == []


@pytest.mark.parametrize("place", ["visitor_post", "comment"])
def test_a_deleted_target_and_closed_comments_are_refused_before_anything_is_sent(
    at: PageOnLoopback, place: str
) -> None:
    outgoing = a_comment_reply(at, place)
    if place == "comment":
        outgoing = replace(outgoing, target_id=at.page.add_comment(outgoing.thread_id, "Hei?", *VEIKKO))
    at.page.close_comments(outgoing.thread_id)
    with pytest.raises(Refused) as closed:
        at.publisher().publish(outgoing)
    if place == "comment":
        at.page.delete_comment(outgoing.target_id)
    else:
        at.page.delete_post(outgoing.thread_id)
    with pytest.raises(Refused) as gone:
        at.publisher().publish(outgoing)
    assert (closed.value.code, gone.value.code) == ("comments_closed", "gone")


@pytest.mark.parametrize(("place", "longest"), [("visitor_post", 8000), ("dm", 2000)])
def test_a_text_over_the_channels_length_is_refused_here_and_one_at_it_is_taken(
    at: PageOnLoopback, place: str, longest: int
) -> None:
    outgoing = a_message(at) if place == "dm" else a_comment_reply(at)
    with pytest.raises(Refused) as caught:
        at.publisher().publish(replace(outgoing, text="ä" * (longest + 1)))
    assert caught.value.code == "text_too_long"
    assert at.publisher().publish(replace(outgoing, text="ä" * longest))


def test_a_message_to_somebody_whom_graph_withholds_is_refused(at: PageOnLoopback) -> None:
    with pytest.raises(Refused) as caught:
        at.publisher().publish(replace(a_message(at), recipient_id=None))
    assert caught.value.code == "no_recipient"


# reading back


def test_the_same_words_elsewhere_or_by_others_or_earlier_are_not_our_reply(at: PageOnLoopback) -> None:
    outgoing = a_comment_reply(at, "comment")
    at.page.add_comment(outgoing.thread_id, TEXT, PAGE_ID, "Nuotiopuoti", at=at.clock.now - timedelta(hours=1))
    mine = at.page.add_comment(outgoing.thread_id, "Entä minun?", *AINO)
    other = at.page.add_comment(outgoing.thread_id, "Entä minun?", *VEIKKO)
    at.page.publish_comment(other, TEXT)
    at.page.publish_comment(outgoing.thread_id, TEXT)
    at.page.add_comment(mine, TEXT, *VEIKKO)
    outgoing = replace(outgoing, target_id=mine)

    assert at.publisher().find(outgoing) is None

    ours = at.page.publish_comment(mine, TEXT)
    found = at.publisher().find(outgoing)
    assert found is not None
    assert found.external_id == ours
    assert found.permalink == at.page.comment(ours)["permalink_url"]


def test_a_reply_is_found_though_white_space_and_accents_were_stored_otherwise(at: PageOnLoopback) -> None:
    outgoing = replace(a_comment_reply(at), text="Hei A\u0308iti!\r\n\r\nTerveisin  Nuotiopuoti ")
    ours = at.page.publish_comment(outgoing.thread_id, "Hei Äiti!\n\nTerveisin Nuotiopuoti")
    found = at.publisher().find(outgoing)
    assert found is not None
    assert found.external_id == ours


def test_a_reply_under_many_newer_comments_is_found(at: PageOnLoopback) -> None:
    outgoing = a_comment_reply(at)
    ours = at.page.publish_comment(outgoing.thread_id, TEXT)
    for n in range(230):
        at.page.add_comment(outgoing.thread_id, str(n), *VEIKKO)
    found = at.publisher().find(outgoing)
    assert found is not None
    assert found.external_id == ours


def test_a_thread_too_long_to_read_back_is_not_called_empty(at: PageOnLoopback) -> None:
    outgoing = a_comment_reply(at)
    for n in range(1001):
        at.page.add_comment(outgoing.thread_id, str(n), *VEIKKO)
    with pytest.raises(TryLater) as caught:
        at.publisher().find(outgoing)
    assert caught.value.code == "thread_too_long"


def test_a_deleted_thread_holds_no_reply(at: PageOnLoopback) -> None:
    outgoing = a_comment_reply(at)
    at.page.delete_post(outgoing.thread_id)
    assert at.publisher().find(outgoing) is None


def test_a_reply_to_a_comment_that_is_gone_is_looked_for_in_the_whole_thread(at: PageOnLoopback) -> None:
    outgoing = a_comment_reply(at, "comment")
    target = at.page.add_comment(outgoing.thread_id, "Hei?", *VEIKKO)
    ours = at.page.publish_comment(target, TEXT)
    at.page.delete_comment(target)
    found = at.publisher().find(replace(outgoing, target_id=target))
    assert found is not None
    assert found.external_id == ours


def test_reading_back_that_cannot_look_is_try_later(at: PageOnLoopback) -> None:
    outgoing = a_message(at)
    for code in (2, 100):
        body = json.dumps({"error": {"code": code}})
        at.page.faults.add(Fault("status", status=400, body=body, headers={"Content-Type": "application/json"}))
        with pytest.raises(TryLater):
            at.publisher().find(outgoing)
    at.page.faults.add(Fault("expired_token"))
    with pytest.raises(SignInAgain):
        at.publisher().find(outgoing)
