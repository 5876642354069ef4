"""What a form of something taken in by hand means: one key for one post, and how fast its counts grow. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

QUARTER = timedelta(minutes=15)
LONGEST_KEY = 300

_TRACKING = frozenset(
    {"fbclid", "gclid", "igsh", "igshid", "mibextid", "rdid", "ref_src", "ref_url", "share_app_id", "share_id", "si"}
)
_MOBILE = ("www.", "m.", "mobile.", "mbasic.", "web.", "touch.")


@dataclass(frozen=True)
class Counted:
    """What somebody read beside a post at one time; None for what is not shown there."""

    at: datetime
    comments: int | None = None
    reactions: int | None = None
    shares: int | None = None

    @property
    def says_nothing(self) -> bool:
        return self.comments is None and self.reactions is None and self.shares is None


@dataclass(frozen=True)
class Growth:
    """How much a post grew within a quarter of an hour, on the average between its last two counts."""

    comments: float
    reactions: float
    shares: float


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


def growth(counts: Sequence[Counted]) -> Growth | None:
    """Between the last two counts, oldest first; None for a first look, or for two within the same minute.

    A count that fell (comments are taken away) has grown by nothing.
    """
    if len(counts) < 2:
        return None
    before, after = counts[-2], counts[-1]
    quarters = (after.at - before.at) / QUARTER
    if after.at - before.at < timedelta(minutes=1):
        return None
    return Growth(
        _grown(before.comments, after.comments, quarters),
        _grown(before.reactions, after.reactions, quarters),
        _grown(before.shares, after.shares, quarters),
    )


def _grown(before: int | None, after: int | None, quarters: float) -> float:
    return 0.0 if before is None or after is None else max(0, after - before) / quarters


def _tells_who(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith("utm_") or name.startswith("__")
