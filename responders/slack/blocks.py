"""Block Kit's pieces as we use them: each within Slack's limits whatever is put into it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from responders.slack.escaping import Mrkdwn, escaped, visible

Block = dict[str, Any]

SECTION_LIMIT = 3000
FIELD_LIMIT = 2000
HEADER_LIMIT = 150
LINE_LIMIT = 590  # five times over, for &amp;, and the mark before it, stay below a section's length
BUTTON_LIMIT = 75

# *bold*, _italic_, ~strike~, `code` and :emoji: within a line, the way Slack's mrkdwn reads them
_FORMATTING = re.compile(r"\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|`|:[\w+'-]+:")


def plain(text: str, limit: int = SECTION_LIMIT) -> Block:
    return {"type": "plain_text", "text": shortened(text, limit), "emoji": True}


def mrkdwn(text: Mrkdwn) -> Block:
    """`verbatim` stops Slack from making links and mentions of its own out of the words."""
    return {"type": "mrkdwn", "text": str(text), "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def section(text: Mrkdwn) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def fields(texts: Sequence[Mrkdwn]) -> Block:
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(text: Mrkdwn) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Block:
    return {"type": "divider"}


def quotes(text: str) -> list[Block]:
    """Somebody's words exactly as they wrote them, set apart as a quote, in as many sections as they need.

    Words in which Slack would see formatting or emoji codes go into plain text, with a bar drawn before each line:
    mrkdwn has no way to show them unaltered. Where a < is among them they are escaped mrkdwn all the same, because
    losing an asterisk is better than finding out what Slack makes of a raw one.
    """
    lines = visible(text).split("\n")
    if _FORMATTING.search(text) and "<" not in text:
        return [_literal(piece) for piece in _pieces([f"▏ {part}" for line in lines for part in _parts(line)])]
    return [
        section(Mrkdwn(piece)) for piece in _pieces([f"> {escaped(part)}" for line in lines for part in _parts(line)])
    ]


def actions(buttons: Sequence[Block]) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(
    label: str, action_id: str, value: dict[str, int], style: str | None = None, confirm: Block | None = None
) -> Block:
    made: Block = {
        "type": "button",
        "text": plain(label, BUTTON_LIMIT),
        "action_id": action_id,
        "value": json.dumps(value, separators=(",", ":")),
    }
    if style:
        made["style"] = style
    if confirm:
        made["confirm"] = confirm
    return made


def link_button(label: str, action_id: str, url: str) -> Block:
    return {"type": "button", "text": plain(label, BUTTON_LIMIT), "action_id": action_id, "url": url}


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def shortened(text: str, limit: int) -> str:
    """The text, cut with … when it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _literal(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _parts(line: str) -> list[str]:
    """The line in parts that fit a section even when every character has to be escaped."""
    return [line[start : start + LINE_LIMIT] for start in range(0, len(line), LINE_LIMIT)] or [""]


def _pieces(lines: Sequence[str]) -> list[str]:
    """The lines joined into texts of at most a section's length."""
    pieces: list[str] = []
    for line in lines:
        if pieces and len(pieces[-1]) + 1 + len(line) <= SECTION_LIMIT:
            pieces[-1] += "\n" + line
        else:
            pieces.append(line)
    return pieces
