"""The mean of runs' weights: `python -m classifier.training.average A/final B/final [C/final ...] --out RUN/final`.

A short last stretch on few texts sharpens what it is about and blurs the rest; the mean of the weights before and
after keeps most of both (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). The mean of several seeds of
one stretch is often better than any of them (Wortsman et al. 2022, "Model soups").
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file

from classifier.training.train import HISTORY, read_history


def main() -> None:
    """Read the arguments and average."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="the `final` folders of two or more runs")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if len(options.runs) < 2:
        parser.error("the mean of one run is that run: name two or more.")
    average(options.runs, options.out)


def average(runs: Sequence[Path], out: Path) -> None:
    """Write the mean network; raises ValueError unless all folders share a vocabulary."""
    for run in runs[1:]:
        if (run / "tokenizer.json").read_bytes() != (runs[0] / "tokenizer.json").read_bytes():
            raise ValueError(f"{runs[0]} and {run} differ in tokenizer.json: average only runs with one start.")
    out.mkdir(parents=True, exist_ok=True)
    for name in ("model.safetensors", "heads.safetensors"):
        mean = load_file(runs[0] / name)
        for run in runs[1:]:
            for key, weight in load_file(run / name).items():
                mean[key] += weight
        save_file({key: weight / len(runs) for key, weight in mean.items()}, out / name, metadata={"format": "pt"})
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(runs[0] / name, out / name)
    (out / HISTORY).write_text(
        json.dumps(joined([read_history(run) for run in runs]), indent=1) + "\n", encoding="utf-8"
    )


def joined(histories: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return what all have been through, then the mean of what each went through alone."""
    shared = 0
    while all(len(one) > shared for one in histories) and all(one[shared] == histories[0][shared] for one in histories):
        shared += 1
    apart = [one[shared:] for one in histories]
    minutes = sum(stretch.get("minutes", 0) for one in apart for stretch in one)
    return [*histories[0][:shared], {"mean_of": apart, "minutes": round(minutes, 1)}]


if __name__ == "__main__":
    main()
