"""Which when-words of a playbook a text holds, in the text's own spelling.

Words are compared folded: lower case, without dots and rings, apostrophes and hyphens, with stretched letters
("missäääää") cut short. A phrase is words in order with at most three others between them. In a phrase `|` parts
choices, and each choice matches the beginning of a word; one of five letters or more also matches inside a compound
("paketti" in "postipaketti"); one of three letters or fewer, or written `=toimi`, matches the whole word only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\w+(?:['’`´-]\w+)*")
_NOISE = re.compile(r"https?://\S+|www\.\S+|@\w+")
_JOINS = re.compile(r"['’`´-]")
_STRETCHED = re.compile(r"(.)\1{2,}")
_READ_AT_MOST = 4000
_GAP = 3


@dataclass(frozen=True)
class Word:
    """A word as written and as compared."""

    written: str
    folded: str


@dataclass(frozen=True)
class Match:
    """A phrase found: the customer's own words from first to last, and how telling the phrase is."""

    words: str
    weight: float


def words_of(text: str) -> tuple[Word, ...]:
    """The words of `text`, without links and handles; a very long text is read from its beginning."""
    spoken = _NOISE.sub(" ", text[:_READ_AT_MOST])
    return tuple(Word(found, fold(found)) for found in _WORD.findall(spoken))


def fold(text: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))
    return _STRETCHED.sub(r"\1", _JOINS.sub("", plain))


def matches(phrases: Sequence[str], words: Sequence[Word]) -> tuple[Match, ...]:
    """The phrases found in `words`, the most telling first; what lies inside a more telling one is not told again."""
    folded = [word.folded for word in words]
    whole = " ".join(folded)
    spans = [(_weight(len(tokens)), span) for tokens in map(_tokens, phrases) if (span := _find(tokens, folded, whole))]
    spans.sort(key=lambda found: (-found[0], found[1]))
    kept: list[tuple[float, tuple[int, int]]] = []
    for weight, (start, end) in spans:
        if not any(first <= start and end <= last for _, (first, last) in kept):
            kept.append((weight, (start, end)))
    return tuple(Match(" ".join(word.written for word in words[start:end]), weight) for weight, (start, end) in kept)


def _weight(tokens: int) -> float:
    # Two words together say far more than one; the fourth adds little.
    return (1.0, 2.0, 2.8, 3.4)[min(tokens, 4) - 1]


@lru_cache(maxsize=8192)
def _tokens(phrase: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile("|".join(_pattern(choice) for choice in token.split("|") if choice)) for token in phrase.split()
    )


def _pattern(choice: str) -> str:
    bare = re.escape(fold(choice.removeprefix("=")))
    if choice.startswith("=") or len(choice) <= 3:
        return rf"(?<!\S){bare}(?!\S)"
    return bare if len(choice) >= 5 else rf"(?<!\S){bare}"


def _find(tokens: Sequence[re.Pattern[str]], words: Sequence[str], whole: str) -> tuple[int, int] | None:
    # Most phrases are nowhere in a text; one look at the whole of it is far cheaper than one at each word.
    if not all(token.search(whole) for token in tokens):
        return None
    for start, word in enumerate(words):
        if not tokens[0].search(word):
            continue
        furthest = min(len(words), start + len(tokens) + _GAP)
        at = start + 1
        for token in tokens[1:]:
            while at < furthest and not token.search(words[at]):
                at += 1
            if at >= furthest:
                break
            at += 1
        else:
            return start, at
    return None
