"""The Graph stand-in, asked through facebook-sdk and plain HTTP: its shapes, its memory, its strictness, its faults."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import facebook
import pytest
import requests

from models.transport import PlatformSession
from sandbox.faults import Fault
from tests.unit.sandbox.graph_setup import AINO, PAGE_ID, TOKEN, VEIKKO, PageOnLoopback, page_on_loopback


@pytest.fixture
def at() -> Iterator[PageOnLoopback]:
    with page_on_loopback() as here:
        yield here


def sdk(at: PageOnLoopback, version: str = "v26.0", token: str = TOKEN) -> Any:
    """facebook-sdk itself, with nothing of ours but the way to the loopback."""
    graph = facebook.GraphAPI(token, session=PlatformSession(at.url))
    graph.version = version
    return graph


def refusal(at: PageOnLoopback, path: str, **parameters: Any) -> dict[str, Any]:
    answer = requests.get(f"{at.url}/v26.0/{path}", {"access_token": TOKEN} | parameters, timeout=10)
    assert answer.status_code >= 400
    error: dict[str, Any] = answer.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= error.keys()
    return error


def test_the_sdk_reads_a_page_and_pages_through_its_feed_with_its_own_parsing(at: PageOnLoopback) -> None:
    ids = [at.page.add_visitor_post(f"viesti {n}", *AINO, at=at.clock.pass_minutes(1)) for n in range(7)]
    graph = sdk(at)

    assert graph.get_object("me") == {"id": PAGE_ID, "name": "Nuotiopuoti"}
    assert graph.get_version() == "26.0"
    read = [post["id"] for post in graph.get_all_connections(PAGE_ID, "feed", limit=3)]

    assert read == ids[::-1]


def test_a_comment_that_the_sdk_puts_stands_in_the_thread_for_the_next_reader(at: PageOnLoopback) -> None:
    post = at.page.add_visitor_post("Missä pakettini on?", *AINO)

    made = sdk(at).put_comment(post, "Hei Aino, katsomme heti.")

    [comment] = sdk(at).get_connections(post, "comments", fields="id,message,from")["data"]
    assert comment == {
        "id": made["id"],
        "message": "Hei Aino, katsomme heti.",
        "from": {"id": PAGE_ID, "name": "Nuotiopuoti"},
    }
    assert made["id"].startswith(post.partition("_")[2] + "_")


def test_replies_are_nested_one_level_and_a_stream_shows_them_with_their_parent(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Syysale alkoi!")
    top = at.page.add_comment(post, "Koska?", *AINO, at=at.clock.pass_minutes(1))
    reply = at.page.add_comment(top, "Sama kysymys", *VEIKKO, at=at.clock.pass_minutes(1))
    answer = at.page.publish_comment(reply, "Nyt heti!")

    def read(object_id: str, **given: str) -> list[dict[str, Any]]:
        data: list[dict[str, Any]] = sdk(at).get_connections(object_id, "comments", fields="id,parent{id}", **given)[
            "data"
        ]
        return data

    assert [c["id"] for c in read(post)] == [top]
    stream = read(post, filter="stream", order="reverse_chronological")
    assert [(c["id"], c.get("parent")) for c in stream] == [(answer, {"id": top}), (reply, {"id": top}), (top, None)]
    assert [c["id"] for c in read(top)] == [reply, answer]


def test_an_edge_ordered_backwards_goes_on_from_a_cursor_whose_item_is_gone(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Arvonta!")
    ids = [at.page.add_comment(post, str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(5)]
    first = sdk(at).get_connections(post, "comments", order="reverse_chronological", limit=2)
    at.page.delete_comment(ids[3])
    rest = sdk(at).get_connections(
        post, "comments", order="reverse_chronological", after=first["paging"]["cursors"]["after"]
    )
    assert [c["id"] for c in rest["data"]] == [ids[2], ids[1], ids[0]]
    assert "next" in first["paging"]
    assert "next" not in rest["paging"]


def test_who_wrote_is_left_out_when_graph_withholds_it(at: PageOnLoopback) -> None:
    post = at.page.add_visitor_post("Kuka minä olen?", None)
    assert "from" not in sdk(at).get_object(post, fields="id,from,message")


@pytest.mark.parametrize("version", ["v23.0", "v2.8", "v27.0"])
def test_a_version_that_is_not_alive_is_error_2635(at: PageOnLoopback, version: str) -> None:
    with pytest.raises(facebook.GraphAPIError) as caught:
        sdk(at, version).get_object("me")
    assert caught.value.code == 2635


@pytest.mark.parametrize(
    ("path", "parameters", "code", "subcode"),
    [
        ("me", {"access_token": "EAAB-someone-else"}, 190, None),
        ("me", {"fields": "id,shoe_size"}, 100, None),
        ("me", {"fields": "id,name{"}, 100, None),
        ("me", {"colour": "red"}, 100, None),
        (f"{PAGE_ID}/feed", {"limit": "101"}, 100, None),
        (f"{PAGE_ID}/feed", {"limit": "many"}, 100, None),
        (f"{PAGE_ID}/feed", {"sort": "new"}, 100, None),
        (f"{PAGE_ID}/feed", {"after": "%%%"}, 100, None),
        (f"{PAGE_ID}/feed", {"fields": "id,comments.colour(red){id}"}, 100, None),
        (f"{PAGE_ID}/feed", {"fields": "id,comments.limit(x){id}"}, 100, None),
        (f"{PAGE_ID}/conversations", {"platform": "instagram"}, 100, None),
        (f"{PAGE_ID}/photos", {}, 100, 33),
        (f"{PAGE_ID}_1/comments", {}, 100, 33),
        ("777_888", {}, 100, 33),
        ("t_404/messages", {}, 100, 33),
    ],
)
def test_what_graph_refuses_is_refused(
    at: PageOnLoopback, path: str, parameters: dict[str, str], code: int, subcode: int | None
) -> None:
    at.page.add_visitor_post("Moi", *AINO)
    error = refusal(at, path, **parameters)
    assert (error["code"], error.get("error_subcode")) == (code, subcode)


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("pages_read_engagement", f"{PAGE_ID}/feed"),
        ("pages_read_user_content", "{post}/comments"),
        ("pages_messaging", f"{PAGE_ID}/conversations"),
    ],
)
def test_reading_without_its_permission_is_error_10(at: PageOnLoopback, scope: str, path: str) -> None:
    post = at.page.add_visitor_post("Moi", *AINO)
    at.page.scopes.remove(scope)
    assert refusal(at, path.format(post=post))["code"] == 10


@pytest.mark.parametrize(
    ("message", "code"), [("", 100), ("   ", 100), ("x" * 8001, 100), ("x" * 8000, None), ("🔥", None)]
)
def test_a_comment_is_neither_empty_nor_over_its_length(at: PageOnLoopback, message: str, code: int | None) -> None:
    post = at.page.add_visitor_post("Moi", *AINO)
    try:
        sdk(at).put_object(post, "comments", message=message)
        caught = None
    except facebook.GraphAPIError as error:
        caught = error.code
    assert caught == code
    assert len(at.page.comments_of(post)) == (code is None)


def send(at: PageOnLoopback, text: str = "Hei!", person: str = AINO[0], **given: str) -> Any:
    return sdk(at).put_object(
        PAGE_ID,
        "messages",
        recipient=json.dumps({"id": person}),
        message=json.dumps({"text": text}),
        **({"messaging_type": "RESPONSE"} | given),
    )


HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


@pytest.mark.parametrize(
    ("hours", "given", "refused"),
    [
        (23.9, {}, None),
        (24.1, {}, (10, 2018278)),
        (24.1, HUMAN, None),
        (167.9, HUMAN, None),
        (168.1, HUMAN, (10, 2018278)),
        (1, {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, (100, 2018199)),
        (1, {"messaging_type": "UPDATE"}, (100, None)),
        (1, {"tag": "HUMAN_AGENT"}, (100, None)),
        (1, {"text": "x" * 2001}, (100, None)),
        (1, {"text": "x" * 2000}, None),
        (1, {"text": ""}, (100, 2018034)),
        (1, {"person": "404"}, (100, 2018001)),
        (1, {"colour": "red"}, (100, None)),
    ],
)
def test_messages_obey_the_windows_tags_and_lengths_of_messenger(
    at: PageOnLoopback, hours: float, given: dict[str, str], refused: tuple[int, int | None] | None
) -> None:
    at.page.add_message(*AINO, "Hei, onko teillä kirvestä?")
    at.clock.now += timedelta(hours=hours)
    if refused is None:
        sent = send(at, **given)
        [conversation] = at.page.state()["conversations"]
        read = sdk(at).get_connections(conversation["id"], "messages", fields="id,from,to")["data"]
        assert (read[0]["id"], sent["recipient_id"]) == (sent["message_id"], AINO[0])
        assert (read[0]["from"]["id"], read[0]["to"]["data"][0]["id"]) == (PAGE_ID, AINO[0])
        return
    with pytest.raises(facebook.GraphAPIError) as caught:
        send(at, **given)
    assert (caught.value.code, caught.value.result["error"].get("error_subcode")) == refused
    assert len(at.page.state()["messages"]) == 1


def test_a_restricted_page_and_a_missing_human_agent_feature_are_error_10(at: PageOnLoopback) -> None:
    at.page.add_message(*AINO, "Hei")
    at.page.human_agent_granted = False
    with pytest.raises(facebook.GraphAPIError) as ungranted:
        send(at, **HUMAN)
    at.page.page_restricted = True
    with pytest.raises(facebook.GraphAPIError) as restricted:
        send(at)
    assert ungranted.value.code == 10
    assert restricted.value.result["error"]["error_subcode"] == 1893063


def test_a_third_conversation_call_within_a_second_is_throttled() -> None:
    with page_on_loopback(conversation_calls_per_s=2) as at:
        path = f"{at.url}/v26.0/{PAGE_ID}/conversations"
        codes = [
            requests.get(path, {"access_token": TOKEN}, timeout=10).json().get("error", {}).get("code") for _ in "abc"
        ]
    assert codes == [None, None, 613]


def test_an_app_with_a_secret_takes_only_calls_with_its_proof() -> None:
    with page_on_loopback(app_secret="nuotio") as at:
        proof = hmac.new(b"nuotio", TOKEN.encode(), hashlib.sha256).hexdigest()
        answers = [
            requests.get(f"{at.url}/v26.0/me", {"access_token": TOKEN} | given, timeout=10).status_code
            for given in ({}, {"appsecret_proof": "0" * 64}, {"appsecret_proof": proof})
        ]
    assert answers == [400, 400, 200]


def test_a_token_in_a_header_opens_the_page_as_one_in_the_query_does(at: PageOnLoopback) -> None:
    answer = requests.get(f"{at.url}/v25.0/me", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
    assert answer.json()["id"] == PAGE_ID
    assert requests.get(f"{at.url}/v25.0/me", timeout=10).json()["error"]["code"] == 190


def test_usage_and_version_are_told_in_headers(at: PageOnLoopback) -> None:
    at.page.usage_percent, at.page.regain_minutes = 72, 5
    headers = requests.get(f"{at.url}/v24.0/me", {"access_token": TOKEN}, timeout=10).headers
    assert json.loads(headers["X-App-Usage"]) == {"call_count": 72, "total_cputime": 72, "total_time": 72}
    [business] = json.loads(headers["X-Business-Use-Case-Usage"])[PAGE_ID]
    assert business["estimated_time_to_regain_access"] == 5
    assert headers["facebook-api-version"] == "v24.0"


def test_faults_double_and_shuffle_a_list_expire_a_token_and_answer_after_the_effect(at: PageOnLoopback) -> None:
    ids = [at.page.add_visitor_post(str(n), *AINO, at=at.clock.pass_minutes(1)) for n in range(4)]

    def read() -> list[str]:
        return [post["id"] for post in sdk(at).get_connections(PAGE_ID, "feed")["data"]]

    at.page.faults.add(Fault("duplicate"))
    assert sorted(read()) == sorted([*ids, *ids])
    at.page.faults.add(Fault("shuffle"))
    shuffled = read()
    assert shuffled != ids[::-1]
    assert sorted(shuffled) == sorted(ids)
    at.page.faults.add(Fault("expired_token"))
    error = refusal(at, "me")
    assert (error["code"], error["error_subcode"]) == (190, 463)
    at.page.faults.add(Fault("status_after", method="POST", status=502, body="<html>"))
    assert (
        requests.post(
            f"{at.url}/v26.0/{ids[0]}/comments", {"access_token": TOKEN, "message": "hei"}, timeout=10
        ).status_code
        == 502
    )
    assert len(at.page.comments_of(ids[0])) == 1


def test_another_process_plays_visitors_and_reads_the_state_over_http(at: PageOnLoopback) -> None:
    def play(what: str, **given: str) -> Any:
        return requests.post(f"{at.url}/_sandbox/play/{what}", json=given, timeout=10).json()

    post = play("add_own_post", message="Uutuus!", at="2026-11-10T08:00:00+00:00")["id"]
    comment = play("add_comment", object_id=post, message="Hieno", author_id=AINO[0], author_name=AINO[1])["id"]
    play("add_message", person_id=AINO[0], person_name=AINO[1], message="Moi")
    play("delete_comment", comment_id=comment)
    state = requests.get(f"{at.url}/_sandbox/state", timeout=10).json()

    assert [p["created_time"] for p in state["posts"]] == ["2026-11-10T08:00:00+0000"]
    assert (state["comments"], len(state["messages"])) == ([], 1)
    assert play("clear_everything")["error"]["code"] == 100


def test_cursors_are_opaque_text_as_graph_makes_them(at: PageOnLoopback) -> None:
    at.page.add_visitor_post("Moi", *AINO)
    cursors = sdk(at).get_connections(PAGE_ID, "feed")["paging"]["cursors"]
    assert set(cursors) == {"before", "after"}
    assert base64.urlsafe_b64decode(cursors["after"])
