"""What one can write to the stand-in of X: a post or reply, and a direct message, with X's own reasons to refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, g, jsonify, request

from sandbox.x_answers import Json, Refusal, forbidden, invalid
from sandbox.x_text import handles, shortened, weight
from sandbox.x_world import LONGEST_POST, XWorld

_LONGEST_DM = 10_000
_DUPLICATE_HOURS = 24
_NOT_ENGAGED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)


class Writing:
    """The POST routes under `/2`."""

    def __init__(self, world: XWorld, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._clock = clock

    def install(self, app: Flask) -> None:
        app.add_url_rule("/2/tweets", "create_post", self._create_post, methods=["POST"])
        path = "/2/dm_conversations/with/<other>/messages"
        app.add_url_rule(path, "create_dm", self._create_dm, methods=["POST"])

    def _create_post(self) -> tuple[Response, int]:
        body = _body({"text", "reply", "quote_tweet_id", "reply_settings"})
        text, reply = body.get("text"), body.get("reply")
        if not text or _unsendable(text):
            raise invalid("$.text", str(text), "$.text: is missing or not valid but it is required")
        if reply is not None and not str(reply.get("in_reply_to_tweet_id", "")).isdecimal():
            raise invalid("$.reply", str(reply), "$.reply.in_reply_to_tweet_id: is missing but it is required")
        if weight(text) > LONGEST_POST:
            raise forbidden(
                "Your Tweet text is too long. For more information on how Twitter determines text length see "
                "https://github.com/twitter/twitter-text."
            )
        parent_id = str(reply["in_reply_to_tweet_id"]) if reply else None
        if parent_id:
            self._check_reply(parent_id)
        self._check_new(text, parent_id)
        id = self._world.add_post(
            self._world.me,
            text,
            in_reply_to=parent_id,
            quotes=body.get("quote_tweet_id"),
            reply_settings=body.get("reply_settings", "everyone"),
        )
        post = self._world.post(id)
        assert post is not None
        return jsonify(data={"edit_history_tweet_ids": [id], "id": id, "text": post["text"]}), 201

    def _check_reply(self, parent_id: str) -> None:
        parent, me = self._world.post(parent_id), self._world.me
        if parent is None:
            raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        quoted = self._world.post(parent["quotes"]) if parent["quotes"] else None
        summoned = me in parent["mentions"].values() or (quoted is not None and quoted["author_id"] == me)
        root = self._world.post(parent["conversation_id"]) or parent
        welcome = root["author_id"] == me or me in root["mentions"].values()
        if not summoned or (root["reply_settings"] != "everyone" and not welcome):
            raise forbidden(_NOT_ENGAGED)

    def _check_new(self, text: str, parent_id: str | None) -> None:
        since = (self._clock() - timedelta(hours=_DUPLICATE_HOURS)).strftime("%Y-%m-%dT%H:%M:%S")
        said = [post for post in self._world.posts() if post["author_id"] == self._world.me]
        for post in said:
            same = post["in_reply_to"] == parent_id and _bare(post["text"]) == _bare(shortened(text)[0])
            if same and post["created_at"] >= since:
                raise forbidden("You are not allowed to create a Tweet with duplicate content.")

    def _create_dm(self, other: str) -> tuple[Response, int]:
        body = _body({"text", "attachments"})
        text = body.get("text")
        if not text or _unsendable(text) or len(text) > _LONGEST_DM:
            raise invalid("$.text", str(text)[:20], "$.text: is missing, too long or not valid but it is required")
        if not any(event["sender_id"] == other for event in self._world.dms(other)):
            raise forbidden("You do not have permission to DM one or more participants.")
        id = self._world.add_dm(self._world.me, text, to=other)
        conversation = self._world.dms(other)[0]["dm_conversation_id"]
        return jsonify(data={"dm_conversation_id": conversation, "dm_event_id": id}), 201


def _body(known: set[str]) -> Json:
    if g.caller != "user":
        raise forbidden("Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.")
    if request.args:
        name, value = next(iter(request.args.items()))
        raise invalid(name, value, f"The query parameter [{name}] is not one of []")
    body: Any = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(400, {"title": "Invalid Request", "detail": "The body is not valid JSON", "status": 400})
    for name in body:
        if name not in known:
            message = f"$.{name}: is not defined in the schema and the schema does not allow additional properties"
            raise invalid(f"$.{name}", str(body[name]), message)
    return body


def _bare(text: str) -> str:
    """The text without the handles that X puts in front of a reply."""
    words = text.split()
    while words and words[0].startswith("@") and handles(words[0]):
        words.pop(0)
    return " ".join(words)


def _unsendable(text: str) -> bool:
    return not isinstance(text, str) or any("\ud800" <= char <= "\udfff" for char in text)
