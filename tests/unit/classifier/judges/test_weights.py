"""The shipped weights: whole, small, loaded without torch; a changed file is refused in words."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.judges.manifest import WEIGHTS, WeightsError, read_manifest
from classifier.judges.onnx import OnnxJudge


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    return folder


def test_the_shipped_weights_are_whole_and_small() -> None:
    read_manifest(WEIGHTS)
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) <= 60_000_000
    assert (WEIGHTS / "model.onnx").stat().st_size <= 46_000_000


def test_a_changed_file_is_refused(copied: Path) -> None:
    with (copied / "model.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(b"\x00\x01\x02\x03")
    with pytest.raises(WeightsError, match=r"model\.onnx has checksum .* Restore it from the release"):
        OnnxJudge(copied)


def test_a_missing_file_is_named(copied: Path) -> None:
    (copied / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match=r"tokenizer\.json is missing: restore it"):
        OnnxJudge(copied)


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"There are no weights in .*: manifest\.json is missing"):
        OnnxJudge(tmp_path)


def test_a_broken_manifest_is_named(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    del manifest["calibration"]
    (copied / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"manifest\.json cannot be read"):
        OnnxJudge(copied)


def test_loading_and_judging_need_neither_torch_nor_network() -> None:
    script = (
        "import socket, sys\n"
        "def shut(*args, **options): raise OSError('the network is blocked')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = shut\n"
        "from classifier.judges import load_judge\n"
        "verdict = load_judge('onnx').judge(['Missä tilaukseni on?'])[0]\n"
        "assert verdict.language == 'fi'\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)\n"
    )
    root = WEIGHTS.parents[1]
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, cwd=root, timeout=120)
