"""Letter patterns beside the network: linear models over hashed character n-grams, whose scores join its logits.

A network of word pieces stumbles where people bend words: spoken Finnish, compounds, typos. Patterns of two to five
letters do not, and the two err on different texts. This is the wide part of "wide and deep" (Cheng et al. 2016) over
the features of Wang and Manning 2012 ("Baselines and Bigrams"), with the hashing trick (Weinberger et al. 2009).
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.judges.language import HOME

BUCKETS = 1 << 20
LENGTHS = (2, 3, 4, 5)
FILE = "ngrams.npz"
_READ_CHARS = 1200
_PRIME = np.uint32(0x01000193)  # FNV's
_MIX = np.uint32(0x9E3779B1)  # the golden ratio's
_SPACE = ord(" ")

Floats = NDArray[np.float32]


class Ngrams:
    """Scores of sides, arousal, reasons and flags from letter patterns; each language has patterns of its own."""

    def __init__(self, weights: NDArray[np.int8], scale: Floats, rarity: NDArray[np.uint8], bias: Floats) -> None:
        self._weights, self._scale, self._rarity, self._bias = weights, scale, rarity, bias

    @classmethod
    def load(cls, folder: Path) -> "Ngrams":
        """Return the patterns of a folder of weights."""
        with np.load(folder / FILE, allow_pickle=False) as stored:
            return cls(stored["weights"], stored["scale"], stored["rarity"], stored["bias"])

    def save(self, folder: Path) -> None:
        """Write the patterns into a folder of weights, packed: most buckets are empty."""
        np.savez_compressed(
            folder / FILE, weights=self._weights, scale=self._scale, rarity=self._rarity, bias=self._bias
        )

    def scores(self, prepared: str, language: str) -> Floats:
        """Return a score for each logit of the network, shape (20,); zeros for a language without patterns."""
        if language not in HOME:
            return np.zeros(len(self._scale), np.float32)
        buckets, counts = count_patterns(prepared, language)
        values = weigh(counts, self._rarity[buckets])
        known = self._weights[buckets].astype(np.float32) * self._scale
        scores: Floats = values @ known + self._bias[HOME.index(language)]
        return scores


def count_patterns(prepared: str, language: str) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the buckets of a text's patterns and how often each occurs; a pattern never crosses a space."""
    text = f" {' '.join(prepared.lower()[:_READ_CHARS].split())} " if prepared.strip() else ""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    breaks = np.concatenate([[0], np.cumsum(codes == _SPACE)])
    found = []
    for length in LENGTHS:
        starts = np.arange(max(0, len(codes) - length + 1))
        hashed = np.full(len(starts), 2166136261 + 7919 * HOME.index(language) + length, np.uint32)
        for place in range(length):
            hashed = (hashed ^ codes[starts + place]) * _PRIME
        within = breaks[starts + length - 1] == breaks[starts + 1]  # spaces only at the ends
        found.append(hashed[within])
    mixed = np.concatenate(found) * _MIX
    buckets, counts = np.unique(mixed >> np.uint32(32 - 20), return_counts=True)
    return buckets.astype(np.intp), counts


def weigh(counts: NDArray[np.int64], rarity: NDArray[np.uint8]) -> Floats:
    """Return TF-IDF values of unit length: damped counts times rarity, which is stored in sixteenths."""
    values = (1 + np.log(counts)) * (rarity.astype(np.float32) / 16)
    length = float(np.sqrt((values**2).sum()))
    weighed: Floats = (values / length if length else values).astype(np.float32)
    return weighed
