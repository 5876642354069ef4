"""Fits what turns logits into verdicts, on validation parts only: temperature, bias and abstention per language.

Temperature: Guo et al. 2017. The bias shifts sides so that macro-F1 over a language's validation sets is highest,
because training data lean to neutral where a shop's post do not; it is kept small and equal for all sets of a language.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifier.judges.calibration import OTHER, Calibration, softmax
from classifier.training.measure import figures_of

LARGEST_BIAS = 0.6


@dataclass(frozen=True)
class Measured:
    """One validation text: its set and language, the logits it got and its true side."""

    name: str
    language: str
    logits: tuple[float, ...]
    truth: int
    two_sided: bool  # the set knows no neutral


def fit(measured: Sequence[Measured], angry: Sequence[tuple[float, float]]) -> Calibration:
    """Return the calibration; `angry` holds an arousal logit and its known arousal for each text that has one."""
    temperature, bias, abstain = {}, {}, {}
    for language in ("fi", "sv", "en"):
        mine = [one for one in measured if one.language == language]
        bias[language] = fit_bias(mine)
        temperature[language] = fit_temperature(mine, bias[language])
        abstain[language] = fit_abstention(mine, bias[language], temperature[language])
    temperature[OTHER] = fit_temperature(measured, (0.0, 0.0, 0.0))
    bias[OTHER] = (0.0, 0.0, 0.0)
    abstain[OTHER] = round(max(abstain.values()) + 0.1, 3)
    return Calibration(temperature, bias, abstain, *fit_arousal(angry))


def fit_bias(measured: Sequence[Measured]) -> tuple[float, float, float]:
    """Search a grid for the shifts of negative and positive with the highest mean macro-F1 over the sets."""
    steps = [0.1 * step for step in range(-round(LARGEST_BIAS * 10), round(LARGEST_BIAS * 10) + 1)]
    best, found = -1.0, (0.0, 0.0, 0.0)
    for negative in steps:
        for positive in steps:
            score = mean_macro_f1(measured, (negative, 0.0, positive)) - 0.005 * (abs(negative) + abs(positive))
            if score > best:
                best, found = score, (round(negative, 2), 0.0, round(positive, 2))
    return found


def mean_macro_f1(measured: Sequence[Measured], bias: Sequence[float]) -> float:
    """Return the macro-F1 averaged over sets; a set without neutral is judged between the two sides."""
    scores = []
    for name in sorted({one.name for one in measured}):
        mine = [one for one in measured if one.name == name]
        scores.append(figures_of([one.truth for one in mine], [side_of(one, bias) for one in mine]).macro_f1)
    return sum(scores) / len(scores)


def side_of(one: Measured, bias: Sequence[float]) -> int:
    """Return the side the logits say."""
    sides = (0, 2) if one.two_sided else (0, 1, 2)
    return max(sides, key=lambda side: one.logits[side] + bias[side])


def fit_temperature(measured: Sequence[Measured], bias: Sequence[float]) -> float:
    """Return the temperature with the lowest log loss on the sets that know neutral."""
    mine = [one for one in measured if not one.two_sided]
    return min((0.5 + 0.05 * step for step in range(51)), key=lambda t: _log_loss(mine, bias, t))


def fit_abstention(measured: Sequence[Measured], bias: Sequence[float], temperature: float) -> float:
    """Return the probability below which labels are right less than half the time."""
    sure = []
    for one in (one for one in measured if not one.two_sided):
        shares = _shares(one, bias, temperature)
        sure.append((max(shares), shares.index(max(shares)) == one.truth))
    threshold = 1 / 3
    for candidate in (0.34 + 0.01 * step for step in range(37)):
        below = [right for share, right in sure if candidate - 0.04 <= share < candidate]
        if len(below) >= 20 and sum(below) / len(below) < 0.5:
            threshold = candidate
    return round(threshold, 3)


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


def _shares(one: Measured, bias: Sequence[float], temperature: float) -> list[float]:
    return softmax([(value + shift) / temperature for value, shift in zip(one.logits[:3], bias, strict=True)])


def _log_loss(measured: Sequence[Measured], bias: Sequence[float], temperature: float) -> float:
    return -sum(math.log(max(_shares(one, bias, temperature)[one.truth], 1e-9)) for one in measured)
