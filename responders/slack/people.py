"""The names colleagues know each other by, asked from Slack once."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from responders.slack.actions import Person


class People:
    """Remembers who is who for as long as the process lives; falls back to the name that came with the press."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def who(self, client: WebClient, body: Mapping[str, Any]) -> Person:
        """The person who pressed."""
        user = body["user"]
        user_id = str(user["id"])
        if user_id not in self._names:
            name = _real_name(client, user_id)
            if name is None:
                return Person(user_id, str(user.get("name") or user.get("username") or user_id))
            self._names[user_id] = name
        return Person(user_id, self._names[user_id])


def _real_name(client: WebClient, user_id: str) -> str | None:
    try:
        user = client.users_info(user=user_id)["user"]
    except (SlackClientError, OSError, http.client.HTTPException):
        return None
    profile = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or user.get("name")
    return str(name) if name else None
