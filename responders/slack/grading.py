"""Takes a person's word on an alert from the buttons of its card: one click, one call."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App
from slack_sdk import WebClient

from responders.slack.actions import Grades
from responders.slack.catalogue import Words
from responders.slack.grades import RIGHT, WRONG
from responders.slack.people import People
from responders.slack.sentences import sentence_for

logger = logging.getLogger(__name__)

Body = Mapping[str, Any]


def listen_for_grades(
    app: App,
    grades: Grades,
    *,
    client: WebClient,
    people: People,
    words: Words,
    zone: ZoneInfo,
    tell: Callable[[str, str, str], None],
) -> None:
    """Adds the listeners of the two buttons to the app; `tell` shows a sentence to one person in a channel."""

    def pressed(right: bool) -> Callable[..., None]:
        def press(ack: Ack, body: Body) -> None:
            ack()
            case = int(json.loads(body["actions"][0]["value"])["case"])
            who = people.who(client, body)
            outcome = grades.grade(case, right, who)
            logger.info("slack graded case=%d right=%s user=%s ok=%s", case, right, who.id, outcome.ok)
            if not outcome.ok and outcome.by_id != who.id:  # the same person again is a double click
                tell(str(body["channel"]["id"]), who.id, sentence_for(outcome, words, zone))

        return press

    app.action(RIGHT)(pressed(True))
    app.action(WRONG)(pressed(False))
