"""How far the shipped file is from its network: `python -m benchmarks.judge_agreement --run RUN/final [--data FOLDER]`.

Both judge the own texts of the validation and test parts, with the same letter patterns and calibration. With `--data`
both also judge the first texts of each public test side, to tell what 8 bits cost in points.
"""

import argparse
from pathlib import Path

from classifier.judges import load_judge
from classifier.judges.manifest import WEIGHTS, read_manifest
from classifier.training.annotations import read_own_texts
from classifier.training.evaluate import result_of, tested
from classifier.verdict import LIKELY, Judge, Verdict


def main() -> None:
    """Judge with both and print how often, and how closely, they agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the `final` folder the shipped file was exported from")
    parser.add_argument("--folder", type=Path, default=WEIGHTS, help="folder of shipped weights")
    parser.add_argument("--data", type=Path, help="folder with one folder per data set")
    parser.add_argument("--texts", type=int, default=500, help="of each public test side, by the key of the text")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    texts = [one.text for language in ("fi", "sv", "en") for one in read_own_texts(language) if one.part != "train"]
    small = load_judge("onnx", folder=options.folder, threads=options.threads)
    calibration = read_manifest(options.folder).calibration
    large = load_judge("transformer", folder=options.run, calibration=calibration, threads=options.threads)
    pairs = list(zip(small.judge(texts), large.judge(texts), strict=True))
    apart = sorted(abs(a.negative - b.negative) for a, b in pairs)
    print(f"texts: {len(texts)}")
    print(f"same side: {sum(a.label is b.label for a, b in pairs) / len(pairs):.2%}")
    print(f"same reasons: {sum(likely(a)[0] == likely(b)[0] for a, b in pairs) / len(pairs):.2%}")
    print(f"same flags: {sum(likely(a)[1] == likely(b)[1] for a, b in pairs) / len(pairs):.2%}")
    print(f"probability of negative apart: mean {sum(apart) / len(apart):.4f}, 99th percentile ", end="")
    print(f"{apart[int(0.99 * len(apart))]:.3f}")
    if options.data:
        compare(small, large, options.data, options.texts)


def compare(small: Judge, large: Judge, data: Path, most: int) -> None:
    """Print macro-F1, macro-recall and accuracy of both on each public test side."""
    print("set, texts, 8 bits / 32 bits: macro-F1, macro-recall, accuracy; same side")
    same, every = 0, 0
    for name, one, whole in tested(data):
        examples = whole[:most]
        said = [judge.judge([example.text for example in examples]) for judge in (small, large)]
        ours, theirs = (result_of(name, one, examples, verdicts).figures for verdicts in said)
        alike = sum(a.label is b.label for a, b in zip(*said, strict=True))
        same, every = same + alike, every + len(examples)
        print(
            f"{name}, {len(examples)}, {ours.macro_f1:.3f} / {theirs.macro_f1:.3f}, "
            f"{ours.macro_recall:.3f} / {theirs.macro_recall:.3f}, {ours.accuracy:.3f} / {theirs.accuracy:.3f}; "
            f"{alike / len(examples):.1%}",
            flush=True,
        )
    print(f"same side over all: {same / every:.1%} of {every}")


def likely(verdict: Verdict) -> tuple[set[str], set[str]]:
    """Return the reasons and flags that a verdict says."""
    reasons = {name for name, chance in verdict.reasons.items() if chance >= LIKELY}
    return reasons, {name for name, chance in verdict.flags.items() if chance >= LIKELY}


if __name__ == "__main__":
    main()
