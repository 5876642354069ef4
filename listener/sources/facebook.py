"""A Facebook Page's own ground through facebook-sdk: the posts and comments on it, and its Messenger conversations."""

from __future__ import annotations

import time
from datetime import datetime

from listener.posts import Cursor, Page, Post, ThreadPage
from listener.sources.facebook_again import thread_again
from listener.sources.facebook_posts import Item, comment_of, message_of, post_of
from listener.sources.facebook_reading import Reading
from listener.sources.facebook_shelf import Shelf
from models.graph import NEWEST, GraphClient

COMMENT_FIELDS = "id,message,created_time,from{id,name},parent{id,can_comment},permalink_url,can_comment"
MESSAGE_FIELDS = "id,message,created_time,from{id,name}"
CONVERSATION_CALLS_APART_S = 0.55  # Meta allows two conversation calls a second for a Page


class FacebookFeed:
    """Visitors' posts and our own, with all comments and replies. Nothing older than the first `since` is delivered."""

    name = "facebook:feed"

    def __init__(
        self,
        *,
        page_id: str,
        token: str,
        version: str = NEWEST,
        app_secret: str | None = None,
        base_url: str | None = None,
        since: datetime | None = None,
        read_timeout_s: float = 30.0,
        threads_a_page: int = 25,
        entries_a_thread: int = 25,
    ) -> None:
        self._since = since
        self._shelf = Shelf(
            graph=GraphClient(
                token, version=version, app_secret=app_secret, base_url=base_url, read_timeout_s=read_timeout_s
            ),
            threads_a_page=threads_a_page,
            entries_a_thread=entries_a_thread,
            path=f"{page_id}/feed",
            needs="pages_read_engagement",
            ordered_by="created_time",
            fields=_post_fields,
            inner="comments",
            inner_needs="pages_read_user_content",
            inner_parameters={"filter": "stream", "order": "reverse_chronological", "fields": COMMENT_FIELDS},
            root=lambda item, closed: post_of(item, page_id, closed),
            entry=lambda item, thread_id, closed: comment_of(item, page_id, thread_id, closed),
            closed=_comments_closed,
            rereads=True,
            pace=_at_once,
        )

    def fetch(self, cursor: Cursor) -> Page:
        return Reading(self._shelf, cursor, self._since).page()

    def fetch_thread(self, thread_id: str, since: datetime) -> ThreadPage:
        """The comments and replies under one post."""
        return thread_again(self._shelf, thread_id, since)


class FacebookConversations:
    """Messenger messages to the Page, and its answers. A new message brings its conversation to the front."""

    name = "facebook:conversations"

    def __init__(
        self,
        *,
        page_id: str,
        token: str,
        version: str = NEWEST,
        app_secret: str | None = None,
        base_url: str | None = None,
        since: datetime | None = None,
        read_timeout_s: float = 30.0,
        threads_a_page: int = 25,
        entries_a_thread: int = 25,
        calls_apart_s: float = CONVERSATION_CALLS_APART_S,
    ) -> None:
        self._since = since
        self._calls_apart_s = calls_apart_s
        self._last_call = 0.0
        self._shelf = Shelf(
            graph=GraphClient(
                token, version=version, app_secret=app_secret, base_url=base_url, read_timeout_s=read_timeout_s
            ),
            threads_a_page=threads_a_page,
            entries_a_thread=entries_a_thread,
            path=f"{page_id}/conversations",
            needs="pages_messaging",
            ordered_by="updated_time",
            fields=_conversation_fields,
            inner="messages",
            inner_needs="pages_messaging",
            inner_parameters={"fields": MESSAGE_FIELDS},
            root=_no_root,
            entry=lambda item, thread_id, closed: message_of(item, page_id, thread_id, closed),
            closed=lambda item: item.get("can_reply") is False,
            rereads=False,
            pace=self._keep_apart,
        )

    def fetch(self, cursor: Cursor) -> Page:
        return Reading(self._shelf, cursor, self._since).page()

    def _keep_apart(self) -> None:
        """Waits until the next call is within Meta's pace; the pace is the wall clock's."""
        early = self._last_call + self._calls_apart_s - time.monotonic()
        if early > 0:
            time.sleep(early)
        self._last_call = time.monotonic()


def _post_fields(entries: int) -> str:
    comments = f"comments.filter(stream).order(reverse_chronological).limit({entries}).summary(true)"
    return f"id,message,created_time,from{{id,name}},permalink_url,{comments}{{{COMMENT_FIELDS}}}"


def _comments_closed(item: Item) -> bool:
    comments = item.get("comments") or {}
    return (comments.get("summary") or {}).get("can_comment") is False


def _conversation_fields(entries: int) -> str:
    return f"id,updated_time,can_reply,messages.limit({entries}){{{MESSAGE_FIELDS}}}"


def _no_root(item: Item, closed: bool) -> Post | None:  # noqa: ARG001 - a conversation itself says nothing
    return None


def _at_once() -> None:
    """The feed has no pace of its own; its usage headers tell when to slow down."""
