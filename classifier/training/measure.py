"""The figures a judge is measured by, on plain lists of labels: macro-F1, accuracy, macro-recall, area under the curve.

Macro-recall is the measure of SemEval-2017 task 4 (Rosenthal et al. 2017), macro-F1 that of TweetEval.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """How well labels were told on one set."""

    texts: int
    macro_f1: float
    macro_recall: float
    accuracy: float


def figures_of(truth: Sequence[int], said: Sequence[int]) -> Figures:
    """Compare labels said with true labels; classes that never occur in truth do not count."""
    f1, recall = [], []
    for one in sorted(set(truth)):
        hit = sum(t == one and s == one for t, s in zip(truth, said, strict=True))
        of_truth, of_said = sum(t == one for t in truth), sum(s == one for s in said)
        recall.append(hit / of_truth)
        f1.append(2 * hit / (of_truth + of_said))
    right = sum(t == s for t, s in zip(truth, said, strict=True))
    return Figures(len(truth), sum(f1) / len(f1), sum(recall) / len(recall), right / len(truth))


def area_under_curve(truth: Sequence[bool], score: Sequence[float]) -> float:
    """Return the chance that a true one scores above a false one (Mann-Whitney), ties counting half."""
    order = sorted(range(len(score)), key=lambda i: score[i])
    ranks = [0.0] * len(score)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and score[order[end + 1]] == score[order[start]]:
            end += 1
        for place in range(start, end + 1):
            ranks[order[place]] = (start + end) / 2 + 1
        start = end + 1
    positives = sum(truth)
    negatives = len(truth) - positives
    if not positives or not negatives:
        return float("nan")
    above = sum(rank for rank, one in zip(ranks, truth, strict=True) if one)
    return (above - positives * (positives + 1) / 2) / (positives * negatives)
