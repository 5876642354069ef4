"""The product in a process of its own that SIGKILLs itself at one chosen commit, just before it or just after."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, Literal

from sqlalchemy import event

from bot.settings import Secrets, Settings
from bot.wiring import build
from tests.journeys.product import JUDGE, PACE


@dataclass(frozen=True)
class Hop:
    """The `nth` commit of a transaction that ran a statement with all of `words` in it."""

    when: Literal["before", "after"]
    words: tuple[str, ...]
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.nth}. {' … '.join(self.words)}"


def run_until(settings: Settings, secrets: Secrets, hop: Hop, ready: Connection) -> None:
    product = build(settings, secrets, pace=PACE, judge=JUDGE)
    passed = 0

    @event.listens_for(product.engine, "before_cursor_execute")
    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if all(word in statement for word in hop.words):
            connection.info["at_hop"] = True

    @event.listens_for(product.engine, "rollback")
    def forget(connection: Any) -> None:
        connection.info.pop("at_hop", None)

    @event.listens_for(product.engine, "commit")
    def die(connection: Any) -> None:
        nonlocal passed
        if not connection.info.pop("at_hop", False):
            return
        passed += 1
        if passed == hop.nth:
            if hop.when == "after":
                connection.connection.dbapi_connection.commit()
            os.kill(os.getpid(), signal.SIGKILL)

    product.start()
    ready.send(True)
    time.sleep(60)


def start_until(settings: Settings, secrets: Secrets, hop: Hop) -> ForkServerProcess:
    """Returns when every lane is at work, or when the hop was so early that it is over already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.journeys.product"])
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=run_until, args=(settings, secrets, hop, theirs), daemon=True)
    process.start()
    while process.is_alive() and not mine.poll(0.02):
        pass
    mine.close()
    theirs.close()
    return process
