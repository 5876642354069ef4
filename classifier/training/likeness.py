"""Measures where texts lie for a folder of weights: `python -m classifier.training.likeness [--weights FOLDER]`.

Reads the training part of the texts written for this repository with the network that stands there, writes
`likeness.npz` beside it and names it in the manifest. An export does the same for new weights.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from classifier.judges.language import HOME
from classifier.judges.likeness import FILE, Likeness
from classifier.judges.manifest import FILE as MANIFEST
from classifier.judges.manifest import WEIGHTS, sha256_of
from classifier.judges.onnx import OnnxJudge
from classifier.training.data import read_own


def main() -> None:
    """Read the arguments, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    folder: Path = parser.parse_args().weights
    fit_likeness(OnnxJudge(folder)).save(folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][FILE] = sha256_of(folder / FILE)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(f"{folder / FILE}: {(folder / FILE).stat().st_size} bytes")


def fit_likeness(judge: OnnxJudge) -> Likeness:
    """Return the likeness of the judge's network."""
    texts = [one.text for language in HOME for one in read_own(language, "train")]
    return Likeness.fit(np.array([state.embedding for state in judge.read(texts)], np.float32))


if __name__ == "__main__":
    main()
