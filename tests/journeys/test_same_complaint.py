"""Twelve strangers complain of the same thing on X, each in a thread of their own: people get one alert.

Judged by the shipped model and kept in a real store; what the engine would say of the topic is said here.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest
from sqlalchemy import select

from classifier.heat.policy import HeatPolicy
from classifier.judges import load_judge
from classifier.judges.manifest import WEIGHTS
from classifier.steps import HeatKeeper, classify_waiting
from listener.posts import Author
from models.base import Sessions
from models.jobs import Job, JobKind
from models.mentions import Mention
from models.verdicts import Heat, VerdictRow
from responders.show import show_card
from tests.builders import NOON, a_post, cases, considering, drawing, minutes, store_posts
from tests.fakes import FakeNotifier

REFUND = [
    "Palautin kengät kuukausi sitten ja rahoja ei näy vieläkään",
    "Palautus kuitattu vastaanotetuksi 3 viikkoa sitten, missä rahani?",
    "Hyvitystä ei kuulu vaikka palautin tuotteen ajoissa, aika törkeää",
    "oottanu palautusrahoja jo viis viikkoa... lakiahan tää on vastaan",
    "Vieläkään ei oo tullut hyvitystä palautuksesta, kolme kertaa kysytty",
    "Palautin takin lokakuussa eikä hyvitystä kuulu. Surkeaa toimintaa",
    "Missä mun palautusrahat viipyy?? Neljäs viikko menossa",
    "Teille palautetaan tavaraa ja rahat jää teille, ihan törkeetä",
    "Returnerade skorna för en månad sen och har fortfarande inte fått pengarna",
    "Returen är registrerad men ingen återbetalning på tre veckor",
    "Returned the shoes a month ago and still no refund",
    "Still waiting for my refund, asked three times already. Awful",
]
ELSE = [
    "Takin vetoketju hajosi ensimmäisellä käyttökerralla", "Asiakaspalvelija oli tyly eikä auttanut",
    "Verkkokauppa kaatuu aina maksuvaiheessa", "Uuden malliston koot on ihan pielessä, ärsyttävää",
    "Kiitos nopeasta toimituksesta!", "Missä paketti viipyy, kolmas viikko menossa", "Onko tätä koossa 42?",
]  # fmt: skip


def test_one_alert_card_names_the_complaint_of_many(store: Sessions) -> None:
    if not (WEIGHTS / "manifest.json").exists():
        pytest.skip("classifier/weights/manifest.json is not there: this clone has no shipped model")
    judge = load_judge("onnx")
    keeper = HeatKeeper(brand="Nuotiopuoti", sessions=store, policy=HeatPolicy())
    for first, texts in ((0, ELSE), (100, REFUND)):
        store_posts(
            store,
            *(
                a_post(text, author=Author(f"{first + n}", f"Kävijä {n}"), created_at=NOON + minutes(first + 3 * n))
                for n, text in enumerate(texts)
            ),
        )
        classify_waiting(sessions=store, judge=judge, now=NOON, wall=NOON)
        keeper.refresh(now=NOON + minutes(first + 40), wall=NOON)
    with store() as session:
        sorted_into = session.execute(select(VerdictRow.topic_id, Mention.text).join(Mention)).all()
    [(topic, gathered)] = Counter(id for id, text in sorted_into if text in REFUND and id is not None).most_common(1)
    assert gathered >= 8
    assert not [text for id, text in sorted_into if id == topic and text in ELSE]

    with store.begin() as session:
        behind = session.scalars(select(VerdictRow.mention_id).where(VerdictRow.topic_id == topic)).all()
        session.merge(
            Heat(
                subject=f"topic:{topic}", topic_id=topic, brand="Nuotiopuoti", level="warning", score=2.0,
                probability=0.5, reasons=[], evidence=sorted(behind), at=NOON + minutes(140), pending=True,
            )
        )  # fmt: skip
    later = NOON + minutes(140)
    while considering().consider_waiting(sessions=store, now=later, wall=NOON):
        pass
    [alert] = cases(store, "alert")
    assert alert.matter == f"alert:topic:{topic}#1"

    notifier = FakeNotifier()
    with store() as session:
        asked = set(session.scalars(select(Job.key).where(Job.kind == JobKind.SHOW_CARD)))
    assert str(alert.id) in asked
    show_card(
        alert.id,
        sessions=store,
        notifier=notifier,
        draw=drawing().draw,
        channels={"alert": "C1"},
        now=later,
        wall=later,
    )
    [card] = notifier.cards.values()
    drawn = json.dumps(card.blocks, ensure_ascii=False)
    assert "Sama valitus monelta:* " in drawn
    assert "hyvitystä" in drawn
    assert drawn.count("|Avaa viesti>") == 5
