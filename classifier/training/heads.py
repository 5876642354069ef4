"""Trains the heads alone: `python -m classifier.training.heads --data FOLDER --out WEIGHTS`.

The encoder of a shipped file stays as it is, to the bit, and so does the embedding; what is fitted anew is one linear
map behind it, on the texts labelled by reading and a sample of every public set. It takes minutes where the network
takes hours, and teaches what new texts bring. The loss is that of `train.py`, with a pull towards the heads that stand:
the encoder has seen its training texts, so heads fitted freely on them would be surer than they may be.

`wide.py` and `export.py --files-stand` come next, on the same folder.
"""

import argparse
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from classifier.judges.calibration import Calibration
from classifier.judges.likeness import FILE as LIKENESS
from classifier.judges.manifest import WEIGHTS
from classifier.judges.ngrams import FILE as NGRAMS
from classifier.judges.ngrams import Floats
from classifier.judges.onnx import OnnxJudge
from classifier.training.data import LANGUAGES, Example, annotated_sets, read_annotated, read_own, read_side, sets_for
from classifier.training.export import write_manifest
from classifier.training.train import loss_of, read_trained

OF_EACH_SET = 700  # texts of a public set that keep the heads from forgetting it
OWN_COUNT = 2.0  # how much an own text counts beside another
PULL = 0.02  # of the heads that stand
ROUNDS = 150


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of shipped weights to start from")
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder per data set")
    parser.add_argument("--out", type=Path, required=True, help="folder of weights to write")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    torch.set_num_threads(1)
    judge = OnnxJudge(options.weights, threads=1)
    examples = list(_examples(options.data, random.Random(options.seed)))
    print(f"texts={len(examples)}", flush=True)
    states = np.array([judge.read(example.text)[1] for example in examples], np.float32)
    weight, bias = heads_of(options.weights / "model.onnx")
    weight, bias = fit_heads(states, examples, weight, bias)
    write(options.weights, options.out, weight, bias)
    trained = [*read_trained(options.weights), {"heads": len(examples), "seed": options.seed, "minutes": 0}]
    write_manifest(options.out, judge.manifest.version, Calibration(), trained)


def fit_heads(states: Floats, examples: list[Example], weight: Floats, bias: Floats) -> tuple[Floats, Floats]:
    """Return the heads with the lowest loss on mean states, shape (texts, width), and their pull to those given."""
    before, shift = torch.from_numpy(weight.copy()), torch.from_numpy(bias.copy())
    known = torch.from_numpy(states)
    spread = known.std(0)
    now, moved = before.clone().requires_grad_(), shift.clone().requires_grad_()
    search = torch.optim.LBFGS([now, moved], max_iter=ROUNDS, history_size=20, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        far = (((now - before) * spread) ** 2).sum() + 0.1 * ((moved - shift) ** 2).sum()
        cost = loss_of(known @ now.T + moved, examples) + PULL * far
        cost.backward()  # type: ignore[no-untyped-call]
        return cost

    search.step(loss)  # type: ignore[no-untyped-call]
    return now.detach().numpy(), moved.detach().numpy()


def heads_of(path: Path) -> tuple[Floats, Floats]:
    """Return weight, shape (20, width), and bias of the heads in a shipped file."""
    kept = {one.name: one for one in onnx.load(path).graph.initializer}
    return numpy_helper.to_array(kept["heads.weight"]), numpy_helper.to_array(kept["heads.bias"])


def write(weights: Path, out: Path, weight: Floats, bias: Floats) -> None:
    """Write the folder with other heads; every other number of the network stays."""
    out.mkdir(parents=True, exist_ok=True)
    model = onnx.load(weights / "model.onnx")
    for one in model.graph.initializer:
        if one.name in {"heads.weight", "heads.bias"}:
            one.CopyFrom(numpy_helper.from_array(weight if one.name.endswith("weight") else bias, one.name))
    onnx.save(model, out / "model.onnx")
    for name in ("tokenizer.json", NGRAMS, LIKENESS):
        shutil.copy(weights / name, out / name)


def _examples(data: Path, rng: random.Random) -> Iterator[Example]:
    for language in LANGUAGES:
        for one in read_own(language, "train"):
            yield replace(one, weight=one.weight * OWN_COUNT)
    for labelled in annotated_sets():
        yield from read_annotated(data, labelled, "train")
    for chosen in sets_for(False):
        if chosen.name != "own":
            known = read_side(data, chosen, "train")
            yield from rng.sample(known, min(OF_EACH_SET, len(known)))


if __name__ == "__main__":
    main()
