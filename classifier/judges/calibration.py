"""From a model's four logits to a verdict: temperature and abstention per language, both measured.

Temperature scaling is Guo et al. 2017, "On Calibration of Modern Neural Networks"; the figures are fitted on the
validation parts when the weights are exported and travel in their manifest.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from classifier.verdict import Label, Verdict

T = TypeVar("T")
OTHER = "other"
SIDES = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE)
UNREAD = (0.0, 3.0, 0.0, -4.0)  # what a text without anything to read is answered with: neutral and calm


@dataclass(frozen=True)
class Calibration:
    """Per language what logits are divided by and below which probability to abstain; a scale and shift of arousal."""

    temperature: Mapping[str, float] = field(default_factory=lambda: {OTHER: 1.0})
    abstain_below: Mapping[str, float] = field(default_factory=lambda: {OTHER: 0.5})
    arousal_temperature: float = 1.0
    arousal_bias: float = 0.0


def verdict_of(
    logits: Sequence[float], language: str, calibration: Calibration, *, readable: bool, truncated: bool
) -> Verdict:
    """Return the verdict of one text from its logits: negative, neutral, positive, arousal."""
    temperature = _for(calibration.temperature, language)
    shares = softmax([one / temperature for one in logits[:3]])
    best = max(range(3), key=lambda side: shares[side])
    arousal = (logits[3] + calibration.arousal_bias) / calibration.arousal_temperature
    return Verdict(
        language=language,
        label=SIDES[best],
        negative=shares[0],
        neutral=shares[1],
        positive=shares[2],
        arousal=1 / (1 + math.exp(-max(-30.0, min(30.0, arousal)))),
        abstained=not readable or shares[best] < _for(calibration.abstain_below, language),
        truncated=truncated,
    )


def softmax(values: Sequence[float]) -> list[float]:
    """Return shares that add up to one."""
    highest = max(values)
    powers = [math.exp(one - highest) for one in values]
    return [one / sum(powers) for one in powers]


def _for(table: Mapping[str, T], language: str) -> T:
    return table[language] if language in table else table[OTHER]
