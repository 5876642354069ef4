"""Whether people are told: about heat (an alert), and about one mention by itself (a contact)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from responders.customer_words import asks, only_thanks

LEVELS = ("none", "watch", "warning", "outrage")


@dataclass(frozen=True)
class HeatView:
    """Heat as it stands, in plain values; `reasons` are JSON as models.reasons writes them, strongest first."""

    subject: str  # "thread", "topic" or "brand"
    thread_id: str | None  # of a brand's heat: its hottest thread, None when none stands out
    level: str  # one of LEVELS
    score: float
    probability: float
    reasons: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class LastAlert:
    """The newest alert on the same matter, or on what makes it hot (`same_fire`): one fire has one card."""

    shown: str  # the level that the card shows now
    highest: str  # the highest level that people were told
    hot_at: datetime  # when heat last stood at the alerting level, before this reading
    settled: bool = False  # its case is handled or snoozed


class Decision(StrEnum):
    RAISE = "raise"  # a new alert, case and card
    ESCALATE = "escalate"  # worse than people were told: the same card, redrawn, and people are called again
    REDRAW = "redraw"  # the same card with today's numbers, quietly
    COOL_DOWN = "cool_down"  # below the alerting level: the same card says so, quietly
    STAY_QUIET = "stay_quiet"


@dataclass(frozen=True)
class AlertPolicy:
    """`least_level` is where a card begins, and everything below is only recorded."""

    least_level: str = "warning"
    silence: timedelta = timedelta(hours=12)  # heat after so long without any is a new matter


def decide_alert(heat: HeatView, last: LastAlert | None, policy: AlertPolicy, now: datetime) -> Decision:
    """Says whether this heat is a new alert, a worse one, one that cooled, or nothing to tell."""
    level, least = LEVELS.index(heat.level), LEVELS.index(policy.least_level)
    if level < least:
        on_card = last is not None and not last.settled and LEVELS.index(last.shown) >= least
        return Decision.COOL_DOWN if on_card else Decision.STAY_QUIET
    if last is None or now - last.hot_at >= policy.silence:
        return Decision.RAISE
    if level > LEVELS.index(last.highest):
        return Decision.ESCALATE
    return Decision.STAY_QUIET if last.settled else Decision.REDRAW


@dataclass(frozen=True)
class ContactView:
    """One mention as far as its own card depends on it; `negative`, `abstained`, `flagged` come from its verdict."""

    place: str  # a Place value of the listener
    text: str
    negative: float
    abstained: bool = False
    flagged: bool = False  # a risk that a person must see, whatever the sentiment
    from_us: bool = False
    is_share: bool = False
    under_giveaway: bool = False  # a comment under our own giveaway or contest
    thread_alert: str = "none"  # the level shown by the thread's alert card, "none" without one


@dataclass(frozen=True)
class ContactPolicy:
    """How negative is negative enough. A missed complaint costs more than a needless card, so the first line is low."""

    to_us_from: float = 0.6
    search_from: float = 0.75  # nobody asked us: only a clear complaint is worth walking up to
    giveaway_from: float = 0.85  # among a hundred happy entries, the misjudged ones would flood the channel
    covered_from: str = "warning"  # from this level on, the thread's alert card stands for its comments


def decide_contact(contact: ContactView, policy: ContactPolicy) -> bool:
    """Says whether this one mention deserves a card by itself.

    What a person took in by hand does: they asked for it. Every direct message does, pictures and riddles too: there a
    person waits for us alone. One of nothing but thanks or a friendly emoji, and judged neither negative nor risky,
    makes no new card: it ends a talk, and stays in its history. In public a risk deserves one by itself, except where a
    hot thread's alert card stands for it, and among the entries of a giveaway.
    """
    if contact.place == "taken_in":
        return True
    if contact.from_us or contact.is_share:
        return False
    if contact.place == "dm":
        return contact.negative >= policy.to_us_from or contact.flagged or not only_thanks(contact.text)
    if LEVELS.index(contact.thread_alert) >= LEVELS.index(policy.covered_from):
        return False
    if contact.place == "search":
        return (contact.negative >= policy.search_from or contact.flagged) and not contact.abstained
    if contact.place not in ("mention", "visitor_post", "comment"):
        return False
    if contact.under_giveaway:
        return contact.negative >= policy.giveaway_from and not contact.abstained
    return contact.negative >= policy.to_us_from or contact.flagged or asks(contact.text)
