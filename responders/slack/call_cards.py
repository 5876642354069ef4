"""Draws the one reply under a card that calls those on duty, and what is left of it when it no longer calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.catalogue import words_for
from responders.slack.escaping import Mrkdwn


class Over(StrEnum):
    """Why a call no longer holds."""

    COOLED = "cooled"
    CLOSED = "closed"
    WORSE = "worse"  # a newer call stands below it


@dataclass(frozen=True)
class CallView:
    """One call: the case by its number, the level it reached, when."""

    number: int
    level: str  # warning or outrage
    at: datetime


def call_card(view: CallView, called: Sequence[str], language: str) -> Card:
    """The reply in `language`. Beside a chain's step to a user group, this is the only text that mentions anybody."""
    who = Mrkdwn(" ".join(_mention(one) for one in called))
    return _card(words_for(language).mrkdwn(f"call.{view.level}", who=who, number=view.number))


def past_call_card(view: CallView, over: Over, language: str, zone: ZoneInfo) -> Card:
    """What takes its place: the same without a mention, and why it is over."""
    words = words_for(language)
    return _card(words.mrkdwn(f"call.over_{over}", number=view.number, at=words.date_token(view.at, zone)))


def _mention(slack_id: str) -> str:
    return f"<!subteam^{slack_id}>" if slack_id.startswith("S") else f"<@{slack_id}>"


def _card(text: Mrkdwn) -> Card:
    return Card([kit.section(text)], text)
