"""Draws the card of one matter: what, who, where, since when, heat and why, what was said, and what to answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from models.states import CaseState
from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.answer import answer, answer_buttons
from responders.slack.blocks import Block
from responders.slack.case_lines import case_line, history_line, notes_line
from responders.slack.catalogue import Words, words_for
from responders.slack.deeds import case_buttons
from responders.slack.escalating_blocks import escalation_blocks
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.folded import folded, is_folded
from responders.slack.grades import grade_buttons, grade_line
from responders.slack.heard import risk_line, topic_field, unsure_line
from responders.slack.reading import ASK
from responders.slack.room import ROOMS, Room
from responders.slack.said import comments_behind, conversation, dotted, talk
from responders.slack.spoken import spoken
from responders.slack.taken_in import taken_in_blocks
from responders.slack.topics import topic_line
from responders.slack.views import CaseView, Kind, Subject, Unanswered
from responders.slack.whowhere import where, who_line

HELSINKI = ZoneInfo("Europe/Helsinki")

# Slack refuses a message whose blocks pass about 13,200 characters of JSON together (written down nowhere but in
# bolt-js issue 2509), so a card that would be longer is drawn again with less of the conversation.
ALL_BLOCKS_LIMIT = 13_000
MOST_BLOCKS = 50


def card_for(view: CaseView, language: str, zone: ZoneInfo = HELSINKI) -> Card:
    """The card in `language` (fi, sv, en), within Slack's limits; times fall back to the shop's `zone`.

    A case that is closed or put off takes two or three lines. Raises ValueError for a language we do not speak.
    """
    words = words_for(language)
    folds = is_folded(view)
    drawn: list[Block] = []
    for room in ROOMS:
        answering = [] if folds else answer_buttons(view, words, room)
        drawn = [*(folded if folds else _unfolded)(view, words, zone, room), *_row(view, words, zone, answering)]
        if folds and drawn[-1]["type"] == "actions" and len(drawn[-1]["elements"]) == 1:
            drawn[0]["accessory"] = drawn.pop()["elements"][0]  # a row less
        if len(json.dumps(drawn, ensure_ascii=False)) <= ALL_BLOCKS_LIMIT and len(drawn) <= MOST_BLOCKS:
            break
    return Card(drawn, spoken(view, words), ages=view.unanswered is not None and view.state is CaseState.OPEN)


def _unfolded(view: CaseView, words: Words, zone: ZoneInfo, room: Room) -> Iterable[Block]:
    yield kit.header(words.plain(f"header.{_headline(view)}", brand=one_line(view.brand)))
    yield from (_alert if view.kind is Kind.ALERT else _contact)(view, words, zone, room)
    yield from notes_line(view, words, room.note)
    yield from answer(view, words, zone, room)
    yield from escalation_blocks(view.escalation, words, zone)


def _row(view: CaseView, words: Words, zone: ZoneInfo, answering: Sequence[Block]) -> Iterable[Block]:
    """How the alert turned out, and the buttons: those of the case in a row below, unless they are but a menu."""
    yield from grade_line(view, words, zone)
    *first, menu = case_buttons(view, words)
    own = [*first, *grade_buttons(view, words), menu]
    if answering and len(own) > 1:
        yield kit.actions(answering)
        yield kit.actions(own)
    else:
        yield kit.actions([*answering, *own])


def _contact(view: CaseView, words: Words, zone: ZoneInfo, room: Room) -> Iterable[Block]:
    """One customer: who, where and when on a line, then their words; what is known beside them in small print."""
    yield _asking(view, words, who_line(view, words, zone))
    yield from taken_in_blocks(view.taken_in, view.case_id, words, zone)
    yield from risk_line(view, words)
    posts = room.posts if view.state is CaseState.OPEN else 0
    about = escaped(one_line(view.about), room.note + 50)
    if about and _left_untold(view, posts):
        yield kit.section(about)
    yield from talk(view, words, zone, posts, room.post)
    yield from unsure_line(view, words)
    reasons = [escaped(one_line(reason), room.note) for reason in view.reasons[:5]]
    if reasons and view.state is CaseState.OPEN:
        yield kit.context(words.mrkdwn("title.reasons_contact", reasons=Mrkdwn("; ".join(reasons))))
    yield kit.context(dotted([case_line(view, words), *history_line(view, words)]))


def _alert(view: CaseView, words: Words, zone: ZoneInfo, room: Room) -> Iterable[Block]:
    """Many people: how hot it is and why, what is to come, and the posts that tell it."""
    about = escaped(one_line(view.about), room.note + 50)
    if about:
        yield _asking(view, words, about)
    if view.subject is Subject.TOPIC:
        yield kit.section(topic_line(view, words))
    yield from risk_line(view, words)
    if view.unanswered is not None:
        yield kit.section(_unanswered(view.unanswered, words))
    yield kit.fields([*_facts(view, words, zone), *topic_field(view, words)])
    yield from unsure_line(view, words)
    if view.forecast:
        yield kit.section(words.mrkdwn("title.forecast", forecast=escaped(one_line(view.forecast), 2 * room.note)))
    reasons = [escaped(one_line(reason), room.note) for reason in view.reasons[:5]]
    if reasons:
        title = words.mrkdwn("title.reasons_alert")
        yield kit.section(Mrkdwn("\n".join([title, *(f"• {reason}" for reason in reasons)])))
    yield kit.context(case_line(view, words))
    yield from comments_behind(view, words, zone, room.comments, room.comment)
    yield from conversation(view, words, zone, room.posts, room.post)


def _asking(view: CaseView, words: Words, said: Mrkdwn) -> Block:
    """A line with the button that asks how the words were read."""
    ask = kit.button(words.plain("reading.ask"), ASK, {"case": view.case_id})
    return kit.section(said) | {"accessory": ask}


def _left_untold(view: CaseView, most: int) -> bool:
    """Whether the words that the matter is about stand in none of the posts shown."""
    about = one_line(view.about).removesuffix(" …")
    shown = view.posts[-most:] if most else ()
    return not any(one_line(post.text).startswith(about) for post in shown)


def _headline(view: CaseView) -> str:
    """Which headline the card carries: the alert's level, or the sort of contact."""
    if view.kind is Kind.ALERT and view.level is not None:
        return view.level.value
    if view.state is CaseState.ANSWERED:
        return "answered"
    return "dm" if view.place == "dm" else "contact"


def _facts(view: CaseView, words: Words, zone: ZoneInfo) -> list[Mrkdwn]:
    facts = [("where", where(view, words)), ("since", words.date_token(view.since, zone))]
    if view.counts is not None:
        facts.append(("counts", dotted(_counted(view, words))))
    if view.kind is Kind.ALERT and view.level is not None:
        facts.append(("heat", words.mrkdwn(f"heat.{view.level}")))
    return [words.mrkdwn(f"field.{name}", value=value) for name, value in facts]


def _unanswered(waited: Unanswered, words: Words) -> Mrkdwn:
    late = "late" if waited.minutes > waited.target_minutes else "in_time"
    return words.mrkdwn(
        f"unanswered.{late}", minutes=words.number(waited.minutes), target=words.number(waited.target_minutes)
    )


def _counted(view: CaseView, words: Words) -> list[Mrkdwn]:
    """How many posts, negatives and people, each in words."""
    if view.counts is None:
        return []
    numbers = (("posts", view.counts.posts), ("negatives", view.counts.negatives), ("people", view.counts.people))
    return [escaped(words.counted(f"count.{name}", number)) for name, number in numbers]
