"""Labels given by reading: sentiment, arousal, reasons and flags of texts, by the guide in `labels/GUIDE.md`.

A public text is named by the set it stands in and the key of its words, never copied here; the texts written for this
repository stand in `own/` with their labels. `labels/README.md` tells who annotated what, and with what agreement.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.judges.reading import same_text_key
from classifier.verdict import ContactReason, Label, RiskFlag

LABELS = Path(__file__).parent / "labels"
OWN = Path(__file__).parent / "own"
KEY_LENGTH = 16


@dataclass(frozen=True)
class Labels:
    """What one reader said of one text."""

    sentiment: Label
    high_arousal: bool
    reasons: frozenset[ContactReason]
    flags: frozenset[RiskFlag]

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Labels":
        """Return the labels of one line; raises ValueError for a name that the guide does not know."""
        return cls(
            Label(row["sentiment"]),
            {"high": True, "low": False}[row["arousal"]],
            frozenset(map(ContactReason, row["reasons"])),
            frozenset(map(RiskFlag, row["flags"])),
        )


@dataclass(frozen=True)
class OwnText:
    """A text written for this repository, with its labels and the side it stands on."""

    text: str
    part: str
    labels: Labels


def key_of(text: str) -> str:
    """Return the name of a text in the files of labels."""
    return same_text_key(text)[:KEY_LENGTH]


def read_labels(name: str) -> dict[str, Labels]:
    """Return the labels of one public set by key, empty for a set that nobody annotated."""
    path = LABELS / f"{name}.jsonl"
    if not path.exists():
        return {}
    return {row["key"]: Labels.from_json(row) for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def read_own_texts(language: str) -> list[OwnText]:
    """Return the texts of one language that were written for this repository."""
    lines = (OWN / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [OwnText(row["text"], row["part"], Labels.from_json(row)) for row in map(json.loads, lines)]
