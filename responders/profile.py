"""What the shop says of itself: the only facts, besides the customer's own words, that a reply may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from types import MappingProxyType

NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Notice:
    """A dated notice ("toimitukset kestävät nyt 5-7 päivää") that answers on one contact reason quote by themselves.

    Both days are included, in the shop's zone. `text` holds a whole sentence per language.
    """

    reason: str
    first_day: date
    last_day: date
    text: Mapping[str, str]


@dataclass(frozen=True)
class ShopProfile:
    """The shop's plain facts; None or an empty mapping is a fact the shop has not given, and no reply mentions it.

    `languages` are the shop's own, the first one answers customers whose language we do not write.
    `opening_hours` and `signature` are worded per language ("ma-pe 9-16", "- Nuotiopuodin asiakaspalvelu").
    """

    name: str
    languages: tuple[str, ...] = ("fi",)
    zone: tzinfo = UTC
    phone: str | None = None
    email: str | None = None
    contact_form: str | None = None
    help_page: str | None = None
    return_page: str | None = None
    privacy_page: str | None = None
    return_days: int | None = None
    opening_hours: Mapping[str, str] = field(default_factory=lambda: NO_WORDS)
    signature: Mapping[str, str] = field(default_factory=lambda: NO_WORDS)
    notices: tuple[Notice, ...] = ()
