"""The ways into the app beside its messages: the Home tab, a slash command, and shortcuts, each in Slack's own shape.

The shapes are those of docs.slack.dev: app_home_opened, slash commands, global and message shortcuts, and the block
actions of a Home tab.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sandbox.slack_interactivity import Ack, Delivery, ResponseUrls, Triggers
from sandbox.slack_payloads import Values, action_of, envelope, find_element, state_values
from sandbox.slack_team import APP_ID, TEAM_DOMAIN, TEAM_ID, Person
from sandbox.slack_workspace import Workspace

Json = dict[str, Any]


class Entries:
    """What people do there; each call answers when the app has acknowledged."""

    def __init__(
        self,
        workspace: Workspace,
        triggers: Triggers,
        response_urls: ResponseUrls,
        delivery: Delivery,
        wall_clock: Callable[[], float],
        own_url: Callable[[], str | None],
        twice: Callable[[str], bool],
    ) -> None:
        self._workspace = workspace
        self._triggers = triggers
        self._response_urls = response_urls
        self._delivery = delivery
        self._wall_clock = wall_clock
        self._own_url = own_url
        self._twice = twice

    def open_home(self, user: str, tab: str = "home") -> Future[Ack]:
        """Somebody clicks the app's name in the sidebar."""
        person, now = self._person(user), self._wall_clock()
        home = self._workspace.home_of(user)
        event: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": f"D0{person.id[2:]}",
            "tab": tab,
            "event_ts": f"{now:.6f}",
        }
        if home is not None and tab == "home":
            event["view"] = home
        payload = {
            "token": "unused-verification-token",
            "team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(now),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": "U0PALOVAHTI",
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }
        return self._delivery.send(payload, _same, twice=self._twice("app_home_opened"))

    def click_home(self, user: str, block_id: str, action_id: str, value: Any, values: Values) -> Future[Ack]:
        """Something pressed or chosen in the Home tab; `values` stand in its choices. LookupError when gone."""
        home = self._workspace.home_of(user)
        element = find_element(home["blocks"], block_id, action_id) if home is not None else None
        if home is None or element is None:
            raise LookupError("the button is gone")
        state = state_values(home["blocks"], _with_initial(home["blocks"], values))
        payload = envelope("block_actions", self._person(user)) | {
            "container": {"type": "view", "view_id": home["id"]},
            "trigger_id": self._triggers.give(user),
            "view": home | {"state": {"values": state}},
            "actions": [action_of(block_id, element, value, f"{self._wall_clock():.6f}")],
        }
        return self._delivery.send(payload, _same, twice=self._twice("block_actions"))

    def command(self, user: str, channel: str, command: str, text: str) -> Future[Ack]:
        """Somebody types `command` and `text` into a channel, in which the app need not be."""
        person, where = self._person(user), self._workspace.channel(channel)
        if where is None:
            raise LookupError("no such channel")
        payload = {
            "token": "unused-verification-token",
            "team_id": TEAM_ID,
            "team_domain": TEAM_DOMAIN,
            "channel_id": where.id,
            "channel_name": where.name,
            "user_id": person.id,
            "user_name": person.handle,
            "command": command,
            "text": text.strip(),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._response_url("commands", channel, "", user),
            "trigger_id": self._triggers.give(user),
        }
        return self._delivery.send(payload, _same, twice=self._twice("command"))

    def shortcut(self, user: str, callback_id: str) -> Future[Ack]:
        """A global shortcut, from the search or the composer's menu."""
        payload = envelope("shortcut", self._person(user)) | {
            "action_ts": f"{self._wall_clock():.6f}",
            "callback_id": callback_id,
            "trigger_id": self._triggers.give(user),
        }
        return self._delivery.send(payload, _same, twice=self._twice("shortcut"))

    def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Future[Ack]:
        """A shortcut from a message's own menu. LookupError for a message that is gone, or that one person sees."""
        message, where = self._workspace.message(channel, ts), self._workspace.channel(channel)
        if message is None or where is None or self._workspace.visible_to(channel, ts) is not None:
            raise LookupError("the message is gone")
        payload = envelope("message_action", self._person(user)) | {
            "action_ts": f"{self._wall_clock():.6f}",
            "callback_id": callback_id,
            "trigger_id": self._triggers.give(user),
            "response_url": self._response_url("app", channel, "", user),
            "message_ts": ts,
            "channel": {"id": where.id, "name": where.name},
            "message": {name: part for name, part in message.items() if name != "metadata"},
        }
        return self._delivery.send(payload, _same, twice=self._twice("message_action"))

    def _response_url(self, path: str, channel: str, ts: str, user: str) -> str:
        own = self._own_url()
        return f"{own}/{path}/{TEAM_ID}/{self._response_urls.give(channel, ts, user)}" if own is not None else ""

    def _person(self, user: str) -> Person:
        person = self._workspace.person(user)
        if person is None or person.is_bot:
            raise LookupError("no such person")
        return person


def _same(ack: Ack) -> Ack:
    return ack


def _with_initial(blocks: list[Json], values: Values) -> Values:
    """What stands in the choices: what the person chose, else what the app set."""
    filled = {block_id: dict(given) for block_id, given in values.items()}
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            chosen = element.get("initial_option")
            if element["type"] == "static_select" and chosen is not None:
                filled.setdefault(block["block_id"], {}).setdefault(element["action_id"], chosen["value"])
    return filled
