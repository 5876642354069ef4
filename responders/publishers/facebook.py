"""Delivers approved replies on a Facebook Page: comments under posts and comments, and Messenger messages."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.errors import OutcomeUnknown, Refused, TryLater
from models.graph import NEWEST, GraphClient
from responders.ports import Outgoing, Published, Window

LONGEST_COMMENT = 8000
LONGEST_MESSAGE = 2000
READ_BACK_PAGES = 10

COMMENTING = "pages_manage_engagement"
READING_COMMENTS = "pages_read_user_content"
MESSAGING = "pages_messaging"


class FacebookPublisher:
    """Publishes as the Page. Before a comment leaves, one read makes sure that there is something to answer."""

    channel = "facebook"

    def __init__(
        self,
        *,
        page_id: str,
        token: str,
        version: str = NEWEST,
        app_secret: str | None = None,
        base_url: str | None = None,
        read_timeout_s: float = 30.0,
    ) -> None:
        self._page_id = page_id
        self._graph = GraphClient(
            token, version=version, app_secret=app_secret, base_url=base_url, read_timeout_s=read_timeout_s
        )

    def publish(self, outgoing: Outgoing) -> Published:
        if outgoing.place == "dm":
            return self._send_message(outgoing)
        return self._comment(outgoing)

    def find(self, outgoing: Outgoing) -> Published | None:
        """As the port says; a token that no longer opens the door is SignInAgain here too."""
        top = self._top_comment(outgoing) if outgoing.place == "comment" else None
        after: str | None = None
        for _ in range(READ_BACK_PAGES):
            try:
                answer = self._read_back(outgoing, after)
            except Refused as error:
                if error.code == "gone":
                    return None  # the whole thread is deleted, and our reply with it
                raise TryLater(error.code, error.advice) from error
            items = _items(answer)
            for item in items:
                if self._is_ours(item, outgoing) and _in_its_place(item, outgoing.place, top):
                    return Published(str(item["id"]), item.get("permalink_url"))
            after = _next(answer)
            if after is None or any(_older(item, outgoing.not_before) for item in items):
                return None
        raise TryLater("thread_too_long", "The reply is not among the thread's latest thousand entries: look by hand.")

    def _comment(self, outgoing: Outgoing) -> Published:
        if len(outgoing.text) > LONGEST_COMMENT:
            raise Refused("text_too_long", f"A Facebook comment has at most {LONGEST_COMMENT} characters.")
        under = self._open_target(outgoing)
        answer = self._graph.post(f"{under}/comments", needs=COMMENTING, message=outgoing.text)
        return Published(_id_in(answer, "id"))

    def _send_message(self, outgoing: Outgoing) -> Published:
        if len(outgoing.text) > LONGEST_MESSAGE:
            raise Refused("text_too_long", f"A Messenger message has at most {LONGEST_MESSAGE} characters.")
        if outgoing.recipient_id is None:
            raise Refused("no_recipient", "Facebook withholds who wrote this message; answer in the Page's inbox.")
        tagged = outgoing.window is Window.HUMAN_AGENT
        kind = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if tagged else {"messaging_type": "RESPONSE"}
        answer = self._graph.post(
            f"{self._page_id}/messages",
            needs=MESSAGING,
            recipient=json.dumps({"id": outgoing.recipient_id}),
            message=json.dumps({"text": outgoing.text}),
            **kind,
        )
        return Published(_id_in(answer, "message_id"))

    def _open_target(self, outgoing: Outgoing) -> str:
        """What to comment under: the post, or the top comment, since Graph nests replies one level deep."""
        if outgoing.place == "comment":
            fields = "id,can_comment,parent{id,can_comment}"
            found = self._graph.get(outgoing.target_id, needs=READING_COMMENTS, fields=fields)
            is_open = (found.get("parent") or found).get("can_comment")
        else:
            fields = "id,comments.limit(0).summary(true)"
            found = self._graph.get(outgoing.target_id, needs=READING_COMMENTS, fields=fields)
            is_open = ((found.get("comments") or {}).get("summary") or {}).get("can_comment")
        if is_open is False:
            raise Refused("comments_closed", "Comments are turned off under this post.")
        return _parent_id(found) or outgoing.target_id

    def _top_comment(self, outgoing: Outgoing) -> str | None:
        """The comment that our reply would stand under; None when it is gone."""
        try:
            found = self._graph.get(outgoing.target_id, needs=READING_COMMENTS, fields="id,parent{id}")
        except Refused:
            return None
        return _parent_id(found) or outgoing.target_id

    def _read_back(self, outgoing: Outgoing, after: str | None) -> Mapping[str, Any]:
        further = {"after": after} if after else {}
        if outgoing.place == "dm":
            return self._graph.get(
                f"{outgoing.thread_id}/messages",
                needs=MESSAGING,
                fields="id,message,created_time,from{id}",
                limit="100",
                **further,
            )
        return self._graph.get(
            f"{outgoing.thread_id}/comments",
            needs=READING_COMMENTS,
            fields="id,message,created_time,from{id},parent{id},permalink_url",
            filter="stream",
            order="reverse_chronological",
            limit="100",
            **further,
        )

    def _is_ours(self, item: Mapping[str, Any], outgoing: Outgoing) -> bool:
        author = item.get("from") or {}
        same = _plain(str(item.get("message") or "")) == _plain(outgoing.text)
        return same and str(author.get("id")) == self._page_id and not _older(item, outgoing.not_before)


def _in_its_place(item: Mapping[str, Any], place: str, top: str | None) -> bool:
    """Whether an entry stands where our reply would; the same words may also answer somebody else in the thread."""
    if place == "dm":
        return True
    if place == "comment":
        return top is None or _parent_id(item) == top
    return _parent_id(item) is None


def _parent_id(item: Mapping[str, Any]) -> str | None:
    parent = item.get("parent")
    return str(parent["id"]) if isinstance(parent, Mapping) and parent.get("id") else None


def _older(item: Mapping[str, Any], not_before: datetime) -> bool:
    try:
        return datetime.fromisoformat(item["created_time"]) < not_before.replace(microsecond=0)  # Graph's whole seconds
    except (KeyError, TypeError, ValueError):
        return False


def _plain(text: str) -> str:
    """The text as Graph may have kept it: white space and composed letters do not tell texts apart."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _id_in(answer: Mapping[str, Any], name: str) -> str:
    found = answer.get(name)
    if not found:
        raise OutcomeUnknown("no_id", "Facebook took the reply without saying what it is called: look in the thread.")
    return str(found)


def _items(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for item in answer.get("data") or () if isinstance(item, Mapping)]


def _next(answer: Mapping[str, Any]) -> str | None:
    paging = answer.get("paging") or {}
    after = (paging.get("cursors") or {}).get("after")
    return str(after) if after and paging.get("next") else None
