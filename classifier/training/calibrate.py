"""Fits what turns logits into verdicts, on validation sides only: temperature and abstention per language.

Temperature: Guo et al. 2017. Shifting sides for a better macro-F1 was tried: it gained less than a point in Finnish
and Swedish and turned plain questions into complaints, so sides are left where training put them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifier.judges.calibration import OTHER, Calibration, softmax

LARGEST_ABSTENTION = 0.1  # share of a language's validation texts


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
    temperature, abstain = {}, {}
    for language in ("fi", "sv", "en"):
        mine = [one for one in measured if one.language == language and not one.two_sided]
        temperature[language] = fit_temperature(mine)
        abstain[language] = fit_abstention(mine, temperature[language])
    temperature[OTHER] = max(temperature.values())
    abstain[OTHER] = max(abstain.values())
    return Calibration(temperature, abstain, *fit_arousal(angry))


def fit_temperature(measured: Sequence[Measured]) -> float:
    """Return the temperature with the lowest log loss."""
    return min((round(0.5 + 0.05 * step, 2) for step in range(51)), key=lambda one: _log_loss(measured, one))


def fit_abstention(measured: Sequence[Measured], temperature: float) -> float:
    """Return the highest probability below which labels are wrong more often than right.

    At most one text in ten is abstained from: a person has to look at each of them.
    """
    said = [(max(shares), shares.index(max(shares)) == one.truth) for one, shares in _all_shares(measured, temperature)]
    threshold = 0.0
    for candidate in (round(0.34 + 0.01 * step, 2) for step in range(37)):
        below = [right for share, right in said if share < candidate]
        if below and sum(below) < len(below) / 2 and len(below) <= LARGEST_ABSTENTION * len(said):
            threshold = candidate
    return threshold


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


def _all_shares(measured: Sequence[Measured], temperature: float) -> list[tuple[Measured, list[float]]]:
    return [(one, softmax([value / temperature for value in one.logits[:3]])) for one in measured]


def _log_loss(measured: Sequence[Measured], temperature: float) -> float:
    return -sum(math.log(max(shares[one.truth], 1e-9)) for one, shares in _all_shares(measured, temperature))
