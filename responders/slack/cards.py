"""Draws the card of one matter: what, who, where, since when, heat and why, what was said, and what to answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models.states import CaseState, ReplyState
from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.buttons import buttons_for
from responders.slack.catalogue import Words, words_for
from responders.slack.escalating_blocks import escalation_blocks
from responders.slack.escaping import Mrkdwn, escaped, link, one_line, safe_url
from responders.slack.grades import grade_blocks
from responders.slack.heard import risk_line, topic_field, unsure_line
from responders.slack.reading import ASK
from responders.slack.said import LONGEST_LINK, comments_behind, conversation, dotted, quoted
from responders.slack.spoken import spoken
from responders.slack.status import state_line
from responders.slack.taken_in import taken_in_blocks
from responders.slack.topics import topic_line
from responders.slack.views import CaseView, Kind, Subject, Unanswered, Way

HELSINKI = ZoneInfo("Europe/Helsinki")

# Slack refuses a message whose blocks pass about 13,200 characters of JSON together (written down nowhere but in
# bolt-js issue 2509), so a card that would be longer is drawn again with less of the conversation.
ALL_BLOCKS_LIMIT = 13_000
MOST_BLOCKS = 50


@dataclass(frozen=True)
class Room:
    """How much of the changeable parts a card shows: how many of each, and how many characters of each one.

    The reply to approve is the last to be cut.
    """

    comments: int
    comment: int
    posts: int
    post: int
    alternative: int
    reply: int
    note: int = 250  # a reason, a warning


_ROOMS = (
    Room(comments=5, comment=200, posts=5, post=500, alternative=500, reply=6000),
    Room(comments=5, comment=120, posts=4, post=300, alternative=300, reply=6000),
    Room(comments=5, comment=80, posts=2, post=200, alternative=0, reply=6000),
    Room(comments=3, comment=60, posts=0, post=0, alternative=0, reply=6000),
    Room(comments=0, comment=0, posts=0, post=0, alternative=0, reply=6000),
    Room(comments=0, comment=0, posts=0, post=0, alternative=0, reply=2000),
    Room(comments=0, comment=0, posts=0, post=0, alternative=0, reply=300),
    Room(comments=0, comment=0, posts=0, post=0, alternative=0, reply=300, note=60),
)


def card_for(view: CaseView, language: str, zone: ZoneInfo = HELSINKI) -> Card:
    """The card in `language` (fi, sv, en), within Slack's limits; times fall back to the shop's `zone`.

    Raises ValueError for a language we do not speak.
    """
    words = words_for(language)
    drawn: list[Block] = []
    for room in _ROOMS:
        drawn = [
            *_matter(view, words, zone, room),
            *comments_behind(view, words, zone, room.comments, room.comment),
            *conversation(view, words, zone, room.posts, room.post),
            *_answer(view, words, zone, room),
            *escalation_blocks(view.escalation, words, zone),
            *grade_blocks(view, words, zone),
        ]
        if len(json.dumps(drawn, ensure_ascii=False)) <= ALL_BLOCKS_LIMIT and len(drawn) <= MOST_BLOCKS:
            break
    return Card(drawn, spoken(view, words), ages=view.unanswered is not None and view.state is CaseState.OPEN)


def _matter(view: CaseView, words: Words, zone: ZoneInfo, room: Room) -> Iterable[Block]:
    yield kit.header(words.plain(f"header.{_headline(view)}", brand=one_line(view.brand)))
    about = escaped(one_line(view.about), room.note + 50)
    if about:
        ask = kit.button(words.plain("reading.ask"), ASK, {"case": view.case_id})
        yield kit.section(about) | {"accessory": ask}
    if view.subject is Subject.TOPIC:
        yield kit.section(topic_line(view, words))
    yield from risk_line(view, words)
    if view.unanswered is not None:
        yield kit.section(_unanswered(view.unanswered, words))
    yield kit.fields([*_facts(view, words, zone), *topic_field(view, words)])
    yield from taken_in_blocks(view.taken_in, view.case_id, words, zone)
    yield from unsure_line(view, words)
    if view.forecast:
        yield kit.section(words.mrkdwn("title.forecast", forecast=escaped(one_line(view.forecast), 2 * room.note)))
    reasons = [escaped(one_line(reason), room.note) for reason in view.reasons[:5]]
    if reasons:
        title = words.mrkdwn(f"title.reasons_{view.kind}")
        yield kit.section(Mrkdwn("\n".join([title, *(f"• {reason}" for reason in reasons)])))
    number = words.mrkdwn("case.line", number=view.number)
    yield kit.context(Mrkdwn(f"{number} · {words.mrkdwn(f'case.{view.state}')}"))


def _headline(view: CaseView) -> str:
    """Which headline the card carries: the alert's level, or the sort of contact."""
    if view.kind is Kind.ALERT and view.level is not None:
        return view.level.value
    return "dm" if view.place == "dm" else "contact"


def _facts(view: CaseView, words: Words, zone: ZoneInfo) -> list[Mrkdwn]:
    facts: list[tuple[str, Mrkdwn]] = []
    if view.who is not None:
        who = [escaped(one_line(view.who.name), 100) or words.mrkdwn("title.unknown_writer")]
        if view.who.handle:
            who[0] = Mrkdwn(f"{who[0]} (@{escaped(one_line(view.who.handle), 60)})")
        if view.who.followers is not None:
            who.append(escaped(words.counted("count.followers", view.who.followers)))
        facts.append(("who", dotted(who)))
    facts.append(("where", _where(view, words)))
    facts.append(("since" if view.kind is Kind.ALERT else "written", words.date_token(view.since, zone)))
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


def _where(view: CaseView, words: Words) -> Mrkdwn:
    parts: list[Mrkdwn] = []
    if words.has(f"channel.{view.channel}"):
        parts.append(words.mrkdwn(f"channel.{view.channel}"))
    elif view.channel:
        parts.append(escaped(one_line(view.channel), 60))
    if view.kind is Kind.ALERT:
        parts.append(words.mrkdwn(f"subject.{view.subject}"))
    elif words.has(f"place.{view.place}"):
        parts.append(words.mrkdwn(f"place.{view.place}"))
    url = safe_url(view.permalink)
    if url and len(url) < LONGEST_LINK:
        parts.append(link(url, words.mrkdwn("title.open")))
    return dotted(parts)


def _answer(view: CaseView, words: Words, zone: ZoneInfo, room: Room) -> Iterable[Block]:
    reply = view.reply
    if reply is None:
        return
    yield kit.divider()
    waiting = reply.state is ReplyState.DRAFTED
    if not waiting:
        yield kit.section(state_line(reply, words, zone))
    text = reply_text(view)
    if waiting and view.route.way is not Way.API:
        yield kit.section(_no_route(view, words))
    whole = len(text) <= room.reply
    if text and reply.state not in (ReplyState.BY_HAND, ReplyState.REJECTED, ReplyState.SUPERSEDED):
        yield from _draft(view, text, words, room)
    elif not text and waiting and view.route.way is Way.API:
        yield kit.section(words.mrkdwn("title.nothing_drafted"))
    if waiting or reply.state is ReplyState.REFUSED:
        for warning in view.warnings[:5]:
            yield kit.context(words.mrkdwn("title.warning", warning=escaped(one_line(warning), room.note)))
        if not whole:
            yield kit.context(words.mrkdwn("title.warning", warning=words.mrkdwn("title.too_long_to_show")))
    if waiting and view.route.way is Way.API:
        yield kit.context(_audience(view, words, zone))
    buttons = buttons_for(view, reply, words, may_approve=bool(text.strip()) and whole)
    if buttons and view.state is not CaseState.CLOSED:
        yield kit.actions(buttons)


def reply_text(view: CaseView) -> str:
    """What goes out if the reply is approved as it is."""
    if view.reply is not None and view.reply.text is not None:
        return view.reply.text
    return view.suggestions[0].text if view.suggestions else ""


def _draft(view: CaseView, text: str, words: Words, room: Room) -> Iterable[Block]:
    reply = view.reply
    assert reply is not None
    waiting = reply.state is ReplyState.DRAFTED
    if reply.edited_by:
        yield kit.section(words.mrkdwn("title.edited", name=escaped(one_line(reply.edited_by), 100)))
    else:
        yield kit.section(words.mrkdwn("title.suggestion" if waiting else "title.answer"))
    yield from quoted(text, room.reply, None, words)
    if not waiting:
        return
    chosen, others = view.suggestions[:1], view.suggestions[1:2]
    if chosen and chosen[0].why and not reply.edited_by:
        yield kit.context(words.mrkdwn("title.why", why=escaped(one_line(chosen[0].why), 300)))
    for other in others if room.alternative else ():
        yield kit.section(words.mrkdwn("title.alternative"))
        yield from quoted(other.text, room.alternative, None, words)


def _audience(view: CaseView, words: Words, zone: ZoneInfo) -> Mrkdwn:
    parts = [words.mrkdwn("audience.private" if view.place == "dm" else "audience.public")]
    if view.route.until is not None:
        parts.append(words.mrkdwn("audience.until", until=words.date_token(view.route.until, zone)))
    return Mrkdwn(" ".join(parts))


def _no_route(view: CaseView, words: Words) -> Mrkdwn:
    key = f"route.{view.route.code}"
    known = words.has(key) and "{" not in words.texts[key]
    why = words.mrkdwn(key) if known else words.mrkdwn("route.other", code=escaped(one_line(view.route.code), 60))
    return words.mrkdwn(f"route.summary_{view.route.way}", why=why)
