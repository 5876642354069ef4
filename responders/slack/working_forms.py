"""What each window about a case asks, filled with what stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.states import NoteKind
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.casework import CaseBrief, NoteView
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.modals import field, option
from responders.slack.snoozing import When, moments

# Block ids, and the action ids in them.
TEXT, MINUTES, PERSON, TEAM, WHEN, OWN = "text", "minutes", "person", "team", "when", "own"
HANDLED, JUSTIFIED, COMPENSATED, NUMBER, LINK = "handled", "justified", "compensated", "number", "link"
YES, NO, NOT_ASKED = "yes", "no", "not_asked"

LONGEST_NOTE = 3000
LONGEST_CALL_MINUTES = 600
MOST_NOTES = 5
MOST_CHOICES = 100  # of a list in Slack; a longer one is searched at our side


@dataclass(frozen=True)
class About:
    """Which case a window is about, the channel in which to answer the person, and the question it answers, if any."""

    case: int
    channel: str
    question: int = 0


@dataclass(frozen=True)
class Ground:
    """What a window is drawn from."""

    brief: CaseBrief
    about: About
    words: Words
    zone: ZoneInfo
    now: datetime
    teams: Sequence[str]


def _note(ground: Ground) -> Iterable[Block]:
    yield _text("note", ground)
    notes = ground.brief.notes[-MOST_NOTES:]
    if not notes:
        return
    yield kit.divider()
    yield kit.section(ground.words.mrkdwn("work.note.earlier"))
    for note in reversed(notes):
        yield kit.context(_byline(note, ground))
        yield from kit.quotes(kit.shortened(note.text, 500))
    left = len(ground.brief.notes) - len(notes)
    if left > 0:
        yield kit.context(escaped(ground.words.counted("work.note.left", left)))


def _call(ground: Ground) -> Iterable[Block]:
    minutes = {
        "type": "number_input",
        "action_id": MINUTES,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(LONGEST_CALL_MINUTES),
    }
    yield field(MINUTES, ground.words.plain("work.call.minutes"), minutes)
    yield _text("call", ground)


def _ask(ground: Ground) -> Iterable[Block]:
    yield field(PERSON, ground.words.plain("work.ask.colleague"), _person(ground))
    yield _text("ask", ground)


def _answer(ground: Ground) -> Iterable[Block]:
    asked = [note for note in ground.brief.notes if note.id == ground.about.question]
    for note in asked:
        by = escaped(one_line(note.by_name), 100)
        yield kit.section(ground.words.mrkdwn("work.answer.question", by=by, number=ground.brief.number))
        yield from kit.quotes(note.text)
    yield _text("answer", ground)


def _give(ground: Ground) -> Iterable[Block]:
    brief, words = ground.brief, ground.words
    person = _person(ground)
    if brief.owner_id is not None:
        person["initial_user"] = brief.owner_id
    yield field(PERSON, words.plain("work.give.person"), person, optional=True)
    if ground.teams:
        yield field(TEAM, words.plain("work.give.team"), _team(ground), optional=True)


def _snooze(ground: Ground) -> Iterable[Block]:
    words, zone = ground.words, ground.zone
    if ground.brief.snoozed_until is not None:
        until = words.date_token(ground.brief.snoozed_until, zone)
        yield kit.context(words.mrkdwn("case.snoozed", number=ground.brief.number, until=until))
    options = [
        option(
            words.plain(f"work.snooze.{one.when}", clock=words.clock(one.at, zone), moment=words.moment(one.at, zone)),
            f"{one.when}:{int(one.at.timestamp())}",
        )
        for one in moments(ground.now, zone)
    ]
    options.append(option(words.plain("work.snooze.own"), When.OWN))
    choice = {"type": "radio_buttons", "action_id": WHEN, "options": options, "initial_option": options[0]}
    yield field(WHEN, words.plain("work.snooze.label"), choice)
    own: Block = {"type": "datetimepicker", "action_id": OWN}
    yield field(OWN, words.plain("work.snooze.own_label"), own, words.plain("work.snooze.own_hint"), optional=True)


def _close(ground: Ground) -> Iterable[Block]:
    brief, words = ground.brief, ground.words
    answers = [option(words.plain(f"work.{answer}"), answer) for answer in (YES, NO, NOT_ASKED)]
    handled: Block = {"type": "radio_buttons", "action_id": HANDLED, "options": answers[:2]}
    if brief.answered:
        handled["initial_option"] = answers[0]
    yield field(HANDLED, words.plain("work.close.handled"), handled)
    for name in (JUSTIFIED, COMPENSATED):
        asked: Block = {"type": "radio_buttons", "action_id": name, "options": answers}
        if not brief.complaint:
            asked["initial_option"] = answers[2]
        yield field(name, words.plain(f"work.close.{name}"), asked)
    needed = brief.complaint and not brief.answered
    reason: Block = {"type": "plain_text_input", "action_id": TEXT, "multiline": True, "max_length": LONGEST_NOTE}
    hint = words.plain("work.close.reason_needed" if needed else "work.close.reason_hint")
    yield field(TEXT, words.plain("work.close.reason"), reason, hint, optional=not needed)


def _link(ground: Ground) -> Iterable[Block]:
    number: Block = {"type": "plain_text_input", "action_id": NUMBER, "max_length": 20, "focus_on_load": True}
    if ground.brief.same_as is not None:
        number["initial_value"] = str(ground.brief.same_as)
    yield field(NUMBER, ground.words.plain("work.link.label"), number, ground.words.plain("work.link.hint"))


def _by_hand(ground: Ground) -> Iterable[Block]:
    link: Block = {"type": "url_text_input", "action_id": LINK, "focus_on_load": True}
    words = ground.words
    yield field(LINK, words.plain("work.by_hand.label"), link, words.plain("work.by_hand.hint"), optional=True)


def _write(ground: Ground) -> Iterable[Block]:
    yield _text("write", ground)


FORMS: Mapping[str, Callable[[Ground], Iterable[Block]]] = {
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


def _text(deed: str, ground: Ground) -> Block:
    text: Block = {
        "type": "plain_text_input",
        "action_id": TEXT,
        "multiline": True,
        "max_length": LONGEST_NOTE,
        "focus_on_load": deed not in ("call", "ask"),
    }
    words = ground.words
    return field(TEXT, words.plain(f"work.{deed}.label"), text, words.plain(f"work.{deed}.hint"))


def _person(ground: Ground) -> Block:
    placeholder = kit.plain(ground.words.plain("work.choose"), 150)
    return {"type": "users_select", "action_id": PERSON, "placeholder": placeholder}


def _team(ground: Ground) -> Block:
    """A list that Slack holds, or one searched at our side where there are too many for it."""
    placeholder = kit.plain(ground.words.plain("work.choose"), 150)
    chosen = [_named(team) for team in ground.teams if team == ground.brief.team]
    if len(ground.teams) > MOST_CHOICES:
        made: Block = {"type": "external_select", "action_id": TEAM, "placeholder": placeholder, "min_query_length": 0}
    else:
        options = [_named(team) for team in ground.teams]
        made = {"type": "static_select", "action_id": TEAM, "placeholder": placeholder, "options": options}
    return made | ({"initial_option": chosen[0]} if chosen else {})


def _named(team: str) -> Block:
    return option(one_line(team) or "–", team)


def _byline(note: NoteView, ground: Ground) -> Mrkdwn:
    words = ground.words
    slots = {"by": escaped(one_line(note.by_name), 100), "at": words.date_token(note.at, ground.zone)}
    if note.kind is not NoteKind.CALL:
        return words.mrkdwn(f"work.kind.{note.kind}", **slots)
    minutes = note.minutes or 0
    return words.mrkdwn(f"work.kind.call.{'one' if minutes == 1 else 'other'}", count=words.number(minutes), **slots)
