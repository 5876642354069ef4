"""New heads behind an encoder that stays: they learn what is new, are held by those that stand, and change no more."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from classifier.judges.manifest import WEIGHTS
from classifier.judges.ngrams import Floats
from classifier.judges.onnx import OnnxJudge
from classifier.training.data import NEGATIVE, POSITIVE, Example
from classifier.training.export import write_manifest
from classifier.training.heads import fit_heads, heads_of, write
from classifier.training.train import read_trained

WIDTH, LOGITS = 24, 20


def given() -> tuple[Floats, list[Example], Floats, Floats]:
    """Texts whose first number tells the side, and heads that know nothing of it."""
    random = np.random.RandomState(4)
    states = random.randn(200, WIDTH).astype(np.float32)
    examples = [Example("", POSITIVE if row[0] > 0 else NEGATIVE, 0.0) for row in states]
    return states, examples, (0.01 * random.randn(LOGITS, WIDTH)).astype(np.float32), np.zeros(LOGITS, np.float32)


def test_heads_learn_what_the_texts_say() -> None:
    states, examples, weight, bias = given()
    weight, bias = fit_heads(states, examples, weight, bias)
    said = (states @ weight.T + bias)[:, :3].argmax(1)
    assert np.mean(said == [0 if one.sentiment == NEGATIVE else 2 for one in examples]) > 0.9


def test_a_head_nobody_was_told_about_stays() -> None:
    states, examples, weight, bias = given()
    after, shift = fit_heads(states, examples, weight, bias)
    assert np.allclose(after[4:], weight[4:], atol=1e-4)
    assert np.allclose(shift[4:], bias[4:], atol=1e-4)


def test_the_same_texts_give_the_same_heads() -> None:
    first, second = fit_heads(*given()), fit_heads(*given())
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_only_the_heads_of_the_file_change(tmp_path: Path) -> None:
    weight, bias = heads_of(WEIGHTS / "model.onnx")
    write(WEIGHTS, tmp_path, weight + 1, bias - 1)
    before, after = (
        {one.name: one.SerializeToString() for one in onnx.load(folder / "model.onnx").graph.initializer}
        for folder in (WEIGHTS, tmp_path)
    )
    assert {name for name in before if before[name] != after[name]} == {"heads.weight", "heads.bias"}
    assert (tmp_path / "likeness.npz").read_bytes() == (WEIGHTS / "likeness.npz").read_bytes()
    assert np.array_equal(heads_of(tmp_path / "model.onnx")[1], bias - 1)


def test_the_folder_remembers_what_was_done(tmp_path: Path) -> None:
    write(WEIGHTS, tmp_path, *heads_of(WEIGHTS / "model.onnx"))
    shipped = OnnxJudge(WEIGHTS, threads=1)
    trained = [{"steps": 40, "minutes": 3.0, "rate": 1e-4, "seed": 7}, {"heads": 300, "seed": 7, "minutes": 0}]
    write_manifest(tmp_path, "onnx-9", shipped.manifest.calibration, trained)
    assert read_trained(tmp_path) == trained
    texts = ["Missä tilaukseni on?", "Tack!", "Never again."]
    ours = OnnxJudge(tmp_path, threads=1).judge(texts)
    for one, other in zip(ours, shipped.judge(texts), strict=True):
        assert one.negative == pytest.approx(other.negative)
        assert one.embedding == other.embedding
