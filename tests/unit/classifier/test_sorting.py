"""Complaints get their topics in the transaction that counts them: once, and the same after any restart or failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from classifier.heat.policy import HeatPolicy
from classifier.steps import HeatKeeper, classify_waiting
from classifier.verdict import Verdict
from listener.posts import Author, Post
from models.base import Sessions
from models.mentions import Mention
from models.verdicts import Topic, VerdictRow
from tests.builders import NOON, a_dm, a_post, minutes, store_posts
from tests.fakes import FakeJudge, verdict_of
from tests.unit.classifier.test_steps import failing_commits

LATE, BROKEN = bytes([100, 0]), bytes([0, 100])
SAYS = {
    "Surkeaa, missä paketti?": LATE,
    "Uselt, var är paketet? Surkea": LATE,
    "Surkea laatu, hajosi heti": BROKEN,
    "Kiitos nopeasta paketista": LATE,
}


def says(text: str) -> Verdict:
    return replace(verdict_of(text), embedding=SAYS[text])


def a_keeper(store: Sessions) -> HeatKeeper:
    return HeatKeeper(brand="Nuotiopuoti", sessions=store, policy=HeatPolicy())


def complaint(text: str, minute: float = 0, **named: object) -> Post:
    return a_post(text, created_at=NOON + minutes(minute), author=Author(f"{minute}", "Kävijä"), **named)


def hear(store: Sessions, keeper: HeatKeeper, *posts: Post, version: str = "net-1", hours: float = 1) -> None:
    store_posts(store, *posts)
    judge = FakeJudge(says={text: says(text) for text in SAYS}, version=version)
    classify_waiting(sessions=store, judge=judge, now=NOON, wall=NOON)
    keeper.refresh(now=NOON + timedelta(hours=hours), wall=NOON)


def sorted_so_far(store: Sessions) -> list[int | None]:
    with store() as session:
        return list(session.scalars(select(VerdictRow.topic_id).order_by(VerdictRow.mention_id)))


def topics(store: Sessions) -> list[tuple[int, bytes, float]]:
    with store() as session:
        return [(row.id, row.centroid, row.weight) for row in session.scalars(select(Topic).order_by(Topic.id))]


PAKETTI, PAKET, LAATU, KIITOS = SAYS


def test_the_same_complaint_from_anybody_and_anywhere_is_one_topic(store: Sessions) -> None:
    hear(store, a_keeper(store), complaint(PAKETTI), complaint(LAATU, 1), complaint(PAKET, 2))
    assert sorted_so_far(store) == [1, 2, 1]


def test_praise_private_talk_and_shares_have_no_topic(store: Sessions) -> None:
    hear(store, a_keeper(store), a_post(KIITOS), a_dm(PAKETTI), complaint(PAKET, 1, is_share=True))
    assert sorted_so_far(store) == [None, None, None]
    assert topics(store) == []


def test_an_embedding_is_kept_of_public_complaints_only(store: Sessions) -> None:
    hear(store, a_keeper(store), complaint(PAKETTI), a_post(KIITOS), a_dm(LAATU))
    with store() as session:
        kept = session.execute(select(Mention.text, VerdictRow.embedding).join(VerdictRow)).all()
    assert {text: embedding for text, embedding in kept if embedding is not None} == {PAKETTI: LATE}


def test_a_start_anew_goes_on_with_the_same_topics(store: Sessions) -> None:
    hear(store, a_keeper(store), complaint(PAKETTI), complaint(LAATU, 1))
    hear(store, a_keeper(store), complaint(PAKET, 2), complaint(LAATU, 3))
    assert sorted_so_far(store) == [1, 2, 1, 2]


def test_a_transaction_that_failed_leaves_no_topic_behind(store: Sessions) -> None:
    keeper = a_keeper(store)
    hear(store, keeper, complaint(PAKETTI))
    before = topics(store)
    with failing_commits(store), pytest.raises(ConnectionError):
        keeper.refresh(now=NOON, wall=NOON)
    store_posts(store, complaint(LAATU, 1), complaint(PAKET, 2))
    classify_waiting(
        sessions=store, judge=FakeJudge(says={t: says(t) for t in SAYS}, version="net-1"), now=NOON, wall=NOON
    )
    with failing_commits(store), pytest.raises(ConnectionError):
        keeper.refresh(now=NOON, wall=NOON)
    assert topics(store) == before
    keeper.refresh(now=NOON, wall=NOON)
    assert sorted_so_far(store) == [1, 2, 1]


def test_a_topic_fades_after_two_days(store: Sessions) -> None:
    keeper = a_keeper(store)
    hear(store, keeper, complaint(PAKETTI))
    hear(store, keeper, complaint(PAKET, 60 * 49), hours=72)
    assert sorted_so_far(store) == [1, 2]


def test_a_post_from_the_future_does_not_make_the_others_fade(store: Sessions) -> None:
    keeper = a_keeper(store)
    hear(store, keeper, complaint(PAKETTI))
    hear(store, keeper, complaint(LAATU, 60 * 24 * 365))
    hear(store, keeper, complaint(PAKET, 5))
    assert sorted_so_far(store) == [1, 2, 1]


def test_embeddings_of_another_network_are_never_compared(store: Sessions) -> None:
    keeper = a_keeper(store)
    hear(store, keeper, complaint(PAKETTI), version="net-1")
    hear(store, keeper, complaint(PAKET, 1), version="net-2")
    hear(store, keeper, complaint(PAKETTI, 2), version="net-1+shop.2026-11-20")  # the same network
    assert sorted_so_far(store) == [1, 2, 1]


def test_a_judge_without_embeddings_makes_no_topics(store: Sessions) -> None:
    store_posts(store, complaint(PAKETTI))
    classify_waiting(sessions=store, judge=FakeJudge(), now=NOON, wall=NOON)
    a_keeper(store).refresh(now=NOON, wall=NOON)
    assert sorted_so_far(store) == [None]


def test_another_brand_in_the_same_store_has_topics_of_its_own(store: Sessions) -> None:
    hear(store, a_keeper(store), complaint(PAKETTI))
    with store.begin() as session:
        session.execute(update(Topic).values(brand="Toinen"))
    hear(store, a_keeper(store), complaint(PAKET, 1))
    assert sorted_so_far(store) == [1, 2]
