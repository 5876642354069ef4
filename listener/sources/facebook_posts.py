"""Graph's posts, comments and messages as Posts; an item that cannot be understood is None, and logged by id."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from listener.posts import Author, Place, Post, Replyable

logger = logging.getLogger(__name__)

Item = Mapping[str, Any]
CHANNEL = "facebook"


def post_of(item: Item, page_id: str, closed: bool) -> Post | None:
    """What stands on the Page itself: the visitors' posts and our own."""
    place = Place.OWN_POST if _author_id(item) == page_id else Place.VISITOR_POST
    return _post(item, page_id, str(item.get("id", "")), place, None, closed)


def comment_of(item: Item, page_id: str, thread_id: str, closed: bool) -> Post | None:
    """A comment on a post, or a reply to a comment; its parent is the comment it answers, else the post.

    Replies nest one level: an answer to a reply goes to its parent, so that one says whether it takes answers.
    """
    parent = item.get("parent")
    under = parent if isinstance(parent, Mapping) and parent.get("id") else None
    closed = closed or (under or item).get("can_comment") is False
    return _post(item, page_id, thread_id, Place.COMMENT, str(under["id"]) if under else thread_id, closed)


def message_of(item: Item, page_id: str, thread_id: str, closed: bool) -> Post | None:
    """One Messenger message, the customer's or ours."""
    return _post(item, page_id, thread_id, Place.DM, None, closed)


def time_of(item: Item, name: str = "created_time") -> datetime | None:
    """A time of Graph's (`2026-11-21T10:00:00+0000`) in UTC, None when it is missing or broken."""
    try:
        parsed = datetime.fromisoformat(item[name])
    except (KeyError, TypeError, ValueError):
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else None


def _post(item: Item, page_id: str, thread_id: str, place: Place, parent_id: str | None, closed: bool) -> Post | None:
    external_id, created_at = item.get("id"), time_of(item)
    if not external_id or created_at is None:
        logger.warning("item skipped reason=incomplete place=%s id=%s", place, external_id)
        return None
    text = item.get("message")
    permalink = item.get("permalink_url")
    return Post(
        channel=CHANNEL,
        account=page_id,
        external_id=str(external_id),
        thread_id=thread_id,
        place=place,
        text=text if isinstance(text, str) else "",
        created_at=created_at,
        parent_id=parent_id,
        author=_author(item),
        permalink=permalink if isinstance(permalink, str) else None,
        from_us=_author_id(item) == page_id,
        replyable=Replyable.NO if closed else Replyable.YES,
    )


def _author_id(item: Item) -> str | None:
    author = item.get("from")
    return str(author["id"]) if isinstance(author, Mapping) and author.get("id") else None


def _author(item: Item) -> Author | None:
    """None where Graph withholds who it was, as it does for people who have not allowed it."""
    author_id = _author_id(item)
    return None if author_id is None else Author(author_id, str(item["from"].get("name") or ""))
