"""The words that mark a complaint: what its texts say and the brand's other texts do not."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

MOST_WORDS = 3
_STEM = 5  # letters by which the forms of one word are taken together: paketti, paketin, pakettia
_WEIGHT = 50.0  # how many texts the usual ones are worth as a prior
_LEAST_Z = 1.0
_NO_WORD = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w.-]+\w|(?<!\w)@\w+|\S*\d\S*")
_WORD = re.compile(r"[^\W\d_]{3,}")


def characteristic_words(texts: Sequence[str], usual_texts: Sequence[str]) -> tuple[str, ...]:
    """Up to three words that mark `texts` against `usual_texts`, the clearest first, in their commonest form.

    A word must stand in at least two of the texts, so that nothing one person alone wrote names a topic; handles,
    addresses, numbers and words that only bind sentences never do. The measure is the z-score of the log-odds ratio
    with an informative prior (Monroe, Colaresi and Quinn 2008, "Fightin' Words"), each text counted once.
    """
    said, forms = _counted(texts)
    usual, _ = _counted(usual_texts)
    prior_of_one = _WEIGHT / max(1, len(usual_texts))
    scored = []
    for stem, count in said.items():
        if count < 2:
            continue
        prior = 0.5 + prior_of_one * usual[stem]
        z = _z(count, len(texts), usual[stem], len(usual_texts), prior)
        if z >= _LEAST_Z:
            scored.append((-z, forms[stem].most_common(1)[0][0]))
    return tuple(form for _, form in sorted(scored)[:MOST_WORDS])


def _z(here: int, texts: int, there: int, usual_texts: int, prior: float) -> float:
    """How surely a word is more at home here than there."""
    rest = _WEIGHT + 1.0
    odds_here = math.log((here + prior) / (texts - here + rest))
    odds_there = math.log((there + prior) / (usual_texts - there + rest))
    return (odds_here - odds_there) / math.sqrt(1 / (here + prior) + 1 / (there + prior))


def _counted(texts: Iterable[str]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """In how many texts each stem stands, and how often in which form."""
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        words = {word for word in _WORD.findall(_NO_WORD.sub(" ", text.lower())) if word not in _binding_words()}
        counts.update({word[:_STEM] for word in words})
        for word in sorted(words):
            forms[word[:_STEM]][word] += 1
    return counts, forms


@cache
def _binding_words() -> frozenset[str]:
    lines = Path(__file__).with_name("binding_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
