"""What a publisher and a notifier must offer, and the values they take and give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Window(StrEnum):
    """Meta's messaging window a message goes out under (platform rules, 24 h and 7 days); NONE elsewhere."""

    NONE = "none"
    RESPONSE = "response"  # within 24 h of the customer's last message
    HUMAN_AGENT = "human_agent"  # up to 7 days, a person wrote it, the feature is granted


@dataclass(frozen=True)
class Outgoing:
    """A reply that a named person approved, ready to leave.

    `target_id` is the post or comment answered, or the conversation for a direct message; `recipient_id` is the
    customer's id for a direct message. `not_before` bounds the read-back: our reply cannot be older.
    """

    reply_id: int
    channel: str
    account: str
    place: str  # listener's Place value: mention, search, visitor_post, comment, dm
    thread_id: str
    target_id: str
    recipient_id: str | None
    text: str
    not_before: datetime
    window: Window = Window.NONE


@dataclass(frozen=True)
class Published:
    """What the platform called our reply."""

    external_id: str
    permalink: str | None = None


class Publisher(Protocol):
    """Delivers approved replies on one channel.

    `publish` raises TryLater only when nothing can have happened over there (refused connection, 429, a 5xx that the
    platform defines as not done), OutcomeUnknown when the request left and no usable answer came (timeouts, dropped
    connections, 5xx after sending), Refused, or SignInAgain. `find` reads the thread back and returns our reply when
    it is there, None when it is not; it raises TryLater when it could not look.
    """

    channel: str

    def publish(self, outgoing: Outgoing) -> Published: ...

    def find(self, outgoing: Outgoing) -> Published | None: ...


@dataclass(frozen=True)
class CardRef:
    """Where a card lives: Slack's channel id and message ts."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Card:
    """A rendered card: Block Kit blocks and the plain-text fallback that notifications read aloud.

    One that `ages` tells how long something has taken, and is drawn again each minute.
    """

    blocks: Sequence[Mapping[str, Any]]
    fallback: str
    ages: bool = False


class Notifier(Protocol):
    """Shows cards to people. Both raise TryLater, SignInAgain, Refused or OutcomeUnknown (models.errors).

    `find` looks for a card that carries `key` in its metadata, so that a post with an unknown outcome is not doubled.
    """

    def post(self, channel: str, card: Card, key: str) -> CardRef: ...

    def update(self, ref: CardRef, card: Card) -> None: ...

    def find(self, channel: str, key: str, not_before: datetime) -> CardRef | None: ...
