"""What setting Slack up asks of Slack: who the token is, which channels there are, and a first message in them."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from slack_sdk.errors import SlackClientError

from models.errors import Refused
from responders.slack.blocks import context, header, section
from responders.slack.client import web_client
from responders.slack.errors import translated
from responders.slack.escaping import Mrkdwn
from responders.slack.probe import SCOPES

PRIVATE_SCOPES = ("groups:history", "groups:read")  # for private channels only
ROOM_SCOPES = ("channels:manage", "pins:write")  # for an outrage's own channel only
PAGE = 200
MOST_PAGES = 10

_MANIFEST = Path(__file__).with_name("app-manifest.yaml")
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{5,}")
_CARD = {
    "fi": {
        "title": "Palovahti on yhdistetty",
        "alerts": "Tälle kanavalle tulevat hälytykset, kun keskustelu kuumenee.",
        "contacts": "Tälle kanavalle tulevat asiakkaat, jotka odottavat vastausta.",
        "both": "Tälle kanavalle tulevat hälytykset, kun keskustelu kuumenee, ja asiakkaat, jotka odottavat vastausta.",
        "note": "Tämä on koeviesti. Sille ei tarvitse tehdä mitään.",
    },
    "sv": {
        "title": "Palovahti är anslutet",
        "alerts": "Hit kommer larmen när en diskussion hettar till.",
        "contacts": "Hit kommer kunder som väntar på svar.",
        "both": "Hit kommer larmen när en diskussion hettar till, och kunder som väntar på svar.",
        "note": "Det här är ett testmeddelande. Du behöver inte göra något.",
    },
    "en": {
        "title": "Palovahti is connected",
        "alerts": "Alerts come to this channel when a conversation heats up.",
        "contacts": "Customers who wait for an answer come to this channel.",
        "both": "Alerts come to this channel when a conversation heats up, and so do customers who wait for an answer.",
        "note": "This is a test message. There is nothing to do about it.",
    },
}

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class SignedIn:
    """Whose token it is, and the scopes it was granted."""

    team: str
    bot: str
    scopes: frozenset[str]

    @property
    def lacking(self) -> tuple[str, ...]:
        """The scopes without which nothing works."""
        return tuple(scope for scope in SCOPES if scope not in self.scopes)

    @property
    def sees_private(self) -> bool:
        """Whether the bot may work in private channels it is invited to."""
        return self.scopes.issuperset(PRIVATE_SCOPES)

    @property
    def needless(self) -> tuple[str, ...]:
        """What was granted and is never used."""
        return tuple(sorted(self.scopes.difference(SCOPES, PRIVATE_SCOPES, ROOM_SCOPES)))


@dataclass(frozen=True)
class Room:
    """A channel of the workspace."""

    id: str
    name: str
    has_bot: bool
    archived: bool


class Workspace:
    """The workspace that `token` opens. Every method raises models.errors.PlatformError when Slack says no."""

    def __init__(self, token: str, base_url: str | None = None, timeout_s: int = 10) -> None:
        self._client = web_client(token, base_url, timeout_s)

    def sign_in(self) -> SignedIn:
        hello = _called(self._client.auth_test)
        headers = {name.lower(): str(value) for name, value in hello.headers.items()}
        granted = headers.get("x-oauth-scopes", "").replace(" ", "").split(",")
        return SignedIn(str(hello.get("team", "")), str(hello.get("user", "")), frozenset(filter(None, granted)))

    def opens_socket(self, app_token: str) -> None:
        """Asks for a line as Socket Mode does, and leaves it unused."""
        _called(lambda: self._client.apps_connections_open(app_token=app_token))

    def rooms(self, *, private: bool) -> list[Room]:
        """The workspace's first 2,000 open channels, those with the bot first; private ones as far as it is in them."""
        return sorted(self._rooms(private), key=lambda room: (not room.has_bot, room.name))

    def room(self, wanted: str, *, private: bool) -> Room:
        """The channel of that id or name, with or without its #. Raises Refused when the bot sees no such channel."""
        if _CHANNEL_ID.fullmatch(wanted):
            return _room(_called(lambda: self._client.conversations_info(channel=wanted))["channel"])
        for room in self._rooms(private):
            if room.name == wanted.removeprefix("#"):
                return room
        raise Refused(
            "channel_not_found",
            "The bot sees no open channel of that name. Check the name; into a private channel invite the bot first: "
            "/invite @Palovahti.",
        )

    def greet(self, room: Room, use: str, language: str) -> None:
        """Posts the test card; `use` is alerts, contacts or both."""
        words = _CARD[language]
        blocks = [header(words["title"]), section(Mrkdwn(words[use])), context(Mrkdwn(words["note"]))]
        _called(
            lambda: self._client.chat_postMessage(channel=room.id, text=words["title"], blocks=blocks),
            repeatable=False,
        )

    def _rooms(self, private: bool) -> Iterator[Room]:
        types = "public_channel,private_channel" if private else "public_channel"
        cursor = ""
        for _ in range(MOST_PAGES):
            listed = partial(
                self._client.conversations_list,
                limit=PAGE, cursor=cursor or None, exclude_archived=True, types=types,
            )  # fmt: skip
            page = _called(listed)
            yield from (_room(one) for one in page["channels"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def manifest() -> str:
    """The app's manifest, in YAML as Slack takes it."""
    return _MANIFEST.read_text("utf-8")


def creation_link() -> str:
    """Where Slack makes the app, with the manifest filled in."""
    return f"https://api.slack.com/apps?new_app=1&manifest_yaml={quote(manifest(), safe='')}"


def _room(channel: dict[str, Any]) -> Room:
    # A direct message has neither name nor members.
    return Room(
        str(channel["id"]),
        str(channel.get("name") or channel["id"]),
        bool(channel.get("is_member")),
        bool(channel.get("is_archived")),
    )


def _called(call: Callable[[], Answer], *, repeatable: bool = True) -> Answer:
    try:
        return call()
    except (SlackClientError, OSError, http.client.HTTPException) as error:
        raise translated(error, repeatable=repeatable) from error
