"""The product in a process of its own, quick to start again after a SIGKILL: a fork of one that imported everything."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from bot.logs import set_up_logs
from bot.pace import Pace
from bot.settings import Secrets, Settings
from bot.wiring import build
from classifier.judges import load_judge

PACE = Pace(heat_tick_s=0.5, redraw_after_s=0.05, idle_s=0.02, read_back_after_s=(0.3, 0.6, 1.0), slack_speed=100.0)
JUDGE = load_judge("lexicon")
JUDGE.judge(["Missä pakettini on?", "Var är mitt paket?", "Where is my parcel?"])  # language models load on first use


def run_product(settings: Settings, secrets: Secrets, ready: Connection) -> None:
    """Runs until SIGTERM or SIGKILL; says so when every lane is at work."""
    set_up_logs("ERROR")
    product = build(settings, secrets, pace=PACE, judge=JUDGE)
    product.start()
    ready.send(True)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.wait(0.1):
        pass
    product.stop()


class Runner:
    """Starts, kills and ends the product's process."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        self._settings = settings
        self._secrets = secrets
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.journeys.product"])
        self.process: ForkServerProcess | None = None

    def start(self) -> None:
        mine, theirs = self._context.Pipe(duplex=False)
        self.process = self._context.Process(
            target=run_product, args=(self._settings, self._secrets, theirs), daemon=True
        )  # ends with the tests, also when one of them failed
        self.process.start()
        while not mine.poll(0.05):
            assert self.process.exitcode is None, f"the product ended with {self.process.exitcode}"
        mine.close()
        theirs.close()

    def kill(self) -> None:
        """SIGKILL, as the power cut or the kernel would."""
        assert self.process is not None
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()

    def end(self) -> None:
        """A polite end."""
        assert self.process is not None
        self.process.terminate()
        self.process.join(timeout=20)
