"""A loopback stand-in of the X API v2, just as far as this product calls it: stateful, strict, and able to fail.

Routes under `/2` answer as X does; those under `/_sandbox` are for players and tests in other processes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Flask, Response, g, jsonify, request

from sandbox.faults import Faults, install
from sandbox.store import Store
from sandbox.x_answers import Refusal, problem
from sandbox.x_auth import XKeys, caller
from sandbox.x_reading import Reading
from sandbox.x_world import XWorld
from sandbox.x_writing import Writing

WINDOW_S = 900
LIMITS: Mapping[str, int] = {  # calls per user and window
    "me": 75,
    "mentions": 300,
    "search": 300,
    "timeline": 900,
    "dm_events": 15,
    "create_post": 100,
    "create_dm": 15,
}


class XSandbox:
    """`app` serves it; `faults` makes it fail; `add_user`, `add_post`, `add_dm`, `delete_post` make things happen.

    `clock` is the world's time (ids, dates, how far back one may read); rate limits run on the wall clock, as X's
    headers do. `limits` replaces single limits, for a world that is played fast.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        *,
        me: str = "1480000000000000001",
        username: str = "nuotiopuoti",
        name: str = "Nuotiopuoti",
        keys: XKeys | None = None,
        limits: Mapping[str, int] | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = XWorld(store, clock, me)
        self.world.add_user(username, name, id=me)
        self.add_user = self.world.add_user
        self.withhold_user = self.world.withhold_user
        self.add_post = self.world.add_post
        self.add_dm = self.world.add_dm
        self.delete_post = self.world.delete_post
        self.post = self.world.post
        self.me = me
        self.keys = keys or XKeys()
        self.faults = Faults(store)
        self.app = Flask("x")
        self._limits = {**LIMITS, **(limits or {})}
        self._used: dict[str, tuple[float, int]] = {}  # rate key: end of its window, calls made in it
        self._wall_clock = wall_clock
        install(self.app, self.faults)
        self._install_gate()
        Reading(self.world, self.faults, clock).install(self.app)
        Writing(self.world, clock).install(self.app)
        self._install_sandbox()

    def _install_gate(self) -> None:
        app = self.app

        @app.before_request
        def gate() -> None:
            if not request.path.startswith("/2/"):
                return
            g.caller = None if self.faults.strike(("expired_token",)) else caller(request, self.keys)
            if g.caller is None:
                raise problem(401, "Unauthorized", "Unauthorized")
            name = (request.endpoint or "").partition("__")[0]
            if name in self._limits:
                self._count(name)

        @app.errorhandler(Refusal)
        def refuse(refusal: Refusal) -> tuple[Response, int]:
            return jsonify(refusal.body), refusal.status

        @app.after_request
        def rate_headers(response: Response) -> Response:
            if "rate" in g:
                limit, remaining, reset = g.rate
                response.headers["x-rate-limit-limit"] = str(limit)
                response.headers["x-rate-limit-remaining"] = str(remaining)
                response.headers["x-rate-limit-reset"] = str(reset)
            return response

    def _count(self, name: str) -> None:
        now = self._wall_clock()
        end, used = self._used.get(name, (0.0, 0))
        if now >= end:
            end, used = now + WINDOW_S, 0
        limit = self._limits[name]
        self._used[name] = (end, used + 1)
        g.rate = (limit, max(0, limit - used - 1), math.ceil(end))
        if used >= limit:
            raise problem(429, "Too Many Requests", "Too Many Requests")

    def _install_sandbox(self) -> None:
        app, world = self.app, self.world

        def arguments() -> dict[str, Any]:
            body: dict[str, Any] = request.get_json()
            if body.get("created_at"):
                body["created_at"] = datetime.fromisoformat(body["created_at"])
            return body

        @app.post("/_sandbox/users")
        def sandbox_user() -> Response:
            return jsonify(id=world.add_user(**arguments()))

        @app.post("/_sandbox/posts")
        def sandbox_post() -> Response:
            return jsonify(id=world.add_post(**arguments()))

        @app.get("/_sandbox/posts")
        def sandbox_posts() -> Response:
            return jsonify(world.posts())

        @app.delete("/_sandbox/posts/<id>")
        def sandbox_delete(id: str) -> Response:
            world.delete_post(id)
            return jsonify(ok=True)

        @app.post("/_sandbox/dms")
        def sandbox_dm() -> Response:
            return jsonify(id=world.add_dm(**arguments()))

        @app.get("/_sandbox/dms")
        def sandbox_dms() -> Response:
            return jsonify(world.dms())
