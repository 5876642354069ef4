"""The stand-in's Socket Mode through Slack's own client: tickets, envelopes, refreshes, and its bad days."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.slack_socket import SlackSocket
from sandbox.store import Store

PATIENCE_S = 20.0


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@dataclass
class Room:
    slack: SlackSandbox
    socket: SlackSocket
    web: WebClient
    heard: list[SocketModeRequest] = field(default_factory=list)
    answers: bool = True

    def client(self) -> SocketModeClient:
        made = SocketModeClient("xapp-test", web_client=WebClient(base_url=self.web.base_url), ping_interval=0.5)

        def listen(client: Any, request: SocketModeRequest) -> None:
            self.heard.append(request)
            if self.answers:
                client.send_socket_mode_response(SocketModeResponse(request.envelope_id, {"text": "kiitos"}))

        made.socket_mode_request_listeners.append(listen)
        made.connect()
        wait_until(lambda: self.socket.connections > 0)
        return made


@pytest.fixture
def room() -> Iterator[Room]:
    store, socket = Store(), SlackSocket()
    slack = SlackSandbox(
        store, lambda: datetime.now(UTC), "xoxb-test", "secret", app_token="xapp-test", socket=socket
    )  # fmt: skip
    server = serve(slack.app)
    yield Room(slack, socket, WebClient("xoxb-test", base_url=f"{server.url}/api/"))
    socket.close()
    server.close()
    store.close()


def test_an_envelope_is_acknowledged_with_its_payload(room: Room) -> None:
    client = room.client()
    answer = room.socket.send("interactive", {"type": "block_actions", "text": "ä" * 40_000})
    client.close()
    assert (answer.problem, answer.payload) == ("", {"text": "kiitos"})
    assert [request.type for request in room.heard] == ["interactive"]
    assert len(room.heard[0].payload["text"]) == 40_000


def test_what_nobody_acknowledges_times_out_and_without_a_line_nothing_is_sent(room: Room) -> None:
    assert room.socket.send("interactive", {}).problem == "unreachable"
    room.answers = False
    client = room.client()
    assert room.socket.send("interactive", {}, within_s=0.3).problem == "timeout"
    client.close()


def test_an_address_opens_one_connection_and_a_made_up_one_none(room: Room) -> None:
    client = room.client()
    assert client.wss_uri is not None
    again = SocketModeClient("xapp-test", auto_reconnect_enabled=False)
    again.wss_uri = client.wss_uri
    again.connect()
    wait_until(lambda: not again.is_connected())
    again.close()
    client.close()
    assert room.socket.opened == 1


def test_a_deaf_line_answers_pings_and_brings_nothing(room: Room) -> None:
    client = room.client()
    room.socket.faults.deaf = True
    assert room.socket.send("interactive", {}, within_s=1.5).problem == "timeout"
    assert client.is_connected()
    assert room.heard == []
    client.close()


def test_a_duplicate_comes_with_the_same_id(room: Room) -> None:
    client = room.client()
    room.socket.faults.duplicate = True
    assert room.socket.send("interactive", {}).problem == ""
    wait_until(lambda: len(room.heard) == 2)
    assert room.heard[0].envelope_id == room.heard[1].envelope_id
    client.close()


@pytest.mark.parametrize("how", ["refresh", "drop"])
def test_a_refreshed_and_a_dropped_client_comes_back(room: Room, how: str) -> None:
    client = room.client()
    getattr(room.socket, how)()
    wait_until(lambda: room.socket.opened == 2)
    wait_until(lambda: room.socket.send("interactive", {}, within_s=0.5).problem == "")
    client.close()


def test_our_own_metadata_comes_back_as_an_event_and_nobody_elses(room: Room) -> None:
    client = room.client()
    other = {"event_type": "palovahti_card", "event_payload": {"key": "case-1"}}
    beat = {"event_type": "palovahti_heartbeat", "event_payload": {"beat": "a"}}
    room.web.chat_postMessage(channel="C0PALOVAHTI", text="Kortti", metadata=other)
    ts = room.web.chat_postMessage(channel="C0PALOVAHTI", text="Syke", metadata=beat)["ts"]
    wait_until(lambda: len(room.heard) == 1)
    room.web.chat_update(channel="C0PALOVAHTI", ts=ts, text="Syke", metadata=beat)
    wait_until(lambda: len(room.heard) == 2)
    client.close()
    events = [request.payload["event"] for request in room.heard]
    assert [event["type"] for event in events] == ["message_metadata_posted", "message_metadata_updated"]
    assert all(event["metadata"] == beat and event["message_ts"] == ts for event in events)
    assert room.heard[0].type == "events_api"


def test_an_event_that_is_not_acknowledged_is_sent_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.slack_socket.ACK_WITHIN_S", 0.2)
    room.answers = False
    client = room.client()
    assert room.slack.events.send({"type": "user_change"}).result(timeout=PATIENCE_S) == 0
    client.close()
    assert len({request.envelope_id for request in room.heard}) > 1
    assert len({request.payload["event_id"] for request in room.heard}) == 1
