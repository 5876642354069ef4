"""SIGKILLs while a fire calls: each due step is called, and twice only where a kill cut a call from its outcome."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from migrations import upgrade
from models.base import open_engine, open_sessions
from models.escalations import EscalationRing
from models.states import RingState
from responders.oncall import By, Chain, Duty, Step
from responders.oncall_ringing import Keys, Ringer
from responders.tending import Tending
from tests.fakes import FakeNotifier
from tests.unit.responders.escalating import HELSINKI, Switchboard, a_chain, a_duty, a_fire

FASTER = 600  # a minute of the fire is a tenth of a second
KILLS = 8


class Hook(BaseHTTPRequestHandler):
    """Two webhooks that take a moment to answer."""

    heard: list[str]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).heard.append(body["key"])
        time.sleep(0.05)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def hook() -> Iterator[str]:
    Hook.heard = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def duty_at(hook: str) -> Duty:
    chain: Chain = a_chain(
        Step(By.WEBHOOK, f"{hook}/first", timedelta(minutes=3)),
        Step(By.WEBHOOK, f"{hook}/second", timedelta(minutes=4)),
    )
    return a_duty(chain)


def tend_for_ever(path: str, hook: str, case: int, begun: datetime) -> None:
    sessions = open_sessions(open_engine(f"sqlite:///{path}"))
    words = Switchboard()
    step = Tending(sessions, duty_at(hook), Ringer(FakeNotifier(), "C1", Keys(), None), words, HELSINKI)
    while True:
        now = datetime.now(UTC)
        step.tend(case, begun + FASTER * (now - begun), now)
        time.sleep(0.01)


def test_eight_kills_in_the_middle_of_calls_lose_none_and_double_none_that_was_settled(
    tmp_path: Path, hook: str
) -> None:
    path, begun, chance = str(tmp_path / "shop.db"), datetime.now(UTC), random.Random(5)
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    sessions = open_sessions(engine)
    case = a_fire(sessions, duty_at(hook), at=begun)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.journeys.test_escalation_kills"])
    for _ in range(KILLS):
        process = context.Process(target=tend_for_ever, args=(path, hook, case, begun), daemon=True)
        process.start()
        heard = len(Hook.heard)
        until = time.monotonic() + 30
        while len(Hook.heard) == heard and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.2))  # in the call, between the call and its outcome, or after both
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    last = Tending(sessions, duty_at(hook), Ringer(FakeNotifier(), "C1", Keys(), None), Switchboard(), HELSINKI)
    last.tend(case, begun + FASTER * (datetime.now(UTC) - begun), datetime.now(UTC))
    with sessions() as session:
        rings = session.scalars(select(EscalationRing)).all()
    engine.dispose()
    times = Counter(Hook.heard)
    assert {ring.key for ring in rings} == set(times)
    assert all(ring.state is RingState.TAKEN for ring in rings)
    assert all(
        times[ring.key] <= ring.tries for ring in rings
    )  # a second call only where the first one's outcome is lost
    assert sum(ring.tries - 1 for ring in rings) <= KILLS
    assert len(rings) >= KILLS
