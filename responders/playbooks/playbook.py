"""A playbook: when it fits, what it needs, and its words in every language.

A text is paragraphs of lines; a line is one or more ways to say a thing. The first way whose slots are all known is
taken, and a line with none is left out: so a reply never shows an empty slot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("fi", "sv", "en")
PLACES = ("public", "dm")
SENTIMENTS = ("negative", "neutral", "positive")

# The judge's contact reasons and risk flags, written as it writes them: the workers do not import each other, so a test
# holds the two lists together.
REASONS = (
    "delivery",
    "product_fault",
    "return_refund",
    "payment_invoice",
    "order_change",
    "product_question",
    "account_technical",
    "service_experience",
    "praise",
)
FLAGS = ("safety", "legal", "boycott", "discrimination", "press", "personal_data", "abuse")

ALWAYS_KNOWN = frozenset({"greeting", "shop"})
PROFILE_SLOTS = frozenset(
    {"phone", "email", "contact_form", "help_page", "return_page", "privacy_page", "return_days", "opening_hours"}
)
FOUND_SLOTS = frozenset({"order_number"})  # in the customer's own words, and never said aloud in public
SLOTS = ALWAYS_KNOWN | PROFILE_SLOTS | FOUND_SLOTS | {"notice"}

SLOT = re.compile(r"\{([^{}]*)\}")


class Fits(StrEnum):
    """What makes a playbook fit when none of its when-words is in the text."""

    WORDS = "words"  # nothing does
    ASKS = "asks"  # a plain question
    HAPPY = "happy"  # plain praise
    UNHAPPY = "unhappy"  # a complaint without a cause that we can read, the more so the angrier
    ANGRY = "angry"  # the same, in anger only
    HEATED = "heated"  # a hot public thread, and it is for nothing else
    ALWAYS = "always"  # the last resort


Line = tuple[str, ...]  # ways to say it, the best first
Wording = tuple[tuple[Line, ...], ...]  # paragraphs of lines


@dataclass(frozen=True)
class Playbook:
    """One way to answer. `wording` is keyed by language and place; `question` keeps the talk going, per language."""

    id: str
    reason: str | None
    flag: str | None
    places: tuple[str, ...]
    sentiments: tuple[str, ...]
    priority: int
    fits: Fits
    needs: tuple[str, ...]
    hand_over: bool  # shown on the card: somebody who may decide must read this one
    name: Mapping[str, str]
    when: Mapping[str, tuple[str, ...]]
    unless: Mapping[str, tuple[str, ...]]
    wording: Mapping[tuple[str, str], Wording]
    question: Mapping[str, Wording]


def slots_in(text: str) -> tuple[str, ...]:
    return tuple(SLOT.findall(text))
