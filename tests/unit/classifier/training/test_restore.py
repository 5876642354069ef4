"""A shipped file can be trained on: what comes back says what the file says, and writes a file that says it too."""

import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from tokenizers import Tokenizer

from classifier.judges.manifest import WEIGHTS, WeightsError
from classifier.judges.ngrams import Floats
from classifier.training.artefact import write_onnx
from classifier.training.model import JudgeNet
from classifier.training.restore import read_onnx, restore
from classifier.training.train import read_history
from tests.unit.classifier.training.test_artefact import LENGTHS, ROUNDING, ids_of, network


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shipped") / "model.onnx"
    write_onnx(network(), path)
    return path


def said_by_file(path: Path, length: int) -> Floats:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    said: Floats = session.run(["logits"], {"input_ids": ids_of(length)})[0]
    return said


def said_by(net: JudgeNet, length: int) -> Floats:
    ids = torch.from_numpy(ids_of(length))
    with torch.no_grad():
        said: Floats = net(ids, torch.ones_like(ids)).numpy()
    return said


@pytest.mark.parametrize("length", LENGTHS)
def test_the_restored_network_says_what_the_file_says(file: Path, length: int) -> None:
    said, restored = said_by_file(file, length), said_by(read_onnx(file), length)
    assert np.abs(said - restored).mean() < ROUNDING * restored.std()


@pytest.mark.parametrize("length", LENGTHS)
def test_it_is_as_near_to_the_network_the_file_was_made_of(file: Path, length: int) -> None:
    first, restored = said_by(network(), length), said_by(read_onnx(file), length)
    assert np.abs(first - restored).mean() < ROUNDING * first.std()


def test_a_file_made_of_the_restored_network_says_the_same(file: Path, tmp_path: Path) -> None:
    write_onnx(read_onnx(file), tmp_path / "again.onnx")
    said, again = said_by_file(file, 17), said_by_file(tmp_path / "again.onnx", 17)
    assert np.abs(said - again).mean() < ROUNDING * said.std()


def test_the_shipped_folder_becomes_one_that_training_starts_from(tmp_path: Path) -> None:
    restore(WEIGHTS, tmp_path)
    net = JudgeNet.load(tmp_path)
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    assert net.encoder.config.vocab_size == tokenizer.get_vocab_size()
    assert (tmp_path / "ngrams.npz").read_bytes() == (WEIGHTS / "ngrams.npz").read_bytes()
    before = read_history(tmp_path)[-1]
    assert before["restored_from"].startswith("onnx-")


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    with (tmp_path / "weights" / "model.onnx").open("ab") as changed:
        changed.write(b"more")
    with pytest.raises(WeightsError):
        restore(tmp_path / "weights", tmp_path / "final")
