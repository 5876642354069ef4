"""Everything the stand-in of X remembers: people, posts and messages, and how one comes to be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.store import Store
from sandbox.x_text import handles, shortened, weight

Json = dict[str, Any]

_EPOCH_MS = 1288834974657  # X counts the time in its ids from here
_LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
LONGEST_POST = 280


class XWorld:
    """The state of the stand-in; `me` is the user whose keys the callers hold. All times are UTC."""

    def __init__(self, store: Store, clock: Callable[[], datetime], me: str) -> None:
        self._store = store
        self._clock = clock
        self.me = me

    def add_user(
        self,
        username: str,
        name: str | None = None,
        *,
        id: str | None = None,
        followers: int = 0,
        created_at: datetime | None = None,
    ) -> str:
        """The new person's id; the known one's if the username is taken.

        X tells everybody's `created_at`; where nobody gives one, the account was opened on some day of 2010-2023.
        """
        with self._store.transaction():
            for person in self._store.all("x_user"):
                if person["username"].lower() == username.lower():
                    return str(person["id"])
            id = id or self._new_id(self._clock())
            opened = created_at or _LONG_AGO + timedelta(days=int(hashlib.sha256(id.encode()).hexdigest(), 16) % 5000)
            person = {"id": id, "username": username, "name": name or username, "followers": followers}
            person["created_at"] = _stamp(opened)
            self._store.put("x_user", id, person | {"withheld": False})
        return id

    def withhold_user(self, id: str) -> None:
        """From now on the person's posts come without their author, as those of suspended accounts may."""
        person = self.user(id)
        assert person is not None, f"no user {id}"
        self._store.put("x_user", id, person | {"withheld": True})

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
    ) -> str:
        """The post's id. An older `created_at` makes a post that turns up late, below newer ones.

        As on X, a reply names all it answers, links become t.co links, and a text past 280 is cut with the whole in
        `note_tweet`. An id that is there already changes nothing, so a player may begin again.
        """
        with self._store.transaction():
            if id and self._store.get("x_post", id):
                return id
            at = created_at or self._clock()
            id = id or self._new_id(at)
            parent = self._store.get("x_post", in_reply_to) if in_reply_to else None
            if parent:
                text = " ".join([*self._answered(parent, author_id, handles(text)), text])
            if reposts:
                text = self._reposted(reposts)
            known = {person["username"].lower(): person for person in self._store.all("x_user")}
            named = [known[handle] for handle in handles(text) if handle in known]
            text, links = shortened(text)
            whole = text if weight(text) > LONGEST_POST else ""
            post = {
                "id": id,
                "author_id": author_id,
                "text": text[: LONGEST_POST // 2] + "…" if whole else text,
                "long_text": whole,
                "created_at": _stamp(at),
                "conversation_id": parent["conversation_id"] if parent else id,
                "in_reply_to": in_reply_to,
                "in_reply_to_user_id": parent["author_id"] if parent else None,
                "quotes": quotes,
                "reposts": reposts,
                "reply_settings": reply_settings,
                "mentions": {person["username"]: person["id"] for person in named},
                "urls": links,
                "deleted": False,
            }
            self._store.put("x_post", id, post)
        return id

    def delete_post(self, id: str) -> None:
        """Gone from every answer; replies to it stay and point at nothing."""
        post = self._store.get("x_post", id)
        assert post is not None, f"no post {id}"
        self._store.put("x_post", id, post | {"deleted": True})

    def add_dm(
        self,
        sender_id: str,
        text: str,
        *,
        to: str | None = None,
        created_at: datetime | None = None,
        id: str | None = None,
    ) -> str:
        """The id of a message from `sender_id` to us, or from us `to` somebody. A known id changes nothing."""
        with self._store.transaction():
            if id and self._store.get("x_dm", id):
                return id
            at = created_at or self._clock()
            id = id or self._new_id(at)
            other = to or sender_id
            event = {
                "id": id,
                "event_type": "MessageCreate",
                "text": text,
                "sender_id": sender_id,
                "dm_conversation_id": "-".join(sorted((self.me, other), key=int)),
                "created_at": _stamp(at),
                "with": other,
            }
            self._store.put("x_dm", id, event)
        return id

    def user(self, id: str) -> Json | None:
        return self._store.get("x_user", id)

    def post(self, id: str) -> Json | None:
        """The post unless it was deleted."""
        post = self._store.get("x_post", id)
        return None if post is None or post["deleted"] else post

    def posts(self) -> list[Json]:
        """Every post that is still there, newest first."""
        return _newest_first([post for post in self._store.all("x_post") if not post["deleted"]])

    def dms(self, other: str | None = None) -> list[Json]:
        """Every message, or those with one person, newest first."""
        return _newest_first([event for event in self._store.all("x_dm") if other in (None, event["with"])])

    def _answered(self, parent: Json, author_id: str, named: list[str]) -> list[str]:
        """Whom X names in front of a reply: the author and everybody whom the answered post named."""
        ids = dict.fromkeys([parent["author_id"], *parent["mentions"].values()])
        people = [self._store.get("x_user", id) for id in ids if id != author_id]
        return [f"@{one['username']}" for one in people if one and one["username"].lower() not in named]

    def _reposted(self, id: str) -> str:
        original = self.post(id)
        assert original is not None, f"no post {id}"
        author = self._store.get("x_user", original["author_id"])
        return f"RT @{author['username'] if author else 'unknown'}: {original['text']}"

    def _new_id(self, at: datetime) -> str:
        number = self._store.next_number("x_id") % (1 << 22)
        return str(((round(at.timestamp() * 1000) - _EPOCH_MS) << 22) | number)


def _newest_first(documents: list[Json]) -> list[Json]:
    return sorted(documents, key=lambda document: int(document["id"]), reverse=True)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
