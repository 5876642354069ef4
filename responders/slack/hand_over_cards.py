"""Draws the message that tells somebody that their duty begins or ends, with the fires that are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line

MOST_FIRES = 10


@dataclass(frozen=True)
class OpenFire:
    """An alert that is still open; `held_by` has it until `held_until`, `ringing` while people are called."""

    number: int
    level: str
    held_by: str | None = None
    held_until: datetime | None = None
    ringing: bool = False


@dataclass(frozen=True)
class HandOverView:
    """One person's side of a hand-over. `other` comes after who goes off, and was before who comes on.

    `until` and `then` are when the duty that begins ends, and who comes after; None where that is not known.
    """

    schedule: str
    comes: bool
    other: str | None
    fires: tuple[OpenFire, ...] = ()
    until: datetime | None = None
    then: str | None = None


def hand_over_card(view: HandOverView, words: Words, zone: ZoneInfo) -> Card:
    """The message; times are shown in the reader's own zone, and fall back to the schedule's."""
    title = words.plain(f"hand_over.{'on' if view.comes else 'off'}_title", schedule=one_line(view.schedule))
    drawn: list[Block] = [kit.header(title)]
    told = list(_told(view, words, zone))
    if told:
        drawn.append(kit.section(Mrkdwn(" ".join(told))))
    drawn.append(kit.section(Mrkdwn("\n".join(_fires(view.fires, words, zone)))))
    return Card(drawn, escaped(title, 500))


def _told(view: HandOverView, words: Words, zone: ZoneInfo) -> Iterable[Mrkdwn]:
    if view.other is not None:
        key = "hand_over.before" if view.comes else "hand_over.after"
        yield words.mrkdwn(key, name=escaped(one_line(view.other), 80))
    if view.comes and view.until is not None and view.then is not None:
        until, then = words.date_token(view.until, zone), escaped(one_line(view.then), 80)
        yield words.mrkdwn("hand_over.until", until=until, name=then)


def _fires(fires: tuple[OpenFire, ...], words: Words, zone: ZoneInfo) -> Iterable[Mrkdwn]:
    if not fires:
        yield words.mrkdwn("hand_over.no_fires")
        return
    yield words.mrkdwn("hand_over.fires")
    for fire in fires[:MOST_FIRES]:
        level = words.plain(f"escalation.level_{fire.level}")
        yield words.mrkdwn("hand_over.fire", level=level, number=fire.number, state=_state(fire, words, zone))
    if len(fires) > MOST_FIRES:
        yield escaped(words.counted("hand_over.more", len(fires) - MOST_FIRES))


def _state(fire: OpenFire, words: Words, zone: ZoneInfo) -> Mrkdwn:
    if fire.held_by is not None and fire.held_until is not None:
        name = escaped(one_line(fire.held_by), 80)
        return words.mrkdwn("hand_over.fire_held", name=name, until=words.date_token(fire.held_until, zone))
    return words.mrkdwn(f"hand_over.fire_{'ringing' if fire.ringing else 'quiet'}")
