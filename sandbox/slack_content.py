"""A message's words, blocks and metadata as a caller sent them, checked against Slack's rules and ready to keep."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Any

from sandbox.slack_blocks import blocks_too_long, message_problems, view_problems
from sandbox.slack_errors import SlackRefusal

Json = dict[str, Any]

POST_TEXT_CHARACTERS = 40_000  # Slack cuts longer texts and warns; here they are refused, so that nobody relies on it
UPDATE_TEXT_CHARACTERS = 4_000
METADATA_CHARACTERS = 16_000
VIEW_CHARACTERS = 250_000


def content_of(values: Json, text_characters: int) -> Json:
    """What was given of text, blocks and metadata. Raises SlackRefusal with Slack's code for what it would not take."""
    content: Json = {}
    if values.get("text") is not None:
        if not isinstance(values["text"], str):
            raise SlackRefusal("invalid_arguments", ["[ERROR] text must be a string"])
        if len(values["text"]) > text_characters:
            raise SlackRefusal("msg_too_long")
        content["text"] = values["text"]
    if values.get("blocks") is not None:
        content["blocks"] = _blocks(values["blocks"])
    if values.get("metadata") is not None:
        content["metadata"] = _metadata(values["metadata"])
    return content


def view_of(given: object, kind: str = "modal") -> Json:
    """A modal, or a home, with every id filled in. Raises SlackRefusal when Slack would not show it."""
    view = _parsed(given, "invalid_arguments")
    problems = view_problems(view, kind)
    if problems:
        raise SlackRefusal("invalid_arguments", problems)
    if len(json.dumps(view)) > VIEW_CHARACTERS:
        raise SlackRefusal("view_too_large")
    return {**view, "blocks": _with_ids(view["blocks"])}


def _blocks(given: object) -> list[Json]:
    blocks = _parsed(given, "invalid_blocks_format")
    if not isinstance(blocks, list):
        raise SlackRefusal("invalid_blocks_format")
    problems = message_problems(blocks)
    if problems:
        raise SlackRefusal("invalid_blocks", problems, errors=[one.removeprefix("[ERROR] ") for one in problems])
    if blocks_too_long(blocks):
        raise SlackRefusal("msg_blocks_too_long")
    return _with_ids(blocks)


def _metadata(given: object) -> Json:
    metadata = _parsed(given, "invalid_metadata_format")
    if metadata == {}:
        return {}
    whole = isinstance(metadata, dict) and metadata.keys() == {"event_type", "event_payload"}
    if not whole or not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise SlackRefusal("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_CHARACTERS:
        raise SlackRefusal("metadata_too_large")
    return dict(metadata)


def _parsed(given: object, code: str) -> Any:
    """Forms carry JSON as text, JSON bodies carry it as it is."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise SlackRefusal(code) from None


def _with_ids(blocks: Iterable[Json]) -> list[Json]:
    return [_with_id(block) for block in blocks]


def _with_id(block: Json) -> Json:
    full = {"block_id": secrets.token_urlsafe(4), **block}
    if block["type"] == "actions":
        full["elements"] = [_named(element) for element in block["elements"]]
    for place in ("accessory", "element"):
        if place in block:
            full[place] = _named(block[place])
    return full


def _named(element: Json) -> Json:
    return {"action_id": secrets.token_urlsafe(4), **element}
