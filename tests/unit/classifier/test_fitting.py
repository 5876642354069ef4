"""The fitted correction: it explains what it was shown, stays small, and is the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.fitting import Known, fit_correction
from classifier.judges.calibration import LOGITS, Calibration

WIDTH = 12


def known(count: int = 60, seed: int = 1, side: int = 0, counts: float = 1.0) -> Known:
    """Texts that the judge calls neutral and calm; those above zero in the first place are `side` and heated."""
    random = np.random.default_rng(seed)
    embeddings = random.standard_normal((count, WIDTH))
    logits = np.full((count, LOGITS), -2.0)
    logits[:, :3] = (0.0, 1.0, 0.0)
    truth = np.zeros((count, LOGITS))
    moved = embeddings[:, 0] > 0
    truth[moved, side], truth[~moved, 1], truth[moved, 3] = 1, 1, 1
    return Known(logits, embeddings, truth, ("fi",) * count, np.full(count, counts))


def test_texts_that_were_not_shown_are_read_as_those_that_were() -> None:
    weight, bias = fit_correction(known(), Calibration())
    new = known(seed=2)
    said = new.logits + new.embeddings @ weight.T + bias
    assert (said[:, :3].argmax(1) == new.truth[:, :3].argmax(1)).mean() > 0.85
    assert ((said[:, 3] > 0) == (new.truth[:, 3] > 0.5)).mean() > 0.85
    assert np.abs(said[:, 4:]).max() < 12  # heads about which nothing new was said stay quiet
    assert (said[:, 4:] < 0).all()


def test_where_the_judge_is_right_and_sure_nothing_is_corrected() -> None:
    right = known()
    sure = Known(np.where(right.truth > 0, 20.0, -20.0), right.embeddings, right.truth, right.languages, right.counts)
    weight, bias = fit_correction(sure, Calibration())
    assert np.abs(weight).max() < 1e-6
    assert np.abs(bias).max() < 1e-6


def test_a_stronger_pull_makes_a_smaller_correction() -> None:
    sizes = [np.abs(fit_correction(known(), Calibration(), pull)[0]).sum() for pull in (0.001, 0.01, 0.1, 1.0)]
    assert sizes == sorted(sizes, reverse=True)


def test_what_counts_more_is_explained_first() -> None:
    both = known(side=0, counts=9.0).with_more(known(side=2, counts=1.0))
    weight, bias = fit_correction(both, Calibration())
    new = known(seed=3)
    said = new.logits + new.embeddings @ weight.T + bias
    assert (said[new.truth[:, 0] == 1][:, :3].argmax(1) == 0).mean() > 0.9


def test_the_slope_is_flat_where_the_search_ends_also_under_a_sharp_calibration() -> None:
    calibration = Calibration(temperature={"other": 0.5}, arousal_temperature=2.0, arousal_bias=0.3)
    weight, bias = fit_correction(known(), calibration, pull=0.01)
    spread = known().embeddings.std(0) + 1e-6
    least = _loss(weight, bias, calibration, spread)
    random = np.random.default_rng(5)
    for _ in range(20):
        nudge = 0.02 * random.standard_normal(weight.shape)
        assert _loss(weight + nudge / spread, bias, calibration, spread) > least


def _loss(weight, bias, calibration: Calibration, spread) -> float:  # type: ignore[no-untyped-def]
    """The loss as its definition has it, over again."""
    texts = known()
    said = texts.logits + texts.embeddings @ weight.T + bias
    sides = said[:, :3] / calibration.temperature["other"]
    cost = np.log(np.exp(sides).sum(1)) - (texts.truth[:, :3] * sides).sum(1)
    others = said[:, 3:].copy()
    others[:, 0] = (others[:, 0] + calibration.arousal_bias) / calibration.arousal_temperature
    cost += (np.logaddexp(0, others) - texts.truth[:, 3:] * others).sum(1)
    middle = bias + weight @ texts.embeddings.mean(0)
    return float(cost.mean() + 0.005 * (((weight * spread) ** 2).sum() + (middle**2).sum()))


def test_the_same_texts_give_the_same_correction() -> None:
    first, second = fit_correction(known(), Calibration()), fit_correction(known(), Calibration())
    assert (first[0] == second[0]).all()
    assert (first[1] == second[1]).all()


@pytest.mark.parametrize("count", [20, 21])
def test_few_texts_are_enough_to_fit(count: int) -> None:
    weight, bias = fit_correction(known(count), Calibration())
    assert weight.shape == (LOGITS, WIDTH)
    assert np.isfinite(weight).all()
    assert np.isfinite(bias).all()
