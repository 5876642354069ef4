"""Channels that the app makes for itself, who is invited to them, what is pinned there; and direct messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.slack_errors import SlackRefusal
from sandbox.slack_team import BOT_USER_ID, Channel
from sandbox.slack_workspace import Workspace

Json = dict[str, Any]

NAME_LIMIT = 80
TOPIC_LIMIT = 250
MANAGES, PINS = "channels:manage", "pins:write"


def room_methods(workspace: Workspace) -> dict[str, tuple[Callable[[Json], Json], frozenset[str], frozenset[str], str]]:
    """What each method does, which parameters it needs and may have, and its scope."""
    rooms = _Rooms(workspace)
    channel, pin = frozenset({"channel"}), frozenset({"channel", "timestamp"})
    return {
        "conversations.create": (rooms.create, frozenset({"name"}), frozenset({"is_private"}), MANAGES),
        "conversations.invite": (rooms.invite, channel | {"users"}, frozenset({"force"}), MANAGES),
        "conversations.setTopic": (rooms.set_topic, channel | {"topic"}, frozenset(), MANAGES),
        "conversations.archive": (rooms.archive, channel, frozenset(), MANAGES),
        "pins.add": (rooms.pin, pin, frozenset(), PINS),
        "pins.remove": (rooms.unpin, pin, frozenset(), PINS),
    }


class _Rooms:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def create(self, values: Json) -> Json:
        name = str(values["name"])
        if len(name) > NAME_LIMIT:
            raise SlackRefusal("invalid_name_maxlength")
        if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
            raise SlackRefusal("invalid_name_specials")
        if any(one.name == name for one in self._workspace.channels):
            raise SlackRefusal("name_taken")
        made = self._workspace.make_channel(name)
        return {"channel": {"id": made.id, "name": made.name, "creator": BOT_USER_ID, "is_archived": False}}

    def invite(self, values: Json) -> Json:
        channel, inside = self._open(values), self._workspace.members(str(values["channel"]))
        users = [one for one in str(values["users"]).split(",") if one]
        if not users:
            raise SlackRefusal("no_user")
        if BOT_USER_ID in users:
            raise SlackRefusal("cant_invite_self")
        if any(self._workspace.person(one) is None for one in users):
            raise SlackRefusal("user_not_found")
        if all(one in inside for one in users):
            raise SlackRefusal("already_in_channel")
        self._workspace.add_members(channel.id, users)
        return {"channel": {"id": channel.id, "name": channel.name}}

    def set_topic(self, values: Json) -> Json:
        channel, topic = self._open(values), str(values["topic"])
        if len(topic) > TOPIC_LIMIT:
            raise SlackRefusal("too_long")
        self._workspace.set_topic(channel.id, topic)
        return {"channel": {"id": channel.id, "topic": {"value": topic}}}

    def archive(self, values: Json) -> Json:
        channel = self._known(values)
        if channel.is_archived:
            raise SlackRefusal("already_archived")
        self._workspace.archive(channel.id)
        return {}

    def pin(self, values: Json) -> Json:
        channel, ts = self._open(values), str(values["timestamp"])
        if self._workspace.message(channel.id, ts) is None:
            raise SlackRefusal("message_not_found")
        if ts in self._workspace.pins(channel.id):
            raise SlackRefusal("already_pinned")
        self._workspace.pin(channel.id, ts, True)
        return {}

    def unpin(self, values: Json) -> Json:
        channel, ts = self._open(values), str(values["timestamp"])
        if ts not in self._workspace.pins(channel.id):
            raise SlackRefusal("no_pin")
        self._workspace.pin(channel.id, ts, False)
        return {}

    def _known(self, values: Json) -> Channel:
        channel = self._workspace.channel(str(values["channel"]))
        if channel is None:
            raise SlackRefusal("channel_not_found")
        if not self._workspace.has_bot(channel):
            raise SlackRefusal("not_in_channel")
        return channel

    def _open(self, values: Json) -> Channel:
        channel = self._known(values)
        if channel.is_archived:
            raise SlackRefusal("is_archived")
        return channel
