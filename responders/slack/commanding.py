"""Answers /palovahti: acknowledged at once, then one look, and an answer that only who asked sees."""

from __future__ import annotations

import http.client
import logging
import time
from datetime import datetime

from slack_bolt import Ack, Respond
from slack_sdk.errors import SlackClientError

from responders.command_words import Asked, Verb, asked
from responders.slack import blocks as kit
from responders.slack.actions import Outcome, Person
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.command_answers import (
    duty_blocks,
    help_blocks,
    hit_blocks,
    log_blocks,
    problem_key,
    status_blocks,
)
from responders.slack.command_views import Duties, Lookups, Muting
from responders.slack.escaping import escaped, one_line
from responders.slack.listening import Body, Listening
from responders.slack.rows import Rows
from responders.slack.sentences import sentence_for
from responders.slack.spans import span
from responders.slack.workspace_url import WorkspaceUrl

logger = logging.getLogger(__name__)

COMMAND = "/palovahti"


def listen_for_commands(listening: Listening, lookups: Lookups, muting: Muting, duties: Duties | None = None) -> None:
    """Adds the listener of the command. Without `duties` nobody is told that the duty can be taken."""
    answering = _Answering(listening, lookups, muting, duties)
    listening.app.command(COMMAND)(answering.answer)


class _Answering:
    def __init__(self, listening: Listening, lookups: Lookups, muting: Muting, duties: Duties | None) -> None:
        self._listening = listening
        self._lookups = lookups
        self._muting = muting
        self._duties = duties
        self._url = WorkspaceUrl(listening.client)

    def answer(self, ack: Ack, respond: Respond, body: Body) -> None:
        ack()
        user_id = str(body["user_id"])
        wanted, words = asked(str(body.get("text") or "")), self._listening.words(user_id)
        blocks = self._blocks(wanted, body, user_id, words)
        said = blocks[0]["text"]["text"] if blocks and isinstance(blocks[0].get("text"), dict) else COMMAND
        respond(text=said, blocks=blocks, response_type="ephemeral", unfurl_links=False, unfurl_media=False)
        logger.info("command answered verb=%s problem=%s user=%s", wanted.verb, wanted.problem or "-", user_id)

    def _blocks(self, wanted: Asked, body: Body, user_id: str, words: Words) -> list[Block]:
        if not self._lookups.may_look(user_id):
            return _sentence("command.nobody", words)
        if wanted.verb is Verb.ONCALL and wanted.take and self._duties is None:
            wanted = Asked(Verb.ONCALL)
        if wanted.problem is not None:
            slots = {"word": one_line(wanted.word)} if wanted.word else {}
            return _sentence(problem_key(wanted.verb, wanted.problem), words, **slots)
        return self._done(wanted, body, user_id, words)

    def _done(self, wanted: Asked, body: Body, user_id: str, words: Words) -> list[Block]:
        if wanted.verb is Verb.STATUS:
            status = self._lookups.status(user_id)
            return status_blocks(status, self._rows(words, status.at), self._slack_ms())
        if wanted.verb is Verb.CASE:
            hits = self._lookups.find(wanted, user_id)
            looked_for = str(wanted.number) if wanted.number is not None else wanted.name
            return hit_blocks(hits, looked_for, self._rows(words, hits.at))
        if wanted.verb is Verb.LOG:
            return log_blocks(self._lookups.log(), words, self._listening.zone)
        if wanted.verb is Verb.ONCALL:
            return self._oncall(wanted, body, words)
        if wanted.verb in (Verb.MUTE, Verb.UNMUTE):
            return self._mute(wanted, body, words)
        return help_blocks(words, takes_duty=self._duties is not None)

    def _oncall(self, wanted: Asked, body: Body, words: Words) -> list[Block]:
        zone = self._listening.zone
        if not wanted.take or wanted.span is None or self._duties is None:
            return duty_blocks(self._lookups.duty(), words, zone)
        outcome = self._duties.take(wanted.span, self._who(body))
        if not outcome.ok:
            return self._refused(outcome, "command.duty_not_allowed", words)
        taken = words.plain("command.duty_taken", span=span(wanted.span.total_seconds() / 60, words))
        return [kit.section(escaped(taken)), *duty_blocks(self._lookups.duty(), words, zone)]

    def _mute(self, wanted: Asked, body: Body, words: Words) -> list[Block]:
        who = self._who(body)
        if wanted.verb is Verb.UNMUTE or wanted.span is None:
            outcome = self._muting.unmute(who)
            if outcome.code == "not_muted":
                return _sentence("command.not_muted", words)
            return _sentence("command.unmuted", words) if outcome.ok else self._not_allowed(outcome, words)
        outcome, until = self._muting.mute(wanted.span, wanted.reason, who)
        if not outcome.ok or until is None:
            return self._not_allowed(outcome, words)
        return _sentence("command.muted", words, until=words.date_token(until, self._listening.zone))

    def _not_allowed(self, outcome: Outcome, words: Words) -> list[Block]:
        return self._refused(outcome, "command.mute_not_allowed", words)

    def _refused(self, outcome: Outcome, not_allowed: str, words: Words) -> list[Block]:
        if outcome.code == "not_allowed":
            return _sentence(not_allowed, words)
        return [kit.section(escaped(sentence_for(outcome, words, self._listening.zone)))]

    def _rows(self, words: Words, at: datetime) -> Rows:
        return Rows(words, self._listening.zone, self._url(), at)

    def _who(self, body: Body) -> Person:
        return self._listening.who({"user": {"id": body["user_id"], "name": body.get("user_name")}})

    def _slack_ms(self) -> int | None:
        """How long Slack takes to answer us now, in milliseconds; None when it does not."""
        begun = time.monotonic()
        try:
            self._listening.client.auth_test()
        except (SlackClientError, OSError, http.client.HTTPException):
            return None
        return round(1000 * (time.monotonic() - begun))


def _sentence(key: str, words: Words, **slots: object) -> list[Block]:
    return [kit.section(words.mrkdwn(key, **slots))]
