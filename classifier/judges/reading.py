"""The text a model reads: the same clean-up in training and in judging.

Handles become `@user` and links `http`, as in TweetEval (Barbieri et al. 2020, "TweetEval: Unified Benchmark
and Comparative Evaluation for Tweet Classification", section 3), so that no verdict hangs on who was named.
"""

import hashlib
import re
import unicodedata

READ_CHARS = 2400  # about five times what the tokens read hold; the middle of anything longer is dropped unread

_LINK = re.compile(r"(?:https?://|www\.)\S+|<URL>", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@.])@[\w][\w.\-]*(?:@[\w.\-]+\w)?|<ID>|@USER\b")
_HASHTAG_MASK = re.compile(r"<HAS(?:C)?HTAG>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_LONG_RUN = re.compile(r"(.)\1{5,}", re.DOTALL)
_QUOTED = re.compile(  # and the line above it that says who wrote
    r"(?im)(?:^[^\n>]{0,120}\b(?:kirjoitti|skrev|wrote)\b[^\n]{0,60}:[ \t\r]*\n\s{0,4}(?=>))?"
    r"^[ \t]*>(?:[ \t>]|(?=[^\W\d_]|$))(?![ \t]*[:;_.<])[^\n]*(?:\n|\Z)"
)
_DEVICE = r"(?:iphone|ipad|android|samsung|galaxy|huawei|nokia|oneplus|xiaomi|outlook|gmail|yahoo)"
_MAILED = re.compile(  # "Sent from my iPhone": the last line, added by a telephone or a mail program
    r"\n[ \t]*(?:"
    rf"sent from (?:my )?{_DEVICE}[^\n]{{0,40}}|skick(?:at|ades) från (?:min |mitt )?(?:{_DEVICE}|mobil)[^\n]{{0,40}}|"
    rf"lähetetty (?:[\w-]{{1,20}} ){{0,3}}-?(?:{_DEVICE}|\w{{0,8}}puhelime|laittee)[\w:-]{{0,20}}st[aä]|"
    r"(?:get|hanki|skaffa|hämta) outlook (?:for|för) (?:ios|android)"
    r")[.!]?\s*\Z",
    re.IGNORECASE,
)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'", "#x27": "'", "nbsp": " "}
_ENTITY = re.compile(rf"&(?:amp;)*({'|'.join(_ENTITIES)});", re.IGNORECASE)
_STYLED = re.compile("[\U0001d400-\U0001d7ff\uff01-\uff5e]+")  # mathematical and full-width letters
_KEPT_FORMAT = {"\u200d", "\ufe0f"}  # joiner and variation selector: they are part of emoji


def prepare(text: str) -> tuple[str, bool]:
    """Return the text as the model reads it, and whether a middle part was dropped for length.

    What the writer did not write goes: quoted lines, the line a telephone adds. Lone surrogates, control and zero-width
    characters go; runs of one character are cut to five, which keeps "hyväääää" apart from "hyvä" without letting a
    wall of marks push the words out.
    """
    bounded, dropped = _bounded(text)
    cleaned, cut = _cleaned(_own_words(_as_letters(bounded)))
    return cleaned, dropped or cut


def _own_words(text: str) -> str:
    """Return the text without quoted lines and a mail program's last line; all of it when nothing else is there."""
    if "\n" not in text:
        return text
    rest = _MAILED.sub("", _QUOTED.sub("", text))
    return rest if any(char.isalnum() for char in rest) else text


def _as_letters(text: str) -> str:
    """What platforms and programs write in another way: marks as entities, ä in two pieces, letters as symbols."""
    if "&" in text:
        text = _ENTITY.sub(lambda entity: _ENTITIES[entity.group(1).lower()], text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text if text.isascii() else _STYLED.sub(lambda run: unicodedata.normalize("NFKC", run.group()), text)


def _bounded(text: str) -> tuple[str, bool]:
    if len(text) <= 4 * READ_CHARS:
        return text, False
    return text[: 2 * READ_CHARS] + " … " + text[-2 * READ_CHARS :], True


def _cleaned(text: str) -> tuple[str, bool]:
    if not text.isprintable():
        text = "".join(_readable(char) for char in text)
    text = _HASHTAG_MASK.sub("#", _LINK.sub("http", _HANDLE.sub("@user", text)))
    text = _LONG_RUN.sub(lambda run: run.group(1) * 5, _SPACE.sub(" ", text)).strip()
    if len(text) <= READ_CHARS:
        return text, False
    return text[: READ_CHARS // 2] + " … " + text[-READ_CHARS // 2 :], True


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
    """Return one key for all copies of a text, whatever its case, spacing, handles and links.

    Files of labels name texts by it, so it stays as it is when `prepare` learns something new.
    """
    return hashlib.sha256(_cleaned(_bounded(text)[0])[0].casefold().encode("utf-8")).hexdigest()


def _readable(char: str) -> str:
    if char.isprintable():
        return char
    if char.isspace():
        return " "
    return char if char in _KEPT_FORMAT else ""
