"""A stored mention as heat reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from classifier.heat.posts import JudgedPost
from classifier.history import PublicPosts, public_posts
from listener.posts import Post
from models.base import Sessions
from tests.builders import AINO, NOON, a_post, judge_all, store_posts

OPENED = datetime(2026, 11, 2, 6, tzinfo=UTC)


def read(sessions: Sessions, post: Post, **said: Any) -> JudgedPost:
    store_posts(sessions, post)
    judge_all(sessions, **said)
    with sessions() as session:
        [read] = public_posts(session, "Nuotiopuoti", NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    return read


def test_an_account_comes_with_its_age_where_the_platform_tells(store: Sessions) -> None:
    assert read(store, a_post(author=replace(AINO, created_at=OPENED))).author_created_at == OPENED


def test_an_age_that_nobody_tells_stays_unknown(store: Sessions) -> None:
    assert read(store, a_post()).author_created_at is None


def test_a_call_to_stay_away_is_one_from_the_judges_even_chance_on(store: Sessions) -> None:
    assert read(store, a_post(), flags={"boycott": 0.5}).calls_to_act


def test_another_risk_is_no_call_to_act(store: Sessions) -> None:
    assert not read(store, a_post(), flags={"boycott": 0.4, "abuse": 0.9}).calls_to_act


def test_a_short_text_is_known_for_one(store: Sessions) -> None:
    assert read(store, a_post("@nuotiopuoti Missä mun pakettini? https://t.co/x #haloo")).short


def test_a_longer_text_is_not(store: Sessions) -> None:
    assert not read(store, a_post("Älkää ostako tältä kaupalta mitään")).short


def test_the_past_is_read_anew_each_time_and_never_held(store: Sessions) -> None:
    posts = PublicPosts(store, "Nuotiopuoti", NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    assert list(posts) == []
    one = read(store, a_post())
    assert list(posts) == list(posts) == [one]
