"""The first name to greet a customer with, or None when the display name is not plainly a person's.

A wrong guess ("Hei Retki!") embarrasses; a greeting without a name never does. So a name is used only when the whole
display name looks like a person's and its first word is on the list of common first names.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "first_names.txt"
_FIRM_WORDS = (
    "ab asb as butik company fan fanit group gmbh inc kauppa kirppis ltd media news official oy oyj ry seura shop store"
    " team tmi tukku uutiset verkkokauppa"
)
_NOT_SURNAMES = frozenset(_FIRM_WORDS.split())
_LONGEST = 40


def first_name(display_name: str | None) -> str | None:
    """ "Anna Virtanen" gives "Anna"; handles, nicknames, firms, emojis and SHOUTED names give None."""
    if not display_name or len(display_name) > _LONGEST:
        return None
    words = display_name.split()
    if not 1 <= len(words) <= 3 or not all(_looks_like_a_name(word) for word in words):
        return None
    if any(word.lower() in _NOT_SURNAMES for word in words):
        return None
    return words[0] if words[0] in _known() else None


def _looks_like_a_name(word: str) -> bool:
    bare = word.removesuffix(".")
    parts = bare.split("-")
    return all(part.isalpha() and part[0].isupper() and part[1:] == part[1:].lower() for part in parts)


@cache
def _known() -> frozenset[str]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
