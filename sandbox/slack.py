"""A Slack workspace on this machine: the Web API for the app, and for people the means to click, choose and submit.

`app` is served with `sandbox.serving.serve`; the app under rehearsal talks to `<url>/api/`. People's side is
the methods below, which the demo page and the tests call: each sends Slack's own payload,
signed, to `interactivity_url`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from flask import request

from sandbox.faults import Faults
from sandbox.slack_api import Tokens, create_api
from sandbox.slack_entries import Entries
from sandbox.slack_events import Events
from sandbox.slack_interactivity import Ack, Delivery, ResponseUrls, Triggers
from sandbox.slack_payloads import Values, action_of, envelope, find_element, gaps, state_of, state_values
from sandbox.slack_rates import Rates
from sandbox.slack_socket import SlackSocket
from sandbox.slack_submissions import Submission, settle
from sandbox.slack_team import CHANNELS, TEAM_ID, Channel, Person
from sandbox.slack_usergroups import Usergroups
from sandbox.slack_workspace import Workspace
from sandbox.store import Store

Json = dict[str, Any]

SCOPES = frozenset(
    {
        "chat:write",
        "channels:history",
        "channels:manage",
        "channels:read",
        "commands",
        "groups:history",
        "groups:read",
        "metadata.message:read",
        "pins:write",
        "usergroups:read",
        "users:read",
    }
)
SUBSCRIBED = frozenset({"palovahti_heartbeat"})
"""The metadata_subscriptions of the app's manifest."""


class SlackSandbox:
    """One workspace with its app. `clock` stamps messages; triggers, signatures and response_urls use `wall_clock`.

    Without an `app_token` no app-level token is valid. `rates` holds the app to Slack's own; `socket` gives it Socket
    Mode instead of `interactivity_url`, and the metadata events of the types in `SUBSCRIBED`.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        bot_token: str,
        signing_secret: str,
        interactivity_url: str | None = None,
        scopes: frozenset[str] = SCOPES,
        wall_clock: Callable[[], float] = time.time,
        app_token: str | None = None,
        channels: tuple[Channel, ...] = CHANNELS,
        rates: Rates | None = None,
        socket: SlackSocket | None = None,
    ) -> None:
        self.faults = Faults(store)
        self.workspace = Workspace(store, clock, channels)
        self.triggers = Triggers(wall_clock)
        self._response_urls = ResponseUrls(store, wall_clock)
        self._delivery = Delivery(signing_secret, interactivity_url, wall_clock)
        self.events = Events(signing_secret, lambda: self._delivery.url, wall_clock, socket)
        self.usergroups = Usergroups(store, self.workspace, self.events, clock)
        self._wall_clock = wall_clock
        self._own_url: str | None = None
        tokens = Tokens(bot_token, scopes, app_token)
        self._delivery.socket = self.socket = socket
        self._scopes = scopes
        self.rates = rates
        self.app = create_api(
            self.workspace,
            self.triggers,
            self._response_urls,
            self.faults,
            tokens,
            rates,
            self._tell,
            socket.ticket if socket is not None else None,
        )
        self.app.before_request(self._learn_own_url)
        self.entries = Entries(
            self.workspace,
            self.triggers,
            self._response_urls,
            self._delivery,
            wall_clock,
            lambda: self._own_url,
            self._delivered_twice,
        )

    @property
    def interactivity_url(self) -> str | None:
        """Where clicks are delivered; None while no app listens."""
        return self._delivery.url

    @interactivity_url.setter
    def interactivity_url(self, url: str | None) -> None:
        self._delivery.url = url

    def click(self, user: str, channel: str, ts: str, block_id: str, action_id: str, value: Any = None) -> Future[Ack]:
        """A button pressed, or `value` chosen, on a message. Raises LookupError when it is no longer there."""
        message = self.workspace.message(channel, ts)
        where, person = self.workspace.channel(channel), self._person(user)
        element = find_element(message.get("blocks", []), block_id, action_id) if message else None
        if message is None or where is None or element is None:
            raise LookupError("the message or its button is gone")
        hidden = self.workspace.visible_to(channel, ts)
        if hidden not in (None, user):
            raise LookupError("the message is shown to somebody else")
        payload = envelope("block_actions", person) | {
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel,
                "is_ephemeral": hidden is not None,
                **({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}),
            },
            "trigger_id": self.triggers.give(user),
            "channel": {"id": where.id, "name": where.name},
            "state": {"values": _state_of_one(element, block_id, value)},
            "actions": [action_of(block_id, element, value, f"{self._wall_clock():.6f}")],
        }
        if hidden is None:
            # without metadata: Slack is not known to send it here, so nobody should lean on it
            payload["message"] = {name: part for name, part in message.items() if name != "metadata"}
        if self._own_url is not None:
            payload["response_url"] = f"{self._own_url}/actions/{TEAM_ID}/{self._response_urls.give(channel, ts, user)}"
        return self._delivery.send(payload, _same, twice=self._delivered_twice("block_actions"))

    def click_in_view(
        self, user: str, view_id: str, block_id: str, action_id: str, value: Any, values: Values
    ) -> Future[Ack]:
        """The same inside an open modal; `values` is what stands in its fields. LookupError when it is closed."""
        view = self._view(user, view_id)
        element = find_element(view["blocks"], block_id, action_id)
        if element is None:
            raise LookupError("the button is gone")
        payload = envelope("block_actions", self._person(user)) | {
            "container": {"type": "view", "view_id": view_id},
            "trigger_id": self.triggers.give(user),
            "view": view | {"state": {"values": state_values(view["blocks"], values)}},
            "actions": [action_of(block_id, element, value, f"{self._wall_clock():.6f}")],
        }
        return self._delivery.send(payload, _same, twice=self._delivered_twice("block_actions"))

    def suggest(self, user: str, view_id: str, block_id: str, action_id: str, typed: str) -> Future[Ack]:
        """What the app offers for `typed` in a list that it searches itself. LookupError when the modal is closed."""
        view = self._view(user, view_id)
        element = find_element(view["blocks"], block_id, action_id)
        if element is None or element["type"] != "external_select":
            raise LookupError("the list is gone")
        payload = envelope("block_suggestion", self._person(user)) | {
            "container": {"type": "view", "view_id": view_id},
            "view": view,
            "block_id": block_id,
            "action_id": action_id,
            "value": typed,
        }
        return self._delivery.send(payload, _same)

    def submit(self, user: str, view_id: str, values: Values) -> Future[Submission]:
        """The modal's submit button. Raises LookupError when the modal is closed or a choice is none of its options."""
        view = self._view(user, view_id)
        state = state_values(view["blocks"], values)
        missing = gaps(view["blocks"], state)
        if missing:
            refused: Future[Submission] = Future()
            refused.set_result(Submission("gaps", gaps=missing))
            return refused
        payload = envelope("view_submission", self._person(user)) | {
            "trigger_id": self.triggers.give(user),
            "view": view | {"state": {"values": state}},
            "response_urls": [],
        }
        return self._delivery.send(
            payload, lambda ack: settle(self.workspace, view, ack), twice=self._delivered_twice("view_submission")
        )

    def cancel(self, user: str, view_id: str) -> None:
        """Closes the modal, and tells the app if it asked for that."""
        view = self._view(user, view_id)
        self.workspace.windows.close(view_id)
        if view["notify_on_close"]:
            payload = envelope("view_closed", self._person(user)) | {"view": view, "is_cleared": False}
            self._delivery.send(payload, _same, twice=self._delivered_twice("view_closed"))

    def dismiss(self, user: str, channel: str, ts: str) -> None:
        """Takes away a message that only `user` sees."""
        if self.workspace.visible_to(channel, ts) == user:
            self.workspace.delete(channel, ts)

    def _tell(self, kind: str, event: Json) -> None:
        """Metadata of the types that the manifest subscribes to is an event for the app, where it has the scope."""
        wanted = event["metadata"].get("event_type") in SUBSCRIBED and "metadata.message:read" in self._scopes
        if wanted:
            self.events.send({"type": kind, **event})

    def _person(self, user: str) -> Person:
        person = self.workspace.person(user)
        if person is None or person.is_bot:
            raise LookupError("no such person")
        return person

    def _view(self, user: str, view_id: str) -> Json:
        view = self.workspace.windows.view(view_id)
        if view is None or self.workspace.windows.viewer(view_id) != user:
            raise LookupError("the modal is closed")
        return view

    def _delivered_twice(self, kind: str) -> bool:
        """Faults match calls by path; for what Slack sends, the path is /interactivity/<type>."""
        with self.app.test_request_context(f"/interactivity/{kind}", method="POST"):
            return self.faults.strike(("duplicate",)) is not None

    def _learn_own_url(self) -> None:
        """The app's first call tells the port we are served on, which response_urls need."""
        self._own_url = request.host_url.rstrip("/")


def _same(ack: Ack) -> Ack:
    return ack


def _state_of_one(element: Json, block_id: str, value: Any) -> dict[str, dict[str, Json]]:
    if element["type"] in ("button", "overflow"):
        return {}
    return {block_id: {element["action_id"]: state_of(element, value)}}
