"""Causes the event that has to come back over Slack's line: a change of metadata on one standing message of our own.

Nobody is notified, and no words of people come with it: docs/decisions/0027-a-heartbeat-of-our-own.md.
"""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.web import SlackResponse

from models.base import Sessions
from models.errors import Refused
from models.slack_line import ONLY, SlackLine, the_line
from responders.pacing import POST, UPDATE, Call
from responders.slack.catalogue import words_for
from responders.slack.errors import translated
from responders.slack.listening import Listening
from responders.slack.pacer import Pacer

EVENT_TYPE = "palovahti_heartbeat"
BEAT_EVENTS = ("message_metadata_posted", "message_metadata_updated")
_LOOKED_AT = 200  # the newest messages, when a post got no answer


def listen_for_beats(listening: Listening) -> None:
    """Acknowledges them, or Slack would send them again. That they came is seen before, at the line itself."""

    def nothing() -> None:
        return None

    listening.app.event("message_metadata_posted")(nothing)
    listening.app.event("message_metadata_updated")(nothing)


class Heartbeat:
    """The message stands in `channel`, is posted once and changed at each beat. `clock` is the machine's time.

    A beat waits for no rate, and is counted by the `pacer` as any other call.
    """

    def __init__(
        self,
        client: WebClient,
        channel: str,
        sessions: Sessions,
        language: str,
        clock: Callable[[], datetime],
        pacer: Pacer,
    ) -> None:
        self._client = client
        self._pacer = pacer
        self._channel = channel
        self._sessions = sessions
        self._text = words_for(language).plain("line.heartbeat")
        self._clock = clock
        self._beat = ""

    def send(self) -> None:
        """Raises TryLater, SignInAgain, Refused or OutcomeUnknown when Slack does not take it."""
        self._beat = secrets.token_hex(8)
        with self._sessions() as session:
            line = session.get(SlackLine, ONLY)
        if line is not None and line.beat_ts is not None and line.beat_channel is not None:
            try:
                self._change(line.beat_channel, line.beat_ts)
            except Refused as refusal:
                if refusal.code != "message_not_found":  # somebody deleted it
                    raise
            else:
                return
        elif line is not None and line.beat_posting_at is not None and self._took_up(line.beat_posting_at):
            return
        self._keep(beat_channel=None, beat_ts=None, beat_posting_at=self._clock())
        self._pacer.note(Call(POST, self._channel))
        answer = self._called(
            partial(self._client.chat_postMessage, channel=self._channel, text=self._text, metadata=self._metadata()),
            repeatable=False,
        )
        self._keep(beat_channel=str(answer["channel"]), beat_ts=str(answer["ts"]))

    def is_ours(self, envelope: Mapping[str, Any]) -> bool:
        """Whether this is the beat that was sent last, come back."""
        event = (envelope.get("payload") or {}).get("event") or {}
        metadata = event.get("metadata") or {}
        if event.get("type") not in BEAT_EVENTS or metadata.get("event_type") != EVENT_TYPE:
            return False
        return bool(self._beat) and (metadata.get("event_payload") or {}).get("beat") == self._beat

    def _took_up(self, posting_at: datetime) -> bool:
        """A post that got no answer may stand there all the same."""
        oldest = f"{(posting_at - timedelta(minutes=2)).timestamp():.6f}"
        page = self._called(
            partial(
                self._client.conversations_history,
                channel=self._channel,
                oldest=oldest,
                limit=_LOOKED_AT,
                include_all_metadata=True,
            )
        )
        for message in page["messages"]:
            if (message.get("metadata") or {}).get("event_type") == EVENT_TYPE:
                self._keep(beat_channel=self._channel, beat_ts=str(message["ts"]))
                self._change(self._channel, str(message["ts"]))
                return True
        return False

    def _change(self, channel: str, ts: str) -> None:
        self._pacer.note(Call(UPDATE))
        self._called(
            partial(self._client.chat_update, channel=channel, ts=ts, text=self._text, metadata=self._metadata())
        )

    def _metadata(self) -> dict[str, Any]:
        return {"event_type": EVENT_TYPE, "event_payload": {"beat": self._beat}}

    def _keep(self, **values: Any) -> None:
        with self._sessions.begin() as session:
            line = the_line(session)
            for name, value in values.items():
                setattr(line, name, value)

    def _called(self, call: Callable[[], SlackResponse], *, repeatable: bool = True) -> SlackResponse:
        try:
            return call()
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            raise translated(error, repeatable=repeatable) from error
