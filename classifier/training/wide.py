"""Trains the letter patterns: `python -m classifier.training.wide --data FOLDER --out RUN/final`.

One linear classifier a language over all its training sides, by averaged stochastic gradient descent (Bottou 2010,
as in scikit-learn), in a minute; the same seed gives the same file.
"""

import argparse
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

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
    weights = np.zeros((BUCKETS, 3), np.float32)
    rarity = np.zeros(BUCKETS, np.uint8)
    bias = np.zeros((len(HOME), 3), np.float32)
    for place, language in enumerate(HOME):
        examples = [one for one in _examples(data, language, open_only) if one.sentiment is not None]
        counted = [count_patterns(one.text, language) for one in examples]
        seen = np.zeros(BUCKETS, np.int64)
        for buckets, _ in counted:
            seen[buckets] += 1
        known = seen >= SEEN_AT_LEAST
        mine = np.zeros(BUCKETS, np.uint8)
        mine[known] = np.clip(16 * (1 + np.log(len(examples) / seen[known])), 1, 255).astype(np.uint8)
        model = fit(examples, counted, mine, seed)
        weights[known] += model.coef_.T[known]
        rarity = np.maximum(rarity, mine)
        bias[place] = model.intercept_
        print(f"{language}: texts={len(examples)} patterns={int(known.sum())}", flush=True)
    scale = np.maximum(np.abs(weights).max(0), 1e-8) / 127
    return Ngrams((weights / scale).round().astype(np.int8), scale.astype(np.float32), rarity, bias)


def fit(
    examples: list[Example],
    counted: list[tuple[NDArray[np.intp], NDArray[np.int64]]],
    rarity: NDArray[np.uint8],
    seed: int,
) -> SGDClassifier:
    """Return one classifier per side against the rest."""
    values = [weigh(counts, rarity[buckets]) for buckets, counts in counted]
    ends = np.cumsum([0, *(len(one) for one in values)])
    columns = np.concatenate([buckets for buckets, _ in counted])
    matrix = csr_matrix((np.concatenate(values), columns, ends), shape=(len(examples), BUCKETS))
    truth = [one.sentiment.index(max(one.sentiment)) for one in examples if one.sentiment]
    model = SGDClassifier(
        loss="log_loss",
        alpha=1 / (STRENGTH * len(examples)),
        max_iter=EPOCHS,
        tol=None,
        average=True,
        random_state=seed,
    )
    model.fit(matrix, truth, sample_weight=[one.weight for one in examples])
    return model


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
