"""A post as a platform gave it, a page of them, and what a source must offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class Place(StrEnum):
    """Where on the platform the words were said."""

    MENTION = "mention"  # a public post that names our account
    SEARCH = "search"  # a public post found by a brand word; it does not name our account
    VISITOR_POST = "visitor_post"  # written by somebody on our own page
    OWN_POST = "own_post"  # our own post on our own page: the root of a thread, never a mention
    COMMENT = "comment"  # a comment, or a reply to one, on our own page
    DM = "dm"  # a direct message
    TAKEN_IN = "taken_in"  # brought by a person, from where no API sees


class Replyable(StrEnum):
    """Whether the platform's API would take our reply to this post, as far as the post itself tells."""

    YES = "yes"
    NOT_SUMMONED = "not_summoned"  # X takes API replies only when the author mentioned or quoted us
    REPLIES_LIMITED = "replies_limited"  # the author limited who can reply
    NO = "no"  # comments closed, or the platform says we cannot comment here
    TAKEN_IN = "taken_in"  # a person brought it from where no API reaches
    RECORDED = "recorded"  # came from a recorded stream; there is nobody at the other end


@dataclass(frozen=True)
class Author:
    """Who wrote it. `external_id` is the platform's id (page-scoped on Meta).

    `followers` and `created_at`, when the account was opened, are None where the platform does not tell.
    """

    external_id: str
    name: str
    handle: str | None = None
    followers: int | None = None
    created_at: datetime | None = None


@dataclass(frozen=True)
class Post:
    """One post, comment or message as the platform gave it; times are UTC, ids are the platform's strings.

    `thread_id` is the conversation: X `conversation_id`, the id of the page's post for Facebook comments, the
    conversation for direct messages. `author` is None where the platform withholds it. `from_us` marks what our own
    account wrote: kept as context, never a mention.
    """

    channel: str  # "x", "facebook", "manual", "replay"
    account: str  # our account (user id or page id) this was heard for
    external_id: str
    thread_id: str
    place: Place
    text: str
    created_at: datetime
    parent_id: str | None = None
    author: Author | None = None
    permalink: str | None = None
    is_share: bool = False
    from_us: bool = False
    replyable: Replyable = Replyable.YES
    private: bool = False  # of what was taken in: a call or a letter, which nobody else can see

    @property
    def is_private(self) -> bool:
        """True for what one person wrote to us alone; it does not spread, and heats nothing."""
        return self.place is Place.DM or self.private

    @property
    def in_own_channel(self) -> bool:
        """True on our own page or in our inbox, where an unanswered complaint is in our own hands."""
        return self.place in (Place.VISITOR_POST, Place.OWN_POST, Place.COMMENT)


Cursor = Mapping[str, Any]  # JSON, opaque to everybody but the source that wrote it; {} means never read


@dataclass(frozen=True)
class Page:
    """One bounded page, newest first, and where to go on.

    `cursor` is stored in the same transaction as `posts`. `more` asks for the next page at once; otherwise the source
    is read again after its interval, or after `wait_s` if the platform's rate headers ask for longer.
    """

    posts: tuple[Post, ...]
    cursor: Cursor
    more: bool = False
    wait_s: float | None = None


@dataclass(frozen=True)
class ThreadPage:
    """What is new in one conversation, newest first; it is read again after `wait_s` if the platform asks for that."""

    posts: tuple[Post, ...]
    wait_s: float | None = None


@runtime_checkable
class ThreadReader(Protocol):
    """Something that can read one conversation by itself, in a few calls.

    `fetch_thread` brings what was said from a little before `since` on. It raises TryLater, SignInAgain or Refused
    (models.errors) and nothing else of the platform's.
    """

    def fetch_thread(self, thread_id: str, since: datetime) -> ThreadPage: ...


class Source(Protocol):
    """Something that can be read a page at a time.

    `fetch` raises TryLater, SignInAgain or Refused (models.errors) and nothing else of the platform's; a post that
    cannot be understood is skipped with its id logged, and never fails its page.
    """

    name: str  # unique and stable: the cursor is stored under it, e.g. "x:mentions"

    def fetch(self, cursor: Cursor) -> Page: ...
