"""Serves a stand-in on a loopback port, in this process, until it is closed."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from flask import Flask
from waitress import create_server


@dataclass(frozen=True)
class Server:
    """A running stand-in. `url` has no trailing slash."""

    url: str
    port: int
    _server: object
    _thread: threading.Thread

    def close(self) -> None:
        self._server.close()  # type: ignore[attr-defined]
        self._thread.join(timeout=5)


def serve(app: Flask, port: int = 0, threads: int = 8) -> Server:
    """Starts `app` on 127.0.0.1 (port 0: any free one) and returns at once.

    Raises OSError when the port is taken.
    """
    server = create_server(
        app, host="127.0.0.1", port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True
    )
    thread = threading.Thread(target=server.run, name=f"sandbox:{server.effective_port}", daemon=True)
    thread.start()
    return Server(f"http://127.0.0.1:{server.effective_port}", int(server.effective_port), server, thread)
