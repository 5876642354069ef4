"""What a customer writes after their card was posted comes into its thread, once each, also over lost answers."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from models.base import Sessions
from models.cases import Case
from models.errors import OutcomeUnknown
from responders.ports import Card
from responders.slack.views import CardPost
from responders.thread_posts import BATCH, post_new
from tests.builders import NOON, VEIKKO, a_comment, a_dm, a_draft, from_us, minutes, store_posts
from tests.fakes import FakeNotifier


def drawn(kind: str, post: CardPost) -> Card:
    return Card([], f"{kind}: {post.author}: {post.text}")


def turn(store: Sessions, notifier: FakeNotifier) -> bool:
    return post_new(1, sessions=store, under=lambda _: notifier, draw=drawn, now=NOON)


def carded(store: Sessions) -> None:
    with store.begin() as session:
        session.execute(update(Case).values(card_channel="C1", card_ts="1.2", carded_at=NOON + minutes(1)))


def said(notifier: FakeNotifier) -> list[str]:
    return [card.fallback for card in notifier.cards.values()]


def test_new_messages_come_once_each_and_the_old_ones_and_ours_not_at_all(store: Sessions) -> None:
    a_draft(store, a_dm("Missä pakettini on?"))
    carded(store)
    store_posts(store, a_dm("Haloo?", created_at=NOON + minutes(5)), at=NOON + minutes(5))
    store_posts(store, a_dm("No?", created_at=NOON + minutes(6)), at=NOON + minutes(6))
    store_posts(store, from_us("Hei!", thread_id=a_dm().thread_id, place=a_dm().place), at=NOON + minutes(7))
    notifier = FakeNotifier()
    assert turn(store, notifier) is False
    turn(store, notifier)
    assert said(notifier) == ["contact: Aino Korpi: Haloo?", "contact: Aino Korpi: No?"]
    assert notifier.redrawn == 0


def test_a_lost_answer_leaves_one(store: Sessions) -> None:
    a_draft(store, a_dm())
    carded(store)
    store_posts(store, a_dm("Haloo?", created_at=NOON + minutes(5)), at=NOON + minutes(5))
    notifier = FakeNotifier(failing=OutcomeUnknown("no_answer", "look"))
    with pytest.raises(OutcomeUnknown):
        turn(store, notifier)
    notifier.failing = None
    turn(store, notifier)
    turn(store, notifier)
    assert len(notifier.cards) == 1


def test_of_a_public_thread_only_the_customers_own_words_come(store: Sessions) -> None:
    a_draft(store, a_comment("Missä pakettini on?"))
    carded(store)
    store_posts(store, a_comment("Minullakin!", author=VEIKKO, created_at=NOON + minutes(5)), at=NOON + minutes(5))
    store_posts(store, a_comment("Haloo?", created_at=NOON + minutes(6)), at=NOON + minutes(6))
    notifier = FakeNotifier()
    turn(store, notifier)
    assert said(notifier) == ["contact: Aino Korpi: Haloo?"]


def test_before_the_card_stands_nothing_comes_and_a_flood_comes_in_turns(store: Sessions) -> None:
    a_draft(store, a_dm())
    notifier = FakeNotifier()
    assert turn(store, notifier) is False
    carded(store)
    flood = [a_dm(f"Haloo {n}?", created_at=NOON + minutes(5)) for n in range(BATCH + 5)]
    store_posts(store, *flood, at=NOON + minutes(5))
    assert turn(store, notifier) is True
    assert turn(store, notifier) is False
    assert len(notifier.cards) == BATCH + 5


def test_a_case_that_is_gone_asks_for_nothing(store: Sessions) -> None:
    assert post_new(7, sessions=store, under=lambda _: FakeNotifier(), draw=drawn, now=NOON) is False
