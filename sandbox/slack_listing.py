"""How Slack lists what there is much of: in pages with a cursor, within a span of time, threads with their counts."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from typing import Any

from sandbox.slack_errors import SlackRefusal
from sandbox.slack_team import BOT_USER_ID

Json = dict[str, Any]


def listed(messages: list[Json], values: Json, usual: int) -> Json:
    """The page of messages that was asked for, as history and replies answer it."""
    page, cursor = page_of(messages, values, most=999 if usual == 100 else 1000, usual=usual)
    if not is_true(values.get("include_all_metadata")):
        page = [{name: part for name, part in one.items() if name != "metadata"} for one in page]
    return {"messages": page, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def page_of(items: list[Json], values: Json, most: int, usual: int) -> tuple[list[Json], str]:
    """A page of `items` and the cursor of the next one, empty at the end."""
    try:
        limit = int(values.get("limit") or usual)
        start = int(base64.b64decode(str(values.get("cursor") or ""), validate=True) or b"0")
    except (ValueError, binascii.Error):
        raise SlackRefusal("invalid_cursor" if values.get("cursor") else "invalid_limit") from None
    if not 1 <= limit <= most:
        raise SlackRefusal("invalid_limit")
    more = len(items) > start + limit
    return items[start : start + limit], base64.b64encode(str(start + limit).encode()).decode() if more else ""


def with_reply_counts(messages: list[Json]) -> list[Json]:
    """The same messages newest first, those that started a thread saying how many answers they got."""
    replies: dict[str, list[Json]] = defaultdict(list)
    for one in messages:
        if "thread_ts" in one:
            replies[one["thread_ts"]].append(one)
    counted: list[Json] = []
    for one in reversed(messages):
        answers = replies.get(one["ts"])
        if answers:
            beside = {"thread_ts": one["ts"], "reply_count": len(answers), "latest_reply": answers[-1]["ts"]}
            counted.append(one | beside | {"reply_users": [BOT_USER_ID]})
        else:
            counted.append(one)
    return counted


def moment_of(values: Json, name: str, missing: float) -> float:
    """An end of the span that was asked for; `missing` where it was not given."""
    try:
        return float(values.get(name) or missing)
    except ValueError:
        raise SlackRefusal(f"invalid_ts_{name}") from None


def is_true(value: object) -> bool:
    """Whether a parameter says yes, in any of the ways that a form or JSON may say it."""
    return value in (True, 1, "1", "true", "True")
