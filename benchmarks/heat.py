"""Measures the heat engine: posts a second and memory, how well it finds simulated outrages, and NAB's real series.

    python -m benchmarks.heat throughput
    python -m benchmarks.heat outrages --tools FOLDER [--seeds 100:110] [--max-rate 100]
    python -m benchmarks.heat series --nab FOLDER

FOLDER of `outrages` holds simulate_outrage.py and score_alerts.py; FOLDER of `series` holds NAB's realTweets CSV files
and windows.json. What they print is kept in heat-results.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

from classifier.heat.engine import HeatEngine
from classifier.heat.files import score_events, score_series
from classifier.heat.posts import JudgedPost

PROFILES = {"standard": (1.0, 1.0, 0.11), "low-FP": (1.0, 1.0, 0.22), "low-FN": (1.0, 2.0, 0.11)}  # hit, miss, false
PROBATION = 0.15


def a_stream(posts: int, per_hour: int) -> list[JudgedPost]:
    """A busy brand: one post in four negative, three in four in threads of their own."""
    chance, start = random.Random(1), datetime(2026, 1, 5, tzinfo=UTC)
    return [
        JudgedPost(
            brand="shop",
            channel="x",
            external_id=f"p{i}",
            thread_id=f"t{i if chance.random() < 0.75 else chance.randrange(max(0, i - 400), i + 1)}",
            author_id=f"a{chance.randrange(20_000)}",
            author_followers=300,
            created_at=start + timedelta(seconds=i * 3600 / per_hour),
            text_key=f"x{i}",
            is_share=False,
            negative=0.9 if chance.random() < 0.25 else 0.1,
            arousal=chance.random(),
            in_own_channel=chance.random() < 0.3,
            brand_replied=False,
        )
        for i in range(posts)
    ]


def throughput() -> None:
    print("| posts an hour | posts | posts/s, one core | memory of the engine |\n|---|---|---|---|")
    for per_hour in (10, 200, 2_000, 20_000):
        posts = a_stream(100_000, per_hour)
        engine, began = HeatEngine(), time.process_time()
        engine.warm(posts)
        speed = len(posts) / (time.process_time() - began)
        tracemalloc.start()
        engine = HeatEngine()
        engine.warm(posts)
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        print(f"| {per_hour:,} | {len(posts):,} | {speed:,.0f} | {memory:.1f} MB |")


def outrages(tools: Path, seeds: str, max_rate: int, extra: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world, alerts = Path(folder, "world"), Path(folder, "alerts.jsonl")
        simulate = [sys.executable, str(tools / "simulate_outrage.py"), "--seeds", seeds, "--max-rate", str(max_rate)]
        subprocess.run([*simulate, *extra, "--out", str(world)], check=True)
        began, posts = time.process_time(), 0
        with alerts.open("w") as together:
            for events in sorted(world.glob("events-*")):
                part = Path(folder, "part.jsonl")
                posts += score_events(events, part).lines_in
                together.write(part.read_text())
        print(f"{posts / (time.process_time() - began):,.0f} posts/s with reading and writing", flush=True)
        subprocess.run(
            [sys.executable, str(tools / "score_alerts.py"), "--truth", world, "--alerts", alerts], check=True
        )


def series(nab: Path) -> None:
    """NAB's own arithmetic: the earliest alert of a window counts, rows outside cost, less just behind one."""
    windows = {Path(name).name: spans for name, spans in json.loads((nab / "windows.json").read_text()).items()}
    scored = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(nab.glob("*.csv")):
            output = Path(folder, path.name)
            score_series(path, output)
            with output.open() as lines:
                rows = [(datetime.fromisoformat(when), float(score)) for when, _, score in list(csv.reader(lines))[1:]]
            spans = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in windows[path.name]]
            scored.append((rows, spans))
    thresholds = sorted({round(score, 3) for rows, _ in scored for _, score in rows if score > 0.2})
    weeks = sum((rows[-1][0] - rows[0][0]).days / 7 for rows, _ in scored)
    print("| profile | score | threshold | windows hit | false rows a week a series |\n|---|---|---|---|---|")
    for profile, weights in PROFILES.items():
        found = [(*_nab_score(scored, threshold, weights), threshold) for threshold in thresholds]
        score, hit, false, threshold = max(found)
        wanted = sum(len(spans) for _, spans in scored)
        print(f"| {profile} | {score:.1f} | {threshold:.3f} | {hit} of {wanted} | {false / weeks:.2f} |")


Rows = list[tuple[datetime, float]]
Spans = list[tuple[datetime, datetime]]


def _nab_score(
    scored: list[tuple[Rows, Spans]], threshold: float, weights: tuple[float, float, float]
) -> tuple[float, int, int]:
    for_hit, for_miss, for_false = weights
    total, hits, falses, wanted = 0.0, 0, 0, 0
    for rows, spans in scored:
        alerts = [at for at, score in rows[min(int(PROBATION * len(rows)), 750) :] if score >= threshold]
        best: dict[int, float] = {}
        for at in alerts:
            inside = [i for i, (start, end) in enumerate(spans) if start <= at <= end]
            if inside:
                start, end = spans[inside[0]]
                placed = _sigmoid((at - end) / (end - start)) / _sigmoid(-1.0)
                best[inside[0]] = max(best.get(inside[0], 0.0), placed)
            else:
                behind = [(start, end) for start, end in spans if end < at]
                place = (at - behind[-1][1]) / (behind[-1][1] - behind[-1][0]) if behind else 9.0
                total += for_false * _sigmoid(min(place, 3.0)) if place < 3 else -for_false
                falses += 1
        total += for_hit * sum(best.values()) - for_miss * (len(spans) - len(best))
        hits, wanted = hits + len(best), wanted + len(spans)
    null, perfect = -for_miss * wanted, for_hit * wanted
    return 100 * (total - null) / (perfect - null), hits, falses


def _sigmoid(place: float) -> float:
    return 2 / (1 + math.exp(5 * place)) - 1


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the heat engine.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("throughput")
    simulated = verbs.add_parser("outrages")
    simulated.add_argument("--tools", type=Path, required=True)
    simulated.add_argument("--seeds", default="100:110")
    simulated.add_argument("--max-rate", type=int, default=100)
    simulated.add_argument("--classifier-error", default="0.12")
    simulated.add_argument("--shuffle-sentiment", action="store_true")
    real = verbs.add_parser("series")
    real.add_argument("--nab", type=Path, required=True)
    asked = parser.parse_args()
    if asked.verb == "throughput":
        throughput()
    elif asked.verb == "outrages":
        extra = ["--classifier-error", asked.classifier_error]
        extra += ["--shuffle-sentiment"] if asked.shuffle_sentiment else []
        outrages(asked.tools, asked.seeds, asked.max_rate, extra)
    else:
        series(asked.nab)


if __name__ == "__main__":
    main()
