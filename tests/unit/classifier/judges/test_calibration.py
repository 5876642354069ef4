"""From logits to the probabilities of sides: they add up, and no calibration changes which side is the likeliest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.judges.calibration import (
    LOGITS,
    OTHER,
    STRAIGHT,
    UNREAD,
    Calibration,
    Curve,
    shares_of,
    softmax,
    verdict_of,
)
from classifier.verdict import Abstention, Label

SIDES = st.tuples(*[st.floats(-40, 40)] * 3)
CURVES = st.tuples(st.floats(0, 4), st.floats(0, 4), st.floats(-4, 4))


def bent(curve: Curve) -> Calibration:
    return Calibration(sureness={OTHER: curve})


@given(SIDES, CURVES)
def test_the_likeliest_side_stays_the_likeliest_and_shares_add_up(logits: tuple[float, ...], curve: Curve) -> None:
    before, after = softmax(logits), shares_of(logits, "fi", bent(curve))
    assert sum(after) == pytest.approx(1.0)
    assert all(0 <= share <= 1 for share in after)
    assert after.index(max(after)) == before.index(max(before))


@given(SIDES, CURVES)
def test_the_two_other_sides_keep_their_order(logits: tuple[float, ...], curve: Curve) -> None:
    before, after = softmax(logits), shares_of(logits, "fi", bent(curve))
    first, second = (side for side in range(3) if side != before.index(max(before)))
    if before[first] > before[second]:
        assert after[first] >= after[second]


@given(SIDES)
def test_a_straight_curve_changes_nothing(logits: tuple[float, ...]) -> None:
    assert shares_of(logits, "fi", bent(STRAIGHT)) == pytest.approx(softmax(logits), abs=1e-8)


def test_what_holds_nothing_to_read_is_neutral_whatever_the_language() -> None:
    """A lone mark or link says nothing, and nearly all of them are meant so; it is still left to a person."""
    hot = Calibration(temperature={OTHER: 4.0}, sureness={OTHER: (1.0, 1.0, -3.0)})
    said = verdict_of(UNREAD, "und", hot, readable=False, truncated=False)
    assert (said.label, said.abstention) == (Label.NEUTRAL, Abstention.NOTHING_TO_READ)
    assert said.neutral > 0.9
    assert said.negative + said.neutral + said.positive == pytest.approx(1.0)


def test_a_language_has_its_own_curve_and_others_share_one() -> None:
    calibration = Calibration(sureness={"sv": (1.0, 1.0, -2.0), OTHER: STRAIGHT})
    logits = (4.0, 0.0, 0.0, *[0.0] * (LOGITS - 3))
    said = {
        language: verdict_of(logits, language, calibration, readable=True, truncated=False).negative
        for language in ("fi", "sv", "de")
    }
    assert said["fi"] == said["de"] == pytest.approx(softmax(logits[:3])[0])
    assert said["sv"] < said["fi"] - 0.1
