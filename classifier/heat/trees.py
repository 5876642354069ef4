"""Boosted decision trees read from plain numbers, all trees of a row walked down at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


class Trees:
    """The mean of some sums of small trees. A row goes left where its value is at most the node's threshold.

    Each body is {"base": b, "trees": [[[feature, threshold, left, right, value], ...], ...]}; a leaf has feature -1. A
    tree's first node is its root.
    """

    __slots__ = ("_base", "_depth", "_features", "_left", "_right", "_roots", "_thresholds", "_values")

    def __init__(self, *bodies: Mapping[str, Any]) -> None:
        self._base = sum(float(body["base"]) for body in bodies) / len(bodies)
        features: list[int] = []
        thresholds: list[float] = []
        lefts: list[int] = []
        rights: list[int] = []
        values: list[float] = []
        roots: list[int] = []
        self._depth = 0
        for tree in (tree for body in bodies for tree in body["trees"]):
            first = len(features)
            roots.append(first)
            self._depth = max(self._depth, _depth(tree, 0))
            for place, (feature, threshold, left, right, value) in enumerate(tree):
                leaf = feature < 0  # a leaf leads to itself
                features.append(0 if leaf else int(feature))
                thresholds.append(float(threshold))
                lefts.append(first + (place if leaf else int(left)))
                rights.append(first + (place if leaf else int(right)))
                values.append(float(value) / len(bodies))
        self._features = np.array(features, np.intp)
        self._thresholds = np.array(thresholds)
        self._left, self._right = np.array(lefts, np.intp), np.array(rights, np.intp)
        self._values = np.array(values)
        self._roots = np.array(roots, np.intp)

    def value(self, row: Sequence[float]) -> float:
        signals, nodes = np.array(row, float), self._roots
        # Where every node leads is told at once: one comparison over all nodes costs less than one for each depth.
        leads_to = np.where(signals.take(self._features) <= self._thresholds, self._left, self._right)
        for _ in range(self._depth):
            nodes = leads_to.take(nodes)
        return self._base + float(self._values.take(nodes).sum())


def _depth(tree: Sequence[Sequence[float]], place: int) -> int:
    feature, _, left, right, _ = tree[place]
    return 0 if feature < 0 else 1 + max(_depth(tree, int(left)), _depth(tree, int(right)))
