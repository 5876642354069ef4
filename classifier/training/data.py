"""The labelled texts a judge learns from and is measured on, each set with its licence state.

Public sets bring sentiment; what their readers were asked beyond that (reasons, flags, arousal) stands in
`annotations/` by the key of the text, and the texts written for this repository stand in `own/` with all labels.

Every set is split by a hash of the text as the model reads it, so that all copies of a text stand on one side
and the sides are the same on every machine: 10 % test, 5 % validation, the rest training.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from classifier.judges.reading import prepare, same_text_key
from classifier.training.annotations import Labels, key_of, read_labels, read_own_texts
from classifier.training.weak_arousal import arousal_of_customer_text
from classifier.verdict import ContactReason, RiskFlag

Soft = tuple[float, float, float]  # negative, neutral, positive
Row = dict[str, str]
NEGATIVE, NEUTRAL, POSITIVE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
SIDES: dict[str, Soft] = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}
ANNOTATED_WEIGHT = 1.5


@dataclass(frozen=True)
class Example:
    """One text with what is known of it; a missing label is None."""

    text: str
    sentiment: Soft | None
    arousal: float | None
    weight: float = 1.0
    reasons: frozenset[ContactReason] | None = None
    flags: frozenset[RiskFlag] | None = None


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


def read_rows(data: Path, chosen: DataSet) -> Iterator[Row]:
    """Yield the rows of one set as its files have them."""
    for name in chosen.files:
        path = data / chosen.name / name
        if not path.exists():
            raise FileNotFoundError(f"The data set {chosen.name} has no file {path}: give its folder with --data.")
        with gzip.open(path) as packed:
            yield from csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8", newline=""))


def read_set(data: Path, chosen: DataSet) -> Iterator[Example]:
    """Yield the texts of one set by its own labels; rows whose label says nothing to us are left out."""
    for _, example in _known(data, chosen):
        yield example


def _known(data: Path, chosen: DataSet) -> Iterator[tuple[str, Example]]:
    for row in read_rows(data, chosen):
        example = chosen.label(row)
        if example is not None and example.text:
            yield row["text"], example


def side_of(text: str) -> str:
    """Return "test", "validation" or "train" for a text as its set has it, the same for all its copies.

    The key of a text does not hang on how judges read it, so a text never changes sides.
    """
    place = int(same_text_key(text)[:8], 16) % 100
    return "test" if place < 10 else "validation" if place < 15 else "train"


def read_side(data: Path, chosen: DataSet, side: str) -> list[Example]:
    """Return one side of a set."""
    if chosen.name == "own":
        return [example for language in LANGUAGES for example in read_own(language, side)]
    return [example for text, example in _known(data, chosen) if side_of(text) == side]


def read_own(language: str, side: str) -> list[Example]:
    """Return one side of the texts written for this repository."""
    return [_labelled(prepare(one.text)[0], one.labels) for one in read_own_texts(language) if one.part == side]


def read_annotated(data: Path, chosen: DataSet, side: str) -> list[Example]:
    """Return the texts of one side that were annotated by reading; of a set never trained on, all are test."""
    labels = read_labels(chosen.name)
    found: dict[str, Example] = {}
    for row in read_rows(data, chosen) if labels else ():
        key, text = key_of(row["text"]), prepare(row["text"])[0]
        if key in labels and side == ("test" if chosen.noncommercial else side_of(row["text"])):
            found[key] = _labelled(text, labels[key])
    return [found[key] for key in sorted(found)]


def sets_for(open_only: bool) -> list[DataSet]:
    """Return the sets training may draw from."""
    return [one for one in SETS if one.rate > 0 and not one.noncommercial and (one.open or not open_only)]


def annotated_sets(open_only: bool = False) -> list[DataSet]:
    """Return the public sets that were annotated and may be trained on."""
    return [one for one in SETS if not one.noncommercial and (one.open or not open_only) and read_labels(one.name)]


def _labelled(text: str, labels: Labels) -> Example:
    arousal = 1.0 if labels.high_arousal else 0.0
    return Example(text, SIDES[labels.sentiment], arousal, ANNOTATED_WEIGHT, labels.reasons, labels.flags)


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
        abusive = row["category"] in {"insult", "threat"}
        return Example(_text(row), NEGATIVE, 0.9, 0.6, flags=frozenset({RiskFlag.ABUSE}) if abusive else None)
    return Example(_text(row), None, 0.15) if row["category"] == "toxicity" else None


def _airline(row: Row) -> Example:
    return Example(_text(row), SIDES[row["sentiment"]], None)


def _intent(row: Row) -> Example | None:
    reason = _INTENTS.get(row["intent"])
    return Example(_text(row), None, 0.0, 0.5, frozenset({reason}), frozenset()) if reason else None


def _nothing(_: Row) -> Example | None:
    """For sets whose own labels say nothing to us."""
    return None


_INTENTS = {
    intent: reason
    for reason, intents in {
        ContactReason.DELIVERY: "track_order delivery_options delivery_period change_shipping_address",
        ContactReason.ORDER_CHANGE: "cancel_order change_order check_cancellation_fee",
        ContactReason.RETURN_REFUND: "track_refund get_refund check_refund_policy",
        ContactReason.PAYMENT_INVOICE: "check_invoice get_invoice payment_issue",
        ContactReason.PRODUCT_QUESTION: "check_payment_methods place_order",
        ContactReason.ACCOUNT_TECHNICAL: "recover_password create_account delete_account edit_account switch_account "
        "registration_problems newsletter_subscription",
        ContactReason.SERVICE_EXPERIENCE: "contact_customer_service contact_human_agent complaint",
    }.items()
    for intent in intents.split()
}
LANGUAGES = ("fi", "sv", "en")
_BY, _SA, _NC = "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC-SA 4.0 (non-commercial)"
_NONE = "none stated"
_TWEETEVAL = "none stated for the task; texts under the platform's terms"
_label = partial(_customer, key="label")

SETS: tuple[DataSet, ...] = (
    DataSet("own", "fi+sv+en", "written for this repository", True, 2.5, _nothing),
    DataSet("finnsentiment", "fi", _BY, True, 1.0, _finnsentiment),
    DataSet("xed_fi", "fi", _BY, True, 1.0, _xed, "two"),
    DataSet("suomi24_toxicity", "fi", _SA, True, 0.4, _toxicity, "none"),
    DataSet("sv_trustpilot", "sv", _NONE, False, 0.5, _label),
    DataSet("sv_reviews", "sv", _NONE, False, 0.5, _label, "two"),
    DataSet("sv_tweets_brand", "sv", _NONE, False, 0.6, _label),
    DataSet("sv_absabank_imm", "sv", _BY, True, 0.06, _absabank, files=("train.csv.gz", "dev.csv.gz")),
    DataSet("xed_sv", "sv", _BY, True, 0.25, _xed, "two"),
    DataSet("semeval2017", "en", _NONE, False, 0.35, _label),
    DataSet("nordic_reviews_mt_en", "en", _NONE, False, 0.1, _label, "two"),
    DataSet("apple_mentions", "en", _NONE, False, 0.3, _label),
    DataSet("brand_emotion", "en", _NONE, False, 0.1, _brand_emotion),
    DataSet("xed_en", "en", _BY, True, 0.08, _xed, "two"),
    DataSet("tweeteval_emotion", "en", _TWEETEVAL, False, 0.3, _emotion, "none", files=("train.csv.gz", "val.csv.gz")),
    DataSet(
        "tweeteval_offensive", "en", _TWEETEVAL, False, 0.12, _offensive, "none", files=("train.csv.gz", "val.csv.gz")
    ),
    DataSet("bitext_cs", "en", "CDLA-Sharing 1.0", True, 0.1, _intent, "none"),
    DataSet("banking77", "en", _BY, True, 0.0, _nothing, "none"),
    DataSet("boycott_calls", "en", _NONE, False, 0.0, _nothing, "none"),
    DataSet("twcs_brands", "en", _NC, False, 0.0, _nothing, "none", noncommercial=True),
    DataSet("airline", "en", _NC, False, 0.0, _airline, noncommercial=True),
)
