"""The stand-ins on loopback in this process, the settings that lead to them, and people who press buttons."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settings import FacebookSettings, Secrets, Settings, StoreSettings, XSettings
from bot.shop_settings import ShopSettings
from bot.slack_settings import SlackSettings
from sandbox.graph import GraphSandbox
from sandbox.serving import Server, serve
from sandbox.slack import SlackSandbox
from sandbox.slack_rates import Rates
from sandbox.slack_socket import SlackSocket
from sandbox.store import Store
from sandbox.x import XSandbox
from sandbox.x_auth import XKeys

Json = dict[str, Any]

PAGE = "104500000000001"
ME = "1480000000000000001"
ALERTS, CONTACTS = "C0PALOVAHTI", "C0ASIAKAS"
ANNA, MIKAEL = "U0ANNA", "U0MIKAEL"
FREELY = 1_000_000


def wall() -> datetime:
    return datetime.now(UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stage:
    """Three stand-ins at work; `settings` and `secrets` lead a product to them."""

    x: XSandbox
    graph: GraphSandbox
    slack: SlackSandbox
    settings: Settings
    secrets: Secrets
    _servers: tuple[Server, ...]
    _store: Store

    @classmethod
    def open(
        cls, folder: Path, *, http_port: int, poll_seconds: float = 0.2, socket: bool = False, rates: bool = False
    ) -> Stage:
        """A stage that keeps its state in `folder` and delivers presses to `http_port`, where the product listens.

        With `socket` they go over Socket Mode instead; with `rates` Slack holds the product to its rates.
        """
        store = Store(folder / "sandbox.db")
        limits = dict.fromkeys(("mentions", "search", "dm_events", "create_post", "create_dm"), FREELY)
        x = XSandbox(store, wall, keys=XKeys(), limits=limits)
        graph = GraphSandbox(store, wall, PAGE, "Nuotiopuoti", conversation_calls_per_s=FREELY)
        slack = SlackSandbox(
            store,
            wall,
            "xoxb-journey",
            "journey-secret",
            app_token="xapp-journey",
            rates=Rates(time.monotonic) if rates else None,
            socket=SlackSocket() if socket else None,
        )
        slack.interactivity_url = f"http://127.0.0.1:{http_port}/slack/events"
        servers = (serve(x.app), serve(graph.app), serve(slack.app))
        settings = Settings(
            shop=ShopSettings(name="Nuotiopuoti", languages=("fi", "sv", "en"), email="apu@nuotiopuoti.example"),
            store=StoreSettings(url=f"sqlite:///{folder / 'palovahti.db'}"),
            x=XSettings(
                account_id=ME,
                username="nuotiopuoti",
                search=["nuotiopuoti"],
                poll_seconds=poll_seconds,
                send_gap_seconds=0,
                api_base=servers[0].url,
            ),
            facebook=FacebookSettings(
                page_id=PAGE, page_name="Nuotiopuoti", poll_seconds=poll_seconds, api_base=servers[1].url
            ),
            slack=SlackSettings(
                alert_channel=ALERTS,
                contact_channel=CONTACTS,
                door="socket" if socket else "http",
                http_port=http_port,
                api_base=f"{servers[2].url}/api/",
            ),
        )
        return cls(x, graph, slack, settings, _secrets(), servers, store)

    def close(self) -> None:
        if self.slack.socket is not None:
            self.slack.socket.close()
        for server in self._servers:
            server.close()
        self._store.close()

    def cards(self, channel: str | None = None) -> list[Json]:
        """The cards in Slack, oldest first."""
        channels = (channel,) if channel else (ALERTS, CONTACTS)
        return [
            message | {"channel": one}
            for one in channels
            for message in self.slack.workspace.messages(one)
            if message.get("metadata", {}).get("event_type") == "palovahti_card"
        ]

    def press(self, card: Json, action: str, user: str = ANNA) -> Future[Any] | None:
        """Presses the card's button as it looks now; None when it has no such button (any more)."""
        now = self.slack.workspace.message(card["channel"], card["ts"])
        for block_id, action_id in buttons(now or {}):
            if action_id == action:
                try:
                    return self.slack.click(user, card["channel"], card["ts"], block_id, action_id)
                except LookupError:  # redrawn between the look and the press
                    return None
        return None

    def reply_asked_about(self, card: Json) -> int | None:
        """The reply that the card asks people to approve as it looks now; None when it asks nothing."""
        now = self.slack.workspace.message(card["channel"], card["ts"]) or {}
        for block in now.get("blocks", []):
            for element in block.get("elements", []):
                if element.get("action_id") == "approve":
                    return int(json.loads(element["value"])["reply"])
        return None

    def own_posts(self) -> list[Json]:
        """Everything published in the shop's name: {channel, text, parent}."""
        on_x = [
            {"channel": "x", "text": post["text"], "parent": post["in_reply_to"]}
            for post in self.x.world.posts()
            if post["author_id"] == ME
        ]
        dms = [
            {"channel": "x", "text": event["text"], "parent": event["dm_conversation_id"]}
            for event in self.x.world.dms()
            if event["sender_id"] == ME
        ]
        state = self.graph.state()
        comments = [
            {"channel": "facebook", "text": one["message"], "parent": one["parent_id"] or one["post_id"]}
            for one in state["comments"]
            if one["from"] and one["from"]["id"] == PAGE
        ]
        messages = [
            {"channel": "facebook", "text": one["message"], "parent": talk["id"]}
            for talk in state["conversations"]
            for one in self.graph.messages_of(talk["id"])
            if one["from"] and one["from"]["id"] == PAGE
        ]
        return [*on_x, *dms, *comments, *messages]


def buttons(message: Json) -> Iterator[tuple[str, str]]:
    """(block_id, action_id) of every button of a message."""
    for block in message.get("blocks", []):
        for element in block.get("elements", []):
            if element.get("type") == "button":
                yield block["block_id"], element["action_id"]


def _secrets() -> Secrets:
    keys = XKeys()
    return Secrets(
        x_consumer_key=SecretStr(keys.consumer_key),
        x_consumer_secret=SecretStr(keys.consumer_secret),
        x_access_token=SecretStr(keys.access_token),
        x_access_token_secret=SecretStr(keys.access_token_secret),
        facebook_page_token=SecretStr("sandbox-page-token"),
        slack_bot_token=SecretStr("xoxb-journey"),
        slack_app_token=SecretStr("xapp-journey"),
        slack_signing_secret=SecretStr("journey-secret"),
    )
