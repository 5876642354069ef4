"""Trains the letter patterns: `python -m classifier.training.wide --data FOLDER --out RUN/final`.

Linear classifiers a language: of the sides over all its training sides, by averaged stochastic gradient descent
(Bottou 2010, as in scikit-learn); of each reason and flag over the texts labelled by reading, by logistic regression
with evened classes. It takes two minutes; the same seed gives the same file.
"""

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, SGDClassifier

from classifier.judges.calibration import AROUSAL, FLAGS, LOGITS, REASONS
from classifier.judges.language import HOME
from classifier.judges.ngrams import BUCKETS, Ngrams, count_patterns, weigh
from classifier.training.data import (
    Example,
    annotated_sets,
    read_annotated,
    read_own,
    read_side,
    sets_for,
)
from classifier.verdict import ContactReason, RiskFlag

SEEN_AT_LEAST = 3  # texts a pattern must occur in to count
STRENGTH = 3.0  # inverse regularisation, as C of a logistic regression
EPOCHS = 12


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder per data set")
    parser.add_argument("--out", type=Path, required=True, help="folder the file of patterns is written to")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--open-licences-only", action="store_true")
    options = parser.parse_args()
    train(options.data, options.seed, options.open_licences_only).save(options.out)


def train(data: Path, seed: int, open_only: bool) -> Ngrams:
    """Return the trained patterns."""
    weights = np.zeros((BUCKETS, LOGITS), np.float32)
    rarity = np.zeros(BUCKETS, np.uint8)
    bias = np.zeros((len(HOME), LOGITS), np.float32)
    for place, language in enumerate(HOME):
        examples = _examples(data, language, open_only)
        counted = [count_patterns(one.text, language) for one in examples]
        seen = np.zeros(BUCKETS, np.int64)
        for buckets, _ in counted:
            seen[buckets] += 1
        known = seen >= SEEN_AT_LEAST
        mine = np.zeros(BUCKETS, np.uint8)
        mine[known] = np.clip(16 * (1 + np.log(len(examples) / seen[known])), 1, 255).astype(np.uint8)
        matrix = _matrix(counted, mine)
        for columns, model in _models(examples, matrix, seed):
            weights[known, columns] += model.coef_.T[known] if len(model.classes_) > 2 else model.coef_[0][known, None]
            bias[place, columns] = model.intercept_
        rarity = np.maximum(rarity, mine)
        print(f"{language}: texts={len(examples)} patterns={int(known.sum())}", flush=True)
    scale = np.maximum(np.abs(weights).max(0), 1e-8) / 127
    return Ngrams((weights / scale).round().astype(np.int8), scale.astype(np.float32), rarity, bias)


def _models(examples: list[Example], matrix: csr_matrix, seed: int) -> Iterator[tuple[slice, Any]]:
    """Yield the sides' classifier, then one for each reason and flag, with the places of their scores."""
    sided = [row for row, one in enumerate(examples) if one.sentiment is not None]
    sides = SGDClassifier(
        loss="log_loss", alpha=1 / (STRENGTH * len(sided)), max_iter=EPOCHS, tol=None, average=True, random_state=seed
    )
    truth = [max(range(AROUSAL), key=lambda side: (examples[row].sentiment or ())[side]) for row in sided]
    yield slice(0, AROUSAL), sides.fit(matrix[sided], truth, sample_weight=[examples[row].weight for row in sided])
    for names, said, start in ((ContactReason, "reasons", REASONS.start), (RiskFlag, "flags", FLAGS.start)):
        rows = [row for row, one in enumerate(examples) if getattr(one, said) is not None]
        for place, name in enumerate(names, start):
            has = [name in getattr(examples[row], said) for row in rows]
            if any(has):
                model = LogisticRegression(solver="liblinear", C=STRENGTH, class_weight="balanced", random_state=seed)
                yield slice(place, place + 1), model.fit(matrix[rows], has)


def _matrix(counted: list[tuple[NDArray[np.intp], NDArray[np.int64]]], rarity: NDArray[np.uint8]) -> csr_matrix:
    values = [weigh(counts, rarity[buckets]) for buckets, counts in counted]
    ends = np.cumsum([0, *(len(one) for one in values)])
    columns = np.concatenate([buckets for buckets, _ in counted])
    return csr_matrix((np.concatenate(values), columns, ends), shape=(len(counted), BUCKETS))


def _examples(data: Path, language: str, open_only: bool) -> list[Example]:
    examples = read_own(language, "train")
    for one in sets_for(open_only):
        if one.language == language:
            side = read_side(data, one, "train")
            examples += side[: math.ceil(len(side) * min(1.0, 2 * one.rate))]
    for one in annotated_sets(open_only):
        if one.language == language:
            examples += read_annotated(data, one, "train")
    return examples


if __name__ == "__main__":
    main()
