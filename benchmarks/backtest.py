"""Measures `palovahti backtest`: one and two settings over 100,000 mentions, from a stream and from a store.

    python -m benchmarks.backtest --events FILE [--mentions 100000]

FILE is a stream of judged posts of one brand (docs/heat.md), as the simulator writes it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from classifier.heat.files import read_posts
from classifier.heat.posts import JudgedPost
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.mentions import Mention, Thread
from models.verdicts import VerdictRow

SETTINGS = """
[shop]
name = "{brand}"
[slack]
alert_channel = "C1"
contact_channel = "C2"
[store]
url = "sqlite:///{folder}/shop.db"
[replay]
path = "none.jsonl"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures palovahti backtest.")
    parser.add_argument("--events", type=Path, required=True)
    parser.add_argument("--mentions", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        posts = list(islice(read_posts(asked.events), asked.mentions))
        write(folder / "stream.jsonl", posts)
        (folder / "palovahti.toml").write_text(SETTINGS.format(brand=posts[0].brand, folder=folder))
        engine = open_engine(f"sqlite:///{folder}/shop.db")
        upgrade(engine)
        keep(open_sessions(engine), posts)
        engine.dispose()
        print(f"| {len(posts):,} mentions | processor s | s |\n|---|---:|---:|")
        stream, picture = ["--events", folder / "stream.jsonl"], ["--picture", folder / "picture.svg"]
        tell("a stream, one setting", folder, *stream)
        tell("a stream, two settings", folder, *stream, "--sensitivity", "quiet", "keen")
        tell("the store, one setting", folder)
        tell("the store, two settings", folder, "--sensitivity", "quiet", "keen")
        tell("the store, two settings, picture", folder, "--sensitivity", "quiet", "keen", *picture)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nlargest resident memory {memory:.0f} MB")


def tell(what: str, folder: Path, *words: object) -> None:
    """Runs the command as a person would, start of the process included."""
    command = [sys.executable, "-m", "bot", "backtest", "--settings", str(folder / "palovahti.toml"), "--json"]
    began, worked = time.perf_counter(), processor_s()
    subprocess.run([*command, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    print(f"| {what} | {processor_s() - worked:.1f} | {time.perf_counter() - began:.1f} |", flush=True)


def processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def write(path: Path, posts: list[JudgedPost]) -> None:
    with path.open("w") as lines:
        for post in posts:
            body = {name: getattr(post, name) for name in JudgedPost.__slots__ if getattr(post, name) is not None}
            body["created_at"] = post.created_at.isoformat()
            body["sentiment"] = {"negative": body.pop("negative")}
            lines.write(json.dumps(body) + "\n")


def keep(sessions: Sessions, posts: list[JudgedPost]) -> None:
    """Puts the posts into a store, with no words in them."""
    threads: dict[str, int] = {}
    mentions, verdicts, heads = [], [], []
    for number, post in enumerate(posts, 1):
        at = post.created_at
        if post.thread_id not in threads:
            threads[post.thread_id] = len(threads) + 1
            heads.append({
                "id": threads[post.thread_id], "channel": post.channel, "account": "us", "external_id": post.thread_id,
                "in_own_channel": post.in_own_channel, "is_private": False, "first_at": at, "last_at": at,
            })  # fmt: skip
        mentions.append({
            "id": number, "thread_id": threads[post.thread_id], "channel": post.channel, "account": "us",
            "external_id": post.external_id, "place": "comment", "author_id": post.author_id,
            "author_followers": post.author_followers, "text": "", "text_key": post.text_key,
            "is_share": post.is_share, "from_us": False, "replyable": "yes", "created_at": at, "received_at": at,
            "judged_at": at, "heated_at": at, "considered_at": at,
        })  # fmt: skip
        verdicts.append({
            "mention_id": number, "judge_version": "none", "language": "fi", "label": "neutral",
            "negative": post.negative, "neutral": 1 - post.negative, "positive": 0.0, "arousal": post.arousal,
            "abstained": False, "truncated": False, "judged_at": at,
        })  # fmt: skip
    with sessions.begin() as session:
        for kind, rows in ((Thread, heads), (Mention, mentions), (VerdictRow, verdicts)):
            session.execute(insert(kind), rows)


if __name__ == "__main__":
    main()
