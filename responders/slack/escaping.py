"""Makes other people's words safe to show in Slack: no pings, no forged links, no hidden characters."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, urlsplit

NEUTRALISED = "\N{REPLACEMENT CHARACTER}"  # one for one, so that lengths and positions stay what they were

_JOINER = "\N{ZERO WIDTH JOINER}"
_NON_JOINER = "\N{ZERO WIDTH NON-JOINER}"
_BLACK_FLAG = "\N{WAVING BLACK FLAG}"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NEW_LINES = ("\r\n", "\r", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}", "\x85", "\v", "\f")


class Mrkdwn(str):
    """Text that is already safe to place in a mrkdwn field: escaped, or written by us."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text with every character that hides, reorders or breaks text replaced by a visible mark.

    Joined emoji, flags and scripts that need joiners keep theirs: dropping those would alter what the person wrote.
    """
    for new_line in _NEW_LINES:
        text = text.replace(new_line, "\n")
    hiding = {char for char in set(text) if _hides(char)}
    if not hiding:
        return text
    return "".join(NEUTRALISED if char in hiding and not _belongs(text, at) else char for at, char in enumerate(text))


def one_line(text: str) -> str:
    """The visible text on a single line: a name must not be able to draw lines of its own."""
    return " ".join(visible(text).split())


def escaped(text: str, limit: int | None = None) -> Mrkdwn:
    """The visible text with Slack's control characters escaped, cut with … to fit `limit` characters when escaped."""
    pieces: list[str] = []
    used = 0
    for char in visible(text):
        piece = _ENTITIES.get(char, char)
        if limit is not None and used + len(piece) > limit - 1:
            return Mrkdwn("".join(pieces) + "…")
        pieces.append(piece)
        used += len(piece)
    return Mrkdwn("".join(pieces))


def safe_url(url: str | None) -> str | None:
    """The address when it is a plain web address that cannot break out of a link, else None."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or len(url) > 2000:
        return None
    cleaned = quote(url.encode("utf-8", "replace"), safe=":/?#[]@!$&'()*+,;=%-._~")
    return cleaned if len(cleaned) <= 2000 else None


def link(url: str, label: Mrkdwn) -> Mrkdwn:
    """A mrkdwn link; `url` has been through `safe_url`."""
    return Mrkdwn(f"<{url.replace('&', '&amp;')}|{label}>")


def _hides(char: str) -> bool:
    if char in "\n\t":
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Co") or char == "\N{HANGUL FILLER}"


def _belongs(text: str, at: int) -> bool:
    """True for a joiner between two letters or emoji, and for the tags that spell out a flag."""
    char = text[at]
    if char in (_JOINER, _NON_JOINER):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if not before or not after:
            return False
        if char == _JOINER and unicodedata.category(before) in ("So", "Sk", "Mn") and ord(after) > 0x2000:
            return True
        return ord(before) > 0x5FF and unicodedata.category(before)[0] in "LM" and ord(after) > 0x5FF
    if 0xE0020 <= ord(char) <= 0xE007F:
        start = at
        while start > 0 and at - start < 8 and 0xE0020 <= ord(text[start - 1]) <= 0xE007F:
            start -= 1
        return text[start - 1 : start] == _BLACK_FLAG
    return False
