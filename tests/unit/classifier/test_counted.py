"""What people counted beside a post that no API sees weighs on heat as shares do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from classifier.counted import passed_on
from classifier.heat.changes import HeatChange, Subject
from classifier.heat.engine import HeatEngine
from classifier.heat.policy import HeatPolicy
from classifier.steps import HeatKeeper
from listener.intake import keep_by_hand
from models.base import Sessions
from models.intake import ManualCount
from models.mentions import Mention
from tests.builders import NOON, judge_all, minutes
from tests.unit.classifier.heat.days import a_fire, ordinary_day


def taken_in(sessions: Sessions, *, private: bool = False) -> Mention:
    with sessions.begin() as session:
        return keep_by_hand(
            session, account="us", key="forum.example/1", text="Surkea kauppa", link=None, who="Aino",
            private=private, now=NOON, wall=NOON,
        )  # fmt: skip


def count(sessions: Sessions, mention: Mention, after: float, **numbers: int) -> None:
    with sessions.begin() as session:
        session.add(
            ManualCount(
                mention_id=mention.id, form=f"V{after}", at=NOON + minutes(after), by_id="U0ANNA", by_name="Anna",
                **numbers,
            )
        )  # fmt: skip


def heard(sessions: Sessions, after: int, at: float) -> list[int]:
    with sessions() as session:
        return [seen.times for seen in passed_on(session, after, NOON + minutes(at))]


def test_the_growth_of_a_quarter_is_heard_once(store: Sessions) -> None:
    mention = taken_in(store)
    count(store, mention, 0, comments=10, shares=4)
    count(store, mention, 30, comments=50, shares=24)
    assert heard(store, 0, 31) == [30]
    assert heard(store, 2, 31) == []


def test_what_was_counted_long_ago_or_in_private_is_not_heard(store: Sessions) -> None:
    mention = taken_in(store, private=True)
    count(store, mention, 0, comments=10)
    count(store, mention, 5, comments=500)
    assert heard(store, 0, 6) == []
    assert heard(store, 0, 60) == []


def test_a_first_count_tells_no_growth(store: Sessions) -> None:
    count(store, taken_in(store), 0, shares=4000)
    assert heard(store, 0, 1) == [0]


def test_the_keeper_tells_heat_of_each_count_once(store: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(HeatEngine, "passed_on", lambda _, brand, channel, thread, times, at: told.append(times) or ())
    mention = taken_in(store)
    judge_all(store)
    count(store, mention, 0, shares=0)
    count(store, mention, 10, shares=300)
    keeper = HeatKeeper(brand="Nuotiopuoti", sessions=store, policy=HeatPolicy())
    for after in (11, 12):
        keeper.refresh(now=NOON + minutes(after), wall=NOON)
    count(store, mention, 13, shares=390)
    keeper.refresh(now=NOON + minutes(14), wall=NOON)
    assert told == [0, 450, 450]


def changes_with(times: int) -> list[HeatChange]:
    """A fire in one thread after an ordinary week, and what a person counted beside it in its middle."""
    engine, changes = HeatEngine(), list[HeatChange]()
    posts = [*ordinary_day(9), *a_fire(9 * 1440 + 120)]
    for place, post in enumerate(posts):
        changes += engine.observe(post)
        if place == len(posts) - 20:
            at = post.created_at + timedelta(seconds=1)
            changes += engine.passed_on(post.brand, post.channel, post.thread_id, times, at)
    return changes


def test_shares_that_were_counted_weigh_and_are_told_as_shares() -> None:
    counted, without = changes_with(2000), changes_with(0)
    codes = {reason.code for change in counted if change.subject is Subject.THREAD for reason in change.reasons}
    plain = {reason.code for change in without if change.subject is Subject.THREAD for reason in change.reasons}
    assert codes - plain


def test_counts_of_a_thread_without_a_complaint_are_nobodys() -> None:
    assert HeatEngine().passed_on("N", "manual", "1", 500, NOON) == ()
