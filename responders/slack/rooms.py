"""Opens a channel of Slack's for one outrage, and keeps it: who is in it, its topic, what is pinned, its end."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.web import SlackResponse

from models.errors import PlatformError, Refused
from responders.slack.client import web_client
from responders.slack.errors import translated

logger = logging.getLogger(__name__)

TOPIC_LIMIT = 250
PAGE = 200
MOST_PAGES = 10
MOST_NAMES = 5


class Rooms(Protocol):
    """Every call may come twice, and raises models.errors; what is already so is no error."""

    def open(self, name: str) -> str: ...

    def invite(self, channel: str, users: Collection[str]) -> None: ...

    def set_topic(self, channel: str, topic: str) -> None: ...

    def pin(self, channel: str, ts: str) -> None: ...

    def unpin(self, channel: str, ts: str) -> None: ...

    def archive(self, channel: str) -> None: ...

    def said_last(self, channel: str, after: datetime) -> datetime | None: ...


class SlackRooms:
    """Over Slack's Web API; the app is in every channel that it makes."""

    def __init__(self, token: str, base_url: str | None = None) -> None:
        self._client = web_client(token, base_url)

    def open(self, name: str) -> str:
        """The id of the channel called `name`: a new one, or the one an earlier try has made.

        Where an archived channel has the name already, a figure is put behind it.
        """
        for number in range(1, MOST_NAMES + 1):
            wanted = name if number == 1 else f"{name}-{number}"
            try:
                made = _called(lambda wanted=wanted: self._client.conversations_create(name=wanted))  # type: ignore[misc]
                return str(made["channel"]["id"])
            except Refused as error:
                if error.code != "name_taken":
                    raise
            there = self._named(wanted)
            if there is not None:
                return there
        raise Refused("name_taken", "Archived channels have all the names that an outrage's channel could take.")

    def invite(self, channel: str, users: Collection[str]) -> None:
        """Each by themselves: one who cannot be invited keeps nobody else out."""
        for user in users:
            try:
                _called(lambda user=user: self._client.conversations_invite(channel=channel, users=user))  # type: ignore[misc]
            except Refused as error:
                if error.code != "already_in_channel":
                    logger.warning("not invited user=%s code=%s", user, error.code)

    def set_topic(self, channel: str, topic: str) -> None:
        _called(lambda: self._client.conversations_setTopic(channel=channel, topic=topic[:TOPIC_LIMIT]))

    def pin(self, channel: str, ts: str) -> None:
        _unless("already_pinned", lambda: self._client.pins_add(channel=channel, timestamp=ts))

    def unpin(self, channel: str, ts: str) -> None:
        _unless("no_pin", lambda: self._client.pins_remove(channel=channel, timestamp=ts))

    def archive(self, channel: str) -> None:
        _unless("already_archived", lambda: self._client.conversations_archive(channel=channel))

    def said_last(self, channel: str, after: datetime) -> datetime | None:
        """When a person last wrote there after `after`; None where nobody did. What they wrote is not looked at."""
        oldest = f"{after.timestamp():.6f}"
        page = _called(lambda: self._client.conversations_history(channel=channel, oldest=oldest, limit=PAGE))
        for message in page["messages"]:
            if "bot_id" not in message and "subtype" not in message:
                return datetime.fromtimestamp(float(message["ts"]), UTC)
        return None

    def _named(self, name: str) -> str | None:
        cursor = ""
        for _ in range(MOST_PAGES):
            page = _list(self._client, cursor)
            for one in page["channels"]:
                if one["name"] == name:
                    return str(one["id"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return None


def _list(client: WebClient, cursor: str) -> SlackResponse:
    return _called(
        lambda: client.conversations_list(
            limit=PAGE, cursor=cursor or None, exclude_archived=True, types="public_channel"
        )
    )


def _unless(known: str, call: Callable[[], SlackResponse]) -> None:
    try:
        _called(call)
    except PlatformError as error:
        if error.code != known:
            raise


def _called(call: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return call()
    except (SlackClientError, OSError, http.client.HTTPException) as error:
        raise translated(error, repeatable=True) from error
