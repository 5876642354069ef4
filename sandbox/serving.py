"""Serves a stand-in on a loopback port, in this process, until it is closed."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server


@dataclass(frozen=True)
class Server:
    """A running stand-in. `url` has no trailing slash."""

    url: str
    port: int
    _server: Any
    _thread: threading.Thread

    def close(self) -> None:
        """Lets running answers end (a hanging one for 5 s), then drops every connection. May be called twice."""
        if not self._thread.is_alive():
            return
        self._server.task_dispatcher.shutdown()
        # Sockets are closed by the thread that polls them, or it would poll a descriptor that is gone.
        with suppress(OSError):  # the polling thread may have woken by itself, and closed the pipe before our pull
            self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map))
        self._thread.join(timeout=5)
        self._server.pull_trigger = lambda: None  # for an answer that still hangs: the pipe is closed


def serve(app: Flask, port: int = 0, threads: int = 8) -> Server:
    """Starts `app` on 127.0.0.1 (port 0: any free one) and returns at once.

    Raises OSError when the port is taken.
    """
    server: Any = create_server(
        app, host="127.0.0.1", port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True
    )
    thread = threading.Thread(target=server.run, name=f"sandbox:{server.effective_port}", daemon=True)
    thread.start()
    return Server(f"http://127.0.0.1:{server.effective_port}", int(server.effective_port), server, thread)
