"""The labelled texts a judge learns from and is measured on, each set with its licence state.

Every set is split by a hash of the text as the model reads it, so that all copies of a text stand on one side
and the sides are the same on every machine: 10 % test, 5 % validation, the rest training.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from classifier.judges.reading import prepare, same_text_key
from classifier.training.weak_arousal import arousal_of_customer_text

Soft = tuple[float, float, float]  # negative, neutral, positive
Row = dict[str, str]
NEGATIVE, NEUTRAL, POSITIVE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
SIDES: dict[str, Soft] = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}
OWN = Path(__file__).parent / "own"


@dataclass(frozen=True)
class Example:
    """One text with what is known of it; a missing label is None."""

    text: str
    sentiment: Soft | None
    arousal: float | None
    weight: float = 1.0


@dataclass(frozen=True)
class DataSet:
    """Where a set lies, what may be done with it, and how often training draws from it.

    `rate` is the share of the set drawn in one round of training; 0 means measured only. `open` is true when the
    licence is stated and allows shipping what was learnt; `noncommercial` sets are never trained on.
    """

    name: str
    language: str
    licence: str
    open: bool
    rate: float
    label: Callable[[Row], Example | None]
    kind: str = "three"  # what is measured: "three" classes, "two" (no neutral) or "none"
    noncommercial: bool = False
    files: tuple[str, ...] = ("train.csv.gz",)


def read_set(data: Path, chosen: DataSet) -> Iterator[Example]:
    """Yield the labelled texts of one set; rows whose label says nothing of sentiment or arousal are left out."""
    for name in chosen.files:
        path = data / chosen.name / name
        if not path.exists():
            raise FileNotFoundError(f"The data set {chosen.name} has no file {path}: give its folder with --data.")
        with gzip.open(path) as packed:
            for row in csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8", newline="")):
                example = chosen.label(row)
                if example is not None and example.text:
                    yield example


def side_of(text: str) -> str:
    """Return "test", "validation" or "train" for a text, the same for all its copies."""
    place = int(same_text_key(text)[:8], 16) % 100
    return "test" if place < 10 else "validation" if place < 15 else "train"


def read_side(data: Path, chosen: DataSet, side: str) -> list[Example]:
    """Return one side of a set."""
    if chosen.name == "own":
        return [example for language in ("fi", "sv", "en") for example in read_own(language, side)]
    return [example for example in read_set(data, chosen) if side_of(example.text) == side]


def read_own(language: str, side: str) -> list[Example]:
    """Return one side of the texts written for this repository.

    The first 139 lines of the three files are the same matters in three languages, so a line is put on one side
    in all of them; the test side is half of these.
    """
    lines = (OWN / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_own(row) for row in map(json.loads, lines) if row["part"] == side]


def sets_for(open_only: bool) -> list[DataSet]:
    """Return the sets training may draw from."""
    return [one for one in SETS if one.rate > 0 and not one.noncommercial and (one.open or not open_only)]


def _text(row: Row) -> str:
    return prepare(row["text"])[0]


def _finnsentiment(row: Row) -> Example:
    """Three raters are kept as shares; the majority counts as much again as their shares."""
    votes = [int(row["rater_a"]), int(row["rater_b"]), int(row["rater_c"])]
    majority = SIDES[row["label"]]
    shares = [0.5 * votes.count(side - 1) / 3 + 0.5 * majority[side] for side in range(3)]
    calm = 0.0 if row["label"] != "negative" else None
    return Example(_text(row), (shares[0], shares[1], shares[2]), calm, {"neutral": 0.8}.get(row["label"], 1.5))


def _xed(row: Row) -> Example | None:
    """Joy and trust are positive; anger, disgust, fear and sadness negative; lines with both sides are left out."""
    emotions = set(row["emotions"].split())
    good, bad = emotions & {"joy", "trust"}, emotions & {"anger", "disgust", "fear", "sadness"}
    arousal = 0.85 if "anger" in emotions else None if "disgust" in emotions else 0.05
    if row["polarity"] == "neutral":
        return Example(_text(row), NEUTRAL, 0.0, 0.4)
    if bool(good) == bool(bad):
        return None
    return Example(_text(row), POSITIVE if good else NEGATIVE, arousal, 0.8)


def _customer(row: Row, key: str = "label") -> Example | None:
    label = row[key]
    if label not in SIDES:
        return None
    weight = 0.7 if row.get("stars") == "3" else 1.0
    return Example(_text(row), SIDES[label], arousal_of_customer_text(row["text"], label), weight)


def _brand_emotion(row: Row) -> Example | None:
    side = {"none": "neutral"}.get(row["label"], row["label"])
    return Example(_text(row), SIDES[side], None, 0.5) if side in SIDES else None


def _absabank(row: Row) -> Example:
    score = float(row["score"])
    side = "negative" if score < 2.5 else "positive" if score > 3.5 else "neutral"
    return Example(_text(row), SIDES[side], None, 0.4)


def _emotion(row: Row) -> Example:
    angry = row["label"] == "anger"
    side = NEGATIVE if row["label"] in {"anger", "sadness"} else POSITIVE
    return Example(_text(row), side, 0.85 if angry else 0.05, 0.4)


def _offensive(row: Row) -> Example:
    return Example(_text(row), None, 0.8 if row["label"] == "offensive" else 0.1)


def _toxicity(row: Row) -> Example | None:
    if row["value"] == "1":
        return Example(_text(row), NEGATIVE, 0.9, 0.6)
    return Example(_text(row), None, 0.15) if row["category"] == "toxicity" else None


def _airline(row: Row) -> Example:
    return Example(_text(row), SIDES[row["sentiment"]], None)


def _own(row: Row) -> Example:
    return Example(_text(row), SIDES[row["sentiment"]], 1.0 if row["arousal"] == "high" else 0.0, 2.0)


_BY, _SA, _NC = "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC-SA 4.0 (non-commercial)"
_NONE = "none stated"
_TWEETEVAL = "none stated for the task; texts under the platform's terms"
_label = partial(_customer, key="label")

SETS: tuple[DataSet, ...] = (
    DataSet("own", "fi+sv+en", "written for this repository", True, 6.0, _own),
    DataSet("finnsentiment", "fi", _BY, True, 1.0, _finnsentiment),
    DataSet("xed_fi", "fi", _BY, True, 0.8, _xed, "two"),
    DataSet("suomi24_toxicity", "fi", _SA, True, 0.4, _toxicity, "none"),
    DataSet("sv_trustpilot", "sv", _NONE, False, 0.5, _label),
    DataSet("sv_reviews", "sv", _NONE, False, 0.35, _label, "two"),
    DataSet("sv_tweets_brand", "sv", _NONE, False, 0.7, _label),
    DataSet("sv_absabank_imm", "sv", _BY, True, 0.06, _absabank, files=("train.csv.gz", "dev.csv.gz")),
    DataSet("xed_sv", "sv", _BY, True, 0.25, _xed, "two"),
    DataSet("semeval2017", "en", _NONE, False, 0.22, _label),
    DataSet("nordic_reviews_mt_en", "en", _NONE, False, 0.08, _label, "two"),
    DataSet("apple_mentions", "en", _NONE, False, 0.3, _label),
    DataSet("brand_emotion", "en", _NONE, False, 0.1, _brand_emotion),
    DataSet("xed_en", "en", _BY, True, 0.08, _xed, "two"),
    DataSet("tweeteval_emotion", "en", _TWEETEVAL, False, 0.3, _emotion, "none", files=("train.csv.gz", "val.csv.gz")),
    DataSet(
        "tweeteval_offensive", "en", _TWEETEVAL, False, 0.12, _offensive, "none", files=("train.csv.gz", "val.csv.gz")
    ),
    DataSet("airline", "en", _NC, False, 0.0, _airline, noncommercial=True),
)
