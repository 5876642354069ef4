"""Slack's side of Socket Mode: tickets, hello, envelopes with their acknowledgements, refreshes, and its bad days."""

from __future__ import annotations

import json
import logging
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.slack_team import APP_ID
from sandbox.websocket import Line, shake_hands

logger = logging.getLogger(__name__)

Json = dict[str, Any]

ACK_WITHIN_S = 3.0
MOST_CONNECTIONS = 10


@dataclass(frozen=True)
class Answer:
    """The app's acknowledgement. `problem` is empty, timeout or unreachable; `after_s` from the envelope's last byte
    to the answer's, at the socket.
    """

    problem: str = ""
    after_s: float = 0.0
    payload: Json | None = None


@dataclass
class Faults:
    """What is wrong with the line.

    `deaf`: pings are answered and no envelope comes. `silent`: not even pings. `slow_s`: envelopes come late.
    `duplicate`: each comes twice. `closed`: no new connection is let in.
    """

    deaf: bool = False
    silent: bool = False
    slow_s: float = 0.0
    duplicate: bool = False
    closed: bool = False


class SlackSocket:
    """Listens on loopback from the beginning. Envelopes go to one of the open connections, as Slack's do."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.opened = 0  # connections let in so far
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._port = int(self._listening.getsockname()[1])
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._lines: list[Line] = []
        self._waiting: dict[str, tuple[threading.Event, list[tuple[float, Json]]]] = {}
        self._turn = 0
        threading.Thread(target=self._accept, name="sandbox:slack-socket", daemon=True).start()

    def ticket(self) -> str:
        """What apps.connections.open answers with: an address that opens one connection."""
        ticket = secrets.token_hex(16)
        with self._lock:
            self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self._port}/link/?ticket={ticket}&app_id={APP_ID}"

    @property
    def connections(self) -> int:
        with self._lock:
            return len(self._lines)

    def send(self, kind: str, payload: Mapping[str, Any], *, retry: int = 0, within_s: float | None = None) -> Answer:
        """Sends an envelope (interactive, events_api, slash_commands) and waits for its acknowledgement, 3 s or so."""
        within_s = ACK_WITHIN_S if within_s is None else within_s
        envelope: Json = {"envelope_id": secrets.token_hex(16), "type": kind, "payload": dict(payload)}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        if self.faults.slow_s:
            time.sleep(self.faults.slow_s)
        if self.faults.deaf or self.faults.silent:
            time.sleep(within_s)
            return Answer("timeout")
        text = json.dumps(envelope)
        arrived, answers = threading.Event(), list[tuple[float, Json]]()
        with self._lock:
            staying = [line for line in self._lines if not line.leaving]
            if not staying:
                return Answer("unreachable")
            self._turn += 1
            line = staying[self._turn % len(staying)]
            self._waiting[envelope["envelope_id"]] = (arrived, answers)
        sent = line.write(text)
        began = time.monotonic()
        if self.faults.duplicate:
            line.write(text)
        if sent and arrived.wait(within_s):
            at, body = answers[0]
            return Answer("", max(0.0, at - began), body.get("payload"))
        with self._lock:
            self._waiting.pop(envelope["envelope_id"], None)
        return Answer("timeout" if sent else "unreachable")

    def refresh(self) -> None:
        """What Slack does every few hours: asks each connection to be replaced, sends nothing more on it, and closes it
        a moment later.
        """
        self._disconnect("refresh_requested")

    def warn(self) -> None:
        """Ten seconds before the end, as Slack says it."""
        self._disconnect("warning")

    def drop(self) -> None:
        """Every line is cut without a word."""
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            line.cut()

    def close(self) -> None:
        self.faults.closed = True
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.drop()

    def _disconnect(self, reason: str) -> None:
        said = json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        with self._lock:
            lines = list(self._lines)
            for line in lines:
                line.leaving = reason == "refresh_requested"
        for line in lines:
            line.write(said)
        if reason == "refresh_requested":
            threading.Timer(1.0, _close_all, (lines,)).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), name="sandbox:slack-line", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened = None if self.faults.closed else shake_hands(connection)
            if opened is None:
                return
            line = Line(connection, opened[1])
            if not self._let_in(line, opened[0]):
                line.close()
                return
            try:
                self._listen(line)
            finally:
                with self._lock:
                    self._lines.remove(line)

    def _let_in(self, line: Line, path: str) -> bool:
        ticket = parse_qs(urlsplit(path).query).get("ticket", [""])[0]
        with self._lock:
            if ticket not in self._tickets or len(self._lines) >= MOST_CONNECTIONS:
                return False
            self._tickets.remove(ticket)
            count = len(self._lines) + 1
            hello = {
                "type": "hello",
                "num_connections": count,
                "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": APP_ID},
            }
            if not line.write(json.dumps(hello)):
                return False
            self._lines.append(line)
            self.opened += 1
        logger.info("slack socket opened connections=%d", count)
        return True

    def _listen(self, line: Line) -> None:
        while True:
            line.mute = self.faults.silent
            text = line.read()
            at = time.monotonic()
            if text is None:
                return
            with suppress(ValueError):
                body = json.loads(text)
                with self._lock:
                    waiting = self._waiting.pop(str(body.get("envelope_id")), None)
                if waiting is not None:
                    waiting[1].append((at, body))
                    waiting[0].set()


def _close_all(lines: list[Line]) -> None:
    for line in lines:
        line.close()
