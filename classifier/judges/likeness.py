"""Where a text lies among others: texts that say the same lie near each other, in whichever of our languages.

The network was trained to tell sides, reasons and risks apart, and its states lie in a narrow cone along those few
directions. Taking their mean off and giving every direction a like size (whitening: Su et al. 2021, "Whitening Sentence
Representations for Better Semantics and Faster Retrieval"), the faint ones less so, brings out what else it knows.
`benchmarks/topics.py` measures what that is worth.
"""

from pathlib import Path

import numpy as np

from classifier.judges.ngrams import Floats

FILE = "likeness.npz"
SIZE = 128
RIDGE = 0.01  # of the largest variance: directions fainter than this are not blown up to the size of the others


class Likeness:
    """Turns the network's state of a text (384 floats) into its embedding: `SIZE` signed bytes, a direction."""

    def __init__(self, middle: Floats, directions: Floats) -> None:
        self._middle, self._directions = middle.astype(np.float32), directions.astype(np.float32)

    @classmethod
    def fit(cls, states: Floats) -> "Likeness":
        """Return the likeness of a network from its states, shape (texts, 384), of texts of every kind."""
        middle = states.mean(0)
        sizes, directions = np.linalg.eigh(np.cov((states - middle).T))
        sizes, directions = sizes[::-1][:SIZE], directions[:, ::-1][:, :SIZE]
        return cls(middle, directions / np.sqrt(sizes + RIDGE * sizes[0]))

    @classmethod
    def load(cls, folder: Path) -> "Likeness":
        """Return the likeness of a folder of weights."""
        with np.load(folder / FILE, allow_pickle=False) as stored:
            return cls(stored["middle"], stored["directions"])

    def save(self, folder: Path) -> None:
        """Write it into a folder of weights, in half precision: the bytes that come out are coarser still."""
        np.savez_compressed(
            folder / FILE, middle=self._middle.astype(np.float16), directions=self._directions.astype(np.float16)
        )

    def embed(self, state: Floats) -> bytes:
        """Return the embedding of a text from its state; only its direction means anything."""
        placed = (state - self._middle) @ self._directions
        largest = float(np.abs(placed).max()) or 1.0
        return np.rint(placed * (127 / largest)).astype(np.int8).tobytes()
