"""Behind `palovahti bench`: sends recorded mentions through the real stages and tells what each costs here."""

from __future__ import annotations

import json
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import func, select

from bot.rehearsal import A_DAY
from classifier.heat.policy import HeatPolicy
from classifier.judges import load_judge
from classifier.steps import HeatKeeper, classify_waiting
from listener.sources.replay import Replay
from listener.steps import poll_source
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.cases import Case
from models.mentions import Mention
from responders.consider import Considering
from responders.matters import Ground
from responders.playbooks.loading import load_playbooks
from responders.profile import ShopProfile
from responders.routes import limits
from responders.suggest import Suggester

SINGLE_TEXTS = 200


def bench(console: Console, *, mentions: int, as_json: bool) -> int:
    """Measures storing, judging, heat and deciding on this machine, in a store that is thrown away."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Progress(console=console, transient=True, disable=as_json) as progress,
    ):
        bar = progress.add_task("measuring", total=5)
        recording = _recording(Path(folder), mentions)
        engine = open_engine(f"sqlite:///{folder}/bench.db")
        upgrade(engine)
        result = measure(open_sessions(engine), recording, lambda: progress.advance(bar))
        engine.dispose()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    if as_json:
        console.print_json(json.dumps({**result, "machine": machine}))
        return 0
    table = Table("stage", "what", "figure")
    for name, (what, unit) in _ROWS.items():
        table.add_row(name.split(":")[0], what, f"{result[name]:,.1f} {unit}")
    console.print(table)
    console.print(f"{result['mentions']:.0f} mentions; {machine}", markup=False)
    return 0


_ROWS = {
    "store:per_s": ("recorded posts read, kept and deduplicated", "/s"),
    "judge:load_s": ("loading the model", "s"),
    "judge:per_s": ("texts judged in batches of 64, verdicts kept", "/s"),
    "judge:p50_ms": ("one text alone, median", "ms"),
    "judge:p99_ms": ("one text alone, 99th percentile", "ms"),
    "heat:per_s": ("judged mentions through heat", "/s"),
    "decide:per_s": ("mentions decided about, with drafts", "/s"),
    "whole:per_s": ("from poll to decided card, all stages one after another", "/s"),
    "memory:peak_mb": ("largest resident memory of this process", "MB"),
}


def measure(sessions: Sessions, recording: Path, step: Callable[[], None]) -> dict[str, float]:
    """The figures, by name."""
    now = datetime(2026, 11, 10, 21, tzinfo=UTC)
    source = Replay(recording, account="bench", complete=True)
    began = time.perf_counter()
    while poll_source(source=source, sessions=sessions, now=now, wall=now, interval_s=60):
        pass
    stored = time.perf_counter() - began
    step()
    with sessions() as session:
        count = session.scalar(select(func.count()).select_from(Mention).where(Mention.from_us.is_(False))) or 0
        texts = list(session.scalars(select(Mention.text).limit(SINGLE_TEXTS)))
    began = time.perf_counter()
    judge = load_judge("onnx")
    judge.judge(["Missä pakettini on?"])
    loaded = time.perf_counter() - began
    step()
    began = time.perf_counter()
    while classify_waiting(sessions=sessions, judge=judge, now=now, wall=now):
        pass
    judged = time.perf_counter() - began
    step()
    alone = []
    for text in texts:
        began = time.perf_counter()
        judge.judge([text])
        alone.append(1000 * (time.perf_counter() - began))
    keeper = HeatKeeper(brand="bench", sessions=sessions, policy=HeatPolicy())
    began = time.perf_counter()
    while keeper.refresh(now=now, wall=now):
        pass
    heated = time.perf_counter() - began
    step()
    suggester = Suggester(load_playbooks(), ShopProfile(name="bench"), limits())
    considering = Considering(Ground("bench", suggester))
    began = time.perf_counter()
    while considering.consider_waiting(sessions=sessions, now=now, wall=now):
        pass
    decided = time.perf_counter() - began
    step()
    with sessions() as session:
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
    percentiles = quantiles(alone, n=100)
    return {
        "mentions": count,
        "cases": cases,
        "store:per_s": count / stored,
        "judge:load_s": loaded,
        "judge:per_s": count / judged,
        "judge:p50_ms": percentiles[49],
        "judge:p99_ms": percentiles[98],
        "heat:per_s": count / heated,
        "decide:per_s": count / decided,
        "whole:per_s": count / (stored + judged + heated + decided),
        "memory:peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _recording(folder: Path, mentions: int) -> Path:
    """The recorded day, repeated under new ids until there are enough posts."""
    lines = A_DAY.read_text(encoding="utf-8").splitlines()
    target = folder / "bench.jsonl"
    with target.open("w", encoding="utf-8") as out:
        for number in range(mentions):
            body = json.loads(lines[number % len(lines)])
            round_ = number // len(lines)
            for key in ("external_id", "thread_id", "parent_id"):
                if body.get(key):
                    body[key] = f"{body[key]}{round_ or ''}"
            out.write(json.dumps(body, ensure_ascii=False) + "\n")
    return target
