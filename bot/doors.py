"""How Slack reaches us: a socket we open (no public address needed), or HTTP with signed requests on loopback."""

from __future__ import annotations

import threading
from typing import Any, Protocol, cast

from waitress.server import create_server

from responders.slack.doors import WsgiApp


class Door(Protocol):
    """Open between `start` and `close`."""

    def start(self) -> None: ...

    def close(self) -> None: ...


class HttpDoor:
    """The HTTP door on 127.0.0.1; put your own TLS proxy before it. `url` is known from the beginning."""

    def __init__(self, app: WsgiApp, port: int) -> None:
        self._server = cast(Any, create_server(app, host="127.0.0.1", port=port, threads=4, ident=None))
        self.url = f"http://127.0.0.1:{self._server.effective_port}/slack/events"
        self._thread = threading.Thread(target=self._server.run, name="slack-door", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.close()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
