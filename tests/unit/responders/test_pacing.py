"""Slack's rates are never broken, fires go first, everybody gets a turn, and the last state is always drawn."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.pacing import (
    HISTORY,
    LONGEST_PAUSE_S,
    MOST_FAVOURS,
    POST,
    UPDATE,
    Allowance,
    Call,
    Rank,
    Waiting,
    answered,
    choose,
    no_answer,
    opens_at,
    spent,
    told_to_wait,
)
from tests.builders import NOON

ALERTS, CONTACTS = Call(POST, "C0ALERTS"), Call(POST, "C0CONTACTS")
REDRAW = Call(UPDATE)
PER_MINUTE = {UPDATE: 50, HISTORY: 50, "conversations.list": 20, "views.publish": 100, POST: 240}


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


calls = st.sampled_from([ALERTS, CONTACTS, REDRAW, Call(HISTORY), Call("conversations.list"), Call("views.publish")])


@given(st.lists(st.tuples(calls, st.floats(0, 3)), max_size=400))
def test_no_minute_ever_holds_more_calls_than_slack_allows(asked: list[tuple[Call, float]]) -> None:
    """Each call goes as soon as it may, and the next is asked for some seconds later."""
    allowance, now = Allowance(), NOON
    went: list[tuple[Call, float]] = []
    for call, pause in asked:
        now = opens_at(allowance, call, now)
        allowance = spent(allowance, call, now)
        went.append((call, (now - NOON).total_seconds()))
        now += after(pause)
    for number, (_, begins) in enumerate(went):
        minute = Counter(call.method for call, at in went[number:] if at < begins + 60)
        assert all(count <= PER_MINUTE[method] for method, count in minute.items())
    for channel in (ALERTS, CONTACTS):
        times = [at for call, at in went if call == channel]
        assert all(later - earlier >= 1 for earlier, later in pairwise(times))


def test_a_call_that_may_go_goes_at_once_and_a_bucket_fills_again() -> None:
    assert opens_at(Allowance(), ALERTS, NOON) == NOON
    allowance = spent(Allowance(), ALERTS, NOON)
    assert opens_at(allowance, ALERTS, NOON) > NOON
    assert opens_at(allowance, CONTACTS, NOON) == NOON
    assert opens_at(allowance, ALERTS, NOON + after(2)) == NOON + after(2)


def test_a_methods_retry_after_holds_up_that_method_alone_and_a_posts_that_channel_alone() -> None:
    allowance = told_to_wait(told_to_wait(Allowance(), REDRAW, NOON + after(30)), ALERTS, NOON + after(7))
    assert opens_at(allowance, REDRAW, NOON) == NOON + after(30)
    assert opens_at(allowance, ALERTS, NOON) == NOON + after(7)
    assert opens_at(allowance, CONTACTS, NOON) == opens_at(allowance, Call(HISTORY), NOON) == NOON


def test_a_shorter_word_does_not_cut_a_longer_one_short() -> None:
    allowance = told_to_wait(told_to_wait(Allowance(), REDRAW, NOON + after(30)), REDRAW, NOON + after(1))
    assert opens_at(allowance, REDRAW, NOON) == NOON + after(30)


@given(st.integers(2, 60))
def test_while_slack_does_not_answer_everything_waits_and_asks_again_within_half_a_minute(failures: int) -> None:
    allowance = Allowance()
    for _ in range(failures):
        allowance = no_answer(allowance, NOON)
    for call in (ALERTS, REDRAW, Call(HISTORY), Call("users.info")):
        assert NOON < opens_at(allowance, call, NOON) <= NOON + after(LONGEST_PAUSE_S)
    assert opens_at(answered(allowance), ALERTS, NOON) == NOON


def test_one_failure_alone_holds_up_nobody() -> None:
    assert opens_at(no_answer(Allowance(), NOON), ALERTS, NOON) == NOON


def test_cards_leave_some_of_the_workspaces_posts_to_whoever_has_to_be_called() -> None:
    allowance = Allowance()
    for number in range(4):
        allowance = spent(allowance, Call(POST, f"C{number}"), NOON)
    assert opens_at(allowance, ALERTS, NOON, spare=2) > NOON
    assert opens_at(allowance, ALERTS, NOON) == NOON


def a_wait(id: int, rank: Rank, age_s: float, *calls: Call) -> Waiting:
    return Waiting(id, rank, NOON - after(age_s), calls or (REDRAW,))


@pytest.mark.parametrize("favours", range(MOST_FAVOURS + 1))
def test_a_new_fire_goes_before_everything_whoevers_turn_it_is(favours: int) -> None:
    waiting = [
        a_wait(1, Rank.REDRAW, 4000),
        a_wait(2, Rank.NEW, 3000, ALERTS),
        a_wait(3, Rank.FIRE, 2000),
        a_wait(4, Rank.NEW_FIRE, 0, ALERTS),
    ]
    turns = dict.fromkeys((Call(""), Call(UPDATE), ALERTS), favours)
    chosen, _ = choose(waiting, Allowance(favours=turns), NOON)
    assert chosen is not None
    assert chosen.id == 4


def test_a_fires_redraw_goes_before_a_calm_contacts_and_what_cannot_go_holds_up_nobody() -> None:
    waiting = [a_wait(1, Rank.REDRAW, 60), a_wait(2, Rank.FIRE, 0), a_wait(3, Rank.NEW, 30, CONTACTS)]
    first, _ = choose(waiting, Allowance(), NOON)
    assert first is not None
    assert first.id == 2
    shut = told_to_wait(Allowance(), REDRAW, NOON + after(30))
    first, _ = choose(waiting, shut, NOON)
    assert first is not None
    assert first.id == 3
    assert choose(waiting, told_to_wait(shut, CONTACTS, NOON + after(1)), NOON)[0] is None


@given(
    st.lists(st.tuples(st.sampled_from(list(Rank)[1:]), st.sampled_from([ALERTS, CONTACTS, REDRAW])), max_size=12),
    st.sampled_from([ALERTS, CONTACTS, REDRAW]),
)
def test_whatever_comes_after_it_the_calmest_card_gets_its_turn_within_a_bound(
    before: list[tuple[Rank, Call]], mine: Call
) -> None:
    """At each turn a new fire's redraw and a new post to each channel are there again, all above the calm one."""
    older = [a_wait(id, rank, 100 - id, call) for id, (rank, call) in enumerate(before)]
    waiting = [*older, a_wait(99, Rank.REDRAW, 1, mine)]
    allowance, now, number = Allowance(), NOON, 100
    for _ in range((MOST_FAVOURS + 1) ** 2 * (len(before) + 1)):
        for call in (ALERTS, CONTACTS, REDRAW):
            if not any(one.rank is Rank.FIRE and one.calls == (call,) and one.id >= 100 for one in waiting):
                number += 1
                waiting.append(Waiting(number, Rank.FIRE, now, (call,)))
        chosen, allowance = choose(waiting, allowance, now)
        if chosen is None:
            now = min(opens_at(allowance, one.calls[-1], now) for one in waiting)
            chosen, allowance = choose(waiting, allowance, now)
        assert chosen is not None
        allowance = spent(allowance, chosen.calls[-1], now)
        waiting.remove(chosen)
        if chosen.id == 99:
            return
    raise AssertionError("passed over too often")


@given(st.lists(st.tuples(st.floats(0, 4), st.integers(0, 5)), min_size=1, max_size=120))
def test_a_storm_of_changes_ends_with_every_cards_last_state_drawn(changes: list[tuple[float, int]]) -> None:
    """A card is asked for once however often it changes; what is drawn is the state at that moment."""
    states, drawn, asked = Counter[int](), dict[int, int](), dict[int, Waiting]()
    allowance, now, went = Allowance(), NOON, 0

    def let_go(until_s: float) -> None:
        nonlocal allowance, now, went
        end = now + after(until_s)
        while asked:
            chosen, allowance = choose(list(asked.values()), allowance, now)
            if chosen is None:
                now = min(opens_at(allowance, REDRAW, now), end)
                if now == end:
                    break
                continue
            allowance = spent(allowance, REDRAW, now)
            drawn[chosen.id] = states[chosen.id]
            del asked[chosen.id]
            went += 1
        now = max(now, end)

    for pause, card in changes:
        states[card] += 1
        asked.setdefault(card, Waiting(card, Rank.FIRE if card == 0 else Rank.REDRAW, now, (REDRAW,)))
        let_go(pause)
    let_go(600)
    assert drawn == dict(states)
    assert went <= len(changes)
