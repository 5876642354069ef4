"""The stretches of a training run: what each is told to draw, what is remembered of it, how the card tells it."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from classifier.training.average import average
from classifier.training.card import card_of
from classifier.training.evaluate import Result
from classifier.training.measure import Figures
from classifier.training.train import HISTORY, read_history, set_rate

FIRST = {"steps": 40, "minutes": 3.0, "rate": 1e-4, "seed": 7}
SEEDS = [{"steps": 20, "minutes": 2.0, "rate": 5e-5, "seed": seed} for seed in (8, 9, 10)]


def final(folder: Path, value: float, history: list[dict[str, object]], tokenizer: str = "{}") -> Path:
    folder.mkdir()
    for name in ("model.safetensors", "heads.safetensors"):
        save_file({"weight": torch.full((2, 2), value)}, folder / name)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    (folder / HISTORY).write_text(json.dumps(history), encoding="utf-8")
    return folder


def test_the_mean_of_seeds_remembers_what_all_have_been_through(tmp_path: Path) -> None:
    runs = [final(tmp_path / str(i), value, [FIRST, SEEDS[i]]) for i, value in enumerate((1.0, 3.0, 8.0))]
    average(runs, tmp_path / "mean")
    assert load_file(tmp_path / "mean" / "heads.safetensors")["weight"].tolist() == [[4.0, 4.0], [4.0, 4.0]]
    assert read_history(tmp_path / "mean") == [FIRST, {"mean_of": [[one] for one in SEEDS], "minutes": 6.0}]


def test_the_mean_of_before_and_after_counts_no_stretch_twice(tmp_path: Path) -> None:
    before, after = final(tmp_path / "one", 1.0, [FIRST]), final(tmp_path / "other", 3.0, [FIRST, SEEDS[0]])
    average([before, after], tmp_path / "mean")
    assert read_history(tmp_path / "mean") == [FIRST, {"mean_of": [[], [SEEDS[0]]], "minutes": 2.0}]


def test_runs_of_different_vocabularies_have_no_mean(tmp_path: Path) -> None:
    one, other = final(tmp_path / "one", 1.0, []), final(tmp_path / "other", 3.0, [], '{"other": 1}')
    with pytest.raises(ValueError, match="average only runs with one start"):
        average([one, other], tmp_path / "mean")


def test_the_card_tells_the_stretches_and_sums_their_minutes() -> None:
    mean = {"mean_of": [[], SEEDS[:1], SEEDS[1:]], "minutes": 6}
    history = [{"restored_from": "onnx-2.0.1", "minutes": 200}, mean]
    figures = Figures(1, 1.0, 1.0, 1.0)
    results = [Result("some", language, figures, False, 0.0, ((0.9, True),)) for language in ("fi", "sv", "en")]
    card = " ".join(card_of("onnx-9", results, [], [], history, "x86_64").split())
    assert "for 206 minutes" in card
    assert (
        "the shipped file of onnx-2.0.1 made a network again (`restore.py`), then the mean of (nothing more) and "
        in card
    )
    assert "(20 batches at 5e-05, seed 8) and (20 batches at 5e-05, seed 9, then 20 batches at 5e-05, seed 10)." in card


def test_a_rate_is_a_name_and_a_number() -> None:
    assert set_rate("xed_fi=1.5") == ("xed_fi", 1.5)
    for wrong in ("xed_fi", "xed_fi=often"):
        with pytest.raises(ValueError):
            set_rate(wrong)
