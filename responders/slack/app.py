"""Listens to the buttons and windows of the cards: acknowledge, then one call into the approvals."""

from __future__ import annotations

import http.client
import json
import logging
import secrets
import traceback
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from responders.slack.actions import Actions, Grades, Outcome, Person, Readings
from responders.slack.asking import listen
from responders.slack.buttons import OPEN_POST
from responders.slack.cards import HELSINKI
from responders.slack.catalogue import words_for
from responders.slack.client import quiet_logger
from responders.slack.escaping import escaped
from responders.slack.grading import listen_for_grades
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
from responders.slack.reading import READING, SIDE
from responders.slack.sentences import sentence_for

logger = logging.getLogger(__name__)

Body = Mapping[str, Any]

_TRIGGER_GONE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})


def create_app(
    *,
    client: WebClient,
    signing_secret: str | None,
    actions: Actions,
    readings: Readings,
    grades: Grades,
    language: str = "fi",
    zone: ZoneInfo = HELSINKI,
) -> App:
    """A Bolt app that answers people in `language`. Without a signing secret its HTTP door lets nobody in."""
    words = words_for(language)
    people = People()

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

    def tell(target_channel: str, user_id: str, sentence: str) -> None:
        try:
            client.chat_postEphemeral(channel=target_channel, user=user_id, text=escaped(sentence))
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            logger.warning("slack sentence not told user=%s kind=%s", user_id, type(error).__name__)

    def tell_unless_done(outcome: Outcome, target: Target, who: Person) -> None:
        if not outcome.ok and not _double_click(outcome, who):
            tell(target.channel, who.id, sentence_for(outcome, words, zone))

    def open_window(body: Body, channel: str, view: dict[str, Any]) -> str | None:
        try:
            opened = client.views_open(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            if error.response.get("error") not in _TRIGGER_GONE:
                raise
            tell(channel, body["user"]["id"], words.plain("outcome.window_gone"))
            return None
        people.who(client, body)  # asked now, so that the window's own 3 seconds are not spent on it
        return str(opened["view"]["id"])

    def press(call: Callable[[int, int, Person], Outcome]) -> Callable[..., None]:
        def pressed(ack: Ack, body: Body) -> None:
            ack()
            target = _target(body)
            who = people.who(client, body)
            outcome = call(target.reply, target.version, who)
            _log(body, target, outcome)
            tell_unless_done(outcome, target, who)

        return pressed

    for action_id, call in {
        "approve": actions.approve,
        "other": actions.other,
        "by_hand": actions.by_hand,
        "confirm_sent": actions.confirm_sent,
        "send_again": actions.send_again,
    }.items():
        app.action(action_id)(press(call))

    listen(
        app, readings, client=client, people=people, words=words, zone=zone, open_window=open_window, tell=tell
    )  # fmt: skip

    listen_for_grades(app, grades, client=client, people=people, words=words, zone=zone, tell=tell)

    @app.action(OPEN_POST)
    def looked(ack: Ack) -> None:
        ack()

    @app.action("edit")
    def edit(ack: Ack, body: Body) -> None:
        ack()
        target = _target(body)
        draft = actions.draft(target.reply)
        if draft is None:
            tell(target.channel, body["user"]["id"], words.plain("outcome.not_found"))
        elif not fits_window(draft):
            tell(target.channel, body["user"]["id"], words.plain("outcome.too_long_for_slack"))
        else:
            shown = Target(target.case, target.reply, draft.version, target.channel)
            open_window(body, shown.channel, edit_window(draft, shown, words))

    @app.action("reject")
    def reject(ack: Ack, body: Body) -> None:
        ack()
        target = _target(body)
        open_window(body, target.channel, reject_window(target, words))

    @app.view(EDIT)
    def edited(ack: Ack, body: Body, view: Body) -> None:
        target = target_of(view)
        text, send = written(view)
        who = people.who(client, body)
        call = actions.edit_and_approve if send else actions.edit
        outcome = call(target.reply, target.version, text, who)
        _log(body, target, outcome)
        _close_or_say(ack, outcome, who, TEXT)

    @app.view(REJECT)
    def rejected(ack: Ack, body: Body, view: Body) -> None:
        target = target_of(view)
        reason = reason_given(view, words)
        if reason is None:
            ack(response_action="errors", errors={WORDS: words.plain("reject.words_needed")})
            return
        who = people.who(client, body)
        outcome = actions.reject(target.reply, target.version, reason, who)
        _log(body, target, outcome)
        _close_or_say(ack, outcome, who, REASON)

    def _close_or_say(ack: Ack, outcome: Outcome, who: Person, block_id: str) -> None:
        """Closes the window, or keeps it open with what was written in it and says beside the field what is wrong."""
        if outcome.ok or _double_click(outcome, who):
            ack()
        else:
            ack(response_action="errors", errors={block_id: sentence_for(outcome, words, zone)})

    @app.error
    def broken(error: Exception, body: Body) -> BoltResponse | None:
        reference = secrets.token_hex(4)
        # The traceback's lines of code, never the message: that may quote a row with somebody's words.
        where = " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(traceback.extract_tb(error.__traceback__)))
        logger.error("slack listener failed ref=%s kind=%s at=%s", reference, type(error).__name__, where)
        sentence = words.plain("outcome.broken", ref=reference)
        if body.get("type") == "view_submission":
            field = {EDIT: TEXT, REJECT: REASON, READING: SIDE}[body["view"]["callback_id"]]
            return _json_response({"response_action": "errors", "errors": {field: sentence}})
        tell(_channel(body), body["user"]["id"], sentence)
        return None  # acknowledged already

    return app


def _without_token(client: WebClient) -> WebClient:
    """Bolt warns about a client that brings a token beside `authorize`."""
    return WebClient(base_url=client.base_url, timeout=client.timeout, retry_handlers=[], logger=client.logger)


def _target(body: Body) -> Target:
    value = json.loads(body["actions"][0]["value"])
    return Target(int(value["case"]), int(value["reply"]), int(value["version"]), _channel(body))


def _channel(body: Body) -> str:
    channel = body.get("channel") or {}
    return str(channel.get("id") or (body.get("container") or {}).get("channel_id") or "")


def _double_click(outcome: Outcome, who: Person) -> bool:
    return outcome.code.startswith("already_") and outcome.by_id == who.id


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
