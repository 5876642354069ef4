import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.trust import ENOUGH, Trust, trust_of

GRADED = st.lists(st.tuples(st.floats(-12, 12), st.booleans()), max_size=120)


def chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


@given(GRADED.filter(lambda graded: len(graded) < ENOUGH))
def test_a_short_history_corrects_nothing(graded):
    assert trust_of(graded) == Trust()


@pytest.mark.parametrize("burned", [True, False])
def test_one_kind_of_outcome_alone_corrects_nothing(burned):
    assert trust_of([(1.0, burned)] * 100) == Trust()


@settings(deadline=None)
@given(GRADED)
def test_whatever_the_history_is_a_hotter_thread_stays_the_likelier_one(graded):
    trust = trust_of(graded)
    assert math.isfinite(trust(-9.0))
    assert trust(2.0) > trust(-2.0)


def test_a_shop_where_warnings_seldom_burn_hears_lower_chances():
    dice = random.Random(3)
    graded = [(odds, dice.random() < chance(odds - 2)) for odds in (dice.uniform(-1, 5) for _ in range(300))]
    trust = trust_of(graded)
    for odds in (0.0, 2.0, 4.0):
        assert chance(trust(odds)) == pytest.approx(chance(odds - 2), abs=0.1)


def test_a_few_dozen_alerts_move_it_only_part_of_the_way():
    graded = [(1.0, number % 5 == 0) for number in range(25)]
    assert 0.2 < chance(trust_of(graded)(1.0)) < chance(1.0)
