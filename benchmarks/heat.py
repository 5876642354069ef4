"""Measures the heat engine: posts a second and memory, and how well it finds simulated outrages.

    python -m benchmarks.heat throughput
    python -m benchmarks.heat many [--posts 10000000] [--keep FOLDER]
    python -m benchmarks.heat outrages --tools FOLDER [--seeds 100:140] [--max-rate 1000] [--keep FOLDER]

FOLDER holds simulate_outrage.py and score_alerts.py. What they print is kept in heat-results.md.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from multiprocessing import Pool
from pathlib import Path

import orjson

from bot.collector import look_seldom
from classifier.heat.engine import HeatEngine
from classifier.heat.files import score_events
from classifier.heat.posts import JudgedPost


def a_stream(posts: int, brands: int, threads: int, per_hour: float) -> Iterator[JudgedPost]:
    """Brands in turn, each with its share of the threads alive at a time; one post in four is negative."""
    chance, start = random.Random(1), datetime(2026, 1, 5, tzinfo=UTC)
    alive, born = [list(range(threads // brands)) for _ in range(brands)], threads
    for i in range(posts):
        brand = i % brands
        place = chance.randrange(len(alive[brand]))
        if chance.random() < 0.05:
            alive[brand][place] = born = born + 1
        yield JudgedPost(
            brand=f"shop-{brand}",
            channel="x",
            external_id=f"p{i}",
            thread_id=f"t{alive[brand][place]}",
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


def throughput(posts: int, brands: int, threads: int) -> None:
    """One core; the posts are made beforehand in parts, so that only heat is timed."""
    look_seldom()  # as the command and the pipeline do
    engine, spent, done = HeatEngine(), 0.0, 0
    stream = a_stream(posts, brands, threads, per_hour=brands * 20)
    print("| posts so far | posts/s, one core | threads followed | memory of the process |\n|---|---|---|---|")
    while part := list(islice(stream, posts // 8)):
        began = time.process_time()
        engine.warm(part)
        spent, done = spent + time.process_time() - began, done + len(part)
        followed = sum(len(brand.followed) for brand in engine._brands.values())
        megabytes = resource_mb()
        print(f"| {done:,} | {done / spent:,.0f} | {followed:,} | {megabytes:,.0f} MB |", flush=True)


def resource_mb(pid: int | str = "self") -> float:
    """Resident memory of a process now, in megabytes; nothing once it has ended."""
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0


def many(posts: int, brands: int, threads: int, keep: Path | None) -> None:
    """The command over a file of so many posts, in a process of its own: its memory and time at each million."""
    with tempfile.TemporaryDirectory() as name:
        events = (keep or Path(name)) / "many.jsonl.gz"
        if not events.exists():
            with gzip.open(events, "wb", compresslevel=1) as lines:
                lines.writelines(a_line(post) for post in a_stream(posts, brands, threads, per_hour=brands * 100))
        command = [
            sys.executable,
            "-m",
            "bot",
            "heat",
            "--events",
            str(events),
            "--alerts",
            str(events.with_name("many.alerts")),
        ]
        began, size = time.perf_counter(), events.stat().st_size
        print("| posts so far | peak memory of the process | of its processor time |\n|---|---|---|", flush=True)
        with subprocess.Popen(command) as process:
            peak, told = 0.0, 0
            while process.poll() is None:
                time.sleep(0.2)
                peak = max(peak, resource_mb(process.pid))
                if (done := int(posts * read_so_far(process.pid, events) / size)) // 1_000_000 > told:
                    told = done // 1_000_000
                    print(f"| {done:,} | {peak:,.0f} MB | {processor_s(process.pid):,.0f} s |", flush=True)
        whole = time.perf_counter() - began
        print(f"{posts:,} posts, exit status {process.returncode}, at most {peak:,.0f} MB, {whole:,.0f} s", flush=True)


def a_line(post: JudgedPost) -> bytes:
    """The post as `palovahti heat --events` reads it."""
    body = {name: getattr(post, name) for name in JudgedPost.__slots__ if name not in ("negative", "short")}
    return orjson.dumps(body | {"sentiment": {"negative": post.negative}}, option=orjson.OPT_APPEND_NEWLINE)


def processor_s(pid: int) -> float:
    """The processor time of a process so far, in seconds; nothing once it has ended."""
    with contextlib.suppress(OSError, IndexError):
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def read_so_far(pid: int, path: Path) -> int:
    """How many bytes of the file the process has read; none once it is closed."""
    with contextlib.suppress(OSError):
        for opened in Path(f"/proc/{pid}/fd").iterdir():
            if opened.readlink() == path:
                return int(Path(f"/proc/{pid}/fdinfo/{opened.name}").read_text().split()[1])
    return 0


def outrages(tools: Path, seeds: str, max_rate: int, jobs: int, extra: list[str], keep: Path | None) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = keep or Path(name)
        world, alerts = folder / "world", folder / "alerts.jsonl"
        simulate = [sys.executable, str(tools / "simulate_outrage.py"), "--seeds", seeds, "--max-rate", str(max_rate)]
        subprocess.run([*simulate, *extra, "--out", str(world)], check=True)
        with Pool(jobs) as pool:
            largest_first = sorted(world.glob("events-*.gz"), key=lambda path: -path.stat().st_size)
            read = pool.map(scored, largest_first, chunksize=1)
        with alerts.open("w") as together:
            for events in sorted(largest_first):
                together.write(alerts_of(events).read_text())
        posts, spent = sum(posts for posts, _ in read), sum(spent for _, spent in read)
        print(f"{posts / spent:,.0f} posts/s of a processor, with reading and writing", flush=True)
        subprocess.run(
            [sys.executable, str(tools / "score_alerts.py"), "--truth", world, "--alerts", alerts], check=True
        )


def scored(events: Path) -> tuple[int, float]:
    """Heat over one brand's posts: how many there were, and the processor seconds it took."""
    began = time.process_time()
    posts = score_events(events, alerts_of(events)).lines_in
    return posts, time.process_time() - began


def alerts_of(events: Path) -> Path:
    return events.with_name(events.name.replace("events-", "alerts-").replace(".jsonl.gz", ".jsonl"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the heat engine.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    speed = verbs.add_parser("throughput")
    speed.add_argument("--posts", type=int, default=1_600_000)
    speed.add_argument("--brands", type=int, default=1_000)
    speed.add_argument("--threads", type=int, default=50_000)
    long = verbs.add_parser("many")
    long.add_argument("--posts", type=int, default=10_000_000)
    long.add_argument("--brands", type=int, default=200)
    long.add_argument("--threads", type=int, default=50_000)
    long.add_argument("--keep", type=Path, help="keep the events and the alerts in this folder")
    simulated = verbs.add_parser("outrages")
    simulated.add_argument("--tools", type=Path, required=True)
    simulated.add_argument("--seeds", default="100:140")
    simulated.add_argument("--max-rate", type=int, default=1000)
    simulated.add_argument("--classifier-error", default="0.12")
    simulated.add_argument("--shuffle-sentiment", action="store_true")
    simulated.add_argument("--jobs", type=int, default=2, help="brands read at a time")
    simulated.add_argument("--keep", type=Path, help="keep the world and the alerts in this folder, for heat_forecast")
    asked = parser.parse_args()
    if asked.verb == "throughput":
        throughput(asked.posts, asked.brands, asked.threads)
    elif asked.verb == "many":
        many(asked.posts, asked.brands, asked.threads, asked.keep)
    else:
        extra = ["--classifier-error", asked.classifier_error]
        extra += ["--shuffle-sentiment"] if asked.shuffle_sentiment else []
        outrages(asked.tools, asked.seeds, asked.max_rate, asked.jobs, extra, asked.keep)


if __name__ == "__main__":
    main()
