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
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from classifier.judges import JUDGES, load_judge
from classifier.judges.calibration import SIDES
from classifier.judges.language import HOME
from classifier.training.data import SETS, annotated_sets, read_annotated, read_own, read_side
from classifier.training.evaluate import (
    Read,
    Result,
    evaluate,
    evaluate_read,
    markdown,
    read_markdown,
    read_of,
    read_texts,
    result_of,
    tested,
    truth_of,
)
from classifier.training.measure import calibration_error
from classifier.verdict import ContactReason, RiskFlag, Verdict

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
    read: dict[str, list[Read]] = {}
    seconds: dict[str, float] = {}
    for name in options.judge or ["onnx", "lexicon", "tfidf"]:
        started = time.monotonic()
        if name == "tfidf":
            results[name], read[name] = rival(options.data), rival_read(options.data)
        else:
            folder = {"folder": options.folder} if options.folder and name != "lexicon" else {}
            judge = load_judge(name, **folder)
            results[name], read[name] = evaluate(judge, options.data), evaluate_read(judge, options.data)
        seconds[name] = time.monotonic() - started
    if options.json:
        found = {name: [asdict(one) for one in [*results[name], *read[name]]] for name in results}
        json.dump(found, sys.stdout, indent=1)
        return
    print(markdown(results))
    print(read_markdown(read))
    for name, rows in results.items():
        errors = [(one, [pair for row in rows if row.language == one for pair in row.said]) for one in HOME]
        print(
            f"- calibration error, {name}: " + ", ".join(f"{one} {calibration_error(said):.3f}" for one, said in errors)
        )
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


def rival_read(data: Path) -> list[Read]:
    """The same rival for what was labelled by reading: one yes-or-no classifier per reason, flag and for arousal."""
    rows = []
    for language in HOME:
        known = read_own(language, "train")
        known += [e for one in annotated_sets() if one.language == language for e in read_annotated(data, one, "train")]
        vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
        matrix = vectoriser.fit_transform([one.text for one in known])
        wanted: dict[str, list[bool]] = {
            str(name): [name in (one.reasons or ()) for one in known] for name in ContactReason
        }
        wanted |= {str(name): [name in (one.flags or ()) for one in known] for name in RiskFlag}
        wanted["arousal"] = [bool(one.arousal) for one in known]
        examples = [one for _, which, found in read_texts(data) if which == language for one in found]
        texts = vectoriser.transform([one.text for one in examples])
        said = {name: _chances(matrix, truth, texts) for name, truth in wanted.items()}
        sides = LogisticRegression(C=3, class_weight="balanced", max_iter=200, random_state=SEED)
        sides.fit(matrix, [truth_of(one, False) or 0 for one in known])
        verdicts = [
            replace(
                _verdict({side: float(one) for side, one in enumerate(row)}, language),
                arousal=said["arousal"][place],
                reasons={str(name): said[name][place] for name in ContactReason},
                flags={str(name): said[name][place] for name in RiskFlag},
            )
            for place, row in enumerate(sides.predict_proba(texts))
        ]
        rows.append(read_of(f"all ({language})", language, examples, verdicts))
    return rows


def _chances(matrix: Any, truth: list[bool], texts: Any) -> list[float]:
    if len(set(truth)) < 2:
        return [0.0] * texts.shape[0]
    model = LogisticRegression(C=3, class_weight="balanced", max_iter=200, random_state=SEED).fit(matrix, truth)
    return [float(row[1]) for row in model.predict_proba(texts)]


def _verdict(shares: dict[int, float], language: str) -> Verdict:
    best = max(shares, key=lambda side: shares[side])
    three = [shares.get(side, 0.0) for side in range(3)]
    return Verdict(language, SIDES[best], three[0], three[1], three[2], arousal=0.0)


if __name__ == "__main__":
    main()
