"""The same complaint from many: one alert with the words that mark it, and one card for one fire."""

from __future__ import annotations

import json
from array import array

import pytest
from sqlalchemy import select

from listener.posts import Author
from models.base import Sessions
from models.cases import Case
from models.mentions import Mention
from models.states import CaseState
from models.verdicts import Heat, Topic, VerdictRow
from responders.slack.views import CaseView, Subject
from tests.builders import (
    NOON,
    a_comment,
    a_post,
    cases,
    consider,
    drawing,
    heat,
    judge_all,
    minutes,
    replies,
    store_posts,
    trail,
)

LANTERN = [
    "Surkea lyhty, lasi halkesi pöydälle", "Meilläkin lyhty hajosi, surkeaa", "Surkeaa: lyhdyn lasi räjähti käsiin",
    "Lyhty poksahti, lasia joka paikassa. Surkea ostos", "Surkea lyhty, vedättekö takaisin?", "Lyhty hajosi. Surkeaa.",
]  # fmt: skip


def a_topic(
    store: Sessions, *texts: str, id: int = 1, direction: tuple[float, float] = (1, 0), thread: str = ""
) -> None:
    """Complaints by different people in threads of their own (or in one), gathered in one topic."""
    people = [Author(f"{id}{number}", f"Kävijä {number}") for number in range(len(texts))]
    told = [
        a_post(
            text, author=who, created_at=NOON + minutes(10 * id + number), **({"thread_id": thread} if thread else {})
        )
        for number, (text, who) in enumerate(zip(texts, people, strict=True))
    ]
    store_posts(store, *told)
    judge_all(store)
    with store.begin() as session:
        centroid = array("f", direction).tobytes()
        session.add(Topic(id=id, brand="Nuotiopuoti", space="net", centroid=centroid, weight=6, newest_at=NOON))
        session.flush()
        ids = [post.external_id for post in told]
        for row in session.scalars(select(VerdictRow).join(Mention).where(Mention.external_id.in_(ids))):
            row.topic_id = id


def topic_heat(store: Sessions, level: str, id: int = 1, minute: float = 30) -> None:
    """The topic's heat stands at `level`, with all its comments behind it."""
    with store.begin() as session:
        behind = session.scalars(select(VerdictRow.mention_id).where(VerdictRow.topic_id == id)).all()
        session.merge(
            Heat(
                subject=f"topic:{id}", topic_id=id, brand="Nuotiopuoti", level=level, score=3.0, probability=0.6,
                reasons=[], evidence=sorted(behind), at=NOON + minutes(minute), pending=True,
            )
        )  # fmt: skip


def decide(store: Sessions, minute: float = 30) -> list[str]:
    consider(store, NOON + minutes(minute))
    return [case.matter for case in cases(store, "alert")]


def view(store: Sessions, language: str = "fi") -> CaseView:
    with store() as session:
        case = session.scalars(select(Case).where(Case.kind == "alert")).one()
        return drawing(language).view(session, case, NOON + minutes(30))


def test_a_hot_topic_is_one_alert_without_a_draft(store: Sessions) -> None:
    a_topic(store, *LANTERN)
    topic_heat(store, "warning")
    assert decide(store) == ["alert:topic:1#1"]
    [alert] = cases(store, "alert")
    assert (alert.topic_id, alert.thread_id, alert.level) == (1, None, "warning")
    assert [reply for reply in replies(store) if reply.case_id == alert.id] == []


def test_its_card_says_what_many_complain_of_and_links_five_of_them(store: Sessions) -> None:
    store_posts(store, a_post("Milloin paketti tulee?"), a_post("Kiitos paketista!"), a_post("Surkea sää"))
    a_topic(store, *LANTERN)
    topic_heat(store, "warning")
    decide(store)
    seen = view(store)
    assert (seen.subject, seen.topic_words, seen.channel) == (Subject.TOPIC, ("lyhty", "hajosi", "lasi"), "x")
    assert seen.since == NOON + minutes(10)
    assert seen.counts is not None
    assert (seen.counts.posts, seen.counts.people) == (6, 6)
    assert [post.text for post in seen.evidence] == LANTERN
    with store() as session:
        case = session.scalars(select(Case).where(Case.kind == "alert")).one()
        card = drawing().draw(session, case, NOON + minutes(30))
    drawn = json.dumps(card.blocks, ensure_ascii=False)
    assert "*Sama valitus monelta:* lyhty, hajosi, lasi" in drawn
    assert [f"<{post.permalink}|" in drawn for post in seen.evidence] == [False] + [True] * 5
    assert "… ja 1 muu kielteinen viesti" in drawn
    assert "sama valitus monelta: lyhty, hajosi, lasi" in card.fallback


@pytest.mark.parametrize(
    ("language", "line"), [("sv", "*Samma klagomål från många*"), ("en", "*The same complaint from many*")]
)
def test_a_topic_without_words_of_its_own_is_told_without(store: Sessions, language: str, line: str) -> None:
    a_topic(store, *("Surkea!", "Surkeaa", "Surkea.", "Surkea kauppa"))
    store_posts(store, *(a_post("Surkea", created_at=NOON - minutes(9)) for _ in range(9)))
    topic_heat(store, "warning")
    decide(store)
    assert view(store, language).topic_words == ()
    with store() as session:
        case = session.scalars(select(Case).where(Case.kind == "alert")).one()
        assert line in json.dumps(drawing(language).draw(session, case, NOON).blocks, ensure_ascii=False)


def test_old_complaints_of_a_topic_that_has_lived_for_weeks_are_left_out(store: Sessions) -> None:
    store_posts(store, a_comment("Surkea lyhty viime kuussa", created_at=NOON - minutes(60 * 24 * 30)))
    a_topic(store, *LANTERN)
    with store.begin() as session:
        session.get_one(VerdictRow, 1).topic_id = 1
    topic_heat(store, "warning")
    decide(store)
    seen = view(store)
    assert seen.counts is not None
    assert (seen.since, seen.counts.posts) == (NOON + minutes(10), 6)


# one fire, one card


def test_a_topic_that_stands_in_one_hot_thread_makes_no_second_card(store: Sessions) -> None:
    a_topic(store, *LANTERN, thread="p1")
    heat(store, 1, "warning")
    decide(store)
    topic_heat(store, "warning")
    assert decide(store) == ["alert:thread:1#1"]
    topic_heat(store, "outrage")  # worse than people were told: the same card says so
    assert decide(store) == ["alert:thread:1#1"]
    assert [case.level for case in cases(store, "alert")] == ["outrage"]
    assert trail(store).count("alert.escalate") == 1


def test_a_topic_in_many_threads_is_told_beside_one_of_them(store: Sessions) -> None:
    a_topic(store, *LANTERN)
    heat(store, 1, "warning")
    decide(store)
    topic_heat(store, "warning")
    assert decide(store) == ["alert:thread:1#1", "alert:topic:1#1"]


def test_a_topic_of_a_brand_that_burns_makes_no_second_card(store: Sessions) -> None:
    a_topic(store, *LANTERN)
    heat(store, None, "warning", brand=True)
    decide(store)
    topic_heat(store, "warning")
    assert decide(store) == ["alert:brand:Nuotiopuoti#1"]


def test_a_topic_after_the_brand_has_cooled_is_told(store: Sessions) -> None:
    a_topic(store, *LANTERN)
    heat(store, None, "warning", brand=True)
    decide(store)
    heat(store, None, "none", brand=True)
    topic_heat(store, "warning")
    assert decide(store) == ["alert:brand:Nuotiopuoti#1", "alert:topic:1#1"]


def test_a_brand_that_is_hot_of_a_topic_makes_no_second_card(store: Sessions) -> None:
    a_topic(store, *LANTERN)
    topic_heat(store, "warning")
    decide(store)
    heat(store, None, "warning", brand=True)
    assert decide(store, 31) == ["alert:topic:1#1"]


def test_a_brand_that_is_hot_of_much_else_is_told_beside_the_topic(store: Sessions) -> None:
    a_topic(store, *LANTERN)
    store_posts(store, *(a_post(f"Surkeaa {number}", created_at=NOON + minutes(number)) for number in range(9)))
    topic_heat(store, "warning")
    decide(store)
    heat(store, None, "warning", brand=True)
    assert decide(store, 31) == ["alert:topic:1#1", "alert:brand:Nuotiopuoti#1"]


def test_two_topics_that_are_nearly_the_same_are_one_fire(store: Sessions) -> None:
    a_topic(store, *LANTERN, id=1)
    a_topic(store, *LANTERN, id=2, direction=(0.8, 0.6))
    a_topic(store, *LANTERN, id=3, direction=(0, 1))
    for id in (1, 2, 3):
        topic_heat(store, "warning", id)
        decide(store)
    assert [case.topic_id for case in cases(store, "alert")] == [1, 3]


def test_a_topic_that_people_settled_stays_quiet_until_it_is_worse(store: Sessions) -> None:
    a_topic(store, *LANTERN)
    topic_heat(store, "warning")
    decide(store)
    with store.begin() as session:
        session.scalars(select(Case).where(Case.kind == "alert")).one().state = CaseState.CLOSED
    topic_heat(store, "warning")
    decide(store, 40)
    topic_heat(store, "outrage")
    decide(store, 50)
    assert [(case.matter, case.level) for case in cases(store, "alert")] == [("alert:topic:1#1", "outrage")]
