"""What X does to a text: its weighted length, whom it names, its shortened links, and the few characters it escapes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from html import escape

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})")
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_PICTURE = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_DRESSED = f"{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*[\U000e0020-\U000e007f]*"
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_DRESSED}(?:\u200d{_DRESSED})+|{_DRESSED}")


def weight(text: str) -> int:
    """Length as X counts it: 23 a link, 2 an emoji however it is composed, 2 a character outside the light ranges."""
    text, links = _LINK.subn("", unicodedata.normalize("NFC", text))
    emoji = [match for match in _EMOJI.findall(text) if ord(match[-1]) > 4351]
    for one in emoji:
        text = text.replace(one, "", 1)
    light = sum(any(low <= ord(char) <= high for low, high in _LIGHT) for char in text)
    return 23 * links + 2 * len(emoji) + light + 2 * (len(text) - light)


def handles(text: str) -> list[str]:
    """The handles a text names, in lower case."""
    return [handle.lower() for handle in _HANDLE.findall(text)]


def shortened(text: str) -> tuple[str, list[dict[str, str]]]:
    """The text with its links replaced by t.co ones, and those links as entities."""
    links: list[dict[str, str]] = []

    def short(match: re.Match[str]) -> str:
        url = "https://t.co/" + hashlib.sha256(match[0].encode()).hexdigest()[:10]
        links.append({"url": url, "expanded_url": match[0], "display_url": match[0].split("://", 1)[1]})
        return url

    return _LINK.sub(short, text), links


def escaped(text: str) -> str:
    """As X sends text in JSON: only the three characters that matter in HTML are escaped."""
    return escape(text, quote=False)
