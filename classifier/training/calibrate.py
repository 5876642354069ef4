"""Fits what turns logits into verdicts, on validation sides only.

Per language the weight of the letter patterns with the lowest log loss, and how sure a side is (`sureness.py`); for all
languages arousal, reasons and flags. Shifting sides was tried twice: for a better macro-F1 it gained less than a point
in Finnish and Swedish and turned plain questions into complaints; for SemEval's macro-recall, cross-validated, it
gained three points there and cost two sets of brand mentions three of accuracy. Sides are left where training put them.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.judges.calibration import AROUSAL, FLAGS, OTHER, REASONS, Calibration, Line
from classifier.judges.language import HOME
from classifier.training.sureness import TEMPERATURES, Matrix, Measured, fit_sureness, heard_of, softmax_rows
from classifier.verdict import ContactReason, RiskFlag

ENOUGH = 8  # validation texts with a reason or flag from which its threshold is fitted alone


def fit(measured: Sequence[Measured]) -> Calibration:
    """Return the calibration."""
    patterns = {OTHER: 0.0}
    for language in HOME:
        mine = [one for one in measured if one.language == language and one.truth is not None]
        patterns[language] = min(_STEPS, key=Sides(mine).loss)
    reasons = _questions(measured, ContactReason, REASONS.start, lambda one: one.reasons)
    flags = _questions(measured, RiskFlag, FLAGS.start, lambda one: one.flags)
    reason_patterns, flag_patterns = (best_factor(tuple(known.values())) for known in (reasons, flags))
    arousal_temperature, arousal_bias = fit_arousal(
        (one.logits[AROUSAL], one.arousal) for one in measured if one.arousal is not None
    )
    calibration = Calibration(
        patterns=patterns,
        reason_patterns=reason_patterns,
        flag_patterns=flag_patterns,
        arousal_temperature=arousal_temperature,
        arousal_bias=arousal_bias,
        reasons={name: fit_line(known.joined(reason_patterns), known.truth) for name, known in reasons.items()},
        flags={name: fit_line(known.joined(flag_patterns), known.truth) for name, known in flags.items()},
    )
    return fit_sureness(measured, calibration)


_STEPS = tuple(round(0.1 * step, 1) for step in range(26))


class Sides:
    """The sides of one language's validation texts, each weighed as in training.

    A text of a two-sided set is judged between the two.
    """

    def __init__(self, measured: Sequence[Measured]) -> None:
        self._measured = measured
        self._truth = np.array([one.truth for one in measured])
        self._weights = np.array([one.weight for one in measured])
        self._closed = np.array([[0.0, -1e9 if one.two_sided else 0.0, 0.0] for one in measured])

    def loss(self, factor: float) -> float:
        """Return the lowest log loss, at whatever temperature, with the patterns at a weight."""
        heard = heard_of(self._measured, factor)
        return min(self._loss(heard / temperature) for temperature in TEMPERATURES)

    def _loss(self, values: Matrix) -> float:
        said = softmax_rows(values + self._closed)[np.arange(len(self._truth)), self._truth]
        return float(-(np.log(np.maximum(said, 1e-9)) * self._weights).sum() / self._weights.sum())


@dataclass(frozen=True)
class Answers:
    """What the network and the patterns said to one yes-or-no question, and the truth."""

    logits: NDArray[np.float64]
    patterns: NDArray[np.float64]
    truth: NDArray[np.bool_]

    def joined(self, factor: float) -> NDArray[np.float64]:
        """Return the scores with the patterns at a weight."""
        return self.logits + factor * self.patterns

    def loss(self, factor: float) -> float:
        """Return the log loss under the best scale and shift (Platt 1999, on a grid)."""
        joined = self.joined(factor)
        return min(
            log_loss((joined - shift) / temperature, self.truth)
            for temperature in (0.5, 0.7, 1.0, 1.4, 2.0, 2.8)
            for shift in np.linspace(-3, 3, 25)
        )


def _questions(
    measured: Sequence[Measured],
    names: type[ContactReason] | type[RiskFlag],
    first: int,
    said: Callable[[Measured], Collection[str] | None],
) -> dict[str, Answers]:
    known = [(one, truth) for one in measured if (truth := said(one)) is not None]
    return {
        str(name): Answers(
            np.array([one.logits[place] for one, _ in known]),
            np.array([one.patterns[place] for one, _ in known]),
            np.array([name in truth for _, truth in known]),
        )
        for place, name in enumerate(names, first)
    }


def best_factor(questions: Sequence[Answers]) -> float:
    """Return the weight of the patterns under which the answers to all questions are told best."""
    return min(_STEPS, key=lambda factor: sum(known.loss(factor) for known in questions))


def log_loss(values: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Return the summed log loss of yes-or-no scores."""
    return float(np.logaddexp(0, np.where(truth, -values, values)).sum())


def fit_line(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> Line:
    """Return temperature and bias by which one half is where F1 is best, and the log loss beside it lowest.

    With few texts that have it, the threshold is left where training put it.
    """
    if truth.sum() < ENOUGH:
        return 1.0, 0.0

    def f1(threshold: float) -> float:
        said = scores >= threshold
        return 2 * float((said & truth).sum()) / float(said.sum() + truth.sum())

    grid = np.linspace(-4, 3, 141)
    smooth = np.convolve([f1(float(one)) for one in grid], np.ones(11) / 11, "same")  # a plateau, not a lucky spike
    threshold = float(grid[5:-5][int(np.argmax(smooth[5:-5]))])
    temperature = min(
        (round(0.4 + 0.1 * step, 1) for step in range(27)), key=lambda one: log_loss((scores - threshold) / one, truth)
    )
    return temperature, round(-threshold, 2)


def fit_arousal(angry: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return temperature and bias of arousal with the lowest log loss (Platt 1999, on a grid)."""
    known = list(angry)

    def loss(temperature: float, bias: float) -> float:
        total = 0.0
        for logit, truth in known:
            value = (logit + bias) / temperature
            total += math.log1p(math.exp(-abs(value))) + max(value, 0.0) - truth * value
        return total

    grid = [(0.4 + 0.1 * t, -2 + 0.1 * b) for t in range(17) for b in range(41)]
    temperature, bias = min(grid, key=lambda pair: loss(*pair))
    return round(temperature, 2), round(bias, 2)
