"""How far negative talk is carried: shares and replies, readers, newcomers, channels; each against the brand's own."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.changes import HeatChange, Subject
from classifier.heat.channels import Channels
from classifier.heat.engine import HeatEngine
from classifier.heat.known_authors import KnownAuthors
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.scoring import carried_further
from models.reasons import Reason
from tests.unit.classifier.heat.days import MORNING, a_fire, a_post, changes_of, ordinary_day

DAY = 1440
REGULARS = [f"regular{i}" for i in range(12)]


def a_calm_past(days: int = 9, **named: object) -> list:
    """Days on which the same few people write."""
    return [
        a_post(
            (post.created_at - MORNING) / timedelta(minutes=1),
            post.negative,
            author_id=REGULARS[place % len(REGULARS)],
            **named,
        )
        for place, post in enumerate(ordinary_day(days))
    ]


def told(posts: list, code: str, subject: Subject = Subject.THREAD) -> Reason | None:
    """The last that was said of it by that code."""
    changes: list[HeatChange] = changes_of(posts)
    found = [reason for change in changes if change.subject is subject for reason in change.reasons]
    return next((reason for reason in reversed(found) if reason.code == code), None)


def shares_of(fire: list, count: int, start: float, **named: object) -> list:
    return [
        a_post(start + i / 10, 0.92, thread_id="fire", text_key=fire[0].text_key, is_share=True, **named)
        for i in range(count)
    ]


def test_shares_and_replies_of_a_quarter_of_an_hour_are_told_beside_the_usual() -> None:
    fire = a_fire(9 * DAY + 300, size=20, every=1.0)
    reason = told(a_calm_past() + fire + shares_of(fire, 30, 9 * DAY + 304), "thread_traffic")
    assert reason is not None
    assert reason.numbers["shares"] > 3
    assert reason.numbers["posts"] > 3
    assert reason.numbers["minutes"] == 15
    assert reason.numbers["usual"] < 10


def test_a_person_shares_once_in_three_hours() -> None:
    fire = a_fire(9 * DAY + 300, size=20, every=1.0)
    again = shares_of(fire, 30, 9 * DAY + 310, author_id="one")
    assert told(a_calm_past() + fire + again, "thread_traffic") is None


def test_readers_are_summed_over_different_people_and_told_beside_the_usual() -> None:
    named = {"thread_id": "fire", "author_followers": 4_000}
    fire = [a_post(9 * DAY + 300 + i, 0.92, **named) for i in range(12)]
    twice = [a_post(9 * DAY + 313 + i, 0.92, author_id=fire[i].author_id, **named) for i in range(12)]
    reason = told(a_calm_past() + fire + twice, "thread_readers")
    assert reason is not None
    assert reason.numbers["followers"] <= 12 * 4_000
    assert reason.numbers["followers"] % 4_000 == 0
    assert reason.numbers["usual"] < 12_000


def test_who_shares_and_then_writes_is_read_once() -> None:
    engine = HeatEngine()
    first = a_post(0, 0.92, thread_id="fire", author_followers=1_000)
    both = {"thread_id": "fire", "author_id": "both", "author_followers": 5_000}
    engine.warm([first, a_post(1, 0.92, text_key=first.text_key, is_share=True, **both), a_post(2, 0.92, **both)])
    brand = engine._brands["nuotiopuoti"]
    (thread,) = brand.followed.values()
    assert thread.carried.readers(brand.clock) == brand.carried.readers(brand.clock) == 6_000


def test_strangers_are_told_beside_the_usual_share_of_them() -> None:
    reason = told(a_calm_past() + a_fire(9 * DAY + 300), "newcomers")
    assert reason is not None
    assert reason.numbers["new"] == reason.numbers["of"]
    assert reason.numbers["usual_percent"] < 40
    regulars = [
        a_post(9 * DAY + 300 + 3 * i, 0.92, thread_id="fire", author_id=name) for i, name in enumerate(REGULARS)
    ]
    assert told(a_calm_past() + regulars, "newcomers") is None


def test_whose_name_is_withheld_is_no_stranger() -> None:
    assert told(a_calm_past() + a_fire(9 * DAY + 300, author_id=None), "newcomers") is None


@pytest.mark.parametrize("subject", [Subject.TOPIC, Subject.BRAND])
def test_the_same_complaint_in_two_channels_at_once_is_told(subject: Subject) -> None:
    def fire(*channels: str) -> list:
        return [a_post(9 * DAY + 300 + 2 * i, 0.92, topic="17", channel=channels[i % len(channels)]) for i in range(40)]

    reason = told(a_calm_past() + fire("facebook", "x"), "channels", subject)
    assert reason is not None
    assert reason.numbers["channels"] == 2
    assert reason.numbers["most"] < reason.numbers["people"]
    assert told(a_calm_past() + fire("facebook"), "channels", subject) is None


def test_a_channel_that_is_always_lively_is_no_spread() -> None:
    channels = Channels(learns=True)
    for hour in range(24 * 14):
        for channel, people in (("x", 6), ("facebook", 6)):
            for i in range(people):
                channels.hear(channel, hour * 60 + i)
        channels.close_hour()
    assert channels.now(24 * 14 * 60, usual=36.0).channels == 0
    assert channels.now(24 * 14 * 60, usual=4.0).channels == 2


def test_only_so_many_channels_are_kept() -> None:
    channels = Channels(learns=True)
    for i in range(1_000):
        channels.hear(f"channel{i}", i)
    assert len(channels._counts) <= 16


def test_all_of_it_together_adds_no_more_than_its_bound() -> None:
    policy = HeatPolicy()
    calm, fire = a_calm_past(), a_fire(9 * DAY + 300, author_followers=19_000, topic="17")
    engine = HeatEngine(policy)
    changes_of(calm + fire + shares_of(fire, 200, 9 * DAY + 310, author_followers=15_000), engine)
    brand = engine._brands["nuotiopuoti"]
    now = brand.clock
    for followed in brand.followed.values():
        far = followed.far(now, brand.usual_carried[followed.subject], brand.new_share)
        assert 0 <= carried_further(far, policy) <= policy.carried_most
    assert 0 <= carried_further(brand.far(now), policy) <= policy.carried_most


def test_a_wave_of_shares_alone_makes_no_warning() -> None:
    fire = a_fire(9 * DAY + 300, size=3, every=2.0)
    changes = changes_of(a_calm_past() + fire + shares_of(fire, 400, 9 * DAY + 310, author_followers=5_000))
    assert max((change.level for change in changes), default=Level.NONE) <= Level.WATCH


def test_a_large_brand_is_used_to_authors_with_many_followers() -> None:
    """They raise a watch to a warning only where more people read it than on an ordinary day."""

    def highest(followers_on_ordinary_days: int) -> Level:
        past = [
            a_post(day * DAY + 60 + i, 0.92, thread_id=f"old{day}", author_followers=followers_on_ordinary_days)
            for day in range(25)
            for i in range(3)
        ]
        fire = a_fire(25 * DAY + 300, size=5, every=3.0, author_followers=21_000)
        found = changes_of(a_calm_past(25) + past + fire)
        return max(c.level for c in found if c.thread_id == "fire" and c.subject is Subject.THREAD)

    assert highest(300) > highest(60_000) == Level.WATCH


def test_the_reach_of_an_author_says_what_it_did() -> None:
    alone = changes_of([a_post(0, 0.9, author_followers=20_000)])
    assert {r.code: r.numbers for r in alone[0].reasons}["reach"] == {"followers": 20_000, "step": 1}
    fire = a_fire(9 * DAY + 300, size=60, every=0.5, author_followers=30_000)
    burning = [c for c in changes_of(a_calm_past() + fire) if c.subject is Subject.THREAD and c.thread_id == "fire"]
    for change in burning:
        step = {r.code: r.numbers for r in change.reasons}["reach"]["step"]
        assert step in (0, int(change.level))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=400), st.integers(1, 500))
def test_who_was_met_is_never_taken_for_a_stranger(authors: list[int], every: int) -> None:
    known, met = KnownAuthors(), set[int]()
    for place, author in enumerate(authors):
        stranger = known.meet(f"a{author}", place * every % (13 * DAY))
        assert not (stranger and author in met)
        met.add(author)


def test_few_strangers_are_taken_for_acquaintances_and_memory_is_bounded() -> None:
    known = KnownAuthors()
    strangers = sum(known.meet(f"author {i}", i // 50) for i in range(100_000))
    assert strangers > 93_000
    assert len(known._new) + len(known._old) < 2_000_000
    assert not known.meet("author 99999", 2_000)


def test_an_author_is_forgotten_after_a_month() -> None:
    known = KnownAuthors()
    assert known.meet("a", 0)
    assert not known.meet("a", 13 * DAY)
    assert known.meet("a", 13 * DAY + 29 * DAY)
