"""What was an outrage, by the shop's own definition, and how an alert turned out when everything is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.outcome import (
    Burst,
    Fire,
    Graded,
    OutrageRule,
    Past,
    fires_in,
    grade,
    is_known,
    look_back,
    missed,
)
from classifier.heat.posts import JudgedPost
from models.states import Grade
from tests.unit.classifier.heat.days import MORNING, a_fire, a_post, ordinary_day

DAY = 1440
RULE = OutrageRule()
SHOP = "nuotiopuoti"


def days(count: int = 21) -> list[JudgedPost]:
    return ordinary_day(count)


def many_threads(start: float, size: int, every: float = 3.0, **named: object) -> list[JudgedPost]:
    """The same anger in as many threads as people."""
    return [a_post(start + place * every, 0.92, **named) for place in range(size)]


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def test_ordinary_days_hold_no_outrage() -> None:
    past = look_back(days(), RULE)
    assert (past.fires, past.bursts) == ([], [])


def test_a_thread_that_many_join_is_one_with_its_times() -> None:
    began = 10 * DAY + 60
    (fire,) = fires_in([*days(), *a_fire(began, size=60)], RULE)
    assert (fire.brand, fire.subject, fire.key) == (SHOP, "thread", "facebook fire")
    assert at(began - 15) <= fire.began <= at(began)  # an ordinary complaint just before may belong to it
    assert fire.tenth == at(began + 3 * 5)  # the sixth of 54 negative ones
    assert at(began + 3 * 27) <= fire.half <= at(began + 3 * 31)
    assert at(began + 3 * 58) <= fire.ended <= at(began + 3 * 58 + 20)
    assert fire.people == 54
    assert "facebook fire" in fire.threads


def test_the_same_anger_in_many_threads_is_the_brands() -> None:
    (fire,) = fires_in([*days(), *many_threads(10 * DAY + 60, 40)], RULE)
    assert (fire.subject, fire.key) == ("brand", SHOP)
    assert abs(fire.people - 40) <= 5  # beside what an ordinary morning brings
    assert at(10 * DAY + 60) <= fire.half <= at(10 * DAY + 60 + 120)


def test_one_complaint_wherever_it_is_said_is_a_topics() -> None:
    """Too few to be seen over the brand, whose own talk is large."""
    loud = ordinary_day(21, per_hour=60)
    about = many_threads(10 * DAY + 60, 150, every=2, topic="7")
    (fire,) = fires_in([*loud, *about], replace(RULE, times_hourly=2.0))
    assert (fire.subject, fire.key) == ("topic", "7")


@pytest.mark.parametrize(
    ("what", "posts"),
    [
        ("too few", a_fire(10 * DAY, size=15)),
        ("one person", a_fire(10 * DAY, size=60, author_id="a1")),
        ("one text", a_fire(10 * DAY, size=60, text_key="x1")),
        ("too slow", a_fire(10 * DAY, size=60, every=240)),
        ("giveaway", [replace(post, negative=0.2 if place % 4 else 0.9) for place, post in enumerate(
            a_fire(10 * DAY, size=80))]),
    ],
)  # fmt: skip
def test_what_is_none(what: str, posts: list[JudgedPost]) -> None:
    assert fires_in([*days(), *posts], RULE) == [], what


def test_who_withholds_a_name_counts_each_time() -> None:
    assert len(fires_in([*days(), *a_fire(10 * DAY, size=60, author_id=None)], RULE)) == 1


def test_a_share_with_words_of_its_own_is_a_voice() -> None:
    assert len(fires_in([*days(), *a_fire(10 * DAY, size=60, is_share=True)], RULE)) == 1


def test_a_large_brand_needs_more() -> None:
    loud = ordinary_day(21, per_hour=60)  # some 35 an hour over the day and night
    assert fires_in([*loud, *a_fire(10 * DAY, size=60)], RULE) == []
    (fire,) = fires_in([*loud, *a_fire(10 * DAY, size=120, every=1)], RULE)
    assert fire.subject == "thread"


def test_the_shops_own_definition_decides() -> None:
    posts = [*days(), *a_fire(10 * DAY, size=60)]
    assert fires_in(posts, replace(RULE, least_people=60)) == []
    assert fires_in(posts, replace(RULE, within_hours=1)) == []
    assert fires_in(posts, replace(RULE, negative_share=0.95)) == []


def test_two_outrages_are_two_and_what_burns_at_once_is_one() -> None:
    apart = [*a_fire(10 * DAY, size=60), *a_fire(14 * DAY, size=60, thread_id="other")]
    assert [fire.key for fire in fires_in([*days(), *apart], RULE)] == ["facebook fire", "facebook other"]
    together = [*a_fire(10 * DAY, size=60), *a_fire(10 * DAY + 60, size=80, thread_id="other")]
    (fire,) = fires_in([*days(), *together], RULE)
    assert {"facebook fire", "facebook other"} <= fire.threads
    assert at(10 * DAY - 15) <= fire.began <= at(10 * DAY)


def test_brands_are_looked_at_apart() -> None:
    posts = [*days(), *(replace(post, brand="other") for post in a_fire(10 * DAY, size=60))]
    assert [fire.brand for fire in fires_in(posts, RULE)] == ["other"]


def test_much_talk_that_is_no_outrage_is_a_burst() -> None:
    praise = [replace(post, negative=0.05) for post in a_fire(10 * DAY, size=80)]
    past = look_back([*days(), *praise], RULE)
    assert past.fires == []
    assert {(burst.subject, burst.copies) for burst in past.bursts} == {("thread", False), ("brand", False)}
    copies = a_fire(10 * DAY, size=80, every=0.3, text_key="same")
    (burst,) = look_back([*days(), *copies], RULE).bursts
    assert (burst.copies, burst.people) == (True, 79)


def test_nothing_said_is_nothing_found() -> None:
    assert look_back([], RULE) == Past([], [])
    assert fires_in([a_post(0, 0.9)], RULE) == []


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 60), st.floats(0.2, 30))
def test_the_order_of_posts_does_not_matter_and_times_are_in_order(random: object, size: int, every: float) -> None:
    posts = [*days(5), *a_fire(3 * DAY, size=size, every=every)]
    shuffled = list(posts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    past = look_back(shuffled, RULE)
    assert past == look_back(posts, RULE)
    for fire in past.fires:
        assert fire.began <= fire.tenth <= fire.half <= fire.ended
        assert fire.people >= RULE.least_people


FIRE = Fire(SHOP, "thread", "facebook 17", at(0), at(30), at(120), at(600), 80, frozenset({"facebook 17"}))
PRAISE = Burst(SHOP, "thread", "facebook 18", at(2000), at(2100), 50, copies=False)
PAST = Past([FIRE], [PRAISE])


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-400, Grade.FALSE),
        (-300, Grade.EARLY),
        (0, Grade.EARLY),
        (29, Grade.EARLY),
        (30, Grade.RIGHT),
        (120, Grade.RIGHT),
        (121, Grade.LATE),
        (600, Grade.LATE),
        (601, Grade.FALSE),
        (2000, Grade.BENIGN),
        (2280, Grade.BENIGN),
        (2281, Grade.FALSE),
    ],
)
def test_an_alert_is_graded_by_what_it_was_about(minutes: float, expected: Grade) -> None:
    for subject, key in (("brand", SHOP), ("thread", None)):
        found = grade(SHOP, subject, key, at(minutes), PAST)
        assert found.grade is expected
        assert found.lead(at(minutes)) == (timedelta(minutes=120 - minutes) if expected.is_hit else None)


def test_an_alert_about_one_thread_is_not_about_a_fire_elsewhere() -> None:
    assert grade(SHOP, "thread", "facebook 99", at(60), PAST).grade is Grade.FALSE
    assert grade(SHOP, "thread", "facebook 17", at(60), PAST).grade is Grade.RIGHT
    assert grade("other", "brand", "other", at(60), PAST).grade is Grade.FALSE
    wide = Past([replace(FIRE, subject="brand", key=SHOP)], [])
    assert grade(SHOP, "thread", "facebook 99", at(60), wide).grade is Grade.RIGHT


def test_outrages_that_no_alert_was_about_were_missed() -> None:
    assert missed(PAST, [Graded(Grade.BENIGN), Graded(Grade.LATE, FIRE)]) == []
    assert missed(PAST, [Graded(Grade.FALSE)]) == [FIRE]


def test_a_grade_is_known_when_its_day_is_over_and_its_fire_is_out() -> None:
    nothing, fire = Graded(Grade.FALSE), Graded(Grade.RIGHT, replace(FIRE, ended=at(30 * 60)))
    assert not is_known(nothing, at(0), at(23 * 60), RULE)
    assert is_known(nothing, at(0), at(24 * 60), RULE)
    assert not is_known(fire, at(0), at(41 * 60), RULE)
    assert is_known(fire, at(0), at(42 * 60), RULE)
    assert is_known(replace(fire, fire=replace(FIRE, ended=at(96 * 60))), at(0), at(96 * 60), RULE)
