"""What of the last half hour looks organised, and what does not."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.coordination import MOST_KEPT, WINDOW_S, CopyWaves
from models.reasons import Reason, say

START = datetime(2026, 11, 10, 12, tzinfo=UTC)
T0 = START.timestamp()
OLD = datetime(2015, 3, 1, tzinfo=UTC)
YOUNG = START - timedelta(days=3)


def opened_over_years(number: int) -> datetime:
    return OLD + timedelta(days=37 * number)


def bursty(posts: int, seed: int = 1) -> list[float]:
    """Times at which people might write: independent gaps, a minute apart on the average."""
    drawn, at, times = random.Random(seed), T0, []
    for _ in range(posts):
        times.append(at)
        at += drawn.expovariate(1 / 60)
    return times


def codes(waves: CopyWaves, now: float) -> dict[str, dict[str, object]]:
    found = waves.reading(now)
    return {reason.code: dict(reason.numbers) for reason in found.reasons()} if found else {}


def test_copies_of_one_text_from_many_accounts_are_a_wave():
    waves = CopyWaves()
    times = bursty(12)
    for number, at in enumerate(times):
        waves.hear(at, "call", f"a{number}", opened_over_years(number))
        waves.hear(at + 1, f"own words {number}", f"b{number}", opened_over_years(number))
    found = waves.reading(times[-1])
    assert found is not None
    assert (found.posts, found.accounts, found.started_at) == (12, 12, START)
    assert found.minutes == int(times[-1] - T0) // 60 + 1
    assert found.even_gap_s is None


def test_one_account_that_repeats_itself_is_no_wave():
    waves = CopyWaves()
    for number in range(40):
        waves.hear(T0 + 10 * number, "same", "a1", OLD)
    assert waves.reading(T0 + 400) is None


def test_four_people_may_say_the_same():
    waves = CopyWaves()
    for number in range(4):
        waves.hear(T0 + number, "same", f"a{number}", None)
    assert waves.reading(T0 + 10) is None


def test_writers_whose_name_is_withheld_are_counted_and_said():
    waves = CopyWaves()
    for at in bursty(9):
        waves.hear(at, "same", None, None)
    found = waves.reading(T0 + 900)
    assert found is not None
    assert (found.accounts, found.withheld) == (0, 9)
    assert "kirjoittajia ei tiedetä" in say(found.reasons()[0], "fi")


def test_copies_far_apart_are_no_wave():
    waves = CopyWaves()
    for number in range(20):
        waves.hear(T0 + 20 * 60 * number, "every day the same joke", f"a{number}", OLD)
    assert waves.reading(T0 + 20 * 60 * 19) is None


def test_a_wave_is_over_half_an_hour_after_it():
    waves = CopyWaves()
    for number, at in enumerate(bursty(12)):
        waves.hear(at, "call", f"a{number}", None)
    assert waves.reading(bursty(12)[-1] + WINDOW_S) is None


def test_the_widest_wave_is_told():
    waves = CopyWaves()
    for number in range(20):
        waves.hear(T0 + number, "wide", f"a{number}", None)
    for number in range(30):
        waves.hear(T0 + 30 + number, "many posts of few", f"b{number % 6}", None)
    assert codes(waves, T0 + 60)["copy_wave"] == {"posts": 20, "accounts": 20, "minutes": 1}


def test_a_copied_call_from_established_accounts_is_said_to_be_so():
    waves = CopyWaves()
    for number, at in enumerate(bursty(25)):
        waves.hear(at, "boycott them all now please", f"a{number}", opened_over_years(number))
    said = codes(waves, bursty(25)[-1])
    assert said["copy_wave"]["accounts"] >= 20
    assert said["established_accounts"]["percent"] == 100
    assert not {"new_accounts", "accounts_opened_together", "rhythm"} & said.keys()


def test_new_accounts_among_the_copies_are_told_as_a_part_of_the_known():
    waves = CopyWaves()
    for number in range(20):
        waves.hear(T0 + number, "same", f"a{number}", YOUNG if number < 12 else opened_over_years(number))
    for number in range(500):  # everybody else says what they like
        waves.hear(T0 + 30 + number / 10, f"own {number}", f"b{number}", opened_over_years(number % 90))
    assert codes(waves, T0 + 120)["new_accounts"] == {"percent": 60, "of": 20}


def test_accounts_opened_in_one_week_years_ago_are_told():
    waves = CopyWaves()
    for number in range(20):
        waves.hear(T0 + number, "same", f"a{number}", OLD + timedelta(hours=7 * number))
    assert codes(waves, T0 + 60)["accounts_opened_together"] == {"percent": 100, "of": 20, "days": 7}


def test_without_copies_a_crowd_of_new_accounts_is_told_by_itself():
    waves = CopyWaves()
    for number in range(30):
        waves.hear(T0 + number, f"own words {number}", f"a{number}", YOUNG if number % 2 else opened_over_years(number))
    assert codes(waves, T0 + 60) == {"new_accounts": {"percent": 50, "of": 30}}


def test_an_ordinary_half_hour_is_no_coordination():
    waves = CopyWaves()
    for number in range(200):
        waves.hear(T0 + 5 * number, f"own words {number}", f"a{number}", opened_over_years(number % 100))
    assert waves.reading(T0 + 1000) is None


def test_an_unknown_age_is_said_and_never_guessed():
    waves = CopyWaves()
    for number, at in enumerate(bursty(20)):
        waves.hear(at, "same", f"a{number}", YOUNG if number < 4 else None)
    said = codes(waves, bursty(20)[-1])
    assert "ages_unknown" in said
    assert not {"new_accounts", "established_accounts", "accounts_opened_together"} & said.keys()


def test_an_account_counts_once_among_the_ages():
    waves = CopyWaves()
    for number in range(100):
        waves.hear(
            T0 + number, "same", f"a{number % 12}", YOUNG if number % 12 == 0 else opened_over_years(number % 12)
        )
    assert codes(waves, T0 + 100)["established_accounts"] == {"percent": 92, "of": 12}


@pytest.mark.parametrize("jitter", [0.0, 15.0])
def test_copies_on_a_timer_have_a_rhythm(jitter):
    waves, drawn = CopyWaves(), random.Random(3)
    for number in range(20):
        waves.hear(T0 + 60 * number + drawn.uniform(-jitter, jitter), "same", f"a{number}", None)
    assert codes(waves, T0 + 1200)["rhythm"]["posts"] == 20
    assert 55 <= codes(waves, T0 + 1200)["rhythm"]["seconds"] <= 65


def test_independent_writers_have_no_rhythm():
    told = 0
    for seed in range(400):
        waves = CopyWaves()
        for number, at in enumerate(bursty(20, seed)):
            waves.hear(at, "same", f"a{number}", None)
        told += "rhythm" in codes(waves, bursty(20, seed)[-1])
    assert told <= 1


def test_times_in_whole_minutes_make_no_rhythm_of_their_own():
    waves = CopyWaves()
    for number, at in enumerate(bursty(25, 7)):
        waves.hear(at // 60 * 60, "same", f"a{number}", None)
    assert "rhythm" not in codes(waves, T0 + 1500)


def test_what_comes_late_finds_its_place():
    times = [T0 + 60 * number for number in range(20)]
    in_order, mixed = CopyWaves(), CopyWaves()
    for at in times:
        in_order.hear(at, "same", f"a{at}", OLD)
    for at in random.Random(5).sample(times, 20):
        mixed.hear(at, "same", f"a{at}", OLD)
    assert mixed.reading(times[-1]) == in_order.reading(times[-1])


def test_memory_is_bounded():
    waves = CopyWaves()
    for number in range(2 * MOST_KEPT):
        waves.hear(T0 + number / 1000, f"text {number % 7000}", f"a{number}", None)
    assert waves.reading(T0 + 40) is None  # each text was said five times, but of what is kept only three


posts = st.lists(
    st.tuples(
        st.floats(0, 7200), st.sampled_from(["k1", "k2", "k3"]), st.none() | st.integers(0, 20).map(str),
        st.none() | st.integers(0, 5000).map(lambda days: OLD + timedelta(days=days)),
    ),
    max_size=60,
)  # fmt: skip


@settings(deadline=None)
@given(posts, st.integers(0, 60))
def test_what_is_said_depends_on_the_past_alone_and_can_be_put_in_words(heard, until):
    whole, prefix = CopyWaves(), CopyWaves()
    after_prefix = None
    for number, (at, text_key, author, created) in enumerate(heard):
        if number == until:
            after_prefix = whole.reading(T0 + heard[number - 1][0])
        whole.hear(T0 + at, text_key, author, created)
        if number < until:
            prefix.hear(T0 + at, text_key, author, created)
    if 0 < until < len(heard):
        assert prefix.reading(T0 + heard[until - 1][0]) == after_prefix
    found = whole.reading(T0 + 7200)
    for reason in found.reasons() if found else ():
        for language in ("fi", "sv", "en"):
            assert say(Reason.from_json(reason.to_json()), language) != reason.code.replace("_", " ")
