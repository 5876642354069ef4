"""From a model's logits to a verdict: probabilities and abstention per language, all measured.

Temperature scaling is Guo et al. 2017, "On Calibration of Modern Neural Networks"; the curve behind it is that of Kull,
Silva Filho and Flach 2017, "Beta calibration"; arousal, reasons and flags have a scale and a shift each (Platt 1999).
The figures are fitted on the validation parts when the weights are exported and travel in their manifest.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from classifier.judges.language import HOME, UNKNOWN
from classifier.verdict import Abstention, ContactReason, Label, RiskFlag, Verdict

T = TypeVar("T")
Line = tuple[float, float]  # temperature and bias
Curve = tuple[float, float, float]  # of ln p, of -ln(1 - p), and a shift
STRAIGHT: Curve = (1.0, 1.0, 0.0)
OTHER = "other"
SIDES = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE)
AROUSAL = len(SIDES)
REASONS = slice(AROUSAL + 1, AROUSAL + 1 + len(ContactReason))
FLAGS = slice(REASONS.stop, REASONS.stop + len(RiskFlag))
LOGITS = FLAGS.stop
"""A model that knows everything gives this many: three sides, arousal, nine reasons, seven flags, in this order."""

FOUND = 0.99  # the probability of personal data that a pattern found
_HAIR = 1e-9  # by how much the likeliest side stays ahead, at least
UNREAD = (0.0, 3.0, 0.0, *[-6.0] * (LOGITS - AROUSAL))  # what a text without anything to read is answered with
_UNREAD_SHARES = (0.04, 0.955, 0.005)  # of 312 such texts, none of them on a test side, 298 are neutral


@dataclass(frozen=True)
class Calibration:
    """What logits are divided by and shifted, and below which probability the judge abstains, per language.

    `sureness` is the curve from the likeliest side's share to how often such a side is right. `patterns` is the weight
    of the letter patterns beside the network for the sides, `reason_patterns` and `flag_patterns` for the reasons and
    flags. `reasons` and `flags` hold temperature and bias by name; a name that is missing is left as the model said it.
    """

    temperature: Mapping[str, float] = field(default_factory=lambda: {OTHER: 1.0})
    sureness: Mapping[str, Curve] = field(default_factory=lambda: {OTHER: STRAIGHT})
    abstain_below: Mapping[str, float] = field(default_factory=lambda: {OTHER: 0.5})
    patterns: Mapping[str, float] = field(default_factory=lambda: {OTHER: 0.0})
    reason_patterns: float = 0.0
    flag_patterns: float = 0.0
    arousal_temperature: float = 1.0
    arousal_bias: float = 0.0
    reasons: Mapping[str, Line] = field(default_factory=dict)
    flags: Mapping[str, Line] = field(default_factory=dict)

    def pattern_weights(self, language: str) -> tuple[float, ...]:
        """Return how much the letter patterns count in a language, for each logit."""
        sides = [_for(self.patterns, language)] * AROUSAL
        return (
            *sides,
            0.0,
            *[self.reason_patterns] * len(ContactReason),
            *[self.flag_patterns] * len(RiskFlag),
        )


def verdict_of(
    logits: Sequence[float],
    language: str,
    calibration: Calibration,
    *,
    readable: bool,
    truncated: bool,
    personal_data: bool = False,
) -> Verdict:
    """Return the verdict of one text from its logits, which may end after arousal.

    `personal_data` says that a pattern found some in the text, which no model outvotes.
    """
    shares = shares_of(logits, language, calibration) if readable else _UNREAD_SHARES
    best = max(range(AROUSAL), key=lambda side: shares[side])
    flags = _named(RiskFlag, logits[FLAGS], calibration.flags)
    if personal_data:
        flags[RiskFlag.PERSONAL_DATA] = max(flags.get(RiskFlag.PERSONAL_DATA, 0.0), FOUND)
    return Verdict(
        language=language,
        label=SIDES[best],
        negative=shares[0],
        neutral=shares[1],
        positive=shares[2],
        arousal=_sigmoid((logits[AROUSAL] + calibration.arousal_bias) / calibration.arousal_temperature),
        abstention=_abstention(shares[best], language, calibration, readable),
        truncated=truncated,
        reasons=_named(ContactReason, logits[REASONS], calibration.reasons),
        flags=flags,
    )


def shares_of(logits: Sequence[float], language: str, calibration: Calibration) -> list[float]:
    """Return the probabilities of the three sides; they stand in the order of the logits."""
    shares = softmax([one / _for(calibration.temperature, language) for one in logits[:AROUSAL]])
    return _bent(shares, _for(calibration.sureness, language))


def _bent(shares: list[float], curve: Curve) -> list[float]:
    """The likeliest gets what the curve says, the others divide the rest as before; the likeliest stays ahead."""
    third, second, best = sorted(shares)
    rest = second + third
    if not rest:
        return shares
    of_best, of_rest, shift = curve
    said = _sigmoid(of_best * math.log(best) - of_rest * math.log(rest) + shift)
    said = max(said, second / (rest + second) + _HAIR)
    place = shares.index(best)
    return [said if side == place else share * (1 - said) / rest for side, share in enumerate(shares)]


def softmax(values: Sequence[float]) -> list[float]:
    """Return shares that add up to one."""
    highest = max(values)
    powers = [math.exp(one - highest) for one in values]
    return [one / sum(powers) for one in powers]


def _abstention(best: float, language: str, calibration: Calibration, readable: bool) -> Abstention | None:
    if not readable:
        return Abstention.NOTHING_TO_READ
    if language not in (*HOME, UNKNOWN):
        return Abstention.OTHER_LANGUAGE
    return Abstention.UNSURE if best < _for(calibration.abstain_below, language) else None


def _named(
    names: type[ContactReason] | type[RiskFlag], logits: Sequence[float], lines: Mapping[str, Line]
) -> dict[str, float]:
    said: dict[str, float] = {}
    for name, logit in zip(names, logits, strict=False):
        temperature, bias = lines.get(name, (1.0, 0.0))
        said[str(name)] = _sigmoid((logit + bias) / temperature)
    return said


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _for(table: Mapping[str, T], language: str) -> T:
    return table[language] if language in table else table[OTHER]
