"""A running stand-in of X with a clock that tests move, and a customer to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import tweepy

from models.transport import PlatformSession
from models.x_api import XKeys
from sandbox.serving import serve
from sandbox.store import Store
from sandbox.x import XSandbox

ME = "1480000000000000001"
MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
WALL = 1_795_300_000.0
LONG_AGO = datetime(2014, 5, 1, 6, tzinfo=UTC)


@dataclass
class RunningX:
    """`now` is the world's time, `wall` the clock of the rate limits; both stand still until moved."""

    now: datetime = MORNING
    wall: float = WALL
    url: str = ""
    sandbox: XSandbox = None  # type: ignore[assignment]
    customer: str = ""

    @property
    def keys(self) -> XKeys:
        keys = self.sandbox.keys
        return XKeys(keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret)

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    def tweepy(self, **settings: object) -> tweepy.Client:
        """tweepy with its own parsing, as anybody would use it, on our session."""
        keys = self.keys
        client = tweepy.Client(
            consumer_key=keys.consumer_key,
            consumer_secret=keys.consumer_secret,
            access_token=keys.access_token,
            access_token_secret=keys.access_token_secret,
            **settings,
        )
        client.session = PlatformSession(self.url)
        return client


@contextmanager
def running_x(limits: Mapping[str, int] | None = None) -> Iterator[RunningX]:
    x = RunningX()
    x.sandbox = XSandbox(Store(), lambda: x.now, limits=limits, wall_clock=lambda: x.wall)
    x.customer = x.sandbox.add_user("maija_k", "Maija Kivelä", followers=120, created_at=LONG_AGO)
    server = serve(x.sandbox.app)
    x.url = server.url
    try:
        yield x
    finally:
        server.close()
