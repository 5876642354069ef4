"""The same complaint from many: which of the brand's live topics a complaint is one of, from the past alone.

Each complaint joins the topic whose middle lies nearest, when that is near enough, and else begins one (leader
clustering, Hartigan 1975, with a decayed mean in place of the leader). A topic that nobody has spoken of for two days
fades, so that the next such complaint begins a new one.

Deterministic: whoever keeps each `Topic` as `join` returned it can go on from there after a start anew.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NEAR = 0.45
"""Cosine from which a complaint belongs to a topic; measured in `benchmarks/topics.py`."""

FADES_AFTER = timedelta(hours=48)  # twice the day after which 95 % of posts are dead (Pfeffer et al. 2023)
HALF_LIFE = timedelta(hours=24)  # of a complaint's share in its topic's middle
_FADES_AFTER_S, _HALF_LIFE_S = FADES_AFTER.total_seconds(), HALF_LIFE.total_seconds()
MOST = 500  # live topics of a brand; the one unheard for longest makes room


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it stands: its middle (a unit vector of 32-bit floats) and how many complaints that rests on."""

    id: int
    centroid: bytes
    weight: float
    newest_at: datetime


class Topics:
    """One brand's live topics, among the embeddings of one network. Its clock is the newest complaint's time."""

    def __init__(self, known: Iterable[Topic] = (), near: float = NEAR, most: int = MOST) -> None:
        self._near, self._most = near, most
        self._ids: list[int] = []  # rising; the rows of the arrays stand in the same order
        self._newest: list[float] = []
        self._weights: list[float] = []
        self._middles: Floats = np.zeros((0, 0), np.float32)  # with room for more rows
        self._clock = 0.0
        for topic in sorted(known, key=lambda topic: topic.id):
            vector = np.frombuffer(topic.centroid, np.float32)
            self._begin(topic.id, vector, topic.weight, topic.newest_at.timestamp())

    def __len__(self) -> int:
        return len(self._ids)

    def too_late(self, at: datetime) -> bool:
        """True for a time before everything that is live."""
        return at.timestamp() < self._clock - _FADES_AFTER_S

    def nearest(self, embedding: bytes, at: datetime) -> int | None:
        """Return the id of the topic that a complaint belongs to; None where it begins one."""
        self._clock = max(self._clock, at.timestamp())
        while self._newest and (oldest := min(self._newest)) < self._clock - _FADES_AFTER_S:
            self._drop(self._newest.index(oldest))
        if not self._ids:
            return None
        likeness = self._middles[: len(self._ids)] @ _direction(embedding)
        best = int(likeness.argmax())
        return self._ids[best] if likeness[best] >= self._near else None

    def join(self, id: int, embedding: bytes, at: datetime) -> Topic:
        """Count a complaint in a topic, which begins with it when the id is new; returns the topic as it is now.

        The id of a new topic is greater than all before.
        """
        vector, said = _direction(embedding), at.timestamp()
        place = bisect_left(self._ids, id)
        if place == len(self._ids):
            self._begin(id, vector, 1.0, said)
            return Topic(id, vector.tobytes(), 1.0, at)
        self._move(place, vector, said)
        newest = datetime.fromtimestamp(self._newest[place], UTC)
        return Topic(id, self._middles[place].tobytes(), self._weights[place], newest)

    def _begin(self, id: int, vector: Floats, weight: float, said: float) -> None:
        place = len(self._ids)
        if place == len(self._middles):
            room = np.zeros((2 * place + 8, len(vector)), np.float32)
            room[:place] = self._middles[:place].reshape(place, len(vector))
            self._middles = room
        self._middles[place] = vector
        self._ids.append(id)
        self._weights.append(weight)
        self._newest.append(said)
        self._clock = max(self._clock, said)
        if len(self._ids) > self._most:
            self._drop(self._newest.index(min(self._newest)))

    def _move(self, place: int, vector: Floats, said: float) -> None:
        """Draws a topic's middle towards a complaint; what is older, the topic or the complaint, counts less."""
        later = max(self._newest[place], said)
        before, new = self._weights[place] * _left(later - self._newest[place]), _left(later - said)
        self._middles[place] = _unit(np.float32(before) * self._middles[place] + np.float32(new) * vector)
        self._weights[place], self._newest[place] = before + new, later
        self._clock = max(self._clock, later)

    def _drop(self, place: int) -> None:
        last = len(self._ids) - 1
        self._middles[place:last] = self._middles[place + 1 : last + 1]
        for column in (self._ids, self._weights, self._newest):
            del column[place]


def _left(seconds: float) -> float:
    """What a complaint still counts after so long."""
    share: float = 0.5 ** (seconds / _HALF_LIFE_S)
    return share


def _direction(embedding: bytes) -> Floats:
    return _unit(np.frombuffer(embedding, np.int8).astype(np.float32))


def _unit(vector: Floats) -> Floats:
    length = math.sqrt(float(vector @ vector))
    unit: Floats = vector / np.float32(length or 1.0)
    return unit
