"""The two ways Slack's presses come in: signed HTTP requests, or a socket we open ourselves."""

from __future__ import annotations

import http.client
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.errors import SlackClientError

from models.errors import SignInAgain
from responders.slack.client import quiet_logger
from responders.slack.errors import translated

logger = logging.getLogger(__name__)

Envelope = Mapping[str, Any]

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
    """Socket Mode: no public address needed. The client pings, and opens a new line by itself when one is dead.

    What a ping cannot see is `line_watch`'s: `on_heard` is called with every envelope that comes in, and `renew` throws
    the client away and makes a new one.
    """

    def __init__(self, app: App, app_token: str, on_heard: Callable[[Envelope], None] = lambda _: None) -> None:
        self._app = app
        self._app_token = app_token
        self._on_heard = on_heard
        self._lock = threading.Lock()
        self._handler = self._new_client()

    def start(self) -> None:
        """Connects and returns. Raises TryLater, SignInAgain or Refused (models.errors) when Slack does not let us."""
        with self._lock:
            self._connect(self._handler)

    def renew(self) -> None:
        """Another client takes the old one's place, also where it cannot connect yet; then it raises as `start`."""
        with self._lock:
            old, self._handler = self._handler, self._new_client()
            # Closing waits for what the old client still does; nobody has to wait with it.
            threading.Thread(target=_closed, args=(old,), name="slack-line-closing", daemon=True).start()
            self._connect(self._handler)

    def connected(self) -> bool:
        """Whether the line is open now; health checks ask."""
        return bool(self._handler.client.is_connected())

    def close(self) -> None:
        with self._lock:
            _closed(self._handler)

    def _new_client(self) -> SocketModeHandler:
        # Slack's library logs whole presses at DEBUG.
        handler = SocketModeHandler(self._app, self._app_token, logger=quiet_logger("responders.slack.socket"))
        handler.client.message_listeners.append(self._note)
        return handler

    def _note(self, _client: object, message: Envelope, _raw: str | None) -> None:
        if message.get("envelope_id"):
            self._on_heard(message)

    def _connect(self, handler: SocketModeHandler) -> None:
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            problem = translated(error, repeatable=True)
            if isinstance(problem, SignInAgain):
                problem = SignInAgain("app_token_refused", _SOCKET_ADVICE)
            raise problem from error


def socket_door(app: App, app_token: str, on_heard: Callable[[Envelope], None] = lambda _: None) -> SocketDoor:
    """A door that opens with `start` and shuts with `close`; `app_token` is the one that starts with xapp-."""
    return SocketDoor(app, app_token, on_heard)


def _closed(handler: SocketModeHandler) -> None:
    try:
        handler.close()  # type: ignore[no-untyped-call]
    except Exception as error:  # a client that is thrown away may break in any way
        logger.info("slack client closed badly kind=%s", type(error).__name__)


def _refuse(start_response: Callable[..., Any], status: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [b""]
