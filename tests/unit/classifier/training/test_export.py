"""What is exported can be judged with at once, also where older weights stood."""

import shutil
from pathlib import Path

from classifier.judges.manifest import WEIGHTS
from classifier.judges.onnx import OnnxJudge
from classifier.training.export import write_files
from classifier.training.restore import restore

TEXTS = ["Missä tilaukseni on?", "Tack för snabb leverans!", "Never again, worst shop ever!!"]


def test_a_network_is_exported_over_older_weights(tmp_path: Path) -> None:
    restore(WEIGHTS, tmp_path / "final")
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    (folder / "likeness.npz").write_bytes(b"of older weights")
    write_files(tmp_path / "final", folder, "onnx-9.9.9")
    judge = OnnxJudge(folder)
    assert judge.version == "onnx-9.9.9"
    assert [one.label for one in judge.judge(TEXTS)] == ["neutral", "positive", "negative"]
