"""The texts labelled by reading: whole, within the guide's names, on their sides, and never a copy of a public text."""

import gzip
import json
from pathlib import Path

import pytest

from classifier.judges.reading import prepare
from classifier.training.annotations import LABELS, OWN, Labels, key_of, read_labels, read_own_texts
from classifier.training.data import SETS, annotated_sets, read_annotated, read_own
from classifier.verdict import ContactReason, Label, RiskFlag

FILES = sorted(path.stem for path in LABELS.glob("*.jsonl"))


@pytest.mark.parametrize("name", FILES)
def test_a_public_text_is_named_by_its_key_and_never_copied(name: str) -> None:
    rows = [json.loads(line) for line in (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {key for row in rows for key in row} <= {
        "key", "sentiment", "arousal", "reasons", "flags", "by", "second",
    }  # fmt: skip
    assert all(len(row["key"]) == 16 for row in rows)
    assert len(read_labels(name)) == len(rows)
    assert name in {one.name for one in SETS}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_own_texts_are_many_different_and_apart(language: str) -> None:
    texts = read_own_texts(language)
    keys = [key_of(one.text) for one in texts]
    assert len(texts) >= 500
    assert len(set(keys)) == len(keys)
    sides = {part: {key_of(one.text) for one in texts if one.part == part} for part in ("train", "validation", "test")}
    assert sum(map(len, sides.values())) == len(texts)
    assert all(len(side) >= 20 for side in sides.values())
    assert [one.text for one in read_own(language, "test")] == [
        prepare(one.text)[0] for one in texts if one.part == "test"
    ]


def test_every_language_has_1500_texts_labelled_by_reading() -> None:
    language_of_set = {one.name: one.language for one in SETS}
    for language in ("fi", "sv", "en"):
        public = sum(len(read_labels(name)) for name in FILES if language_of_set[name] == language)
        assert public + len(read_own_texts(language)) >= 1500


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_reason_and_flag_was_met_in_every_language(language: str) -> None:
    public = [row for name in FILES for row in read_labels(name).values() if _speaks(name, language)]
    labels = [one.labels for one in read_own_texts(language)] + public
    for reason in ContactReason:
        assert sum(reason in one.reasons for one in labels) >= 40, reason
    for flag in RiskFlag:
        assert sum(flag in one.flags for one in labels) >= 15, flag


def test_two_hundred_or_so_texts_a_language_were_read_twice() -> None:
    for language, names in (
        ("fi", ["finnsentiment", "suomi24_toxicity"]),
        ("sv", ["sv_trustpilot", "sv_tweets_brand"]),
    ):
        paths = [LABELS / f"{name}.jsonl" for name in names] + [OWN / f"{language}.jsonl"]
        rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
        twice = [row for row in rows if "second" in row]
        assert len(twice) >= 150
        assert all(row["second"]["by"] != row["by"] for row in twice)


def test_a_name_the_guide_does_not_know_is_refused() -> None:
    row = {"sentiment": "negative", "arousal": "high", "reasons": ["delivery"], "flags": ["safety"]}
    assert Labels.from_json(row) == Labels(
        Label.NEGATIVE, True, frozenset({ContactReason.DELIVERY}), frozenset({RiskFlag.SAFETY})
    )
    with pytest.raises(ValueError, match="weather"):
        Labels.from_json({**row, "reasons": ["weather"]})


def test_texts_of_a_non_commercial_set_are_measured_on_and_never_learnt_from(tmp_path: Path) -> None:
    chosen = next(one for one in SETS if one.name == "twcs_brands")
    assert chosen not in annotated_sets()
    assert read_labels(chosen.name)
    (tmp_path / chosen.name).mkdir()
    with gzip.open(tmp_path / chosen.name / "train.csv.gz", "wt", encoding="utf-8") as file:
        file.write("text\nnobody labelled this\n")
    assert [read_annotated(tmp_path, chosen, side) for side in ("train", "validation", "test")] == [[], [], []]


def test_only_open_sets_are_annotated_for_an_open_run() -> None:
    assert {one.name for one in annotated_sets(open_only=True)} == {
        "finnsentiment", "suomi24_toxicity", "banking77", "bitext_cs",
    }  # fmt: skip


def _speaks(name: str, language: str) -> bool:
    return next(one for one in SETS if one.name == name).language == language
