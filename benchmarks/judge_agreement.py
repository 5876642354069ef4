"""How far the shipped file is from its network: `python -m benchmarks.judge_agreement --run RUN/final`.

Both judge the own texts of the validation and test parts, with the same letter patterns and calibration.
"""

import argparse
from pathlib import Path

from classifier.judges import load_judge
from classifier.judges.manifest import WEIGHTS, read_manifest
from classifier.training.annotations import read_own_texts
from classifier.verdict import LIKELY, Verdict


def main() -> None:
    """Judge with both and print how often, and how closely, they agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the `final` folder the shipped file was exported from")
    parser.add_argument("--folder", type=Path, default=WEIGHTS, help="folder of shipped weights")
    options = parser.parse_args()
    texts = [one.text for language in ("fi", "sv", "en") for one in read_own_texts(language) if one.part != "train"]
    shipped = load_judge("onnx", folder=options.folder).judge(texts)
    calibration = read_manifest(options.folder).calibration
    whole = load_judge("transformer", folder=options.run, calibration=calibration).judge(texts)
    pairs = list(zip(shipped, whole, strict=True))
    apart = sorted(abs(a.negative - b.negative) for a, b in pairs)
    print(f"texts: {len(texts)}")
    print(f"same side: {sum(a.label is b.label for a, b in pairs) / len(pairs):.2%}")
    print(f"same reasons: {sum(likely(a)[0] == likely(b)[0] for a, b in pairs) / len(pairs):.2%}")
    print(f"same flags: {sum(likely(a)[1] == likely(b)[1] for a, b in pairs) / len(pairs):.2%}")
    print(f"probability of negative apart: mean {sum(apart) / len(apart):.4f}, 99th percentile ", end="")
    print(f"{apart[int(0.99 * len(apart))]:.3f}")


def likely(verdict: Verdict) -> tuple[set[str], set[str]]:
    """Return the reasons and flags that a verdict says."""
    reasons = {name for name, chance in verdict.reasons.items() if chance >= LIKELY}
    return reasons, {name for name, chance in verdict.flags.items() if chance >= LIKELY}


if __name__ == "__main__":
    main()
