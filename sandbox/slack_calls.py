"""What each Web API method asks for and does, once its caller is known."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sandbox.slack_content import POST_TEXT_CHARACTERS, UPDATE_TEXT_CHARACTERS, content_of, view_of
from sandbox.slack_errors import SlackRefusal
from sandbox.slack_home import publishing
from sandbox.slack_interactivity import Triggers
from sandbox.slack_listing import is_true, listed, moment_of, page_of, with_reply_counts
from sandbox.slack_rooms import room_methods
from sandbox.slack_team import APP_ID, BOT, BOT_ID, BOT_USER_ID, TEAM_ID, TEAM_NAME, Channel
from sandbox.slack_usergroups import group_members
from sandbox.slack_workspace import Workspace

Json = dict[str, Any]
Told = Callable[[str, Json], None]
"""Hears of an event: its type, and what it says."""
Ticket = Callable[[], str]


@dataclass(frozen=True)
class Method:
    """One Web API method: its parameters, the scope it asks for, and what it does with them."""

    call: Callable[[Json], Json]
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    scope: str | None = None
    app_level: bool = False


def methods_of(
    workspace: Workspace, triggers: Triggers, told: Told = lambda _kind, _event: None, ticket: Ticket | None = None
) -> dict[str, Method]:
    """Every method the stand-in knows, by name. `told` hears of events, `ticket` gives addresses for Socket Mode."""
    calls = _Calls(workspace, triggers, told, ticket)
    words = frozenset({"text", "blocks", "metadata"})
    unfurl = frozenset({"unfurl_links", "unfurl_media"})
    span = frozenset({"oldest", "latest", "inclusive", "limit", "cursor", "include_all_metadata"})
    channel, channel_ts = frozenset({"channel"}), frozenset({"channel", "ts"})
    in_thread, listing = words | unfurl | {"thread_ts"}, frozenset({"types", "limit", "cursor", "exclude_archived"})
    return {
        "apps.connections.open": Method(calls.open_connection, frozenset(), app_level=True),
        "auth.test": Method(calls.auth_test, frozenset()),
        "chat.postMessage": Method(calls.post_message, channel, in_thread, "chat:write"),
        "chat.postEphemeral": Method(calls.post_ephemeral, channel | {"user"}, words | {"thread_ts"}, "chat:write"),
        "chat.update": Method(calls.update, channel_ts, words, "chat:write"),
        "chat.delete": Method(calls.delete, channel_ts, scope="chat:write"),
        "conversations.history": Method(calls.history, channel, span, "channels:history"),
        "conversations.replies": Method(calls.replies, channel_ts, span, "channels:history"),
        "conversations.info": Method(calls.channel, channel, frozenset({"include_num_members"}), "channels:read"),
        "conversations.list": Method(calls.channels, frozenset(), listing, "channels:read"),
        "users.info": Method(calls.user, frozenset({"user"}), frozenset({"include_locale"}), "users:read"),
        "usergroups.users.list": Method(
            partial(group_members, workspace),
            frozenset({"usergroup"}),
            frozenset({"include_disabled"}),
            "usergroups:read",
        ),
        **{name: Method(*method) for name, method in room_methods(workspace).items()},
        "views.publish": Method(publishing(workspace), frozenset({"user_id", "view"}), frozenset({"hash"})),
        "views.open": Method(calls.open_view, frozenset({"trigger_id", "view"})),
        "views.update": Method(calls.update_view, frozenset({"view"}), frozenset({"view_id", "external_id", "hash"})),
    }


class _Calls:
    """What each method does, once its caller, scope and parameter names are known to be right."""

    def __init__(self, workspace: Workspace, triggers: Triggers, told: Told, ticket: Ticket | None) -> None:
        self._workspace = workspace
        self._triggers = triggers
        self._told = told
        self._ticket = ticket

    def auth_test(self, _values: Json) -> Json:
        return {
            "url": "https://nuotiopuoti.slack.com/",
            "team": TEAM_NAME,
            "user": BOT.handle,
            "team_id": TEAM_ID,
            "user_id": BOT_USER_ID,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def open_connection(self, _values: Json) -> Json:
        if self._ticket is not None:
            return {"url": self._ticket()}
        return {"url": f"wss://wss-primary.slack.com/link/?ticket={secrets.token_hex(16)}&app_id={APP_ID}"}

    def post_message(self, values: Json) -> Json:
        channel = self._writable(values, by_name=True)
        thread_ts = values.get("thread_ts")
        if thread_ts is not None and self._public(channel.id, str(thread_ts)) is None:
            raise SlackRefusal("thread_not_found")
        message = self._workspace.post(channel.id, self._written(values), thread_ts)
        self._tell_metadata("message_metadata_posted", channel.id, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def post_ephemeral(self, values: Json) -> Json:
        channel = self._writable(values)
        person = self._workspace.person(str(values["user"]))
        if person is None or person.is_bot:
            raise SlackRefusal("user_not_in_channel")
        message = self._workspace.post(channel.id, self._written(values), values.get("thread_ts"), person.id)
        return {"message_ts": message["ts"]}

    def update(self, values: Json) -> Json:
        channel, ts = self._channel(values), str(values["ts"])
        content = content_of(values, UPDATE_TEXT_CHARACTERS)
        if not content.keys() & {"text", "blocks"}:
            raise SlackRefusal("no_text")
        if self._public(channel.id, ts) is None:
            raise SlackRefusal("message_not_found")
        message = self._workspace.edit(channel.id, ts, content)
        if message is None:
            raise SlackRefusal("message_not_found")
        if "metadata" in content:
            self._tell_metadata("message_metadata_updated", channel.id, message)
        shown = {name: part for name, part in message.items() if name != "ts"}  # as Slack: it stands beside
        return {"channel": channel.id, "ts": ts, "text": message.get("text", ""), "message": shown}

    def _tell_metadata(self, kind: str, channel_id: str, message: Json) -> None:
        """As in https://docs.slack.dev/reference/events/message_metadata_updated."""
        if message.get("metadata"):
            who = {"app_id": APP_ID, "bot_id": BOT_ID, "user_id": BOT_USER_ID, "team_id": TEAM_ID}
            what = {"channel_id": channel_id, "metadata": message["metadata"], "message_ts": message["ts"]}
            self._told(kind, who | what)

    def delete(self, values: Json) -> Json:
        channel, ts = self._channel(values), str(values["ts"])
        if self._public(channel.id, ts) is None or not self._workspace.delete(channel.id, ts):
            raise SlackRefusal("message_not_found")
        return {"channel": channel.id, "ts": ts}

    def history(self, values: Json) -> Json:
        channel = self._joined(values)
        inclusive = is_true(values.get("inclusive"))
        oldest, latest = moment_of(values, "oldest", 0.0), moment_of(values, "latest", float("inf"))
        every = self._workspace.messages(channel.id)
        found = [
            message
            for message in with_reply_counts(every)
            if message.get("thread_ts", message["ts"]) == message["ts"]
            and (oldest < float(message["ts"]) < latest or (inclusive and float(message["ts"]) in (oldest, latest)))
        ]
        return listed(found, values, usual=100)

    def replies(self, values: Json) -> Json:
        channel, ts = self._joined(values), str(values["ts"])
        if self._public(channel.id, ts) is None:
            raise SlackRefusal("thread_not_found")
        every = self._workspace.messages(channel.id)
        return listed([one for one in every if ts in (one["ts"], one.get("thread_ts"))], values, usual=1000)

    def channel(self, values: Json) -> Json:
        return {"channel": self._described(self._channel(values))}

    def channels(self, values: Json) -> Json:
        types = str(values.get("types") or "public_channel").replace(" ", "").split(",")
        found = [
            self._described(one) | {"num_members": 4}
            for one in self._workspace.channels
            if ("private_channel" if one.is_private else "public_channel") in types
            and self._seen(one)
            and not (one.is_archived and is_true(values.get("exclude_archived")))
        ]
        page, cursor = page_of(found, values, most=1000, usual=100)
        return {"channels": page, "response_metadata": {"next_cursor": cursor}}

    def user(self, values: Json) -> Json:
        person = self._workspace.person(str(values["user"]))
        if person is None:
            raise SlackRefusal("user_not_found")
        profile = {"real_name": person.name, "display_name": person.name, "team": TEAM_ID}
        user = {"id": person.id, "team_id": TEAM_ID, "name": person.handle, "real_name": person.name}
        zone = {
            "tz": "Europe/Helsinki",
            "deleted": self._workspace.has_left(person.id),
            "is_bot": person.is_bot,
            "is_app_user": False,
        }
        locale = {"locale": self._workspace.locale(person.id)} if is_true(values.get("include_locale")) else {}
        return {"user": user | zone | locale | {"profile": profile}}

    def open_view(self, values: Json) -> Json:
        view = view_of(values["view"])
        user = self._triggers.use(str(values["trigger_id"]))
        return {"view": self._workspace.windows.open(user, view)}

    def update_view(self, values: Json) -> Json:
        view_id = values.get("view_id") or self._workspace.windows.id_of(str(values.get("external_id") or ""))
        current = self._workspace.windows.view(str(view_id))
        if current is None:
            raise SlackRefusal("not_found")
        if values.get("hash") and values["hash"] != current["hash"]:
            raise SlackRefusal("hash_conflict")
        changed = self._workspace.windows.change(str(view_id), view_of(values["view"]))
        if changed is None:
            raise SlackRefusal("not_found")
        return {"view": changed}

    def _channel(self, values: Json, by_name: bool = False) -> Channel:
        wanted = str(values["channel"])
        direct = self._workspace.direct(wanted)
        if direct is not None and (by_name or wanted == direct.id):  # a person's id posts, and does nothing else
            return direct
        for one in self._workspace.channels:
            if self._seen(one) and (wanted == one.id or (by_name and wanted.removeprefix("#") == one.name)):
                return one
        raise SlackRefusal("channel_not_found")

    def _joined(self, values: Json, by_name: bool = False) -> Channel:
        channel = self._channel(values, by_name)
        if not self._workspace.has_bot(channel):
            raise SlackRefusal("not_in_channel")
        return channel

    def _writable(self, values: Json, by_name: bool = False) -> Channel:
        channel = self._joined(values, by_name)
        if channel.is_archived:
            raise SlackRefusal("is_archived")
        return channel

    def _seen(self, channel: Channel) -> bool:
        """A private channel is not there for those who are not in it."""
        return not channel.is_private or self._workspace.has_bot(channel)

    def _described(self, channel: Channel) -> Json:
        kinds = {"is_channel": not channel.is_private, "is_group": channel.is_private, "is_im": False}
        state = {"is_private": channel.is_private, "is_archived": channel.is_archived}
        return {"id": channel.id, "name": channel.name, "name_normalized": channel.name, **kinds, **state} | {
            "is_member": self._workspace.has_bot(channel)
        }

    def _public(self, channel: str, ts: str) -> Json | None:
        """The message if everybody sees it; the API does not reach the ones shown to one person."""
        return None if self._workspace.visible_to(channel, ts) else self._workspace.message(channel, ts)

    def _written(self, values: Json) -> Json:
        content = content_of(values, POST_TEXT_CHARACTERS)
        if not content.get("text") and not content.get("blocks"):
            raise SlackRefusal("no_text")
        return {"text": "", **content}
