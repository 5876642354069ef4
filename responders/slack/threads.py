"""Posts under a card instead of beside it, and finds such a reply again by its key."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.web import SlackResponse

from responders.pacing import POST, REPLIES, UPDATE, Call
from responders.ports import Card, CardRef, Notifier
from responders.slack.errors import translated
from responders.slack.notifier import CLOCKS_DIFFER, EVENT_TYPE, MOST_PAGES, PAGE
from responders.slack.pacer import Pacer, paced

Answer = TypeVar("Answer")


class Threads:
    """Makes notifiers that work in one card's thread."""

    def __init__(self, client: WebClient, pacer: Pacer | None = None) -> None:
        """With a `pacer` every call asks it first, as the notifier's own do."""
        self._client = client
        self._pacer = pacer

    def under(self, card: CardRef) -> Notifier:
        return _UnderCard(self._client, card, self._pacer)


class _UnderCard:
    """responders.ports.Notifier for the thread of one card, whose channel it takes whatever it is told."""

    def __init__(self, client: WebClient, card: CardRef, pacer: Pacer | None) -> None:
        self._client = client
        self._card = card
        self._pacer = pacer

    def post(self, channel: str, card: Card, key: str) -> CardRef:  # noqa: ARG002 - the port's signature
        answer = self._called(
            Call(POST, self._card.channel),
            lambda: self._client.chat_postMessage(
                channel=self._card.channel,
                thread_ts=self._card.ts,
                text=card.fallback,
                blocks=[dict(block) for block in card.blocks],
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            ),
            repeatable=False,
        )
        return CardRef(str(answer["channel"]), str(answer["ts"]))

    def update(self, ref: CardRef, card: Card) -> None:
        self._called(
            Call(UPDATE),
            lambda: self._client.chat_update(
                channel=ref.channel, ts=ref.ts, text=card.fallback, blocks=[dict(block) for block in card.blocks]
            ),
            repeatable=True,
        )

    def find(self, channel: str, key: str, not_before: datetime) -> CardRef | None:  # noqa: ARG002 - the port's signature
        oldest = f"{(not_before - CLOCKS_DIFFER).timestamp():.6f}"
        cursor = ""
        for _ in range(MOST_PAGES):
            page = self._called(Call(REPLIES), partial(self._replies, oldest, cursor), repeatable=True)
            for message in page["messages"]:
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("key") == key:
                    return CardRef(self._card.channel, str(message["ts"]))
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return None

    def _replies(self, oldest: str, cursor: str) -> SlackResponse:
        return self._client.conversations_replies(
            channel=self._card.channel,
            ts=self._card.ts,
            oldest=oldest,
            limit=PAGE,
            include_all_metadata=True,
            cursor=cursor or None,
        )

    def _called(self, call: Call, ask: Callable[[], Answer], *, repeatable: bool) -> Answer:
        return paced(self._pacer, call, lambda: _translated(ask, repeatable=repeatable))


def _translated(ask: Callable[[], Answer], *, repeatable: bool) -> Answer:
    try:
        return ask()
    except (SlackClientError, OSError, http.client.HTTPException) as error:
        raise translated(error, repeatable=repeatable) from error
