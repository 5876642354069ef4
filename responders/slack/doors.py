"""The two ways Slack's presses come in: signed HTTP requests, or a socket we open ourselves."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.errors import SlackClientError

from models.errors import SignInAgain
from responders.slack.client import quiet_logger
from responders.slack.errors import translated

PATH = "/slack/events"
LONGEST_BODY = 1_000_000  # Slack's own payloads stay far below

_SOCKET_ADVICE = "Slack does not take the app token. Make one with the scope connections:write, see docs/slack.md."

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def http_door(app: App) -> WsgiApp:
    """A WSGI app that takes presses at /slack/events and refuses whatever is not signed with the app's secret."""
    handler = SlackRequestHandler(app, path=PATH)

    def door(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return _refuse(start_response, "413 Content Too Large")
        try:
            return handler(environ, start_response)
        except UnicodeDecodeError:
            return _refuse(start_response, "400 Bad Request")

    return door


class SocketDoor:
    """Socket Mode: no public address needed. The client pings, notices a dead line and opens a new one by itself."""

    def __init__(self, app: App, app_token: str) -> None:
        # Slack's library logs whole presses at DEBUG.
        self._handler = SocketModeHandler(app, app_token, logger=quiet_logger("responders.slack.socket"))

    def start(self) -> None:
        """Connects and returns. Raises TryLater, SignInAgain or Refused (models.errors) when Slack does not let us."""
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            problem = translated(error, repeatable=True)
            if isinstance(problem, SignInAgain):
                problem = SignInAgain("app_token_refused", _SOCKET_ADVICE)
            raise problem from error

    def connected(self) -> bool:
        """Whether the line is open now; health checks ask."""
        return bool(self._handler.client.is_connected())

    def close(self) -> None:
        self._handler.close()  # type: ignore[no-untyped-call]


def socket_door(app: App, app_token: str) -> SocketDoor:
    """A door that opens with `start` and shuts with `close`; `app_token` is the one that starts with xapp-."""
    return SocketDoor(app, app_token)


def _refuse(start_response: Callable[..., Any], status: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [b""]
