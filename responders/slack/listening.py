"""What every listener of presses and windows stands on: the app, who people are, and how to answer one of them."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from responders.slack.actions import Outcome, Person
from responders.slack.catalogue import Words, words_for
from responders.slack.escaping import escaped
from responders.slack.people import People
from responders.slack.sentences import sentence_for

logger = logging.getLogger(__name__)

Body = Mapping[str, Any]

_TRIGGER_GONE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})


@dataclass(frozen=True)
class Listening:
    """Given to each `listen...` function, which adds its listeners to `app`.

    A person is answered in the language of their own Slack where it is one of ours, and in the shop's otherwise.
    `error_fields` says, by a window's callback_id, under which of its fields it shows what went wrong.
    """

    app: App
    client: WebClient
    people: People
    language: str
    zone: ZoneInfo
    error_fields: dict[str, str] = field(default_factory=dict)

    def words(self, user_id: str) -> Words:
        """The catalogue that this person reads."""
        return words_for(self.people.language(user_id) or self.language)

    def who(self, body: Body) -> Person:
        return self.people.who(body)

    def tell(self, channel: str, user_id: str, sentence: str) -> None:
        """A sentence that only this person sees, in the channel. That it cannot be told is logged and stops nothing."""
        try:
            self.client.chat_postEphemeral(channel=channel, user=user_id, text=escaped(sentence))
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            logger.warning("slack sentence not told user=%s kind=%s", user_id, type(error).__name__)

    def tell_unless_done(self, outcome: Outcome, channel: str, who: Person) -> None:
        """Says why it did not go as the person meant; a double click is told nothing."""
        if not outcome.ok and not double_click(outcome, who):
            self.tell(channel, who.id, sentence_for(outcome, self.words(who.id), self.zone))

    def open_window(self, body: Body, channel: str, view: dict[str, Any]) -> str | None:
        """The id of the window opened in answer to a press; None when Slack's few seconds for it were over."""
        try:
            opened = self.client.views_open(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            if error.response.get("error") not in _TRIGGER_GONE:
                raise
            user_id = str(body["user"]["id"])
            self.tell(channel, user_id, self.words(user_id).plain("outcome.window_gone"))
            return None
        self.people.who(body)  # asked now, so that the window's own 3 seconds are not spent on it
        return str(opened["view"]["id"])

    def fill_window(self, window: str, view: dict[str, Any]) -> None:
        """Puts `view` in place of what the window shows; nothing where the person has closed it."""
        try:
            self.client.views_update(view_id=window, view=view)
        except SlackApiError as error:
            if error.response.get("error") != "not_found":
                raise


def double_click(outcome: Outcome, who: Person) -> bool:
    """Whether the same person did the same a moment ago."""
    return outcome.code.startswith("already_") and outcome.by_id == who.id


def channel_of(body: Body) -> str:
    """The channel where it was pressed; empty for a press outside of one."""
    channel = body.get("channel") or {}
    return str(channel.get("id") or (body.get("container") or {}).get("channel_id") or "")


Listen = Callable[[Listening], None]
