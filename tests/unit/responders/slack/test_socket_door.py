"""A press that comes through Socket Mode reaches the approvals and is acknowledged on the same line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, jsonify, request

from models.errors import SignInAgain, TryLater
from responders.slack.actions import Person
from responders.slack.app import create_app
from responders.slack.client import web_client
from responders.slack.doors import socket_door
from sandbox.serving import serve
from sandbox.slack_socket import SlackSocket
from tests.unit.responders.slack.test_doors import a_press
from tests.unit.responders.slack.workspace import PATIENCE_S, RecordedActions, RecordedGrades, RecordedReadings


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
    socket, actions = SlackSocket(), RecordedActions()
    with slack_with({"ok": True, "url": socket.ticket()}) as (api, tokens):
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
        until = time.monotonic() + PATIENCE_S
        while not socket.connections and time.monotonic() < until:  # the other end may be a moment later
            time.sleep(0.01)
        assert socket.send("interactive", a_press(), within_s=PATIENCE_S).problem == ""
        assert actions.next() == ("approve", 7, 3, Person("W111", "primary-owner"))
        door.close()
        assert not door.connected()
        app.listener_runner.listener_executor.shutdown(wait=True)
    socket.close()
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
