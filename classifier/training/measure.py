"""The figures a judge is measured by, on plain lists of labels.

Expected calibration error is that of Guo et al. 2017 over bins of equal width; macro-recall is the measure of
SemEval-2017 task 4 (Rosenthal et al. 2017), macro-F1 that of TweetEval.
"""

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True)
class Counts:
    """Hits, false alarms and misses of yes-or-no answers."""

    hits: int
    alarms: int
    misses: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; not a number where there was nothing to find or to say."""
        whole = 2 * self.hits + self.alarms + self.misses
        return 2 * self.hits / whole if whole else float("nan")

    @property
    def recall(self) -> float:
        """The share found of what there was; not a number where there was nothing."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else float("nan")


def count(truth: Sequence[bool], said: Sequence[bool]) -> Counts:
    """Return the counts of one kind of answer."""
    pairs = list(zip(truth, said, strict=True))
    return Counts(
        sum(t and s for t, s in pairs), sum(s and not t for t, s in pairs), sum(t and not s for t, s in pairs)
    )


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum, whose F1 is the micro-F1."""
    every = list(counts)
    return Counts(sum(c.hits for c in every), sum(c.alarms for c in every), sum(c.misses for c in every))


def calibration_error(said: Sequence[tuple[float, bool]], bins: int = 15) -> float:
    """Return the mean distance between probability and share of right labels, weighted by the texts in each bin."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in said:
        found.setdefault(min(bins - 1, int(probability * bins)), []).append((probability, right))
    return sum(abs(sum(p - r for p, r in one)) for one in found.values()) / len(said)
