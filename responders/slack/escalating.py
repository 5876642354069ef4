"""Takes "I have it", "Give it back", "Call who is on duty", and who does what in an outrage's channel."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Protocol

from slack_bolt import Ack

from responders.slack.actions import Outcome, Person
from responders.slack.escalating_blocks import CALL, CALL_WINDOW, GIVE_BACK, REASON, TAKE, call_window
from responders.slack.escalations import Escalations
from responders.slack.listening import Body, Listen, Listening, channel_of, double_click
from responders.slack.outrage_cards import Part
from responders.slack.sentences import sentence_for

logger = logging.getLogger(__name__)


def listens_for_escalations(escalations: Escalations) -> Listen:
    """What adds the listeners of the buttons and of the window."""

    def listen(listening: Listening) -> None:
        app = listening.app
        listening.error_fields[CALL_WINDOW] = REASON

        def press(call: Callable[[int, Person], Outcome]) -> Callable[..., None]:
            def pressed(ack: Ack, body: Body) -> None:
                ack()
                case, who = _case(body), listening.who(body)
                outcome = call(case, who)
                _log(body["actions"][0]["action_id"], case, who, outcome)
                listening.tell_unless_done(outcome, channel_of(body), who)

            return pressed

        app.action(TAKE)(press(escalations.acknowledge))
        app.action(GIVE_BACK)(press(escalations.give_back))

        @app.action(CALL)
        def ask_why(ack: Ack, body: Body) -> None:
            ack()
            channel, words = channel_of(body), listening.words(str(body["user"]["id"]))
            listening.open_window(body, channel, call_window(_case(body), channel, words))

        @app.view(CALL_WINDOW)
        def called(ack: Ack, body: Body, view: Body) -> None:
            case, who = int(json.loads(view["private_metadata"])["case"]), listening.who(body)
            reason = view["state"]["values"][REASON][REASON].get("value") or ""
            outcome = escalations.escalate_now(case, reason, who)
            _log(CALL_WINDOW, case, who, outcome)
            if outcome.ok or double_click(outcome, who):
                ack()
            else:
                sentence = sentence_for(outcome, listening.words(who.id), listening.zone)
                ack(response_action="errors", errors={REASON: sentence})

    return listen


class Parts(Protocol):
    """Who does what in an outrage's channel; responders.outrage_channels.TakingParts."""

    def take_part(self, case_id: int, part: Part, who: Person) -> Outcome: ...


def listens_for_parts(parts: Parts) -> Listen:
    """What adds the listeners of the buttons in an outrage's channel."""

    def listen(listening: Listening) -> None:
        def press(part: Part) -> Callable[..., None]:
            def pressed(ack: Ack, body: Body) -> None:
                ack()
                case, who = _case(body), listening.who(body)
                outcome = parts.take_part(case, part, who)
                _log(part.action, case, who, outcome)
                listening.tell_unless_done(outcome, channel_of(body), who)

            return pressed

        for part in Part:
            listening.app.action(part.action)(press(part))

    return listen


def _case(body: Body) -> int:
    return int(json.loads(body["actions"][0]["value"])["case"])


def _log(action: str, case: int, who: Person, outcome: Outcome) -> None:
    code = "ok" if outcome.ok else outcome.code
    logger.info("slack pressed action=%s case=%d user=%s outcome=%s", action, case, who.id, code)
