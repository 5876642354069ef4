"""Answers who asks how a mention was read, and takes what they put right."""

from __future__ import annotations

import http.client
import json
import logging
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack
from slack_sdk.errors import SlackClientError

from responders.slack.actions import Corrected, Draft, Readings
from responders.slack.catalogue import Words
from responders.slack.escaping import one_line
from responders.slack.listening import Body, Listening, channel_of
from responders.slack.reading import ASK, READING, SIDE, Seen, bare_window, reading_window, said_in, seen_in

logger = logging.getLogger(__name__)


def listen_for_readings(listening: Listening, readings: Readings) -> None:
    """Adds the listeners of the question and of its window."""
    listening.error_fields[READING] = SIDE

    def ask(ack: Ack, body: Body) -> None:
        ack()
        case = int(json.loads(body["actions"][0]["value"])["case"])
        channel = channel_of(body)
        words = listening.words(str(body["user"]["id"]))
        window = listening.open_window(body, channel, bare_window("reading.loading", words))
        if window is None:
            return
        try:
            listening.fill_window(window, filled(case, channel, words))
        except Exception:
            with suppress(SlackClientError, OSError, http.client.HTTPException):
                listening.fill_window(window, bare_window("reading.failed", words))
            raise
        logger.info("slack reading shown case=%d user=%s", case, body["user"]["id"])

    def filled(case: int, channel: str, words: Words) -> dict[str, Any]:
        reading = readings.reading(case)
        if reading is None:
            return bare_window("reading.told.not_found", words)
        seen = Seen(case, reading.mention_id, reading.correction, channel)
        behind = readings.words_behind(reading)
        return reading_window(reading, behind, seen, words, listening.zone, name_of(reading.corrected_by))

    def name_of(user_id: str | None) -> str | None:
        return listening.who({"user": {"id": user_id}}).name if user_id else None

    def corrected(ack: Ack, body: Body, view: Body) -> None:
        seen = seen_in(view)
        who = listening.who(body)
        words = listening.words(who.id)
        done = readings.correct(seen.case, seen.mention, seen.correction, said_in(view), who)
        logger.info(
            "slack reading corrected case=%d mention=%d user=%s outcome=%s", seen.case, seen.mention, who.id, done.code
        )
        if not done.ok:
            ack(response_action="errors", errors={SIDE: _why_not(done, name_of(done.by_id), words, listening.zone)})
            return
        ack()
        if done.code != "again":
            listening.tell(seen.channel, who.id, _what_it_changed(done, words))

    listening.app.action(ASK)(ask)
    listening.app.view(READING)(corrected)


def _what_it_changed(done: Corrected, words: Words) -> str:
    if done.code == "same":
        return words.plain("reading.told.same")
    sentences = ["stored", "learns_not" if done.channel == "x" else "learns"]
    if done.draft is not Draft.SAME:
        sentences.insert(1, f"draft_{done.draft}")
    return " ".join(words.plain(f"reading.told.{sentence}") for sentence in sentences)


def _why_not(done: Corrected, by: str | None, words: Words, zone: ZoneInfo) -> str:
    if done.code != "corrected_meanwhile":
        return words.plain(f"reading.told.{done.code}")
    if by is None or done.at is None:
        return words.plain("reading.told.corrected_meanwhile_short")
    return words.plain("reading.told.corrected_meanwhile", by=one_line(by), at=words.clock(done.at, zone))
