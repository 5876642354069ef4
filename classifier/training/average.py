"""The mean of two runs' weights: `python -m classifier.training.average BEFORE/final AFTER/final --out RUN/final`.

A short last stretch on few texts sharpens what it is about and blurs the rest; the mean of the weights before and
after keeps most of both (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). The mean of two seeds of one
stretch is often better than either (Wortsman et al. 2022, "Model soups").
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file

from classifier.training.train import HISTORY, read_history


def main() -> None:
    """Read the arguments and average."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path, help="the `final` folder the last stretch started from, or another seed")
    parser.add_argument("after", type=Path, help="the `final` folder of the last stretch")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    average(options.before, options.after, options.out)


def average(before: Path, after: Path, out: Path) -> None:
    """Write the mean network; both folders must share a vocabulary."""
    if (before / "tokenizer.json").read_bytes() != (after / "tokenizer.json").read_bytes():
        raise ValueError(f"{before} and {after} differ in tokenizer.json: average a run only with one started from it.")
    out.mkdir(parents=True, exist_ok=True)
    for name in ("model.safetensors", "heads.safetensors"):
        first, second = load_file(before / name), load_file(after / name)
        save_file({key: (first[key] + second[key]) / 2 for key in first}, out / name, metadata={"format": "pt"})
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(after / name, out / name)
    history = joined(read_history(before), read_history(after))
    (out / HISTORY).write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")


def joined(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what both have been through, then what each has alone, and that their mean was taken."""
    shared = 0
    while shared < min(len(first), len(second)) and first[shared] == second[shared]:
        shared += 1
    return [*first, *second[shared:], {"mean_of": 2, "minutes": 0}]


if __name__ == "__main__":
    main()
