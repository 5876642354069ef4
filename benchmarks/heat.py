"""Measures the heat engine: posts a second and memory, and how well it finds simulated outrages.

    python -m benchmarks.heat throughput
    python -m benchmarks.heat outrages --tools FOLDER [--seeds 100:110] [--max-rate 100]

FOLDER holds simulate_outrage.py and score_alerts.py. What they print is kept in heat-results.md.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

from classifier.heat.engine import HeatEngine
from classifier.heat.files import score_events
from classifier.heat.posts import JudgedPost


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
    asked = parser.parse_args()
    if asked.verb == "throughput":
        throughput()
    else:
        extra = ["--classifier-error", asked.classifier_error]
        extra += ["--shuffle-sentiment"] if asked.shuffle_sentiment else []
        outrages(asked.tools, asked.seeds, asked.max_rate, extra)


if __name__ == "__main__":
    main()
