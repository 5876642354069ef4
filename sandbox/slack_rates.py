"""Slack's rates: which call is one too many, and for how long it is told to wait."""

from __future__ import annotations

import math
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

# https://docs.slack.dev/apis/web-api/rate-limits and each method's page: calls a minute and workspace.
A_MINUTE = {
    "apps.connections.open": 1,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.list": 20,
    "conversations.replies": 50,
    "users.info": 100,
    "views.open": 100,
    "views.publish": 100,
    "views.update": 100,
}
POST = "chat.postMessage"
POSTS_A_MINUTE = 240  # "several hundred" for the workspace
BURST = 3  # "short bursts allowed", then one a second and channel
CONNECTIONS_BURST = 20  # a small burst of a tier 1 method is tolerated


class Rates:
    """Counts calls on `clock`, in seconds. `made` and `broken` count those let in and those refused, by method."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.made: dict[str, int] = defaultdict(int)
        self.broken: dict[str, int] = defaultdict(int)
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._channels: dict[str, tuple[float, float]] = {}  # tokens left, and when they were counted

    def wait_s(self, method: str, values: Json) -> int:
        """0 when the call is within the rates, and counted; otherwise the whole seconds of its Retry-After."""
        with self._lock:
            now = self._clock()
            wait = self._of_the_minute(method, now)
            if not wait and method == POST:
                wait = self._of_the_channel(str(values.get("channel")), now)
            if wait:
                self.broken[method] += 1
                return math.ceil(wait)
            self._calls[method].append(now)
            self.made[method] += 1
            return 0

    def _of_the_minute(self, method: str, now: float) -> float:
        most = POSTS_A_MINUTE if method == POST else A_MINUTE.get(method)
        if method == "apps.connections.open":
            most = CONNECTIONS_BURST
        calls = self._calls[method]
        while calls and calls[0] <= now - 60:
            calls.popleft()
        return 0.0 if most is None or len(calls) < most else max(1.0, calls[0] + 60 - now)

    def _of_the_channel(self, channel: str, now: float) -> float:
        left, counted_at = self._channels.get(channel, (float(BURST), now))
        left = min(float(BURST), left + now - counted_at)
        if left < 1:
            self._channels[channel] = (left, now)
            return max(1.0, 1 - left)
        self._channels[channel] = (left - 1, now)
        return 0.0
