"""The server's end of WebSocket connections, as much of RFC 6455 as Slack's clients speak: texts, pings, closing."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
LONGEST_FRAME = 1_000_000


@dataclass(frozen=True)
class Frame:
    """One frame from the client."""

    kind: int
    data: bytes


class Line:
    """One open connection. Pings are answered inside `read`; `write` may be called from any thread."""

    def __init__(self, connection: socket.socket, stream: BinaryIO) -> None:
        self._connection = connection
        self._stream = stream
        self._lock = threading.Lock()
        self.mute = False  # True: not even pings are answered
        self.leaving = False  # True: another is to take its place

    def write(self, text: str) -> bool:
        """False when the line is gone."""
        return self._send(_TEXT, text.encode())

    def read(self) -> str | None:
        """The next text; None at the end."""
        while True:
            frame = _read(self._stream)
            if frame is None or frame.kind == _CLOSE:
                return None
            if frame.kind == _PING and not self.mute:
                self._send(_PONG, frame.data)
            if frame.kind == _TEXT:
                return frame.data.decode()

    def close(self) -> None:
        """A polite end."""
        self._send(_CLOSE, struct.pack(">H", 1000))
        self.cut()

    def cut(self) -> None:
        """As a router that reboots."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def _send(self, kind: int, data: bytes) -> bool:
        if len(data) < 126:
            size = bytes([len(data)])
        elif len(data) < 65536:
            size = b"\x7e" + struct.pack(">H", len(data))
        else:
            size = b"\x7f" + struct.pack(">Q", len(data))
        with self._lock, suppress(OSError):
            self._connection.sendall(bytes([0x80 | kind]) + size + data)
            return True
        return False


def shake_hands(connection: socket.socket) -> tuple[str, BinaryIO] | None:
    """The path asked for and the stream to read from; None for what is no WebSocket client."""
    stream = connection.makefile("rb")
    first = stream.readline(8192).decode("latin-1").split()
    headers: dict[str, str] = {}
    for raw in iter(lambda: stream.readline(8192), b"\r\n"):
        if not raw:
            return None
        name, _, value = raw.decode("latin-1").strip().partition(":")
        headers[name.lower()] = value.strip()
    key = headers.get("sec-websocket-key")
    if len(first) != 3 or key is None:
        return None
    accept = base64.b64encode(hashlib.sha1(key.encode() + _MAGIC).digest()).decode()  # noqa: S324 - the protocol's own
    connection.sendall(
        f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
    )
    return first[1], stream


def _read(stream: BinaryIO) -> Frame | None:
    """The next frame, None at the end or where the client breaks the rules."""
    try:
        head = stream.read(2)
        if len(head) < 2 or not head[1] & 0x80:  # a client masks what it sends
            return None
        size = head[1] & 0x7F
        if size == 126:
            [size] = struct.unpack(">H", stream.read(2))
        elif size == 127:
            [size] = struct.unpack(">Q", stream.read(8))
        if size > LONGEST_FRAME:
            return None
        mask = stream.read(4)
        data = stream.read(size)
    except (OSError, ValueError, struct.error):
        return None
    if len(mask) < 4 or len(data) < size:
        return None
    return Frame(head[0] & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)))
