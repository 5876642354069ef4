"""Plays a recorded stream (docs/replay-format.md) into the stand-ins, each post once, when its time has come."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sandbox.store import Store

logger = logging.getLogger(__name__)

Json = dict[str, Any]
_NEEDED = ("channel", "external_id", "thread_id", "place", "text", "created_at")


class XStage(Protocol):
    """What the player needs of the stand-in of X."""

    @property
    def me(self) -> str: ...

    def add_user(
        self,
        username: str,
        name: str | None = None,
        *,
        id: str | None = None,
        followers: int = 0,
        created_at: datetime | None = None,
    ) -> str: ...

    def withhold_user(self, id: str) -> None: ...

    def post(self, id: str) -> Json | None: ...

    def add_post(
        self,
        author_id: str,
        text: str,
        *,
        in_reply_to: str | None = None,
        quotes: str | None = None,
        reposts: str | None = None,
        reply_settings: str = "everyone",
        created_at: datetime | None = None,
        id: str | None = None,
    ) -> str: ...

    def add_dm(
        self,
        sender_id: str,
        text: str,
        *,
        to: str | None = None,
        created_at: datetime | None = None,
        id: str | None = None,
    ) -> str: ...


class GraphStage(Protocol):
    """What the player needs of the stand-in of the Graph API; it gives ids of its own."""

    @property
    def page_id(self) -> str: ...

    @property
    def page_name(self) -> str: ...

    def add_visitor_post(
        self, message: str, author_id: str | None, author_name: str = "", at: datetime | None = None
    ) -> str: ...

    def add_own_post(self, message: str, at: datetime | None = None) -> str: ...

    def add_comment(
        self, object_id: str, message: str, author_id: str | None, author_name: str = "", at: datetime | None = None
    ) -> str: ...

    def add_message(self, person_id: str, person_name: str, message: str, at: datetime | None = None) -> str: ...


class Player:
    """One recording on one stage. Where it is stands in `store`, which must be the one the stand-ins keep.

    A line that is no post is left out and told in `problems`; a post that cannot be placed (its thread is not in the
    recording) is passed over, and logged by its line.
    """

    def __init__(self, path: Path, x: XStage, graph: GraphStage, store: Store) -> None:
        self.problems: list[str] = []
        self._posts = sorted(self._read(path), key=lambda post: (post["at"], post["line"]))
        self._x = x
        self._graph = graph
        self._store = store

    @property
    def begins_at(self) -> datetime:
        """The hour in which the first post was written: where the world's clock starts."""
        if not self._posts:
            raise ValueError("The recording holds no posts. Choose another file.")
        first: datetime = self._posts[0]["at"]
        return first.replace(minute=0, second=0, microsecond=0)

    @property
    def finished(self) -> bool:
        """Whether every post was played."""
        return self._position() >= len(self._posts)

    def step(self, now: datetime) -> int:
        """Plays what is due at `now` and was not played yet; returns how many posts that were."""
        played = 0
        while self._play_next(now):
            played += 1
        return played

    def run(self, clock: Callable[[], datetime], stopped: threading.Event, every_s: float = 0.2) -> None:
        """Plays along with `clock` until `stopped` is set."""
        while not stopped.wait(every_s):
            self.step(clock())

    def _play_next(self, now: datetime) -> bool:
        with self._store.transaction():
            position = self._position()
            if position >= len(self._posts) or self._posts[position]["at"] > now:
                return False
            post = self._posts[position]
            if not self._place(post):
                logger.warning("recorded post passed over line=%d place=%s", post["line"], post["place"])
            self._store.put("player", "position", {"next": position + 1})
            return True

    def _position(self) -> int:
        kept = self._store.get("player", "position")
        return int(kept["next"]) if kept else 0

    def _place(self, post: Json) -> bool:
        if post["channel"] == "x":
            author = post.get("author") or {"external_id": self._x.me}
            numbered = post["external_id"].isdecimal() and author["external_id"].isdecimal()
            return numbered and self._place_on_x(post)
        return post["channel"] == "facebook" and self._place_on_facebook(post)

    def _place_on_x(self, post: Json) -> bool:
        id, text, at, parent = post["external_id"], post["text"], post["at"], post.get("parent_id")
        author_id = self._x_author(post)
        if post["place"] == "dm":
            other = next(one for one in (*post["thread_id"].split("-"), "") if one != self._x.me)
            if post.get("from_us") and not other.isdecimal():
                return False
            self._x.add_dm(author_id, text, to=other if post.get("from_us") else None, created_at=at, id=id)
            return True
        standing = parent if parent and self._x.post(parent) else None
        if post.get("is_share"):
            if standing is None:
                return False
            self._x.add_post(author_id, text, reposts=standing, created_at=at, id=id)
            return True
        quoted = standing if post["thread_id"] == id else None
        self._x.add_post(
            author_id,
            text,
            in_reply_to=None if quoted else standing,
            quotes=quoted,
            reply_settings="following" if post.get("replyable") == "replies_limited" else "everyone",
            created_at=at,
            id=id,
        )
        return True

    def _x_author(self, post: Json) -> str:
        if post.get("from_us"):
            return self._x.me
        author = post.get("author")
        if author is None:
            nobody = self._x.add_user(f"u{post['external_id']}"[:15], id=f"9{post['line']}")
            self._x.withhold_user(nobody)
            return nobody
        handle = author.get("handle") or f"u{author['external_id']}"[:15]
        return self._x.add_user(
            handle,
            author["name"],
            id=author["external_id"],
            followers=author.get("followers") or 0,
            created_at=author.get("created_at"),
        )

    def _place_on_facebook(self, post: Json) -> bool:
        text, at, place = post["text"], post["at"], post["place"]
        author = post.get("author") or {"external_id": None, "name": ""}
        if post.get("from_us"):
            author = {"external_id": self._graph.page_id, "name": self._graph.page_name}
        who = (author["external_id"], author["name"])
        if place == "own_post":
            id = self._graph.add_own_post(text, at=at)
        elif place == "visitor_post":
            id = self._graph.add_visitor_post(text, *who, at=at)
        elif place == "dm":
            if post.get("from_us") or author["external_id"] is None:
                return False  # the stand-in lets only the API write in our name, and needs to know to whom
            id = self._graph.add_message(*who, text, at=at)
        else:
            under = self._played_as(post.get("parent_id")) or self._played_as(post["thread_id"])
            if under is None:
                return False
            id = self._graph.add_comment(under, text, *who, at=at)
        self._store.put("played_on_facebook", post["external_id"], {"id": id})
        return True

    def _played_as(self, recorded_id: str | None) -> str | None:
        known = self._store.get("played_on_facebook", recorded_id) if recorded_id else None
        return str(known["id"]) if known else None

    def _read(self, path: Path) -> list[Json]:
        posts = []
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    post = json.loads(line)
                    author = post.get("author") or {"external_id": "", "name": ""}
                    missing = [name for name in _NEEDED if not isinstance(post[name], str)]
                    missing += [name for name in ("external_id", "name") if not isinstance(author[name], str)]
                    post["at"] = _time(post["created_at"])
                    if author.get("created_at") is not None:
                        author["created_at"] = _time(author["created_at"])
                except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
                    missing = ["post"]
                if missing:
                    self.problems.append(f"{path}, line {number} is not a recorded post. Correct or remove it.")
                else:
                    posts.append(post | {"line": number})
        return posts


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
