"""Boosted decision trees read from plain numbers: quick for one row at a time, and the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Trees:
    """A sum of small trees. A row goes left where its value is at most the node's threshold.

    Built from {"base": b, "trees": [[[feature, threshold, left, right, value], ...], ...]}; a leaf has feature -1. A
    tree's first node is its root.
    """

    __slots__ = ("_base", "_roots")

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._base = float(body["base"])
        self._roots = [_linked(nodes, 0) for nodes in body["trees"]]

    def value(self, row: Sequence[float]) -> float:
        total = self._base
        for node in self._roots:
            while type(node) is tuple:
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node
        return total


def _linked(nodes: Sequence[Sequence[float]], place: int) -> Any:
    feature, threshold, left, right, value = nodes[place]
    if feature < 0:
        return float(value)
    return int(feature), float(threshold), _linked(nodes, int(left)), _linked(nodes, int(right))
