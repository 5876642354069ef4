"""Tells a stand-in to fail: once or a few times, on the calls that match.

A stand-in asks `Faults.before` when a call arrives and `Faults.after` when its effect is done. Rules are kept in the
stand-in's store, so they can also be set from another process through `POST /_sandbox/faults`.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from flask import Flask, Response, jsonify, request

from sandbox.store import Store

Kind = Literal[
    "status",  # answer `status` with `headers` and `body`, without doing anything
    "hang_before",  # say nothing for `delay_s`, then drop: the effect did not happen
    "hang_after",  # do it, then say nothing for `delay_s`: the effect happened
    "status_after",  # do it, then answer `status` all the same
    "expired_token",  # answer as the platform does for a token that ran out
    "duplicate",  # deliver the items of a list twice
    "shuffle",  # deliver the items of a list out of order
]


@dataclass(frozen=True)
class Fault:
    """`method` and `path` (a prefix) say which calls; `times` how often it strikes (-1: always)."""

    kind: Kind
    path: str = "/"
    method: str = ""
    times: int = 1
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    delay_s: float = 30.0


class Faults:
    """The rules waiting to strike one stand-in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, fault: Fault) -> None:
        number = self._store.next_number("fault")
        self._store.put("_faults", str(number), asdict(fault) | {"number": number})

    def clear(self) -> None:
        for rule in self._store.all("_faults"):
            self._store.delete("_faults", str(rule["number"]))

    def strike(self, kinds: tuple[Kind, ...]) -> Fault | None:
        """The first waiting rule of these kinds that matches the current request, used up by one."""
        with self._store.transaction():
            for rule in self._store.all("_faults"):
                wanted = rule["kind"] in kinds and request.path.startswith(rule["path"])
                if wanted and rule["method"] in ("", request.method):
                    number = str(rule.pop("number"))
                    if rule["times"] == 1:
                        self._store.delete("_faults", number)
                    else:
                        self._store.put("_faults", number, rule | {"times": rule["times"] - 1, "number": int(number)})
                    return Fault(**rule)
        return None


def install(app: Flask, faults: Faults) -> None:
    """Makes `app` obey its rules for refused, hanging and after-the-effect answers, and adds `/_sandbox/faults`."""

    @app.before_request
    def before() -> Response | None:
        if request.path.startswith("/_sandbox"):
            return None
        fault = faults.strike(("status", "hang_before"))
        if fault is None:
            return None
        if fault.kind == "hang_before":
            time.sleep(fault.delay_s)
            return Response("", 503)
        return Response(fault.body, fault.status, fault.headers)

    @app.after_request
    def after(response: Response) -> Response:
        if request.path.startswith("/_sandbox"):
            return response
        fault = faults.strike(("hang_after", "status_after"))
        if fault is None:
            return response
        if fault.kind == "hang_after":
            time.sleep(fault.delay_s)
            return Response("", 503)
        return Response(fault.body, fault.status, fault.headers)

    @app.post("/_sandbox/faults")
    def add_fault() -> Response:
        body: dict[str, Any] = request.get_json()
        faults.add(Fault(**body))
        return jsonify(ok=True)

    @app.delete("/_sandbox/faults")
    def clear_faults() -> Response:
        faults.clear()
        return jsonify(ok=True)
