"""What a submitted window about a case asks for: a call of the port, or what is wrong and beside which field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from responders.slack.actions import Outcome, Person
from responders.slack.casework import Casework, Closing
from responders.slack.escaping import safe_url
from responders.slack.working_forms import (
    COMPENSATED,
    HANDLED,
    JUSTIFIED,
    LINK,
    LONGEST_CALL_MINUTES,
    MINUTES,
    NO,
    NUMBER,
    OWN,
    PERSON,
    TEAM,
    TEXT,
    WHEN,
    YES,
    About,
)

MOST_DIGITS = 12


@dataclass(frozen=True)
class Wrong:
    """What a person has to put right: the field, and the sentence's key in the catalogue."""

    field: str
    key: str


@dataclass(frozen=True)
class Submitted:
    """A window as it was sent. `colleague` names somebody by their Slack id."""

    about: About
    values: Mapping[str, Any]
    who: Person
    casework: Casework
    colleague: Callable[[str], Person]

    def typed(self, field: str) -> str:
        return str(self._entry(field).get("value") or "").strip()

    def chosen(self, field: str) -> str | None:
        """The value of the chosen option, or the id of the chosen person; None for no choice."""
        entry = self._entry(field)
        option = entry.get("selected_option") or {}
        return option.get("value") or entry.get("selected_user")

    def moment(self, field: str) -> datetime | None:
        at = self._entry(field).get("selected_date_time")
        return datetime.fromtimestamp(at, UTC) if at else None

    def _entry(self, field: str) -> Mapping[str, Any]:
        return (self.values.get(field) or {}).get(field) or {}


def _note(sent: Submitted) -> Outcome:
    return sent.casework.note(sent.about.case, sent.typed(TEXT), sent.who)


def _call(sent: Submitted) -> Outcome | Wrong:
    minutes = _whole(sent.typed(MINUTES))
    if minutes is None or not 1 <= minutes <= LONGEST_CALL_MINUTES:
        return Wrong(MINUTES, "work.call.bad_minutes")
    return sent.casework.log_call(sent.about.case, minutes, sent.typed(TEXT), sent.who)


def _ask(sent: Submitted) -> Outcome | Wrong:
    colleague = sent.chosen(PERSON)
    if colleague is None or colleague == sent.who.id:
        return Wrong(PERSON, "work.ask.yourself")
    return sent.casework.ask(sent.about.case, sent.colleague(colleague), sent.typed(TEXT), sent.who)


def _answer(sent: Submitted) -> Outcome:
    return sent.casework.answer(sent.about.question, sent.typed(TEXT), sent.who)


def _give(sent: Submitted) -> Outcome | Wrong:
    person, team = sent.chosen(PERSON), sent.chosen(TEAM)
    if person is None and team is None:
        return Wrong(PERSON, "work.give.neither")
    owner = None if person is None else sent.who if person == sent.who.id else sent.colleague(person)
    return sent.casework.assign(sent.about.case, owner, team, sent.who)


def _snooze(sent: Submitted) -> Outcome | Wrong:
    seconds = (sent.chosen(WHEN) or "").partition(":")[2]
    until = sent.moment(OWN) or (datetime.fromtimestamp(int(seconds), UTC) if seconds else None)
    if until is None:
        return Wrong(OWN, "work.snooze.choose")
    return sent.casework.snooze(sent.about.case, until, sent.who)


def _close(sent: Submitted) -> Outcome:
    answers = {YES: True, NO: False}
    closing = Closing(
        handled=sent.chosen(HANDLED) == YES,
        justified=answers.get(sent.chosen(JUSTIFIED) or ""),
        compensated=answers.get(sent.chosen(COMPENSATED) or ""),
        reason=sent.typed(TEXT),
    )
    return sent.casework.close(sent.about.case, closing, sent.who)


def _link(sent: Submitted) -> Outcome | Wrong:
    number = _whole(sent.typed(NUMBER).lstrip("#"))
    if number is None:
        return Wrong(NUMBER, "work.link.bad")
    return sent.casework.link(sent.about.case, number, sent.who)


def _by_hand(sent: Submitted) -> Outcome | Wrong:
    given = sent.typed(LINK)
    link = safe_url(given) if given else ""
    if link is None:
        return Wrong(LINK, "work.by_hand.bad")
    return sent.casework.answered_by_hand(sent.about.case, sent.who, link)


def _write(sent: Submitted) -> Outcome:
    return sent.casework.write(sent.about.case, sent.typed(TEXT), sent.who)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


ANSWERS: Mapping[str, Callable[[Submitted], Outcome | Wrong]] = {
    "note": _note,
    "call": _call,
    "ask": _ask,
    "answer": _answer,
    "give": _give,
    "snooze": _snooze,
    "close": _close,
    "link": _link,
    "by_hand": _by_hand,
    "write": _write,
}

FIELDS: Mapping[str, str] = {
    "note": TEXT,
    "call": TEXT,
    "ask": TEXT,
    "answer": TEXT,
    "give": PERSON,
    "snooze": WHEN,
    "close": TEXT,
    "link": NUMBER,
    "by_hand": LINK,
    "write": TEXT,
}
"""Beside which field a window says why it did not go, unless `beside` knows better."""

_BESIDE = {
    "unknown_team": TEAM,
    "colleague_may_not": PERSON,
    "owner_may_not": PERSON,
}


def beside(deed: str, outcome: Outcome, sent: Submitted) -> str:
    """The field that the outcome is about."""
    field = _BESIDE.get(outcome.code, FIELDS[deed])
    if deed == "snooze" and sent.moment(OWN) is not None:
        return OWN
    return field if field in sent.values else FIELDS[deed]
