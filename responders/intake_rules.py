"""Which link of something taken in by hand is which post: one key for all its addresses. Pure."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

LONGEST_KEY = 300

_TRACKING = frozenset(
    {"fbclid", "gclid", "igsh", "igshid", "mibextid", "rdid", "ref_src", "ref_url", "share_app_id", "share_id", "si"}
)
_MOBILE = ("www.", "m.", "mobile.", "mbasic.", "web.", "touch.")


def link_key(link: str) -> str | None:
    """Equal for addresses of the same post: mobile or not, with or without what only tells who shared it.

    None for what is no web address.
    """
    try:
        parts = urlsplit(link.strip())
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or "." not in host or any(char.isspace() for char in link.strip()):
        return None
    for prefix in _MOBILE:
        if host.startswith(prefix) and host.count(".") > 1:
            host = host.removeprefix(prefix)
            break
    pairs = [(name, value) for name, value in parse_qsl(parts.query) if not _tells_who(name)]
    query = f"?{urlencode(sorted(pairs))}" if pairs else ""
    key = f"{host}{parts.path.rstrip('/')}{query}"
    return key if len(key) <= LONGEST_KEY else f"{host}#{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"


def _tells_who(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith("utm_") or name.startswith("__")
