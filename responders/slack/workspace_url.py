"""Where this workspace lives, asked of Slack once and remembered."""

from __future__ import annotations

import http.client

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError


class WorkspaceUrl:
    """Call it: https://shop.slack.com/, or an empty text while Slack has not told; then it is asked again."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known = ""

    def __call__(self) -> str:
        if not self._known:
            try:
                self._known = str(self._client.auth_test().get("url") or "")
            except (SlackClientError, OSError, http.client.HTTPException):
                return ""
        return self._known
