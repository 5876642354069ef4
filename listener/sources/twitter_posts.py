"""Turns the X API's JSON into Posts; raises KeyError, TypeError or ValueError for what is not the shape X promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from listener.posts import Author, Place, Post, Replyable

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Includes:
    """The people and posts that X sends beside a page, by id; suspended people and deleted posts are not among them."""

    users: Mapping[str, Json]
    posts: Mapping[str, Json]

    @classmethod
    def of(cls, answer: Json) -> Includes:
        beside = answer.get("includes") or {}
        return cls(_by_id(beside.get("users")), _by_id(beside.get("tweets")))


def post_of(item: Json, includes: Includes, account: str) -> Post:
    """A public post. Which of our sources found it makes no difference to what it says."""
    id, author_id = str(int(item["id"])), str(item["author_id"])
    author = _author(author_id, includes)
    references = {str(one["type"]): str(one["id"]) for one in item.get("referenced_tweets") or ()}
    is_share = "retweeted" in references
    named = any(str(one.get("id")) == account for one in (item.get("entities") or {}).get("mentions") or ())
    long_text = (item.get("note_tweet") or {}).get("text")  # premium posts past 280 are cut in `text`
    return Post(
        channel="x",
        account=account,
        external_id=id,
        thread_id=str(item.get("conversation_id") or id),
        place=Place.MENTION if named else Place.SEARCH,
        text=_plain(long_text or item["text"]),
        created_at=_time(item["created_at"]),
        parent_id=references.get("replied_to"),
        author=author,
        permalink=f"https://x.com/{author.handle if author and author.handle else 'i'}/status/{id}",
        is_share=is_share,
        from_us=author_id == account,
        replyable=_replyable(item, named and not is_share, references.get("quoted"), includes, account),
    )


def message_of(event: Json, includes: Includes, account: str) -> Post:
    """A direct message. We answer people, not groups."""
    sender_id, conversation = str(int(event["sender_id"])), str(event["dm_conversation_id"])
    return Post(
        channel="x",
        account=account,
        external_id=str(int(event["id"])),
        thread_id=conversation,
        place=Place.DM,
        text=_plain(event.get("text") or ""),
        created_at=_time(event["created_at"]),
        author=_author(sender_id, includes) or Author(sender_id, sender_id),  # we need the id to answer
        permalink=f"https://x.com/messages/{conversation}",
        from_us=sender_id == account,
        replyable=Replyable.YES if account in conversation.split("-") else Replyable.NO,
    )


def _replyable(item: Json, named: bool, quoted_id: str | None, includes: Includes, account: str) -> Replyable:
    """X takes our reply when the author mentioned or quoted us, and the conversation is open or its first post named
    us; a limit stated on a later post is the first post's, whose names we do not see."""
    quoted = includes.posts.get(quoted_id) if quoted_id else None
    if not named and str((quoted or {}).get("author_id")) != account:
        return Replyable.NOT_SUMMONED
    begins = str(item.get("conversation_id") or item["id"]) == str(item["id"])
    if item.get("reply_settings", "everyone") != "everyone" and not (begins and named):
        return Replyable.REPLIES_LIMITED
    return Replyable.YES


def _author(id: str, includes: Includes) -> Author | None:
    person = includes.users.get(id)
    if person is None:
        return None
    followers = (person.get("public_metrics") or {}).get("followers_count")
    return Author(
        external_id=id,
        name=_plain(str(person.get("name") or person.get("username") or id)),
        handle=person.get("username"),
        followers=followers if isinstance(followers, int) else None,
        created_at=_opened(person.get("created_at")),
    )


def _opened(stamp: object) -> datetime | None:
    """When the account was opened; an odd answer about that costs nobody their post."""
    try:
        return _time(stamp) if isinstance(stamp, str) else None
    except ValueError:
        return None


def _by_id(items: object) -> dict[str, Json]:
    listed = items if isinstance(items, list) else []
    return {str(item["id"]): item for item in listed if isinstance(item, dict) and "id" in item}


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)


def _plain(text: str) -> str:
    """X escapes three characters; half an emoji (a lone surrogate) becomes the replacement character."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
