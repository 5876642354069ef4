"""What we tell the person who pressed when it did not go as they meant."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from responders.slack.actions import Outcome
from responders.slack.catalogue import Words
from responders.slack.escaping import one_line


def sentence_for(outcome: Outcome, words: Words, zone: ZoneInfo, table: str = "outcome") -> str:
    """One or two plain sentences about an outcome that was not ok; not escaped.

    `table` is the catalogue's for such outcomes; what it has no words for is told in the words for replies.
    """
    if table != "outcome" and not words.has(f"{table}.{outcome.code}"):
        table = "outcome"
    key = f"{table}.{outcome.code}"
    short = f"{key}_short"
    if words.has(short):
        told = {
            "by": one_line(outcome.by) if outcome.by else None,
            "at": words.clock(outcome.at, zone) if outcome.at else None,
            "limit": words.counted("edit.limit", outcome.limit) if outcome.limit is not None else None,
            "field": one_line(outcome.field) if outcome.field else None,
        }
        missing = [name for name, value in told.items() if value is None and f"{{{name}}}" in words.texts[key]]
        return words.plain(short) if missing else words.plain(key, **told)
    if words.has(key) and "{" not in words.texts[key]:
        return words.plain(key)
    return words.plain("outcome.other", code=outcome.code)
