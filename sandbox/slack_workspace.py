"""The workspace people see: its channels, people and messages, kept so that a restart shows them again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.slack_team import APP_ID, BOT, BOT_ID, BOT_NAME, BOT_USER_ID, CHANNELS, PEOPLE, TEAM_ID, Channel, Person
from sandbox.slack_windows import Windows
from sandbox.store import Store

Json = dict[str, Any]


class Workspace:
    """Keeps messages by channel and ts; every change, of its windows too, gets a number: a page can ask what is new.

    A deleted message leaves a tombstone without words. `clock` stamps messages; two never share a ts.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], channels: tuple[Channel, ...] = CHANNELS) -> None:
        self._own_channels = channels
        self.store = store
        self._store = store
        self._clock = clock
        counted = store.get("slack_latest", "change")
        self.latest_change = int(counted["number"]) if counted else 0
        self.windows = Windows(store, clock, self._changed)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels, those that the app made for itself too."""
        made = self._store.all("slack_rooms")
        rooms = tuple(Channel(one["id"], one["name"], is_archived=one["archived"]) for one in made)
        return (*self._own_channels, *rooms)

    def channel(self, channel_id: str) -> Channel | None:
        """A channel, or a person's direct messages."""
        return self.direct(channel_id) or next((one for one in self.channels if one.id == channel_id), None)

    def direct(self, wanted: str) -> Channel | None:
        """A person's talk with the app, by its id or by theirs."""
        person = self.talks_with(wanted) or next((one for one in PEOPLE if one.id == wanted), None)
        return Channel(self.talk_with(person), "directmessage", is_private=True) if person is not None else None

    def make_channel(self, name: str) -> Channel:
        """A public channel of that name, with nobody but the app in it."""
        with self._store.transaction():
            made = f"C{self._store.next_number('slack_room'):09d}"
            room = {"id": made, "name": name, "archived": False, "members": [], "topic": "", "pins": []}
            self._store.put("slack_rooms", made, room)
            self._changed()
        return Channel(made, name)

    def room(self, channel_id: str) -> Json:
        """A made channel's members, topic, pins, and whether it is archived; empty for others."""
        return self._store.get("slack_rooms", channel_id) or {"members": [], "topic": "", "pins": [], "archived": False}

    def members(self, channel_id: str) -> list[str]:
        return list(self.room(channel_id)["members"])

    def pins(self, channel_id: str) -> list[str]:
        return list(self.room(channel_id)["pins"])

    def add_members(self, channel_id: str, users: list[str]) -> None:
        self._change_room(channel_id, members=sorted({*self.members(channel_id), *users}))

    def set_topic(self, channel_id: str, topic: str) -> None:
        self._change_room(channel_id, topic=topic)

    def archive(self, channel_id: str) -> None:
        self._change_room(channel_id, archived=True)

    def pin(self, channel_id: str, ts: str, pinned: bool) -> None:
        others = [one for one in self.pins(channel_id) if one != ts]
        self._change_room(channel_id, pins=[*others, ts] if pinned else others)

    def _change_room(self, channel_id: str, **values: Any) -> None:
        with self._store.transaction():
            self._store.put("slack_rooms", channel_id, {"id": channel_id, **self.room(channel_id), **values})
            self._changed()

    def has_bot(self, channel: Channel) -> bool:
        return channel.has_bot or self._store.get("slack_invited", channel.id) is not None

    def invite_bot(self, channel_id: str) -> None:
        """What a person does with /invite in the channel."""
        self._store.put("slack_invited", channel_id, {})

    def person(self, user_id: str) -> Person | None:
        return next((one for one in (*PEOPLE, BOT) if one.id == user_id), None)

    def talk_with(self, person: Person) -> str:
        """The channel of direct messages with this person."""
        return f"D{person.id[1:]}"

    def talks_with(self, channel_id: str) -> Person | None:
        """Whose direct messages a channel is."""
        return next((one for one in PEOPLE if self.talk_with(one) == channel_id), None)

    def locale(self, user_id: str) -> str:
        """The language a person has chosen for their Slack."""
        chosen = self._store.get("slack_locale", user_id)
        return str(chosen["locale"]) if chosen else "fi-FI"

    def choose_locale(self, user_id: str, locale: str) -> None:
        """What a person does in their preferences: "sv-SE", "en-GB"."""
        self._store.put("slack_locale", user_id, {"locale": locale})

    def has_left(self, user_id: str) -> bool:
        return self._store.get("slack_left", user_id) is not None

    def deactivate(self, user_id: str) -> None:
        """What an administrator does when somebody leaves the shop."""
        self._store.put("slack_left", user_id, {})

    def post(self, channel: str, content: Json, thread_ts: str | None = None, visible_to: str | None = None) -> Json:
        """Adds a message of the bot and returns it as Slack would show it."""
        with self._store.transaction():
            message = {
                "type": "message",
                "user": BOT_USER_ID,
                "ts": self._next_ts(),
                "bot_id": BOT_ID,
                "app_id": APP_ID,
                "team": TEAM_ID,
                "bot_profile": {"id": BOT_ID, "app_id": APP_ID, "name": BOT_NAME, "deleted": False, "team_id": TEAM_ID},
                **content,
            }
            if thread_ts is not None:
                message["thread_ts"] = thread_ts
            self._save(channel, {"channel": channel, "message": message, "visible_to": visible_to, "deleted": False})
        return message

    def message(self, channel: str, ts: str) -> Json | None:
        """The message, hidden ones too (a button on an ephemeral message works); None when gone."""
        kept = self._store.get(f"slack_messages:{channel}", ts)
        return None if kept is None or kept["deleted"] else kept["message"]

    def visible_to(self, channel: str, ts: str) -> str | None:
        kept = self._store.get(f"slack_messages:{channel}", ts)
        return kept["visible_to"] if kept else None

    def edit(self, channel: str, ts: str, content: Json) -> Json | None:
        """Replaces the parts named in `content`, marks it edited; None when there is no such message."""
        with self._store.transaction():
            kept = self._store.get(f"slack_messages:{channel}", ts)
            if kept is None or kept["deleted"]:
                return None
            kept["message"] |= content | {"edited": {"user": BOT_USER_ID, "ts": self._next_ts()}}
            self._save(channel, kept)
        return dict(kept["message"])

    def delete(self, channel: str, ts: str) -> bool:
        with self._store.transaction():
            kept = self._store.get(f"slack_messages:{channel}", ts)
            if kept is None or kept["deleted"]:
                return False
            self._save(channel, {**kept, "deleted": True, "message": {"ts": ts}})
        return True

    def messages(self, channel: str) -> list[Json]:
        """What everybody in the channel sees, thread replies too, oldest first."""
        kept = self._store.all(f"slack_messages:{channel}")
        return [one["message"] for one in kept if not one["deleted"] and one["visible_to"] is None]

    def say(self, user: str, channel: str, text: str) -> Json:
        """A person's own message in a channel."""
        with self._store.transaction():
            message = {"type": "message", "user": user, "ts": self._next_ts(), "team": TEAM_ID, "text": text}
            self._save(channel, {"channel": channel, "message": message, "visible_to": None, "deleted": False})
        return message

    def open_view_of(self, user: str) -> Json | None:
        """The modal that a person has open."""
        return self.windows.open_for(user)

    def home_of(self, user: str) -> Json | None:
        """What stands in a person's Home tab; None before the first was published."""
        return self.windows.home_of(user)

    def changes(self, after: int, user: str) -> list[Json]:
        """Messages that `user` may see and that changed since, as kept (channel, message, deleted, visible_to)."""
        if after >= self.latest_change:
            return []
        own = self.direct(user)
        seen = (*self.channels, own) if own is not None else self.channels
        kept = [one for channel in seen for one in self._store.all(f"slack_messages:{channel.id}")]
        return [one for one in kept if one["changed"] > after and one["visible_to"] in (None, user)]

    def _save(self, channel: str, kept: Json) -> None:
        self._store.put(f"slack_messages:{channel}", kept["message"]["ts"], kept | {"changed": self._changed()})

    def _changed(self) -> int:
        number = self._store.next_number("slack_change")
        self._store.put("slack_latest", "change", {"number": number})
        self.latest_change = number
        return number

    def _next_ts(self) -> str:
        """The clock's moment in Slack's form, moved on by a microsecond where it would not be later than the last."""
        with self._store.transaction():
            last = self._store.get("slack_latest", "ts")
            moment = self._clock()
            now = int(moment.timestamp()) * 1_000_000 + moment.microsecond
            number = max(now, last["number"] + 1 if last else 0)
            self._store.put("slack_latest", "ts", {"number": number})
        return f"{number // 1_000_000}.{number % 1_000_000:06d}"
