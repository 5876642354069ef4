"""The smallest correction to a judge's heads that explains what people put right: pure numbers in, numbers out.

Logistic regression on top of what the judge already says (its logits are offsets), pulled towards no correction at all
by an L2 penalty: softmax for the three sides, a sigmoid for every other logit. The problem is convex, so the same
texts always give the same correction.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.judges.calibration import AROUSAL, LOGITS, OTHER, Calibration
from classifier.verdict import ContactReason, RiskFlag

Matrix = NDArray[np.float64]

PULL = 0.003
"""How strongly the correction is pulled towards nothing; the penalty of a mean loss over standardised features."""

_STEPS = 200
_STILL = 1e-4  # the largest slope at which the search ends


@dataclass(frozen=True)
class Known:
    """Texts as the heads see them: what the judge says, what it says it from, and what people say; a row a text."""

    logits: Matrix  # (n, 20), as the shipped judge gives them
    embeddings: Matrix  # (n, 384)
    truth: Matrix  # (n, 20): one of three sides, then yes or no
    languages: tuple[str, ...]
    counts: Matrix  # (n,): how much each text counts

    def some(self, rows: NDArray[np.bool_]) -> "Known":
        """Return the rows that are marked."""
        languages = tuple(language for language, taken in zip(self.languages, rows, strict=True) if taken)
        return Known(self.logits[rows], self.embeddings[rows], self.truth[rows], languages, self.counts[rows])

    def with_more(self, other: "Known") -> "Known":
        """Return these texts and the others."""
        return Known(
            np.concatenate([self.logits, other.logits]),
            np.concatenate([self.embeddings, other.embeddings]),
            np.concatenate([self.truth, other.truth]),
            self.languages + other.languages,
            np.concatenate([self.counts, other.counts]),
        )


def fit_correction(known: Known, calibration: Calibration, pull: float = PULL) -> tuple[Matrix, Matrix]:
    """Return weight (20, 384) and bias (20,) of what is to be added to the logits."""
    middle, spread = known.embeddings.mean(0), known.embeddings.std(0) + 1e-6
    features = np.column_stack([(known.embeddings - middle) / spread, np.ones(len(known.embeddings))])
    sharpness, shift = _lines(calibration, known.languages)
    share = (known.counts / known.counts.sum())[:, None]

    def slope(delta: Matrix) -> Matrix:
        said = _probabilities((known.logits + shift + features @ delta) * sharpness)
        uphill: Matrix = features.T @ ((said - known.truth) * sharpness * share) + pull * delta
        return uphill

    curved = features.T @ (features * share) * sharpness.max() ** 2
    delta = _lowest(slope, curved, pull)
    weight = delta[:-1].T / spread
    return weight, delta[-1] - weight @ middle


def said_of(known: Known, calibration: Calibration) -> Matrix:
    """Return the probabilities that the judge gives, shape (n, 20), of sides before the curve of their sureness.

    The curve moves no side past another, and a correction is fitted to what lies before it.
    """
    sharpness, shift = _lines(calibration, known.languages)
    return _probabilities((known.logits + shift) * sharpness)


def _lowest(slope: Callable[[Matrix], Matrix], curved: Matrix, pull: float) -> Matrix:
    """Newton's steps with a curvature that is never less than the true one (Böhning 1992), so that each goes down;
    with momentum (Beck and Teboulle 2009) that begins anew where it would go up.
    """
    still = pull * np.eye(len(curved))
    sides, others = np.linalg.inv(curved / 2 + still), np.linalg.inv(curved / 4 + still)
    here = ahead = np.zeros((len(curved), LOGITS))
    pace = 1.0
    for _ in range(_STEPS):
        up = slope(ahead)
        there = ahead - np.column_stack([sides @ up[:, :AROUSAL], others @ up[:, AROUSAL:]])
        if (up * (there - here)).sum() > 0:
            pace = 1.0
        faster = (1 + math.sqrt(1 + 4 * pace**2)) / 2
        ahead = there + (pace - 1) / faster * (there - here)
        here, pace = there, faster
        if np.abs(up).max() < _STILL:
            break
    return here


def _probabilities(logits: Matrix) -> Matrix:
    said = np.empty_like(logits)
    powers = np.exp(logits[:, :AROUSAL] - logits[:, :AROUSAL].max(1, keepdims=True))
    said[:, :AROUSAL] = powers / powers.sum(1, keepdims=True)
    said[:, AROUSAL:] = 1 / (1 + np.exp(-np.clip(logits[:, AROUSAL:], -30, 30)))
    return said


def _lines(calibration: Calibration, languages: tuple[str, ...]) -> tuple[Matrix, Matrix]:
    """What the calibration multiplies logits with, after adding to them; shapes (n, 20) and (20,)."""
    sharpness, shift = np.ones((len(languages), LOGITS)), np.zeros(LOGITS)
    for row, language in enumerate(languages):
        sharpness[row, :AROUSAL] = 1 / calibration.temperature.get(language, calibration.temperature[OTHER])
    lines = [(calibration.arousal_temperature, calibration.arousal_bias)]
    lines += [calibration.reasons.get(name, (1.0, 0.0)) for name in ContactReason]
    lines += [calibration.flags.get(name, (1.0, 0.0)) for name in RiskFlag]
    for column, (temperature, bias) in enumerate(lines, start=AROUSAL):
        sharpness[:, column], shift[column] = 1 / temperature, bias
    return sharpness, shift
