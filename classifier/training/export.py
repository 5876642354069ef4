"""Turns a finished run into what ships: `python -m classifier.training.export --run RUN/final --data FOLDER`.

Writes the 8-bit ONNX file, the tokenizer, the manifest with checksums and calibration, and the model card.
"""

import argparse
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tokenizers import Tokenizer

from classifier.judges.calibration import Calibration
from classifier.judges.manifest import FILE, WEIGHTS, sha256_of
from classifier.judges.onnx import OnnxJudge
from classifier.judges.tokens import MAX_TOKENS
from classifier.training.artefact import write_onnx
from classifier.training.calibrate import Measured, fit
from classifier.training.card import card_of
from classifier.training.data import read_side, sets_for
from classifier.training.evaluate import evaluate, truth_of
from classifier.training.model import JudgeNet

LARGEST = 500  # validation texts of one set


def main() -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the `final` folder of a training run")
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder per data set")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--minutes", type=float, required=True, help="training time, for the model card")
    parser.add_argument("--open-licences-only", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    write_onnx(JudgeNet.load(options.run), options.out / "model.onnx")
    Tokenizer.from_file(str(options.run / "tokenizer.json")).save(str(options.out / "tokenizer.json"), pretty=False)
    version = f"onnx-{options.version}" + ("-open" if options.open_licences_only else "")
    write_manifest(options.out, version, Calibration())
    calibration = calibrate(OnnxJudge(options.out), options.data, options.open_licences_only)
    write_manifest(options.out, version, calibration)
    results = evaluate(OnnxJudge(options.out), options.data)
    card = card_of(version, results, sets_for(options.open_licences_only), options.minutes, platform.machine())
    (options.out / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    print(card)


def write_manifest(out: Path, version: str, calibration: Calibration) -> None:
    """Write the manifest over the files that stand in the folder."""
    manifest = {
        "version": version,
        "max_tokens": MAX_TOKENS,
        "files": {name: sha256_of(out / name) for name in ("model.onnx", "tokenizer.json")},
        "calibration": asdict(calibration),
    }
    (out / FILE).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def calibrate(judge: OnnxJudge, data: Path, open_only: bool) -> Calibration:
    """Fit the calibration on the validation sides of the sets that were trained on."""
    measured: list[Measured] = []
    angry: list[tuple[float, float]] = []
    for one in sets_for(open_only):
        examples = read_side(data, one, "validation")[:LARGEST]
        logits, _ = judge.logits([example.text for example in examples])
        for example, row in zip(examples, logits.tolist(), strict=True):
            values: Sequence[float] = row
            truth = truth_of(example, one.kind == "two")
            if truth is not None and one.kind != "none":
                measured.append(Measured(one.name, one.language, tuple(values), truth, one.kind == "two"))
            if example.arousal is not None:
                angry.append((values[3], example.arousal))
    return fit(measured, angry)


if __name__ == "__main__":
    main()
