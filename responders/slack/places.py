"""The addresses of messages in Slack, for links from one to another."""

from __future__ import annotations

import http.client
import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from responders.ports import CardRef

logger = logging.getLogger(__name__)


class Workspace:
    """Asks once which workspace it is."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._address = ""

    def address(self) -> str | None:
        """The workspace's address, without a slash at the end; None until Slack has told it."""
        if not self._address:
            try:
                self._address = str(self._client.auth_test().get("url") or "").rstrip("/")
            except (SlackClientError, OSError, http.client.HTTPException) as error:
                logger.warning("slack workspace not known kind=%s", type(error).__name__)
        return self._address or None


def message_url(workspace: str, ref: CardRef) -> str:
    """Where the message is, for people of the workspace."""
    return f"{workspace}/archives/{ref.channel}/p{ref.ts.replace('.', '')}"
