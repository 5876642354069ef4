"""The text a model reads: the same clean-up in training and in judging.

Handles become `@user` and links `http`, as in TweetEval (Barbieri et al. 2020, "TweetEval: Unified Benchmark
and Comparative Evaluation for Tweet Classification", section 3), so that no verdict hangs on who was named.
"""

import hashlib
import re
import unicodedata

READ_CHARS = 2400  # about eight times what 96 tokens hold; the middle of anything longer is dropped unread

_LINK = re.compile(r"(?:https?://|www\.)\S+|<URL>", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@.])@[\w][\w.\-]*(?:@[\w.\-]+\w)?|<ID>|@USER\b")
_HASHTAG_MASK = re.compile(r"<HAS(?:C)?HTAG>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_LONG_RUN = re.compile(r"(.)\1{5,}", re.DOTALL)
_KEPT_FORMAT = {"\u200d", "\ufe0f"}  # joiner and variation selector: they are part of emoji


def prepare(text: str) -> tuple[str, bool]:
    """Return the text as the model reads it, and whether a middle part was dropped for length.

    Lone surrogates, control and zero-width characters go; runs of one character are cut to five, which
    keeps "hyväääää" apart from "hyvä" without letting a wall of marks push the words out.
    """
    cut = len(text) > 4 * READ_CHARS
    if cut:
        text = text[: 2 * READ_CHARS] + " … " + text[-2 * READ_CHARS :]
    if not text.isprintable():
        text = "".join(_readable(char) for char in text)
    text = _HASHTAG_MASK.sub("#", _LINK.sub("http", _HANDLE.sub("@user", text)))
    text = _LONG_RUN.sub(lambda run: run.group(1) * 5, _SPACE.sub(" ", text)).strip()
    if len(text) > READ_CHARS:
        cut = True
        text = text[: READ_CHARS // 2] + " … " + text[-READ_CHARS // 2 :]
    return text, cut


def has_something_to_read(prepared: str) -> bool:
    """True when letters, digits or symbols such as emoji are left beside handles and links."""
    rest = prepared.replace("@user", " ").replace("http", " ")
    return any(char.isalnum() or unicodedata.category(char) in {"So", "Sk"} for char in rest) or has_emoticon(rest)


def has_letters(prepared: str) -> bool:
    """True when at least two letters are left beside handles and links."""
    return sum(char.isalpha() for char in prepared.replace("@user", " ").replace("http", " ")) >= 2


def has_emoticon(prepared: str) -> bool:
    """True for a text that holds one of the common typed faces."""
    return re.search(r"[:;=8xX]['\-]?[)(DPpOo/\\|\]\[*3<>]|<3|\^\^", prepared) is not None


def same_text_key(text: str) -> str:
    """Return one key for all copies of a text, whatever its case, spacing, handles and links."""
    return hashlib.sha256(prepare(text)[0].casefold().encode("utf-8")).hexdigest()


def _readable(char: str) -> str:
    if char.isprintable():
        return char
    if char.isspace():
        return " "
    return char if char in _KEPT_FORMAT else ""
