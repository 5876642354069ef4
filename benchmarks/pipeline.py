"""How fast a mention becomes a card: in bulk, and one at a time. `python -m benchmarks.pipeline [--json]`.

The product runs in a process of its own with the shipped model; the stand-ins run in this one, on the same cores.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import func, select

from bot.logs import set_up_logs
from bot.pace import Pace
from bot.rehearsal import A_DAY
from bot.settings import JudgeSettings, ReplaySettings, Secrets, Settings
from bot.wiring import build
from models.base import open_engine, open_sessions
from models.cases import Case
from models.mentions import Mention
from tests.journeys.stage import Stage


@dataclass(frozen=True)
class Bulk:
    """A recorded stream read as fast as the product can, until its last card stands in Slack."""

    mentions: int
    cards: int
    seconds: float
    mentions_per_s: float
    peak_mb: float


@dataclass(frozen=True)
class Single:
    """Seconds from a post's appearance on the platform to its card in Slack, the pause between two polls included."""

    posts: int
    poll_seconds: float
    p50_s: float
    p95_s: float
    peak_mb: float


def run_product(settings: Settings, secrets: Secrets) -> None:
    set_up_logs("ERROR")
    product = build(settings, secrets, pace=Pace(heat_tick_s=20.0, redraw_after_s=3.0, idle_s=0.05, slack_speed=1000.0))
    product.start()
    while True:
        time.sleep(60)


class Running:
    """The product's process, and the most memory it ever held."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=run_product, args=(settings, secrets), daemon=True)
        self._process.start()

    def peak_mb(self) -> float:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))

    def end(self) -> None:
        self._process.kill()
        self._process.join()


def bulk(folder: Path, mentions: int) -> Bulk:
    recording = folder / "stream.jsonl"
    _write_stream(recording, mentions)
    stage = Stage.open(folder, http_port=_free_port())
    changes = {"x": None, "facebook": None, "replay": ReplaySettings(path=recording), "judge": JudgeSettings()}
    settings = stage.settings.model_copy(update=changes)
    running = Running(settings, stage.secrets)
    sessions = open_sessions(open_engine(settings.store.url))

    def counts() -> tuple[int, int, int, int]:
        with sessions() as session:
            heard = session.scalar(select(func.count()).select_from(Mention)) or 0
            decided = session.scalar(select(func.count()).where(Mention.considered_at.is_not(None))) or 0
            cases = session.scalar(select(func.count()).select_from(Case)) or 0
            carded = session.scalar(select(func.count()).where(Case.card_ts.is_not(None))) or 0
        return heard, decided, cases, carded

    _wait(lambda: Path(settings.store.url.removeprefix("sqlite:///")).exists() and _there(counts))
    began = time.perf_counter()
    _wait(lambda: counts()[1] >= mentions and counts()[2] == counts()[3], every_s=0.1)
    seconds = time.perf_counter() - began
    result = Bulk(mentions, counts()[3], round(seconds, 1), round(mentions / seconds, 1), round(running.peak_mb(), 0))
    running.end()
    stage.close()
    return result


def single(folder: Path, posts: int, poll_seconds: float) -> Single:
    stage = Stage.open(folder, http_port=_free_port())
    assert stage.settings.x is not None
    assert stage.settings.facebook is not None
    changes = {
        "x": stage.settings.x.model_copy(update={"poll_seconds": poll_seconds}),
        "facebook": stage.settings.facebook.model_copy(update={"poll_seconds": poll_seconds}),
        "judge": JudgeSettings(),
    }
    running = Running(stage.settings.model_copy(update=changes), stage.secrets)
    waits: list[float] = []
    for number in range(-3, posts):  # the first three warm up
        word = f"tilaus{number + 100}"
        _say(stage, number, f"Missä {word} viipyy? Kolme viikkoa odotettu eikä kukaan vastaa, surkeaa palvelua!")
        began = time.perf_counter()
        _wait(lambda word=word: any(word in json.dumps(card) for card in stage.cards()), every_s=0.02)  # type: ignore[misc]
        if number >= 0:
            waits.append(time.perf_counter() - began)
        time.sleep(0.3 + 0.07 * (number % 10))
    result = Single(
        posts, poll_seconds, round(median(waits), 2), round(quantiles(waits, n=20)[18], 2), round(running.peak_mb(), 0)
    )
    running.end()
    stage.close()
    return result


def _say(stage: Stage, number: int, text: str) -> None:
    kind = number % 4
    if kind == 0:
        person = stage.x.add_user(f"asiakas{number}", f"Asiakas {number}")
        stage.x.add_post(person, f"@nuotiopuoti {text}")
    elif kind == 1:
        stage.x.add_dm(stage.x.add_user(f"asiakas{number}", f"Asiakas {number}"), text)
    elif kind == 2:
        stage.graph.add_visitor_post(text, f"70{number:04d}", f"Kävijä {number}")
    else:
        stage.graph.add_message(f"80{number:04d}", f"Viestijä {number}", text)


def _write_stream(target: Path, mentions: int) -> None:
    """The recorded day over and over under new ids, without the shop's own posts."""
    lines = [json.loads(line) for line in A_DAY.read_text(encoding="utf-8").splitlines()]
    heard = [body for body in lines if not body.get("from_us")]
    with target.open("w", encoding="utf-8") as out:
        for number in range(mentions):
            body: dict[str, Any] = dict(heard[number % len(heard)])
            for key in ("external_id", "thread_id", "parent_id"):
                if body.get(key):
                    body[key] = f"{body[key]}{number // len(heard) or ''}"
            out.write(json.dumps(body, ensure_ascii=False) + "\n")


def _there(counts: Callable[[], tuple[int, int, int, int]]) -> bool:
    try:
        return counts()[0] > 0
    except Exception:  # the tables are not there yet
        return False


def _wait(done: Callable[[], bool], every_s: float = 0.02, most_s: float = 300.0) -> None:
    until = time.monotonic() + most_s
    while not done():
        if time.monotonic() > until:
            raise SystemExit("the product did not get there in five minutes")
        time.sleep(every_s)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mentions", type=int, default=2000)
    options.add_argument("--posts", type=int, default=60)
    options.add_argument("--poll-seconds", type=float, default=1.0)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        results = {
            "bulk": asdict(bulk(Path(one), given.mentions)),
            "single": asdict(single(Path(two), given.posts, given.poll_seconds)),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        }
    if given.json:
        print(json.dumps(results))
        return
    for name, figures in results.items():
        print(name, figures if isinstance(figures, str) else "")
        if isinstance(figures, dict):
            for what, value in figures.items():
                print(f"  {what:<16} {value}")


if __name__ == "__main__":
    main()
