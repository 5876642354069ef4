"""Listens to the buttons and windows of the cards: acknowledge, then one call into the approvals."""

from __future__ import annotations

import json
import logging
import secrets
import traceback
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from models.errors import TryLater
from responders.roles import UNKNOWN
from responders.slack.actions import Actions, Grades, Outcome, Person, Readings
from responders.slack.asking import listen_for_readings
from responders.slack.buttons import OPEN_POST
from responders.slack.cards import HELSINKI
from responders.slack.client import quiet_logger
from responders.slack.grading import listen_for_grades
from responders.slack.listening import Body, Listen, Listening, channel_of, double_click
from responders.slack.modals import (
    EDIT,
    REASON,
    REJECT,
    TEXT,
    WORDS,
    Target,
    edit_window,
    fits_window,
    reason_given,
    reject_window,
    target_of,
    written,
)
from responders.slack.people import People
from responders.slack.sentences import sentence_for

logger = logging.getLogger(__name__)


def create_app(
    *,
    client: WebClient,
    signing_secret: str | None,
    actions: Actions,
    readings: Readings,
    grades: Grades,
    more: Sequence[Listen] = (),
    language: str = "fi",
    zone: ZoneInfo = HELSINKI,
) -> App:
    """A Bolt app; `more` adds listeners of its own. `language` is for people whose Slack speaks none of ours.

    Without a signing secret its HTTP door lets nobody in.
    """

    def authorize(context: BoltContext) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=context.enterprise_id, team_id=context.team_id, bot_token=client.token)

    app = App(
        client=_without_token(client),
        # Left to itself Bolt asks Slack who we are before it lets the first press in: within that press's 3 seconds.
        authorize=authorize,
        # Without a secret nobody may come in: a random one, because Bolt fails on a missing one only when asked.
        signing_secret=signing_secret or secrets.token_hex(32),
        logger=quiet_logger("responders.slack.bolt"),
    )
    listening = Listening(app, client, People(client), language, zone)
    _listen_for_replies(listening, actions)
    listen_for_readings(listening, readings)
    listen_for_grades(listening, grades)
    for listen in more:
        listen(listening)

    @app.error
    def broken(error: Exception, body: Body) -> BoltResponse | None:
        user_id = str((body.get("user") or {}).get("id") or body.get("user_id") or "")
        if isinstance(error, TryLater) and error.code == UNKNOWN:
            logger.warning("slack press refused user=%s code=%s", user_id, UNKNOWN)
            return say(body, user_id, "rights.unknown")
        reference = secrets.token_hex(4)
        # The traceback's lines of code, never the message: that may quote a row with somebody's words.
        where = " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(traceback.extract_tb(error.__traceback__)))
        logger.error("slack listener failed ref=%s kind=%s at=%s", reference, type(error).__name__, where)
        return say(body, user_id, "outcome.broken", ref=reference)

    def say(body: Body, user_id: str, key: str, **slots: str) -> BoltResponse | None:
        if not user_id:
            return None  # an event: nobody waits for an answer
        sentence = listening.words(user_id).plain(key, **slots)
        field = listening.error_fields.get(str((body.get("view") or {}).get("callback_id")))
        if body.get("type") == "view_submission" and field is not None:
            return _json_response({"response_action": "errors", "errors": {field: sentence}})
        listening.tell(channel_of(body) or str(body.get("channel_id") or user_id), user_id, sentence)
        return None  # acknowledged already

    return app


def _listen_for_replies(listening: Listening, actions: Actions) -> None:
    app = listening.app
    listening.error_fields.update({EDIT: TEXT, REJECT: REASON})

    def press(call: Callable[[int, int, Person], Outcome]) -> Callable[..., None]:
        def pressed(ack: Ack, body: Body) -> None:
            ack()
            target = _target(body)
            who = listening.who(body)
            outcome = call(target.reply, target.version, who)
            _log(body, target, outcome)
            listening.tell_unless_done(outcome, target.channel, who)

        return pressed

    for action_id, call in {
        "approve": actions.approve,
        "other": actions.other,
        "by_hand": actions.by_hand,
        "confirm_sent": actions.confirm_sent,
        "send_again": actions.send_again,
    }.items():
        app.action(action_id)(press(call))

    @app.action(OPEN_POST)
    def looked(ack: Ack) -> None:
        ack()

    @app.action("edit")
    def edit(ack: Ack, body: Body) -> None:
        ack()
        target, user_id = _target(body), str(body["user"]["id"])
        words = listening.words(user_id)
        draft = actions.draft(target.reply, words.language)
        if draft is None:
            listening.tell(target.channel, user_id, words.plain("outcome.not_found"))
        elif not fits_window(draft):
            listening.tell(target.channel, user_id, words.plain("outcome.too_long_for_slack"))
        else:
            shown = Target(target.case, target.reply, draft.version, target.channel)
            listening.open_window(body, shown.channel, edit_window(draft, shown, words))

    @app.action("reject")
    def reject(ack: Ack, body: Body) -> None:
        ack()
        target = _target(body)
        listening.open_window(body, target.channel, reject_window(target, listening.words(str(body["user"]["id"]))))

    @app.view(EDIT)
    def edited(ack: Ack, body: Body, view: Body) -> None:
        target = target_of(view)
        text, send = written(view)
        who = listening.who(body)
        call = actions.edit_and_approve if send else actions.edit
        outcome = call(target.reply, target.version, text, who)
        _log(body, target, outcome)
        _close_or_say(ack, outcome, who, TEXT)

    @app.view(REJECT)
    def rejected(ack: Ack, body: Body, view: Body) -> None:
        target = target_of(view)
        who = listening.who(body)
        reason = reason_given(view, listening.words(who.id))
        if reason is None:
            ack(response_action="errors", errors={WORDS: listening.words(who.id).plain("reject.words_needed")})
            return
        outcome = actions.reject(target.reply, target.version, reason, who)
        _log(body, target, outcome)
        _close_or_say(ack, outcome, who, REASON)

    def _close_or_say(ack: Ack, outcome: Outcome, who: Person, block_id: str) -> None:
        """Closes the window, or keeps it open with what was written in it and says beside the field what is wrong."""
        if outcome.ok or double_click(outcome, who):
            ack()
        else:
            sentence = sentence_for(outcome, listening.words(who.id), listening.zone)
            ack(response_action="errors", errors={block_id: sentence})


def _without_token(client: WebClient) -> WebClient:
    """Bolt warns about a client that brings a token beside `authorize`."""
    return WebClient(base_url=client.base_url, timeout=client.timeout, retry_handlers=[], logger=client.logger)


def _target(body: Body) -> Target:
    value = json.loads(body["actions"][0]["value"])
    return Target(int(value["case"]), int(value["reply"]), int(value["version"]), channel_of(body))


def _json_response(body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": "application/json"})


def _log(body: Body, target: Target, outcome: Outcome) -> None:
    pressed = body["actions"][0]["action_id"] if "actions" in body else body["view"]["callback_id"]
    logger.info(
        "slack pressed action=%s case=%d reply=%d version=%d user=%s outcome=%s",
        pressed,
        target.case,
        target.reply,
        target.version,
        body["user"]["id"],
        "ok" if outcome.ok else outcome.code,
    )
