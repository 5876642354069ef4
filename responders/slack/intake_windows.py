"""Draws the windows of taking in by hand and of new counts, and reads what was written in them. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from models.states import Found
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import escaped
from responders.slack.intake_views import Intake, Numbers

INTAKE, COUNT = "intake", "intake_count"
FOUND_ON, LINK, TEXT, WHO, SEEN_BY = "found_on", "link", "text", "who", "seen_by"
COMMENTS = "comments"
COUNTS = (COMMENTS, "reactions", "shares")
PUBLIC, PRIVATE = "public", "private"
LONGEST_TEXT = 3000
MOST_COUNTED = "1000000000"

_LINKED = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
_TAGGED = re.compile(r"<[@#!][^|>]*\|([^>]*)>|<([@#!][^>]*)>")


def intake_window(words: Words, message: Mapping[str, Any] | None = None, where: str = "") -> dict[str, Any]:
    """An empty form, or one filled in from a Slack message of the channel `where`."""
    said = str((message or {}).get("text") or "")
    found = _LINKED.search(said)
    link = html.unescape(found[1]) if found else ""
    carried = {"message": f"slack:{where}:{message['ts']}", "channel": where, "ts": message["ts"]} if message else {}
    options = [(one.value, words.plain(f"intake.found.{one}")) for one in Found]
    seen = _options((one, words.plain(f"intake.{one}")) for one in (PUBLIC, PRIVATE))
    blocks = [
        _input(words, FOUND_ON, {"type": "static_select", "options": _options(options)}),
        _input(words, LINK, {"type": "url_text_input", **_initial(link)}, hint="link_hint", optional=True),
        _input(
            words, TEXT, {
                "type": "plain_text_input", "multiline": True, "max_length": LONGEST_TEXT,
                **_initial(plain_words(said)[:LONGEST_TEXT]),
            }, hint="text_hint",
        ),
        _input(words, WHO, {"type": "plain_text_input", "max_length": 100}, hint="who_hint", optional=True),
        _input(words, SEEN_BY, {"type": "radio_buttons", "options": seen, "initial_option": seen[0]}),
        *_numbers(words),
    ]  # fmt: skip
    return _window(words, INTAKE, "intake.title", "intake.submit", blocks, carried)


def count_window(words: Words, case_id: int) -> dict[str, Any]:
    """The three counts as the post shows them now."""
    intro = kit.section(words.mrkdwn("intake.count_intro"))
    return _window(
        words, COUNT, "intake.count_title", "intake.count_submit", [intro, *_numbers(words)], {"case": case_id}
    )


def done_window(words: Words, sentence: str) -> dict[str, Any]:
    """What became of it."""
    return {
        "type": "modal",
        "callback_id": "intake_done",
        "title": kit.plain(words.plain("intake.done_title"), 24),
        "close": kit.plain(words.plain("intake.done_close"), 24),
        "blocks": [kit.section(escaped(sentence, kit.SECTION_LIMIT))],
    }


def intake_of(view: Mapping[str, Any]) -> Intake:
    """What was written in the form."""
    carried = json.loads(view.get("private_metadata") or "{}")
    values = view["state"]["values"]
    return Intake(
        form=str(view["id"]),
        found_on=Found(values[FOUND_ON][FOUND_ON]["selected_option"]["value"]),
        text=str(values[TEXT][TEXT].get("value") or ""),
        link=str(values[LINK][LINK].get("value") or ""),
        who=str(values[WHO][WHO].get("value") or ""),
        private=values[SEEN_BY][SEEN_BY]["selected_option"]["value"] == PRIVATE,
        numbers=numbers_of(view),
        message=carried.get("message"),
    )


def numbers_of(view: Mapping[str, Any]) -> Numbers:
    """The counts that were written; None for what was left empty."""
    values = view["state"]["values"]
    written = {name: values.get(name, {}).get(name, {}).get("value") for name in COUNTS}
    return Numbers(**{name: int(value) for name, value in written.items() if str(value or "").isdecimal()})


def carried_by(view: Mapping[str, Any]) -> dict[str, Any]:
    """What the window was opened with: the case, or the message with its channel and ts."""
    carried = json.loads(view.get("private_metadata") or "{}")
    return dict(carried) if isinstance(carried, dict) else {}


def plain_words(text: str) -> str:
    """A Slack message's text as a person reads it: addresses for links, names for tags, no entities."""
    text = _LINKED.sub(lambda found: found[1], text)
    text = _TAGGED.sub(lambda found: found[1] or found[2] or "", text)
    return html.unescape(text).encode("utf-8", "replace").decode()


def _numbers(words: Words) -> Iterable[Block]:
    for name in COUNTS:
        element = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": MOST_COUNTED}
        yield _input(words, name, element, optional=True)


def _input(words: Words, name: str, element: Block, hint: str = "", optional: bool = False) -> Block:
    drawn: Block = {
        "type": "input",
        "block_id": name,
        "label": kit.plain(words.plain(f"intake.{name}")),
        "element": element | {"action_id": name},
    }
    if hint:
        drawn["hint"] = kit.plain(words.plain(f"intake.{hint}"))
    return drawn | ({"optional": True} if optional else {})


def _options(named: Iterable[tuple[str, str]]) -> list[Block]:
    return [{"text": kit.plain(label, 75), "value": value} for value, label in named]


def _initial(value: str) -> Block:
    return {"initial_value": value} if value else {}


def _window(
    words: Words, callback_id: str, title: str, submit: str, blocks: list[Block], carried: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": kit.plain(words.plain(title), 24),
        "submit": kit.plain(words.plain(submit), 24),
        "close": kit.plain(words.plain("intake.close"), 24),
        "private_metadata": json.dumps(carried, separators=(",", ":")),
        "blocks": blocks,
    }
