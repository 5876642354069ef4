"""Matters and profiles for the tests of drafting: defaults, and what the test names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from responders.drafting import Matter
from responders.lengths import Limit
from responders.profile import ShopProfile

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

MINIMAL = ShopProfile(name="Nuotiopuoti")
FULL = ShopProfile(
    name="Nuotiopuoti",
    languages=("fi", "sv", "en"),
    phone="010 555 0134",
    email="apua@nuotiopuoti.example",
    contact_form="https://nuotiopuoti.example/yhteys",
    help_page="https://nuotiopuoti.example/ohjeet",
    return_page="https://nuotiopuoti.example/palautus",
    privacy_page="https://nuotiopuoti.example/tietosuoja",
    return_days=30,
    opening_hours={"fi": "ma–pe klo 9–16", "sv": "mån–fre kl. 9–16", "en": "Mon–Fri 9 am–4 pm"},
    signature={"fi": "– Nuotiopuodin asiakaspalvelu", "sv": "– Nuotiopuotis kundtjänst", "en": "– Team Nuotiopuoti"},
)

ROOMY = Limit(8000)

_SURE = {"negative": (0.8, 0.15, 0.05), "neutral": (0.15, 0.75, 0.1), "positive": (0.05, 0.15, 0.8)}


def a_matter(text: str, sentiment: str = "neutral", language: str = "fi", place: str = "dm", **named: Any) -> Matter:
    negative, neutral, positive = _SURE[sentiment]
    matter = Matter(
        channel="x",
        place="mention" if place == "public" else place,
        language=language,
        text=text,
        negative=negative,
        neutral=neutral,
        positive=positive,
        arousal=0.3,
    )
    return replace(matter, **named)
