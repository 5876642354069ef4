"""Posts cards to Slack, redraws them, and finds one again by its key."""

from __future__ import annotations

import http.client
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.web import SlackResponse

from models.errors import Refused
from responders.pacing import HISTORY, POST, UPDATE, Call
from responders.ports import Card, CardRef
from responders.slack.client import web_client
from responders.slack.errors import translated
from responders.slack.pacer import Pacer, paced

logger = logging.getLogger(__name__)

EVENT_TYPE = "palovahti_card"
CLOCKS_DIFFER = timedelta(minutes=2)  # Slack stamps messages with its own clock
PAGE = 200
MOST_PAGES = 10

_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{5,}")
Answer = TypeVar("Answer")


class SlackNotifier:
    """responders.ports.Notifier over Slack's Web API. Channels are ids, or names with or without their #."""

    def __init__(
        self, token: str, base_url: str | None = None, timeout_s: int = 10, pacer: Pacer | None = None
    ) -> None:
        """With a `pacer` every call asks it first, and raises TryLater ("pacing") when Slack's rates are spent."""
        self._client = web_client(token, base_url, timeout_s)
        self._pacer = pacer
        self._ids: dict[str, str] = {}

    def post(self, channel: str, card: Card, key: str) -> CardRef:
        """Posts the card with `key` in its metadata. Links in it never unfold into previews."""
        answer = self._paced(
            Call(POST, channel),
            lambda: self._client.chat_postMessage(
                channel=channel,
                text=card.fallback,
                blocks=[dict(block) for block in card.blocks],
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            ),
            repeatable=False,
        )
        ref = CardRef(str(answer["channel"]), str(answer["ts"]))
        logger.info("card posted channel=%s ts=%s", ref.channel, ref.ts)
        return ref

    def update(self, ref: CardRef, card: Card) -> None:
        """Redraws the card; drawing it twice is the same as once."""
        self._paced(
            Call(UPDATE),
            lambda: self._client.chat_update(
                channel=ref.channel, ts=ref.ts, text=card.fallback, blocks=[dict(block) for block in card.blocks]
            ),
            repeatable=True,
        )
        logger.info("card redrawn channel=%s ts=%s", ref.channel, ref.ts)

    def find(self, channel: str, key: str, not_before: datetime) -> CardRef | None:
        """The newest card with `key` since `not_before`; None when it is not among the newest 2,000 messages."""
        channel_id = self._channel_id(channel)
        oldest = f"{(not_before - CLOCKS_DIFFER).timestamp():.6f}"
        cursor = ""
        for _ in range(MOST_PAGES):
            page = self._paced(Call(HISTORY), partial(self._history, channel_id, oldest, cursor), repeatable=True)
            for message in page["messages"]:
                metadata = message.get("metadata") or {}
                ours = metadata.get("event_type") == EVENT_TYPE
                if ours and (metadata.get("event_payload") or {}).get("key") == key:
                    return CardRef(channel_id, str(message["ts"]))
            cursor = _next_cursor(page)
            if not cursor:
                break
        return None

    def _paced(self, call: Call, ask: Callable[[], Answer], *, repeatable: bool) -> Answer:
        return paced(self._pacer, call, lambda: _called(ask, repeatable=repeatable))

    def _history(self, channel_id: str, oldest: str, cursor: str) -> SlackResponse:
        return self._client.conversations_history(
            channel=channel_id, oldest=oldest, limit=PAGE, include_all_metadata=True, cursor=cursor or None
        )

    def _channel_id(self, channel: str) -> str:
        """Reading needs the id; posting takes a name as well."""
        if _CHANNEL_ID.fullmatch(channel):
            return channel
        name = channel.removeprefix("#")
        if name not in self._ids:
            self._ids |= _channels(self._client)
        if name not in self._ids:
            raise Refused("channel_not_found", "There is no such channel. Check the channel in the settings.")
        return self._ids[name]


def _channels(client: WebClient) -> dict[str, str]:
    """The ids of the channels the bot can see, by name."""
    found: dict[str, str] = {}
    cursor = ""
    for _ in range(MOST_PAGES):
        page = _called(
            partial(
                client.conversations_list,
                limit=PAGE,
                cursor=cursor or None,
                exclude_archived=True,
                types="public_channel,private_channel",
            ),
            repeatable=True,
        )
        found |= {str(one["name"]): str(one["id"]) for one in page["channels"]}
        cursor = _next_cursor(page)
        if not cursor:
            break
    return found


def _next_cursor(page: SlackResponse) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")


def _called(call: Callable[[], Answer], *, repeatable: bool) -> Answer:
    try:
        return call()
    except (SlackClientError, OSError, http.client.HTTPException) as error:
        raise translated(error, repeatable=repeatable) from error
