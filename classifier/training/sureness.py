"""How sure the judge may be of a side: temperature, curve and abstention threshold of each language.

Fitted on three-sided validation texts as they come, each counting once: the weights of training say how much a text
teaches, not how often its like is met. None of it changes which side is the likeliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from classifier.judges.calibration import AROUSAL, OTHER, STRAIGHT, Calibration, Curve, shares_of
from classifier.judges.language import HOME
from classifier.verdict import ContactReason, RiskFlag

Matrix = NDArray[np.float64]

TEMPERATURES = tuple(round(0.5 + 0.05 * step, 2) for step in range(71))
LARGEST_ABSTENTION = 0.1  # share of a language's validation texts
PULL = 1.0  # of the curve towards the straight one, beside the loss of all texts; cross-validated


@dataclass(frozen=True)
class Measured:
    """One validation text: the language the judge hears, what network and patterns said, and what is known of it."""

    language: str
    logits: tuple[float, ...]
    patterns: tuple[float, ...]
    truth: int | None  # its side
    two_sided: bool  # the set knows no neutral
    weight: float = 1.0
    arousal: float | None = None
    reasons: frozenset[ContactReason] | None = None  # None where the set's own labels stand, and nobody read the text
    flags: frozenset[RiskFlag] | None = None


def fit_sureness(measured: Sequence[Measured], calibration: Calibration) -> Calibration:
    """Return the calibration with temperature, curve and abstention threshold for the patterns' weights it has.

    Temperature and curve stand on strangers' texts alone: those written or picked for this repository are told more
    surely than what people post, and would make the judge too sure.
    """
    temperature, sureness, abstain = {}, {OTHER: STRAIGHT}, {}
    for language in HOME:
        three = [one for one in measured if one.language == language and one.truth is not None and not one.two_sided]
        strangers = [one for one in three if one.reasons is None] or three
        heard, truth = heard_of(strangers, calibration.patterns[language]), _truth(strangers)
        temperature[language] = best_temperature(heard, truth)
        sureness[language] = fit_curve(softmax_rows(heard / temperature[language]), truth)
        fitted = replace(calibration, temperature=temperature, sureness=sureness)
        sides = heard_of(three, calibration.patterns[language])
        shares = np.array([shares_of(one, language, fitted) for one in sides.tolist()])
        abstain[language] = abstention(shares, _truth(three))
    temperature[OTHER] = max(temperature.values())
    abstain[OTHER] = max(abstain.values())
    return replace(calibration, temperature=temperature, sureness=sureness, abstain_below=abstain)


def best_temperature(heard: Matrix, truth: NDArray[np.intp]) -> float:
    """Return the temperature with the lowest log loss (Guo et al. 2017)."""

    def loss(temperature: float) -> float:
        said = softmax_rows(heard / temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(said, 1e-9)).sum())

    return min(TEMPERATURES, key=loss)


def fit_curve(shares: Matrix, truth: NDArray[np.intp]) -> Curve:
    """Return the rising curve that tells best how often the likeliest side is right (Kull et al. 2017).

    It is a logistic regression on ln p and -ln(1 - p), pulled a little towards the straight curve.
    """
    best = np.clip(shares.max(1), 1e-6, 1 - 1e-6)
    right = shares.argmax(1) == truth
    features = np.column_stack([np.log(best), -np.log(1 - best), np.ones(len(best))])
    straight = np.array(STRAIGHT)

    def loss(curve: Matrix) -> float:
        values = features @ curve
        cost = np.logaddexp(0, np.where(right, -values, values)).sum()
        return float(cost + PULL * ((curve - straight) ** 2).sum())

    found = minimize(loss, straight, method="L-BFGS-B", bounds=[(0, None), (0, None), (None, None)]).x
    return round(float(found[0]), 2), round(float(found[1]), 2), round(float(found[2]), 2)


def abstention(shares: Matrix, truth: NDArray[np.intp]) -> float:
    """Return the highest probability below which labels are wrong more often than right.

    At most one text in ten is abstained from: a person has to look at each of them.
    """
    right = shares.argmax(1) == truth
    best = shares.max(1)
    threshold = 0.0
    for candidate in (round(0.34 + 0.01 * step, 2) for step in range(37)):
        below = right[best < candidate]
        if below.size and below.mean() < 0.5 and below.size <= LARGEST_ABSTENTION * right.size:
            threshold = candidate
    return threshold


def heard_of(measured: Sequence[Measured], factor: float) -> Matrix:
    """Return the logits of the sides with the letter patterns at a weight; a row a text."""
    logits = np.array([one.logits[:AROUSAL] for one in measured])
    heard: Matrix = logits + factor * np.array([one.patterns[:AROUSAL] for one in measured])
    return heard


def _truth(measured: Sequence[Measured]) -> NDArray[np.intp]:
    return np.array([one.truth for one in measured], np.intp)


def softmax_rows(values: Matrix) -> Matrix:
    """Return shares that add up to one in each row."""
    powers = np.exp(values - values.max(1, keepdims=True))
    shares: Matrix = powers / powers.sum(1, keepdims=True)
    return shares
