"""Accuracy of the judges on public data: `python -m benchmarks.accuracy --data FOLDER [--judge NAME] [--json]`.

Every judge reads the same test sides; "tfidf" is a rival trained on the spot on each set's training side (character
n-grams and logistic regression), which a neural judge has to beat to be worth its size. Sets without neutral are
judged between their two sides.
"""

import argparse
import json
import platform
import sys
import time
from dataclasses import asdict
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from classifier.judges import JUDGES, load_judge
from classifier.judges.calibration import SIDES
from classifier.training.data import SETS, read_side
from classifier.training.evaluate import Result, evaluate, markdown, result_of, tested, truth_of
from classifier.verdict import Verdict

SEED = 7
LARGEST_TRAINING = 40_000


def main() -> None:
    """Measure the judges named and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder per data set")
    parser.add_argument("--judge", action="append", choices=[*JUDGES, "tfidf"], help="may be given several times")
    parser.add_argument("--folder", help="folder of weights for the judges that take one")
    parser.add_argument("--json", action="store_true", help="print figures as JSON instead of a table")
    options = parser.parse_args()
    results: dict[str, list[Result]] = {}
    seconds: dict[str, float] = {}
    for name in options.judge or ["onnx", "lexicon", "tfidf"]:
        started = time.monotonic()
        if name == "tfidf":
            results[name] = rival(options.data)
        else:
            folder = {"folder": options.folder} if options.folder and name != "lexicon" else {}
            results[name] = evaluate(load_judge(name, **folder), options.data)
        seconds[name] = time.monotonic() - started
    if options.json:
        json.dump({name: [asdict(one) for one in rows] for name, rows in results.items()}, sys.stdout, indent=1)
        return
    print(markdown(results))
    for name, rows in results.items():
        for row in rows:
            if row.arousal_auc is not None and name != "tfidf":
                print(f"- arousal, {name}, {row.name}: AUC {row.arousal_auc:.3f}, macro-F1 {row.arousal_f1:.3f}")
    spent = ", ".join(f"{name} {one:.0f} s" for name, one in seconds.items())
    print(f"\nSeed {SEED}; {platform.machine()}, Python {platform.python_version()}; {spent}.")


def rival(data: Path) -> list[Result]:
    """Train and judge with character n-grams, once per set; sets never trained on use the English tweets."""
    results = []
    for name, one, examples in tested(data):
        source = next(other for other in SETS if other.name == ("semeval2017" if one.noncommercial else one.name))
        known = [
            (example.text, truth)
            for example in read_side(data, source, "train")[:LARGEST_TRAINING]
            if (truth := truth_of(example, source.kind == "two")) is not None
        ]
        vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)
        model = LogisticRegression(C=3, class_weight="balanced", max_iter=200, random_state=SEED)
        model.fit(vectoriser.fit_transform([text for text, _ in known]), [truth for _, truth in known])
        shares = model.predict_proba(vectoriser.transform([example.text for example in examples]))
        sides = [int(side) for side in model.classes_]
        verdicts = [_verdict(dict(zip(sides, map(float, row), strict=True)), one.language) for row in shares]
        results.append(result_of(name, one, examples, verdicts))
    return results


def _verdict(shares: dict[int, float], language: str) -> Verdict:
    best = max(shares, key=lambda side: shares[side])
    three = [shares.get(side, 0.0) for side in range(3)]
    return Verdict(language, SIDES[best], three[0], three[1], three[2], arousal=0.0)


if __name__ == "__main__":
    main()
