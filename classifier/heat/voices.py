"""Which of the past's posts count: each text once a day, each person once a day on each side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from classifier.heat.posts import JudgedPost
from classifier.heat.stretches import BIN_MINUTES, BINS_A_DAY


class Heard(NamedTuple):
    """One post, as little of it as can be."""

    at: float  # seconds since 1970
    external_id: str
    text: int  # of this run alone: the hash of its key
    author: str | None
    negative: bool
    thread: str
    topic: str | None


def heard(post: JudgedPost, names: dict[str, str], negative_from: float) -> Heard:
    """What looking back keeps of a post; `names` holds each author, thread and topic once."""
    thread = f"{post.channel} {post.thread_id}"
    return Heard(
        post.created_at.timestamp(),
        post.external_id,
        hash(post.text_key),
        None if post.author_id is None else names.setdefault(post.author_id, post.author_id),
        post.negative >= negative_from,
        names.setdefault(thread, thread),
        None if post.topic is None else names.setdefault(post.topic, post.topic),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """One voice: a post that is no copy, in its bin of ten minutes."""

    at: float  # seconds since 1970
    bin: int
    author: str | None
    negative: bool
    thread: str
    topic: str | None


def counted_out(posts: list[Heard]) -> tuple[list[Said], list[int]]:
    """What counts, in order of time, and the bins of the copies and shares that do not; empties `posts`."""
    said: list[Said] = []
    copies: list[int] = []
    counted_last: dict[int, int] = {}
    bins: dict[int, int] = {}  # each once
    posts.sort(key=lambda post: (post.at, post.external_id), reverse=True)
    while posts:
        post = posts.pop()
        bin = int(post.at) // (60 * BIN_MINUTES)
        bin = bins.setdefault(bin, bin)
        if bin - counted_last.get(post.text, bin - BINS_A_DAY) < BINS_A_DAY:
            copies.append(bin)
            continue
        counted_last[post.text] = bin
        said.append(Said(post.at, bin, post.author, post.negative, post.thread, post.topic))
    return said, copies


def once_a_day(said: Iterable[Said]) -> list[Said]:
    """A person once a day on each side; one whose name the platform withholds counts each time."""
    kept: list[Said] = []
    counted_last: dict[tuple[str, bool], int] = {}
    for each in said:
        if each.author is not None:
            who = (each.author, each.negative)
            if each.bin - counted_last.get(who, each.bin - BINS_A_DAY) < BINS_A_DAY:
                continue
            counted_last[who] = each.bin
        kept.append(each)
    return kept
