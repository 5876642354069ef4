"""What a judge says of one text, and the port every judge meets.

The shape follows river's classifier (one item in, one answer out), widened to batches because a
neural judge is several times faster on a batch than on single texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

NOTHING: Mapping[str, float] = MappingProxyType({})


class Label(StrEnum):
    """Where the text stands towards the shop."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"  # balanced, no evaluation, or a plain request without blame
    POSITIVE = "positive"


@dataclass(frozen=True)
class Verdict:
    """The judgement of one text: language, sentiment towards the shop, arousal.

    `negative`, `neutral` and `positive` are probabilities that add up to one. `arousal` is 0..1 and high
    for angry, outraged or shouting texts; enthusiasm is low. `abstained` means that the judge does not stand
    behind its label: there was nothing to read, or it was too unsure. `reasons` and `flags` map a name to a
    probability and stay empty for a judge that does not give them.
    """

    language: str  # ISO 639-1, or "und" when the text holds nothing to read
    label: Label
    negative: float
    neutral: float
    positive: float
    arousal: float
    abstained: bool = False
    truncated: bool = False
    reasons: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    flags: Mapping[str, float] = field(default_factory=lambda: NOTHING)


class Judge(Protocol):
    """Turns texts into verdicts; pure from the caller's side.

    The same text gets the same verdict whatever the batch, the input is left untouched, the order is kept,
    and one unreadable text never fails its batch.
    """

    @property
    def version(self) -> str:
        """Name and version of the judge, stored beside each verdict."""
        ...

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        """Return one verdict per text, in the order given."""
        ...
