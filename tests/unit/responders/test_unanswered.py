"""Which threads of our own burn unanswered, and in what order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.posts import Author, Place
from models.base import Sessions
from models.mentions import Thread
from models.states import ReplyState
from responders.unanswered import Complaint, Fire, Waiting, rank
from responders.waiting_threads import waiting_threads
from tests.builders import (
    ANNA,
    NOON,
    PAGE,
    US,
    a_comment,
    a_dm,
    a_post,
    approvals,
    cases,
    consider,
    heat,
    judge_all,
    minutes,
    replies,
    store_posts,
    the_reply,
)

BAD = "Surkeaa palvelua, ei vastausta"


def complaint(minutes_ago: float, author: str | None, followers: int | None = None) -> Complaint:
    return Complaint(NOON - minutes(minutes_ago), author, followers, f"https://fb.example/{author}")


def waiting(*complaints: Complaint, id: int = 1, level: str = "none", others: int = 0) -> Waiting:
    return Waiting(id, "facebook", level, tuple(sorted(complaints, key=lambda one: one.at)), others)


def crowd(count: int, first_minutes_ago: float, **named: Any) -> Waiting:
    step = first_minutes_ago / count
    many = [complaint(first_minutes_ago - step * number, f"a{number}") for number in range(count)]
    return waiting(*many, **named)


def order(*threads: Waiting) -> list[int]:
    return [fire.thread.thread_id for fire in rank(threads, NOON)]


def test_what_grows_faster_comes_first():
    assert order(crowd(3, 40, id=1), crowd(12, 40, id=2)) == [2, 1]


def test_what_has_waited_longer_comes_first():
    newer, older = crowd(4, 12, id=1), crowd(4, 12, id=2)
    older = replace(older, complaints=(complaint(50, "a0"), *older.complaints))
    assert order(newer, older) == [2, 1]


def test_what_reaches_further_comes_first():
    near, far = crowd(3, 30, id=1), crowd(3, 30, id=2)
    far = replace(far, complaints=(replace(far.complaints[0], followers=40_000), *far.complaints[1:]))
    assert order(near, far) == [2, 1]


def test_a_fire_tells_how_long_it_waited_and_whether_that_is_too_long():
    [fire] = rank([crowd(5, 47)], NOON)
    assert (fire.minutes, fire.late, fire.thread.people, fire.thread.permalink) == (
        47,
        True,
        5,
        "https://fb.example/a0",
    )
    [fire] = rank([crowd(5, 47)], NOON, timedelta(hours=1))
    assert not fire.late
    [fire] = rank([crowd(5, 20)], NOON)
    assert not fire.late  # the target itself is still in time


def test_one_customer_alone_is_no_fire_until_heat_says_so():
    alone = waiting(complaint(30, "a1"), complaint(10, "a1"))
    assert order(alone) == []
    assert order(replace(alone, level="watch")) == [1]


def test_a_few_complaints_under_a_giveaway_are_no_fire():
    assert order(crowd(5, 30, others=60)) == []
    assert order(crowd(5, 30, others=60, level="warning")) == [1]


def test_what_went_quiet_burns_no_more():
    assert order(waiting(complaint(400, "a1"), complaint(200, "a2"))) == []


def test_a_person_counts_once_and_a_withheld_name_each_time():
    thread = waiting(complaint(9, "a1", 100), complaint(8, "a1", 100), complaint(7, None), complaint(6, None))
    assert (thread.people, thread.followers, thread.people_an_hour(NOON)) == (3, 100, 12.0)


complaints = st.builds(
    complaint, st.floats(0, 500), st.none() | st.sampled_from("abcdef"), st.none() | st.integers(0, 10**7)
)
threads = st.lists(
    st.builds(
        lambda said, level, others: waiting(*said, level=level, others=others),
        st.lists(complaints, min_size=1, max_size=8), st.sampled_from(["none", "watch", "outrage"]), st.integers(0, 9),
    ),
    max_size=6,
)  # fmt: skip


@given(threads)
def test_the_list_is_in_order_and_the_same_whatever_the_order_it_came_in(found):
    found = [replace(thread, thread_id=number) for number, thread in enumerate(found)]
    fires = rank(found, NOON)
    assert fires == rank(reversed(found), NOON)
    assert [fire.urgency for fire in fires] == sorted((fire.urgency for fire in fires), reverse=True)
    assert all(fire.urgency >= 0 and fire.minutes >= 0 for fire in fires)


def comments(sessions: Sessions, *at: float, thread: str = "p1", text: str = BAD, **named: Any) -> None:
    """A complaint by another person at each of these minutes after noon."""
    posts = [
        a_comment(
            text, thread_id=thread, parent_id=thread, author=Author(f"{thread}{minute}", "Kävijä"),
            created_at=NOON + minutes(minute), permalink=f"https://fb.example/{thread}/{minute}", **named,
        )
        for minute in at
    ]  # fmt: skip
    store_posts(sessions, *posts)
    judge_all(sessions)


def fires(sessions: Sessions, at_minute: float) -> list[Fire]:
    now = NOON + minutes(at_minute)
    with sessions() as session:
        return rank(waiting_threads(session, now), now)


def test_the_clock_starts_at_the_first_complaint(store: Sessions) -> None:
    comments(store, 0, text="Ihana takki, kiitos!")
    comments(store, 5, 8, 12)
    [fire] = fires(store, 30)
    assert (fire.minutes, fire.thread.people, fire.thread.others) == (25, 3, 1)
    assert fire.thread.permalink == "https://fb.example/p1/5"


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_we_say_on_the_platform_stops_the_clock(store: Sessions, when: str) -> None:
    comments(store, 5, 8, 12)
    ours = a_comment("Pahoittelut!", author=replace(US, external_id=PAGE), from_us=True, created_at=NOON + minutes(20))
    store_posts(store, ours)
    assert fires(store, 30) == []
    if when == "after":
        comments(store, 25, 28)
        [fire] = fires(store, 35)
        assert (fire.minutes, fire.thread.people) == (10, 2)


def test_an_answer_by_hand_stops_the_clock(store: Sessions) -> None:
    comments(store, 0, 1, 2)
    with store() as session:
        thread = session.query(Thread).one()
    heat(store, thread.id, "warning", NOON + minutes(3))
    consider(store, NOON + minutes(3))
    [case] = cases(store, "alert")
    [reply] = [one for one in replies(store) if one.case_id == case.id]
    assert len(fires(store, 10)) == 1
    approvals(store, NOON + minutes(5)).by_hand(reply.id, reply.version, ANNA)
    assert the_reply(store, reply.id).state is ReplyState.BY_HAND
    assert fires(store, 10) == []


def test_private_and_other_peoples_ground_is_not_ours_to_watch(store: Sessions) -> None:
    people = [Author(str(number), "Kävijä") for number in range(3)]
    store_posts(store, *(a_dm(BAD, author=one, thread_id="t") for one in people))
    store_posts(store, *(a_post(BAD, author=one, thread_id="x1", place=Place.MENTION) for one in people))
    judge_all(store)
    assert fires(store, 30) == []
