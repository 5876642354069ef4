"""What training may read, how texts are split, and that a cut run goes on with the same batches."""

import gzip
import random
from pathlib import Path

import pytest

from classifier.training.data import SETS, Example, read_own, read_set, read_side, sets_for, side_of
from classifier.training.measure import area_under_curve, figures_of
from classifier.training.rounds import draw_round, pack, vary
from classifier.training.weak_arousal import arousal_of_customer_text


def test_non_commercial_sets_are_never_trained_on() -> None:
    for only_open in (False, True):
        assert not [one.name for one in sets_for(only_open) if one.noncommercial or "non-commercial" in one.licence]


def test_open_licences_only_leaves_out_sets_without_a_stated_licence() -> None:
    assert {one.name for one in sets_for(True)} == {
        "own", "finnsentiment", "xed_fi", "suomi24_toxicity", "sv_absabank_imm", "xed_sv", "xed_en", "bitext_cs",
    }  # fmt: skip


def test_copies_of_a_text_stand_on_one_side() -> None:
    assert side_of("Hei @anna katso") == side_of("HEI @berta  katso")
    sides = [side_of(f"teksti {number}") for number in range(2000)]
    assert 150 < sides.count("test") < 250
    assert 60 < sides.count("validation") < 140


def test_own_texts_are_labelled_and_their_sides_are_apart() -> None:
    for language in ("fi", "sv", "en"):
        train, test = read_own(language, "train"), read_own(language, "test")
        assert len(test) >= 70
        assert not {one.text for one in train} & {one.text for one in test}
        assert all(one.sentiment is not None and one.arousal is not None for one in train + test)
        assert all(one.reasons is not None and one.flags is not None for one in train + test)


def test_a_set_is_read_from_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "sv_tweets_brand"
    folder.mkdir()
    with gzip.open(folder / "train.csv.gz", "wt", encoding="utf-8", newline="") as file:
        file.write('label,text\nnegative,"<ID> dåligt,\nriktigt"\nneutral,hej\n,okänt\n')
    chosen = next(one for one in SETS if one.name == "sv_tweets_brand")
    texts = [(one.text, one.sentiment) for one in read_set(tmp_path, chosen)]
    assert texts == [("@user dåligt, riktigt", (1.0, 0.0, 0.0)), ("hej", (0.0, 1.0, 0.0))]
    parts = [read_side(tmp_path, chosen, side) for side in ("train", "validation", "test")]
    assert sum(len(part) for part in parts) == 2


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"xed_fi has no file .* give its folder with --data"):
        list(read_set(tmp_path, next(one for one in SETS if one.name == "xed_fi")))


def test_a_round_is_the_same_each_time_and_rounds_differ() -> None:
    sets = [([Example(f"teksti numero {i}", (1.0, 0.0, 0.0), None) for i in range(40)], 0.5)]
    assert draw_round(sets, 7, 3) == draw_round(sets, 7, 3)
    assert draw_round(sets, 7, 3) != draw_round(sets, 7, 4)


def test_batches_hold_every_text_once_within_the_budget() -> None:
    lengths = [random.Random(1).randint(3, 96) for _ in range(300)]
    batches = pack(lengths, 512, random.Random(2))
    assert sorted(i for batch in batches for i in batch) == list(range(300))
    assert all(max(lengths[i] for i in batch) * len(batch) <= 512 for batch in batches)


def test_shouting_makes_only_a_negative_text_aroused() -> None:
    for side, high in (((1.0, 0.0, 0.0), 0.9), ((0.0, 0.0, 1.0), 0.0)):
        varied = [vary(Example("pitkähkö teksti tästä", side, 0.1), random.Random(seed)) for seed in range(400)]
        shouted = [one for one in varied if one.text.isupper() or one.text.endswith("!!!")]
        assert shouted
        assert {one.arousal for one in shouted} == {high}


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("Täysi huijaus!!", "negative", 0.95),
        ("Leveransen är försenad.", "negative", 0.15),
        ("Bedrägeri.", "negative", 0.8),
        ("IHANA!!!", "positive", 0.0),
    ],
)
def test_marks_of_outrage(text: str, label: str, expected: float) -> None:
    assert arousal_of_customer_text(text, label) == expected


def test_figures() -> None:
    figures = figures_of([0, 0, 1, 1], [0, 1, 1, 1])
    assert (figures.accuracy, figures.macro_recall) == (0.75, 0.75)
    assert figures.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    assert area_under_curve([True, False, True, False], [0.9, 0.1, 0.4, 0.4]) == pytest.approx(0.875)
