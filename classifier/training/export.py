"""Turns a finished run into what ships: `python -m classifier.training.export --run RUN/final --data FOLDER`.

Writes the 8-bit ONNX file, the tokenizer, the manifest with checksums and calibration, and the model card. With
`--sureness-only` the files that were exported stay, and every label; only how sure the judge is of a side is fitted
anew, measured and written down.
"""

import argparse
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from classifier.judges.calibration import Calibration
from classifier.judges.language import HOME, language_of
from classifier.judges.likeness import FILE as LIKENESS
from classifier.judges.manifest import FILE, WEIGHTS, sha256_of
from classifier.judges.ngrams import FILE as NGRAMS
from classifier.judges.ngrams import Ngrams
from classifier.judges.onnx import OnnxJudge
from classifier.judges.tokens import MAX_TOKENS
from classifier.training.artefact import write_onnx
from classifier.training.calibrate import fit
from classifier.training.card import card_of
from classifier.training.data import Example, annotated_sets, read_annotated, read_own, read_side, sets_for
from classifier.training.evaluate import evaluate, evaluate_read, sample, truth_of
from classifier.training.likeness import fit_likeness
from classifier.training.model import JudgeNet
from classifier.training.sureness import Measured, fit_sureness
from classifier.training.train import read_history

FILES = ("model.onnx", "tokenizer.json", NGRAMS, LIKENESS)


def main() -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the `final` folder of a training run")
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder per data set")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--open-licences-only", action="store_true")
    parser.add_argument("--sureness-only", action="store_true", help="keep the files in --out, and every label")
    options = parser.parse_args()
    version = f"onnx-{options.version}" + ("-open" if options.open_licences_only else "")
    trained = read_history(options.run)
    if not options.sureness_only:
        write_files(options.run, options.out, version)
    network = OnnxJudge(options.out)
    measured = measure(network, options.data, options.open_licences_only)
    kept = network.manifest.calibration
    calibration = fit_sureness(measured, kept) if options.sureness_only else fit(measured)
    write_manifest(options.out, version, calibration, trained)
    judge = OnnxJudge(options.out)
    results, read = evaluate(judge, options.data), evaluate_read(judge, options.data)
    card = card_of(version, results, read, sets_for(options.open_licences_only), trained, platform.machine())
    (options.out / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    print(card)


def write_files(run: Path, out: Path, version: str) -> None:
    """Write what a judge loads from a folder, not calibrated yet."""
    out.mkdir(parents=True, exist_ok=True)
    write_onnx(JudgeNet.load(run), out / "model.onnx")
    Tokenizer.from_file(str(run / "tokenizer.json")).save(str(out / "tokenizer.json"), pretty=False)
    Ngrams.load(run).save(out)
    (out / LIKENESS).unlink(missing_ok=True)  # that of older weights
    write_manifest(out, version, Calibration(), [])
    fit_likeness(OnnxJudge(out)).save(out)


def write_manifest(out: Path, version: str, calibration: Calibration, trained: Sequence[Mapping[str, Any]]) -> None:
    """Write the manifest over the files that stand in the folder; `trained` is what the network has been through."""
    manifest = {
        "version": version,
        "max_tokens": MAX_TOKENS,
        "files": {name: sha256_of(out / name) for name in FILES if (out / name).exists()},
        "calibration": asdict(calibration),
        "trained": list(trained),
    }
    (out / FILE).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def measure(judge: OnnxJudge, data: Path, open_only: bool) -> list[Measured]:
    """Read the validation sides of the sets that were trained on, drawn as the test sides are.

    Some files are sorted by label, so the first texts of a set are not like the set.
    """
    measured: list[Measured] = []
    for one in sets_for(open_only):
        if one.kind != "none" and one.name != "own":
            two = one.kind == "two"
            measured += _measure(judge, sample(read_side(data, one, "validation"), two), two)
    for language in HOME:
        measured += _measure(judge, read_own(language, "validation"))
    for one in annotated_sets(open_only):
        measured += _measure(judge, read_annotated(data, one, "validation"))
    return measured


def _measure(judge: OnnxJudge, examples: Sequence[Example], two_sided: bool = False) -> list[Measured]:
    states = judge.read([one.text for one in examples])
    return [
        Measured(
            language := language_of(one.text),
            tuple(state.logits.tolist()),
            tuple(judge.ngrams.scores(one.text, language).tolist()),
            truth_of(one, two_sided),
            two_sided,
            one.weight,
            one.arousal if one.reasons is not None else None,
            one.reasons,
            one.flags,
        )
        for one, state in zip(examples, states, strict=True)
    ]


if __name__ == "__main__":
    main()
