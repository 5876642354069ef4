import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.heat.changes import Subject
from classifier.heat.engine import HeatEngine
from classifier.heat.forecast import HOURS, LEARNT, Forecast, chance, shipped_forecaster
from classifier.heat.policy import Level
from classifier.heat.signals import BRAND_SIGNALS, FOLLOWED_SIGNALS
from classifier.heat.trees import Trees
from classifier.heat.trust import Trust
from tests.unit.classifier.heat.days import a_fire, changes_of, ordinary_day

SUBJECTS = {Subject.BRAND: BRAND_SIGNALS, Subject.THREAD: FOLLOWED_SIGNALS}


@st.composite
def a_row_and_a_worse_one(draw):
    subject = draw(st.sampled_from(list(SUBJECTS)))
    row = draw(st.lists(st.floats(-9, 9), min_size=len(SUBJECTS[subject]), max_size=len(SUBJECTS[subject])))
    place = draw(st.integers(0, len(row) - 1))
    worse = list(row)
    worse[place] += draw(st.floats(0, 9))
    return subject, row, worse


@settings(deadline=None)
@given(a_row_and_a_worse_one())
def test_no_signal_that_rises_lowers_a_chance(rows):
    subject, row, worse = rows
    forecaster, trust = shipped_forecaster(), Trust()
    assert forecaster.odds(subject, worse) >= forecaster.odds(subject, row)
    before, after = (forecaster.ahead(subject, each, 3, trust) for each in (row, worse))
    assert all(later >= now for now, later in zip(before.within, after.within, strict=True))


@settings(deadline=None)
@given(a_row_and_a_worse_one(), st.integers(0, 5000))
def test_a_forecast_holds_together(rows, people):
    ahead = shipped_forecaster().ahead(rows[0], rows[1], people, Trust())
    assert 0 <= ahead.within[0] <= ahead.within[1] <= ahead.within[2] <= 1
    assert people <= ahead.people_low <= ahead.people <= ahead.people_high


def test_a_fire_is_foretold_with_its_chances_and_its_size():
    fire = next(c for c in changes_of(ordinary_day(20) + a_fire(19 * 1440 + 300)) if c.level is Level.WARNING)
    assert isinstance(fire.forecast, Forecast)
    assert fire.forecast.people_high >= 10
    assert set(fire.forecast.to_json()["within_hours"]) == {str(hours) for hours in HOURS}


def test_with_too_little_history_nothing_is_foretold():
    fire = next(c for c in changes_of(ordinary_day(1)[:40] + a_fire(400)) if c.level is Level.WARNING)
    assert fire.forecast is None
    assert "little_history" in [reason.code for reason in fire.reasons]


def test_the_shops_own_history_moves_the_chance_and_leaves_the_level():
    posts = ordinary_day(20) + a_fire(19 * 1440 + 300)
    learnt = changes_of(posts)
    doubted = changes_of(posts, HeatEngine(trust=Trust(shift=-2.0)))
    assert [c.level for c in doubted] == [c.level for c in learnt]
    for one, other in zip(learnt, doubted, strict=True):
        assert other.probability == pytest.approx(chance(one.odds - 2))
        assert other.odds == one.odds


def test_trees_go_left_up_to_and_with_the_threshold():
    trees = Trees({"base": 1.0, "trees": [[[0, 2.5, 1, 2, 0], [-1, 0, 0, 0, 10.0], [-1, 0, 0, 0, 20.0]]]})
    assert [trees.value([x]) for x in (2.4, 2.5, 2.6)] == [11.0, 11.0, 21.0]


def test_the_shipped_trees_read_no_more_signals_than_there_are():
    body = json.loads(LEARNT.read_text())
    for kind, names in (("brand", BRAND_SIGNALS), ("followed", FOLLOWED_SIGNALS)):
        read = {
            node[0] for part in body[kind].values() if isinstance(part, dict) for tree in part["trees"] for node in tree
        }
        assert read <= set(range(-1, len(names)))
