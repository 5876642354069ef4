"""Whether Slack would take blocks and windows: by the library's own models, and by the limits they do not check.

The figures are those of docs.slack.dev/reference/block-kit and of bolt-js issue 2509 (all blocks together).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, BlockElement
from slack_sdk.models.views import View

Json = dict[str, Any]

MOST_OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10, "static_select": 100}
IN_ACTIONS = {"button", "overflow", "static_select", "users_select", "external_select"}
IN_INPUT = {
    "plain_text_input",
    "static_select",
    "users_select",
    "external_select",
    "radio_buttons",
    "checkboxes",
    "number_input",
    "url_text_input",
    "datetimepicker",
}


def assert_slack_takes(blocks: Sequence[Any]) -> None:
    """A message's blocks."""
    assert 0 < len(blocks) <= 50
    assert len(json.dumps(list(blocks), ensure_ascii=False)) <= 13_200
    assert all(block["type"] != "input" for block in blocks)
    _blocks(blocks)


def assert_slack_takes_view(view: Json) -> None:
    """A modal."""
    View(**view).validate_json()
    assert 0 < len(view["blocks"]) <= 100
    assert len(view.get("private_metadata", "")) <= 3000
    assert 0 < len(view.get("callback_id", "x")) <= 255
    for name in ("title", "submit", "close"):
        if name in view:
            _text(view[name], 24, "plain_text")
    if any(block["type"] == "input" for block in view["blocks"]):
        assert "submit" in view
    assert len(json.dumps(view, ensure_ascii=False).encode()) <= 250_000
    _blocks(view["blocks"])


def _blocks(blocks: Sequence[Json]) -> None:
    named = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(named) == len(set(named)), "block_id twice"
    assert all(0 < len(name) <= 255 for name in named)
    for given, block in zip(blocks, Block.parse_all(list(blocks)), strict=True):
        assert block is not None, f"unknown block {given['type']}"
        block.validate_json()
        _PARTS[given["type"]](given)
        ids = [element["action_id"] for element in elements_of([given])]
        assert len(ids) == len(set(ids)), "action_id twice in a block"


def elements_of(blocks: Sequence[Json]) -> Iterator[Json]:
    """Every element that somebody can touch."""
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]
        if "accessory" in block:
            yield block["accessory"]
        if block["type"] == "input":
            yield block["element"]


def _header(block: Json) -> None:
    _text(block["text"], 150, "plain_text")


def _section(block: Json) -> None:
    assert "text" in block or "fields" in block
    if "text" in block:
        _text(block["text"], 3000)
    if "fields" in block:
        assert 1 <= len(block["fields"]) <= 10
        for one in block["fields"]:
            _text(one, 2000)
    if "accessory" in block:
        assert block["accessory"]["type"] in IN_ACTIONS
        _element(block["accessory"])


def _context(block: Json) -> None:
    assert 1 <= len(block["elements"]) <= 10
    for one in block["elements"]:
        _text(one, 3000)


def _actions(block: Json) -> None:
    assert 1 <= len(block["elements"]) <= 25
    for one in block["elements"]:
        assert one["type"] in IN_ACTIONS
        _element(one)


def _input(block: Json) -> None:
    _text(block["label"], 2000, "plain_text")
    if "hint" in block:
        _text(block["hint"], 2000, "plain_text")
    assert block["element"]["type"] in IN_INPUT
    _element(block["element"])


_PARTS = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "divider": lambda _: None,
}


def _element(element: Json) -> None:
    parsed = BlockElement.parse(element)
    assert parsed is not None, f"unknown element {element['type']}"
    parsed.validate_json()
    assert 1 <= len(element["action_id"]) <= 255
    if "text" in element:
        _text(element["text"], 75, "plain_text")
    if "placeholder" in element:
        _text(element["placeholder"], 150, "plain_text")
    if "value" in element:
        assert len(element["value"]) <= 2000
    if "url" in element:
        assert len(element["url"]) <= 3000
    if element.get("style") is not None:
        assert element["style"] in ("primary", "danger")
    if "confirm" in element:
        _confirm(element["confirm"])
    if "options" in element:
        _options(element)
    if element["type"] == "plain_text_input":
        assert 1 <= element.get("max_length", 1) <= 3000
        assert len(element.get("initial_value", "")) <= element.get("max_length", 3000)


def _options(element: Json) -> None:
    options = element["options"]
    assert 1 <= len(options) <= MOST_OPTIONS[element["type"]]
    values = [option["value"] for option in options]
    assert len(values) == len(set(values)), "an option's value twice"
    for option in options:
        _text(option["text"], 75)
        assert 1 <= len(option["value"]) <= 150
        if "description" in option:
            _text(option["description"], 75)
    chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    assert all(one in options for one in chosen)


def _confirm(confirm: Json) -> None:
    _text(confirm["title"], 100, "plain_text")
    _text(confirm["text"], 300)
    _text(confirm["confirm"], 30, "plain_text")
    _text(confirm["deny"], 30, "plain_text")


def _text(given: Json, most: int, kind: str | None = None) -> None:
    assert given["type"] in ("plain_text", "mrkdwn")
    assert kind is None or given["type"] == kind
    assert 1 <= len(given["text"]) <= most, (len(given["text"]), most)
    assert given["type"] == "plain_text" or given.get("verbatim") is True, "Slack would link and mention by itself"
