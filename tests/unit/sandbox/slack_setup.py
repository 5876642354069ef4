"""A sandbox Slack on a loopback port, a real client for it, and cards to post."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient

from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store

TOKEN = "xoxb-rehearsal"
SECRET = "rehearsal-signing-secret"
ALERTS = "C0PALOVAHTI"
CONTACTS = "C0ASIAKAS"


@dataclass
class Clocks:
    """The world's clock and the wall's, moved by hand."""

    world: datetime = datetime(2026, 11, 10, 9, 42, tzinfo=UTC)
    wall: float = field(default_factory=lambda: datetime.now(UTC).timestamp())

    def pass_seconds(self, seconds: float) -> None:
        self.world += timedelta(seconds=seconds)
        self.wall += seconds


@dataclass(frozen=True)
class Rehearsal:
    slack: SlackSandbox
    client: WebClient
    clocks: Clocks
    url: str


@contextmanager
def rehearsal(store: Store | None = None, clocks: Clocks | None = None, **options: Any) -> Iterator[Rehearsal]:
    clocks = clocks or Clocks()
    slack = SlackSandbox(
        store or Store(), lambda: clocks.world, TOKEN, SECRET, wall_clock=lambda: clocks.wall, **options
    )
    server = serve(slack.app)
    try:
        yield Rehearsal(slack, WebClient(TOKEN, base_url=f"{server.url}/api/"), clocks, server.url)
    finally:
        server.close()


def eventually(read: Callable[[], Any]) -> Any:
    """What `read` gives once it is not empty: an app acknowledges first and works after."""
    for _ in range(1000):
        found = read()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it never came")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def button(action_id: str, label: str = "Hyväksy ja lähetä", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": "case-7", **more}


def actions(*elements: dict[str, Any], block_id: str = "decide") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def select(action_id: str, *values: str) -> dict[str, Any]:
    options = [{"text": plain(value.title()), "value": value} for value in values]
    return {"type": "static_select", "action_id": action_id, "options": options, "placeholder": plain("Valitse")}


def a_card(*extra: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "header", "text": plain("Toimitus myöhässä: 14 kielteistä tunnissa")},
        {"type": "section", "text": mrkdwn("*Miksi:* tahti on 6-kertainen tavalliseen verrattuna")},
        {"type": "context", "elements": [mrkdwn("X · tapaus 7")]},
        {"type": "divider"},
        actions(button("approve", style="primary"), button("reject", "Hylkää", style="danger")),
        *extra,
    ]


def a_modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    reply = {
        "type": "input",
        "block_id": "reply",
        "label": plain("Vastaus"),
        "element": {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 280},
    }
    return {
        "type": "modal",
        "callback_id": "edit_reply",
        "title": plain("Muokkaa vastausta"),
        "submit": plain("Lähetä"),
        "close": plain("Peru"),
        "private_metadata": "7",
        "blocks": list(blocks) or [reply],
        **more,
    }


@contextmanager
def bolt_app(room: Rehearsal, secret: str = SECRET) -> Iterator[App]:
    """A real Bolt app with its signature check on, behind a loopback port the workspace delivers to."""
    app = App(signing_secret=secret, client=room.client)
    handler = SlackRequestHandler(app)
    door = Flask("bolt door")

    @door.post("/slack/events")
    def events() -> Response:
        return handler.handle(request)

    server = serve(door)
    room.slack.interactivity_url = f"{server.url}/slack/events"
    try:
        yield app
    finally:
        server.close()
