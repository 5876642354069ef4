"""Reads a recorded stream (JSONL, docs/replay-format.md) as a source: old days again, at any pace."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from listener.posts import Cursor, Page, Post, Replyable
from listener.sources.recorded_lines import BadLine, post_from
from models.errors import Refused

logger = logging.getLogger(__name__)

SENTENCES_KEPT = 100  # a file that is no recording at all must not fill the memory


@dataclass(frozen=True)
class _Line:
    number: int
    content: bytes
    end: int  # offset of the byte after it


class Replay:
    """A file of posts, read in its own order in pages of at most `page_size` lines.

    A bad line is left out and reported, and the page goes on: `bad_lines` counts them, `problems` holds the first
    sentences. With `strict` the page ends before it and the next fetch raises Refused, so nothing good is lost.
    A last line without its newline may still be being written: it waits, unless `complete` says the file is whole.
    `account` stands in where a line names none. Nobody is at the other end of a recording, so no post is replyable.
    """

    name = "replay"

    def __init__(
        self,
        path: Path,
        page_size: int = 100,
        account: str | None = None,
        *,
        strict: bool = False,
        complete: bool = False,
    ) -> None:
        self._path = path
        self._page_size = page_size
        self._account = account
        self._strict = strict
        self._complete = complete
        self._reported_to = 0  # a page may be read again when its transaction failed
        self.bad_lines = 0
        self.problems: list[str] = []

    def fetch(self, cursor: Cursor) -> Page:
        """The next lines after `cursor`. Raises Refused when the file cannot be read or is another than before."""
        offset, number = int(cursor.get("offset", 0)), int(cursor.get("line", 0))
        try:
            with self._path.open("rb") as file:
                return self._page(file, offset, number)
        except OSError as error:
            raise Refused(
                "replay_unreadable",
                f"{self._path} cannot be read ({error.strerror}). Correct the path or the file's permissions.",
            ) from error

    def _page(self, file: BinaryIO, offset: int, number: int) -> Page:
        if offset > os.fstat(file.fileno()).st_size:
            raise Refused(
                "replay_shortened",
                f"{self._path} is shorter than where reading stopped (line {number}). Put the longer file back, or "
                "read the new recording under another name, into an empty database.",
            )
        file.seek(offset)
        posts: list[Post] = []
        for _ in range(self._page_size):
            line = self._next_line(file, number + 1)
            if line is None:
                break
            try:
                post = post_from(line.content, self._account) if line.content.strip() else None
            except BadLine as bad:
                if self._strict and posts:
                    break
                self._report(line.number, bad)
                post = None
            offset, number = line.end, line.number
            if post is not None:
                posts.append(_unanswerable(post))
        file.seek(offset)
        more = self._next_line(file, number + 1) is not None
        posts.reverse()
        posts.sort(key=lambda post: post.created_at, reverse=True)  # stable: of two at once, the later line is newer
        return Page(tuple(posts), {"offset": offset, "line": number}, more)

    def _next_line(self, file: BinaryIO, number: int) -> _Line | None:
        content = file.readline()
        if not content or not (content.endswith(b"\n") or self._complete):
            return None
        return _Line(number, content, file.tell())

    def _report(self, number: int, bad: BadLine) -> None:
        sentence = f"{self._path}, line {number} {bad.sentence}"
        if number > self._reported_to:
            self._reported_to = number
            self.bad_lines += 1
            if len(self.problems) < SENTENCES_KEPT:
                self.problems.append(sentence)
            logger.warning("line left out source=%s line=%d field=%s", self.name, number, bad.field or "-")
        if self._strict:
            raise Refused("replay_bad_line", sentence)


def _unanswerable(post: Post) -> Post:
    return replace(post, replyable=Replyable.RECORDED) if post.replyable is Replyable.YES else post
