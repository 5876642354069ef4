"""The part of an alert's card that tells how the alert turned out, and has the buttons to say so."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.views import CaseView, GradeView, Kind

RIGHT, WRONG = "grade_right", "grade_wrong"


def grade_line(view: CaseView, words: Words, zone: ZoneInfo) -> Iterable[Block]:
    """How the alert turned out, once that is known."""
    if view.kind is Kind.ALERT and view.grade is not None:
        yield kit.context(_line(view.grade, words, zone))


def grade_buttons(view: CaseView, words: Words) -> list[Block]:
    """The buttons to say how an alert turned out, until a person has said so."""
    if view.kind is not Kind.ALERT or (view.grade is not None and view.grade.by is not None):
        return []
    value = {"case": view.case_id}
    return [kit.button(words.plain(f"grade.{action}"), action, value) for action in (RIGHT, WRONG)]


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
