"""Who colleagues are, and which language their Slack speaks, asked from Slack and remembered for a while."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from responders.slack.actions import Person
from responders.slack.catalogue import LANGUAGES

REMEMBERED_S = 900.0
"""People change their name or language seldom; after so long Slack is asked again."""


@dataclass(frozen=True)
class _Known:
    name: str
    language: str | None  # None: a language that we do not speak
    until: float


class People:
    """Asks Slack once a quarter of an hour; what it could not learn it asks again next time."""

    def __init__(self, client: WebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        # A window has to open within 3 seconds of the press, and waits this long at most for its language.
        self._hurried = WebClient(
            token=client.token, base_url=client.base_url, timeout=1, retry_handlers=[], logger=client.logger
        )
        self._clock = clock
        self._known: dict[str, _Known] = {}

    def who(self, body: Mapping[str, Any]) -> Person:
        """The person who pressed, by the name colleagues know; falls back to the name that came with the press."""
        user = body["user"]
        user_id = str(user["id"])
        known = self._ask(user_id, self._client)
        if known is None:
            return Person(user_id, str(user.get("name") or user.get("username") or user_id))
        return Person(user_id, known.name)

    def colleague(self, user_id: str) -> Person:
        """Somebody chosen in a window, by the name colleagues know; by their id where it is not known in time."""
        known = self._ask(user_id, self._hurried)
        return Person(user_id, known.name if known is not None else user_id)

    def name(self, user_id: str) -> str:
        """What colleagues call the person; the id where Slack does not tell."""
        known = self._ask(user_id, self._client)
        return known.name if known is not None else user_id

    def language(self, user_id: str) -> str | None:
        """The language of the person's Slack where it is one of ours; None where it is not, or is not known in time."""
        known = self._ask(user_id, self._hurried)
        return known.language if known is not None else None

    def _ask(self, user_id: str, client: WebClient) -> _Known | None:
        known = self._known.get(user_id)
        if known is not None and known.until > self._clock():
            return known
        try:
            user = client.users_info(user=user_id, include_locale=True)["user"]
        except (SlackClientError, OSError, http.client.HTTPException):
            return known
        profile = user.get("profile") or {}
        name = profile.get("real_name") or user.get("real_name") or user.get("name") or user_id
        language = str(user.get("locale") or "")[:2].lower()
        self._known[user_id] = _Known(
            str(name), language if language in LANGUAGES else None, self._clock() + REMEMBERED_S
        )
        return self._known[user_id]
