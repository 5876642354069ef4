"""Draws what stands in an outrage's own channel: the pinned summary, and the reminder that an update is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.fire_words import card_channel, how_large


class Part(StrEnum):
    """What somebody does in an outrage's channel."""

    LEAD = "lead"
    WRITER = "writer"
    WATCHER = "watcher"

    @property
    def action(self) -> str:
        return f"outrage_{self}"


@dataclass(frozen=True)
class OutrageView:
    """How an outrage stands. `parts` are the names of those who do something; `card_channel` has the alert's card."""

    case_id: int
    number: int
    brand: str
    level: str
    negatives: int
    people: int
    card_channel: str
    parts: Mapping[Part, str | None]
    updated_at: datetime
    held_by: str | None = None
    held_until: datetime | None = None
    closed_at: datetime | None = None


def topic_of(view: OutrageView, words: Words) -> str:
    return words.plain("outrage_room.topic", brand=one_line(view.brand), number=view.number)


def summary_card(view: OutrageView, words: Words, zone: ZoneInfo) -> Card:
    """The pinned summary; once it is over, the last one."""
    over = view.closed_at is not None
    title = words.plain(f"outrage_room.title{'_over' if over else ''}", brand=one_line(view.brand), number=view.number)
    numbers = how_large(view.negatives, view.people, words)
    where = card_channel(view.card_channel)
    facts = {
        "level": words.mrkdwn(f"outrage_room.level_{view.level}"),
        "numbers": escaped(numbers),
        "holder": _holder(view, words, zone),
        "updated": words.date_token(view.updated_at, zone),
    }
    drawn: list[Block] = [
        kit.header(title),
        kit.fields([words.mrkdwn(f"outrage_room.{name}", value=value) for name, value in facts.items()]),
        kit.fields([words.mrkdwn(f"outrage_room.{part}", name=_part(view, part, words)) for part in Part]),
        kit.context(words.mrkdwn("outrage_room.card", channel=where)),
    ]
    free = [part for part in Part if view.parts.get(part) is None]
    if view.closed_at is not None:
        drawn.append(kit.section(words.mrkdwn("outrage_room.over", at=words.date_token(view.closed_at, zone))))
    elif free:
        value = {"case": view.case_id}
        buttons = [kit.button(words.plain(f"outrage_room.take_{part}"), part.action, value) for part in free]
        drawn.append(kit.actions(buttons))
    return Card(drawn, escaped(f"{title}. {numbers}", 500))


def update_due_card(minutes: int, words: Words) -> Card:
    """Asks those in the channel how things stand."""
    said = words.mrkdwn("outrage_room.due", minutes=words.number(minutes))
    return Card([kit.section(said)], said)


def _holder(view: OutrageView, words: Words, zone: ZoneInfo) -> Mrkdwn:
    if view.held_by is None or view.held_until is None:
        return words.mrkdwn("outrage_room.nobody")
    name = escaped(one_line(view.held_by), 80)
    return words.mrkdwn("outrage_room.held", name=name, until=words.date_token(view.held_until, zone))


def _part(view: OutrageView, part: Part, words: Words) -> Mrkdwn:
    name = view.parts.get(part)
    return escaped(one_line(name), 80) if name else words.mrkdwn("outrage_room.free")
