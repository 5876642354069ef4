"""A press that comes through Socket Mode reaches the approvals and is acknowledged on the same line."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from flask import Flask, jsonify, request

from models.errors import SignInAgain, TryLater
from responders.slack.actions import Person
from responders.slack.app import create_app
from responders.slack.client import web_client
from responders.slack.doors import socket_door
from sandbox.serving import serve
from tests.unit.responders.slack.test_doors import a_press
from tests.unit.responders.slack.workspace import PATIENCE_S, RecordedActions, RecordedGrades, RecordedReadings

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455


class Line:
    """Slack's end of one Socket Mode connection: just enough of RFC 6455 to greet, send and hear."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listening.getsockname()[1]}/link"
        self.heard: Queue[dict[str, Any]] = Queue()
        self._to_send: Queue[dict[str, Any]] = Queue()
        self._thread = Thread(target=self._talk, daemon=True)
        self._thread.start()

    def send(self, envelope: dict[str, Any]) -> None:
        self._to_send.put(envelope)

    def close(self) -> None:
        self._listening.close()
        self._thread.join(PATIENCE_S)

    def _talk(self) -> None:
        connection, _ = self._listening.accept()
        with connection, connection.makefile("rb") as stream:
            headers: dict[str, str] = {}
            for raw in iter(stream.readline, b"\r\n"):
                name, _, value = raw.decode().strip().partition(": ")
                headers[name.lower()] = value
            key = hashlib.sha1((headers["sec-websocket-key"] + MAGIC).encode()).digest()
            connection.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + base64.b64encode(key) + b"\r\n\r\n"
            )
            _write(connection, {"type": "hello", "num_connections": 1})
            _write(connection, self._to_send.get(timeout=PATIENCE_S))
            while (message := _read(stream)) is not None:
                if message:
                    self.heard.put(message)


def _write(connection: socket.socket, body: dict[str, Any]) -> None:
    data = json.dumps(body).encode()
    size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
    connection.sendall(b"\x81" + size + data)


def _read(stream: Any) -> dict[str, Any] | None:
    """The next text as JSON, {} for a ping, None at the end."""
    head = stream.read(2)
    if len(head) < 2 or head[0] & 0x0F == 8:
        return None
    size = head[1] & 0x7F
    if size == 126:
        [size] = struct.unpack(">H", stream.read(2))
    mask = stream.read(4)
    data = bytes(byte ^ mask[at % 4] for at, byte in enumerate(stream.read(size)))
    return dict(json.loads(data)) if head[0] & 0x0F == 1 else {}


@contextmanager
def slack_with(answer: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    tokens: list[str] = []
    api = Flask("connections")

    @api.post("/api/<method>")
    def call(method: str) -> Any:
        if method == "apps.connections.open":
            tokens.append(request.headers["Authorization"])
            return jsonify(answer)
        return jsonify(ok=False, error="unknown_method")

    server = serve(api)
    try:
        yield f"{server.url}/api/", tokens
    finally:
        server.close()


def test_a_press_comes_in_and_is_acknowledged() -> None:
    line, actions = Line(), RecordedActions()
    with slack_with({"ok": True, "url": line.url}) as (api, tokens):
        app = create_app(
            client=web_client("xoxb-t", api),
            signing_secret=None,
            actions=actions,
            readings=RecordedReadings(),
            grades=RecordedGrades(),
        )
        door = socket_door(app, "xapp-t")
        door.start()
        assert door.connected()
        envelope = {"type": "interactive", "envelope_id": "e-1", "accepts_response_payload": True}
        line.send({**envelope, "payload": a_press()})
        assert actions.next() == ("approve", 7, 3, Person("W111", "primary-owner"))
        assert line.heard.get(timeout=PATIENCE_S)["envelope_id"] == "e-1"
        door.close()
        assert not door.connected()
        app.listener_runner.listener_executor.shutdown(wait=True)
    line.close()
    assert tokens == ["Bearer xapp-t"]


@pytest.mark.parametrize(
    ("answer", "kind", "advice"),
    [
        ({"ok": False, "error": "invalid_auth"}, SignInAgain, "connections:write"),
        ({"ok": False, "error": "internal_error"}, TryLater, "trouble"),
    ],
)
def test_a_door_that_slack_does_not_open_says_why(answer: dict[str, Any], kind: type[Exception], advice: str) -> None:
    with slack_with(answer) as (api, _):
        app = create_app(
            client=web_client("xoxb-t", api),
            signing_secret=None,
            actions=RecordedActions(),
            readings=RecordedReadings(),
            grades=RecordedGrades(),
        )
        door = socket_door(app, "xapp-wrong")
        with pytest.raises(kind, match=advice):
            door.start()
        door.close()
        app.listener_runner.listener_executor.shutdown(wait=True)
