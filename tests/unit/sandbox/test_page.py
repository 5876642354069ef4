"""The page's server: what it tells, what it takes, and whom it answers."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sandbox.page import ClockInfo, StreamItem, StreamSlice, create_page
from tests.unit.sandbox.slack_setup import ALERTS, Rehearsal, a_card, a_modal, bolt_app, eventually, rehearsal

STATIC = Path(__file__).parents[3] / "sandbox" / "static"
NOON = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)


def an_item(seq: int, **more: object) -> StreamItem:
    usual = {"channel": "x", "place": "mention", "external_id": f"p{seq}", "thread_id": "t1", "parent_id": None}
    usual |= {"author_name": "Satu", "author_handle": "satu", "text": "missä paketti?", "created_at": NOON}
    return StreamItem(seq, **{**usual, **more})  # type: ignore[arg-type]


class GrowingStream:
    """Items in the order they changed."""

    def __init__(self, *items: StreamItem) -> None:
        self.items = list(items)

    def __call__(self, after: int) -> StreamSlice:
        return StreamSlice(tuple(one for one in self.items if one.seq > after), max(i.seq for i in self.items))


@pytest.fixture
def room():
    with rehearsal() as here:
        yield here


@pytest.fixture
def stream() -> GrowingStream:
    return GrowingStream(an_item(1), an_item(2))


@pytest.fixture
def page(room: Rehearsal, stream: GrowingStream) -> FlaskClient:
    return create_page(room.slack, stream, lambda: ClockInfo(NOON, 120.0)).test_client()


def test_the_state_tells_only_what_changed_since_the_last_time(page: FlaskClient, room: Rehearsal, stream):
    room.client.chat_postMessage(channel=ALERTS, text="Hälytys", blocks=a_card())
    first = page.get("/page/state?after=0&changes=0&user=U0ANNA").json
    assert [item["external_id"] for item in first["stream"]["items"]] == ["p1", "p2"]
    assert [kept["message"]["text"] for kept in first["slack"]["messages"]] == ["Hälytys"]
    assert first["clock"] == {"now": NOON.isoformat(), "speed": 120.0, "state": "running", "zone": "Europe/Helsinki"}
    since = f"/page/state?after={first['stream']['latest']}&changes={first['slack']['latest']}&user=U0ANNA"
    quiet = page.get(since).json
    assert quiet["stream"]["items"] == []
    assert quiet["slack"] == {"latest": first["slack"]["latest"]}
    stream.items.append(an_item(3, external_id="p1", sentiment="negative"))
    judged = page.get(since).json
    assert [(item["external_id"], item["sentiment"]) for item in judged["stream"]["items"]] == [("p1", "negative")]


def test_a_hidden_message_is_in_the_state_of_its_reader_only(page: FlaskClient, room: Rehearsal):
    room.client.chat_postEphemeral(channel=ALERTS, user="U0ANNA", text="Joku ehti ensin")
    assert page.get("/page/state?user=U0ANNA").json["slack"]["messages"]
    assert page.get("/page/state?user=U0MIKAEL").json["slack"]["messages"] == []


def test_a_click_and_a_submission_go_through_to_the_app(page: FlaskClient, room: Rehearsal):
    ts = room.client.chat_postMessage(channel=ALERTS, text="Hälytys", blocks=a_card())["ts"]
    where = {"user": "U0ANNA", "channel": ALERTS, "ts": ts, "block_id": "decide", "action_id": "approve"}
    with bolt_app(room) as app:

        @app.action("approve")
        def approve(ack, body, client):
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=a_modal())

        @app.view("edit_reply")
        def submitted(ack):
            ack(response_action="errors", errors={"reply": "Vielä vähän."})

        assert page.post("/page/click", json=where).json == {"problem": "", "status": 200}
        view = eventually(lambda: page.get("/page/state?user=U0ANNA").json["slack"].get("view"))
        typed = {"user": "U0ANNA", "view_id": view["id"], "values": {"reply": {"text": "Hei!"}}}
        assert page.post("/page/submit", json=typed).json["errors"] == {"reply": "Vielä vähän."}
        page.post("/page/cancel", json={"user": "U0ANNA", "view_id": view["id"]})
        assert page.get("/page/state?user=U0ANNA").json["slack"]["view"] is None


def test_pressing_what_is_gone_is_answered_and_not_an_error(page: FlaskClient):
    where = {"user": "U0ANNA", "channel": ALERTS, "ts": "1.000001", "block_id": "decide", "action_id": "approve"}
    answer = page.post("/page/click", json=where)
    assert (answer.status_code, answer.json["problem"]) == (409, "gone")


def test_a_page_of_another_site_can_neither_read_nor_press(page: FlaskClient):
    assert page.get("/page/state", headers={"Host": "attacker.example"}).status_code == 403
    assert page.post("/page/click", data="user=U0ANNA").status_code == 415


def test_the_browser_is_told_to_load_nothing_from_elsewhere(page: FlaskClient):
    with page.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_files_of_the_page_name_no_other_host_and_never_read_words_as_html():
    files = [path for kind in ("*.js", "*.css", "*.html") for path in STATIC.glob(kind)]
    assert len(files) > 10
    for path in files:
        text = path.read_text()
        addresses = set(re.findall(r"https?://[\w.-]+", text)) - {"http://www.w3.org"}
        assert not addresses, path
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            path
        )


def test_every_picture_an_emoji_may_become_is_there():
    drawn = re.search(r"new Set\(`(.*?)`", (STATIC / "emoji.js").read_text(), re.DOTALL).group(1).split()
    assert {path.stem for path in (STATIC / "emoji").glob("*.svg")} == set(drawn)


def test_the_three_languages_have_the_same_texts():
    source = (STATIC / "texts.js").read_text()
    blocks = re.findall(r"^  (fi|sv|en): \{\n(.*?)^  \},", source, re.DOTALL | re.MULTILINE)
    names = {code: set(re.findall(r"(?:^|,)\s+(\w+): [\"(]", body, re.MULTILINE)) for code, body in blocks}
    assert names["fi"] == names["sv"] == names["en"]
    assert {"rehearsal", "timeout", "topic_palovahti"} <= names["fi"]
