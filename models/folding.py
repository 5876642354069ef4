"""Names as people type them: without capitals, accents and extra spaces, so that mäkinen finds Makinen and Mäkinen."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({"ø": "o", "æ": "a", "ð": "d", "þ": "t", "ł": "l", "đ": "d", "œ": "o"})


def folded(text: str) -> str:
    """Equal for names that differ in capitals, accents (å ä ö é), width, invisible characters or spacing alone."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    return " ".join(seen.translate(_LETTERS).split())
