"""Whether a text fits into a post on X: 280, where a link counts 23, an emoji 2, and most European letters 1.

X's own count knows every top-level domain; ours does not ask. Where they could differ (`shop.fi` without https, a
symbol that may or may not be drawn as an emoji) ours counts the higher number, so a text that fits here fits there.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 280
_LINK_WEIGHT = 23
_EMOJI_WEIGHT = 2

# What is glued to the end of a link and may not belong to it (a full stop, an emoji) is left to count by itself.
_PATH = r"(?:[/?](?:[\w!*';:=+,.$/%#\[\]~@|&?-]*[\w=#/+-])?)?"
_DOMAIN = r"(?:[\w-]+\.)+[a-z]{2,24}(?!\w)(?::\d+)?"
_LINK = re.compile(rf"(?<![\w@#$])https?://{_DOMAIN}{_PATH}", re.IGNORECASE | re.ASCII)
_BARE_LINK = re.compile(rf"(?<![@\w.]){_DOMAIN}{_PATH}", re.IGNORECASE | re.ASCII)

_MODIFIER = "[\ufe0f\U0001f3fb-\U0001f3ff]"
_TAGS = "[\U000e0020-\U000e007f]"
_SYMBOL = "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u27bf\u2934-\u2b55\u3030\u303d\u3297\u3299]"
_PICTURE = f"(?:{_SYMBOL}|[\U0001f000-\U0001faff]){_MODIFIER}*{_TAGS}*"
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}(?:\u200d{_PICTURE})*")


def length(text: str) -> int:
    """The weighted length of `text` as X counts it, or a little more."""
    text, links = _LINK.subn("", unicodedata.normalize("NFC", text))
    bare = [max(_LINK_WEIGHT, len(link)) for link in _BARE_LINK.findall(text)]
    text, emoji = _EMOJI.subn("", _BARE_LINK.sub("", text))
    light = sum(_is_light(ord(char)) for char in text)
    return links * _LINK_WEIGHT + sum(bare) + emoji * _EMOJI_WEIGHT + light + 2 * (len(text) - light)


def fits(text: str) -> bool:
    """True when X takes the text as one post."""
    return length(text) <= LONGEST


def _is_light(code: int) -> bool:
    return code <= 4351 or 8192 <= code <= 8205 or 8208 <= code <= 8223 or 8242 <= code <= 8247
