"""Views of a matter with defaults, plus what the test names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from responders.slack.views import (
    CardPost,
    CardReply,
    CardSuggestion,
    CaseView,
    Counts,
    Kind,
    Level,
    ReplyState,
    Route,
    Way,
    Writer,
)

NOON = datetime(2026, 11, 10, 9, 42, tzinfo=UTC)  # a Tuesday, 11.42 in Helsinki


def a_reply(**named: Any) -> CardReply:
    return replace(CardReply(id=7, version=3, state=ReplyState.DRAFTED), **named)


def an_alert(**named: Any) -> CaseView:
    view = CaseView(
        case_id=214,
        number=1214,
        kind=Kind.ALERT,
        level=Level.OUTRAGE,
        brand="Nuotiopuoti",
        channel="x",
        place="mention",
        about="Pikavaunun toimitukset myöhässä",
        since=NOON,
        route=Route(Way.API, "ok"),
        permalink="https://x.com/i/status/1800000000000000001",
        counts=Counts(posts=41, negatives=29, people=23),
        reasons=("29 kielteistä viestiä 23 ihmiseltä tunnissa", "sivullamme ilman vastausta 47 min"),
        forecast="Ennuste: someraivon todennäköisyys on 10 % tunnin, 30 % kolmen ja 40 % kuuden tunnin sisällä.",
        evidence=(CardPost("Veikko Aho", "Kolmas viikko!", NOON, permalink="https://x.com/i/status/31"),),
        posts=(
            CardPost("Elina Halonen", "Missä pakettini viipyy?", NOON, sentiment="negative"),
            CardPost("Nuotiopuoti", "Selvitämme asiaa.", NOON, from_us=True),
        ),
        suggestions=(
            CardSuggestion(1, "Hei! Pahoittelemme viivettä.", "osui sanaan paketti"),
            CardSuggestion(2, "Moi! Selvitämme asiaa heti."),
        ),
        reply=a_reply(),
    )
    return replace(view, **named)


def a_contact(**named: Any) -> CaseView:
    view = replace(
        an_alert(),
        kind=Kind.CONTACT,
        level=None,
        channel="facebook",
        place="dm",
        about="Missä pakettini viipyy?",
        who=Writer("Elina Halonen"),
        counts=None,
        reasons=(),
        forecast="",
        evidence=(),
    )
    return replace(view, **named)


def texts_of(blocks: Any) -> list[dict[str, Any]]:
    """Every text object in the blocks, wherever it sits."""
    found: list[dict[str, Any]] = []
    if isinstance(blocks, dict):
        if blocks.get("type") in ("mrkdwn", "plain_text"):
            found.append(blocks)
        for value in blocks.values():
            found += texts_of(value)
    elif isinstance(blocks, list | tuple):
        for value in blocks:
            found += texts_of(value)
    return found


def shown(blocks: Any) -> str:
    """All words of the blocks, one text a line."""
    return "\n".join(text["text"] for text in texts_of(blocks))


def buttons_of(blocks: Any) -> list[dict[str, Any]]:
    """The buttons about the answer; those about the case and the alert's grade stand in a row of their own."""
    found = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return [element for element in found if not element["action_id"].startswith(("grade_", "case_"))]
