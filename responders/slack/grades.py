"""The part of an alert's card that tells how the alert turned out, and takes a person's word for it in one click."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App
from slack_sdk import WebClient

from responders.slack import blocks as kit
from responders.slack.actions import Grades
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.people import People
from responders.slack.sentences import sentence_for
from responders.slack.views import CaseView, GradeView, Kind

logger = logging.getLogger(__name__)

RIGHT, WRONG = "grade_right", "grade_wrong"

Body = Mapping[str, Any]


def grade_blocks(view: CaseView, words: Words, zone: ZoneInfo) -> Iterable[Block]:
    """How the alert turned out, and until a person has said so, the buttons to say it."""
    if view.kind is not Kind.ALERT:
        return
    if view.grade is not None:
        yield kit.context(_line(view.grade, words, zone))
    if view.grade is None or view.grade.by is None:
        value = {"case": view.case_id}
        yield kit.actions([kit.button(words.plain(f"grade.{action}"), action, value) for action in (RIGHT, WRONG)])


def _line(grade: GradeView, words: Words, zone: ZoneInfo) -> Mrkdwn:
    if grade.by is not None:
        name, at = escaped(one_line(grade.by), 100), words.date_token(grade.at, zone)
        return words.mrkdwn(f"grade.said_{'right' if grade.grade.is_hit else 'wrong'}", by=name, at=at)
    line = words.mrkdwn(f"grade.{grade.grade}")
    if grade.lead_minutes is None:
        return line
    side = "before" if grade.lead_minutes >= 0 else "after"
    return Mrkdwn(f"{line} {words.mrkdwn(f'grade.{side}_half', length=length(abs(grade.lead_minutes), words))}")


def length(minutes: int, words: Words) -> str:
    """How long that is: 3 h 20 min."""
    hours, rest = divmod(minutes, 60)
    return words.plain(f"grade.{'hours' if hours else 'minutes'}", hours=hours, minutes=rest)


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
