"""Takes in by hand: from a message's menu, the global shortcut or Home, and new counts from a card."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

from slack_bolt import Ack, Respond

from responders.slack.catalogue import Words
from responders.slack.home import TAKE_IN
from responders.slack.intake_views import IntakeOutcome, Intakes
from responders.slack.intake_windows import (
    COMMENTS,
    COUNT,
    INTAKE,
    LINK,
    TEXT,
    carried_by,
    count_window,
    done_window,
    intake_of,
    intake_window,
    numbers_of,
)
from responders.slack.listening import Body, Listening, channel_of
from responders.slack.permalinks import permalink
from responders.slack.taken_in import UPDATE
from responders.slack.workspace_url import WorkspaceUrl

logger = logging.getLogger(__name__)

MAKE_CASE, TAKE_IN_SHORTCUT = "make_case", "take_in"


def listen_for_intakes(listening: Listening, intakes: Intakes) -> None:
    """Adds the listeners of the shortcuts, of Home's button, of the card's, and of their windows."""
    listening.error_fields.update({INTAKE: TEXT, COUNT: COMMENTS})
    url = WorkspaceUrl(listening.client)

    def make_case(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        words, message = listening.words(str(body["user"]["id"])), body["message"]
        if message.get("app_id") == body["api_app_id"]:
            respond(text=words.plain("intake.own_card"), response_type="ephemeral")
            return
        listening.open_window(body, channel_of(body), intake_window(words, message, channel_of(body)))

    def take_in(ack: Ack, body: Body) -> None:
        ack()
        user_id = str(body["user"]["id"])
        listening.open_window(body, channel_of(body) or user_id, intake_window(listening.words(user_id)))

    def update(ack: Ack, body: Body) -> None:
        ack()
        case_id = int(json.loads(body["actions"][0]["value"])["case"])
        words = listening.words(str(body["user"]["id"]))
        listening.open_window(body, channel_of(body), count_window(words, case_id))

    def taken(ack: Ack, body: Body, view: Body) -> None:
        carried, who = carried_by(view), listening.who(body)
        intake = intake_of(view)
        if "ts" in carried:
            intake = replace(intake, message_url=permalink(url(), str(carried["channel"]), str(carried["ts"])))
        outcome = intakes.take_in(intake, who)
        logger.info("slack intake user=%s case=%s outcome=%s", who.id, outcome.case_id or "-", outcome.code)
        answer(ack, outcome, LINK if outcome.code == "bad_link" else TEXT, listening.words(who.id))

    def counted(ack: Ack, body: Body, view: Body) -> None:
        case_id, who = int(carried_by(view)["case"]), listening.who(body)
        outcome = intakes.count(case_id, str(view["id"]), numbers_of(view), who)
        logger.info("slack counts user=%s case=%d outcome=%s", who.id, case_id, outcome.code)
        words = listening.words(who.id)
        if outcome.code == "empty":
            ack(response_action="errors", errors={COMMENTS: words.plain("intake.no_numbers")})
        else:
            answer(ack, outcome, COMMENTS, words)

    listening.app.shortcut(MAKE_CASE)(make_case)
    listening.app.shortcut(TAKE_IN_SHORTCUT)(take_in)
    listening.app.action(TAKE_IN)(take_in)
    listening.app.action(UPDATE)(update)
    listening.app.view(INTAKE)(taken)
    listening.app.view(COUNT)(counted)


def answer(ack: Ack, outcome: IntakeOutcome, field: str, words: Words) -> None:
    """The window tells the case's number, or beside `field` what is wrong, with what was written left as it is."""
    sentence = words.plain(f"intake.{outcome.code}", **({"number": outcome.number} if outcome.number else {}))
    if outcome.ok:
        ack(response_action="update", view=done_window(words, sentence))
    else:
        ack(response_action="errors", errors={field: sentence})
