"""How Slack reaches us: a socket we open (no public address needed), or HTTP with signed requests on loopback."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import Any, Protocol, cast

from waitress import wasyncore
from waitress.server import create_server

from models.errors import PlatformError, TryLater
from responders.slack.doors import WsgiApp

logger = logging.getLogger(__name__)


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
        """Lets running answers end, then closes every connection."""
        if not self._thread.is_alive():
            self._server.close()
            return
        self._server.task_dispatcher.shutdown()
        # The thread that polls the sockets closes them; closed from here, it would not notice until its poll times out.
        with suppress(OSError):
            self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map))
        self._thread.join(timeout=5)


class PatientDoor:
    """A door that may not open at the first try: while Slack cannot be reached, it is tried again in the background."""

    def __init__(self, door: Door, every_s: float = 15.0) -> None:
        self._door = door
        self._every_s = every_s
        self._closed = threading.Event()

    def start(self) -> None:
        """Returns at once. Raises SignInAgain or Refused when waiting would not help."""
        try:
            self._door.start()
        except TryLater as error:
            logger.warning("slack door does not open yet code=%s", error.code)
            threading.Thread(target=self._try_again, name="slack-door", daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        self._door.close()

    def _try_again(self) -> None:
        while not self._closed.wait(self._every_s):
            try:
                self._door.start()
            except PlatformError as error:
                logger.warning("slack door does not open yet code=%s", error.code)
            else:
                logger.info("slack door open")
                return
