"""An alert's card has the comments that heat named, whatever it is about, and none that people may not see there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import delete, update

from listener.posts import Author
from models.base import Sessions
from models.cases import Case
from models.mentions import Mention
from models.states import CaseState
from models.verdicts import Heat, Topic, VerdictRow
from responders.slack.views import CaseView
from tests.builders import (
    NOON,
    US,
    VEIKKO,
    a_comment,
    a_dm,
    consider,
    drawing,
    judge_all,
    minutes,
    store_posts,
)

SUBJECTS = ("thread", "topic", "brand")
AHEAD = {"within_hours": {"1": 0.12, "3": 0.3, "6": 0.41}, "people": {"expected": 120, "low": 60, "high": 300}}


def an_alert_on(
    store: Sessions,
    evidence: list[int],
    subject: str = "thread",
    forecast: dict[str, Any] | None = None,
    reasons: Iterable[dict[str, Any]] = (),
) -> None:
    """The alert of what is stored, with these comments behind it."""
    judge_all(store)
    key = {"thread": "thread:1", "topic": "topic:1", "brand": "brand:Nuotiopuoti"}[subject]
    with store.begin() as session:
        if subject == "topic":
            session.add(Topic(id=1, brand="Nuotiopuoti", space="net", centroid=b"", weight=1, newest_at=NOON))
            session.flush()
        session.add(
            Heat(
                subject=key, thread_id=1 if subject == "thread" else None, topic_id=1 if subject == "topic" else None,
                brand="Nuotiopuoti", level="warning", score=3.0, probability=0.6, reasons=list(reasons), at=NOON,
                pending=True, forecast=forecast, evidence=evidence,
            )
        )  # fmt: skip
    consider(store)


def view(store: Sessions, language: str = "fi") -> CaseView:
    with store() as session:
        return drawing(language).view(session, session.query(Case).filter_by(kind="alert").one(), NOON)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_comments_heat_named_are_told_in_its_order(store: Sessions, subject: str) -> None:
    store_posts(
        store,
        a_comment("Surkeaa!", author=Author("7", "", "aino7")),
        a_comment("Surkea sivu", author=VEIKKO, created_at=NOON + minutes(2)),
        a_comment("Surkeaa, ei liity", created_at=NOON + minutes(1)),
    )
    an_alert_on(store, [2, 1], subject)
    behind = view(store).evidence
    assert [(post.author, post.text, post.at) for post in behind] == [
        (VEIKKO.name, "Surkea sivu", NOON + minutes(2)),
        ("@aino7", "Surkeaa!", NOON),
    ]
    assert all(post.permalink for post in behind)


def test_what_is_private_gone_ours_or_corrected_is_left_out(store: Sessions) -> None:
    store_posts(
        store,
        *(a_comment(f"Surkeaa {number}", author=VEIKKO) for number in range(4)),
        a_dm("Surkeaa yksityisesti"),
        a_comment("Surkeaa, pahoittelemme", author=US, from_us=True),
    )
    an_alert_on(store, [1, 2, 3, 4, 5, 6, 99], "brand")
    with store.begin() as session:
        session.execute(update(Case).where(Case.mention_id == 2).values(mention_id=None))
        session.execute(delete(VerdictRow).where(VerdictRow.mention_id == 2))
        session.execute(delete(Mention).where(Mention.id == 2))
        session.execute(update(VerdictRow).where(VerdictRow.mention_id == 3).values(label="positive"))
    assert [post.text for post in view(store).evidence] == ["Surkeaa 0", "Surkeaa 3"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_hostile_comment_neither_pings_nor_links(store: Sessions, subject: str) -> None:
    store_posts(
        store,
        a_comment(
            "Surkeaa <!channel> @channel <https://paha.example|nuotiopuoti.fi> " + "&" * 5000,
            author=Author("9", "<!here>|x>", "<@U0ANNA>"),
            permalink="https://x.com/i/status/9|<!channel>",
        ),
    )
    an_alert_on(store, [1], subject)
    with store() as session:
        case = session.query(Case).filter_by(kind="alert").one()
        drawn = json.dumps(drawing().draw(session, case, NOON).blocks, ensure_ascii=False)
    assert "&lt;!channel&gt; @channel &lt;https://paha.example|nuotiopuoti.fi&gt;" in drawn
    assert not any(mark in drawn for mark in ("<!channel", "<!here", "<@U0", "<https://paha"))
    assert "<https://x.com/i/status/9%7C%3C!channel%3E|Avaa viesti>" in drawn
    assert len(drawn) < 13_000


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_is_foretold_is_said_until_people_close_the_case(store: Sessions, subject: str) -> None:
    store_posts(store, a_comment("Surkeaa!"))
    an_alert_on(store, [1], subject, AHEAD)
    assert view(store).forecast.startswith("Ennuste: someraivon todennäköisyys on 10 % tunnin,")
    assert "about 120 (60–300)." in view(store, "en").forecast
    with store.begin() as session:
        session.query(Case).filter_by(kind="alert").one().state = CaseState.CLOSED
    assert view(store).forecast == ""


def test_little_history_is_told_in_place_of_a_forecast_and_is_no_reason_to_alert(store: Sessions) -> None:
    store_posts(store, a_comment("Surkeaa!"))
    pace = {"code": "brand_pace", "numbers": {"people": 9, "minutes": 60, "usual": 1.2}}
    an_alert_on(store, [1], "brand", None, [pace, {"code": "little_history", "numbers": {"hours": 5}}])
    seen = view(store)
    assert seen.forecast == "Historiaa on liian vähän ennusteeseen."
    assert seen.reasons == ("Kielteisiä viestejä 9 eri ihmiseltä tunnissa, tavallisesti 1,2",)


@pytest.mark.parametrize(
    ("language", "topic", "brand"),
    [
        (
            "fi",
            "Samasta asiasta 14 kielteistä viestiä 11 eri ihmiseltä 20 minuutissa",
            "Viime tunnin viesteistä 60 % kielteisiä, tavallisesti 12 %",
        ),
        (
            "sv",
            "14 negativa inlägg om samma sak från 11 olika personer på 20 minuter",
            "60 % av inläggen den senaste timmen är negativa, vanligtvis 12 %",
        ),
        (
            "en",
            "14 negative posts about the same thing from 11 different people in 20 minutes",
            "60% of the last hour's posts are negative, usually 12%",
        ),
    ],
)
def test_the_three_strongest_reasons_are_sentences_of_their_own(
    store: Sessions, language: str, topic: str, brand: str
) -> None:
    store_posts(store, a_comment("Surkeaa!"))
    reasons = [
        {"code": "topic_pace", "numbers": {"posts": 14, "people": 11, "minutes": 20, "usual_people": 1.2}},
        {"code": "brand_share", "numbers": {"percent": 60, "usual_percent": 12}},
        {"code": "heated", "numbers": {"posts": 5, "of": 9}},
        {"code": "copies", "numbers": {"posts": 4}},
    ]
    an_alert_on(store, [1], "topic", AHEAD, reasons)
    said = view(store, language).reasons
    assert len(said) == 3
    assert said[0].startswith(topic)
    assert said[1] == brand
