"""Takes a person's word on an alert from the buttons of its card: one click, one call."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from slack_bolt import Ack

from responders.slack.actions import Grades
from responders.slack.grades import RIGHT, WRONG
from responders.slack.listening import Body, Listening, channel_of
from responders.slack.sentences import sentence_for

logger = logging.getLogger(__name__)


def listen_for_grades(listening: Listening, grades: Grades) -> None:
    """Adds the listeners of the two buttons."""

    def pressed(right: bool) -> Callable[..., None]:
        def press(ack: Ack, body: Body) -> None:
            ack()
            case = int(json.loads(body["actions"][0]["value"])["case"])
            who = listening.who(body)
            outcome = grades.grade(case, right, who)
            logger.info("slack graded case=%d right=%s user=%s ok=%s", case, right, who.id, outcome.ok)
            if outcome.ok and outcome.code:  # a false alarm that could not be settled altogether
                words = listening.words(who.id)
                listening.tell(channel_of(body), who.id, sentence_for(outcome, words, listening.zone))
            listening.tell_unless_done(outcome, channel_of(body), who)

        return press

    listening.app.action(RIGHT)(pressed(True))
    listening.app.action(WRONG)(pressed(False))
