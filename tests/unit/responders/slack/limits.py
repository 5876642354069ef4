"""Whether Slack would take blocks, by the library's own models and by the limits they do not check."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block, BlockElement


def assert_slack_takes(blocks: Sequence[Any]) -> None:
    assert 0 < len(blocks) <= 50
    assert len(json.dumps(list(blocks), ensure_ascii=False)) <= 13_200
    for given, block in zip(blocks, Block.parse_all(list(blocks)), strict=True):
        assert block is not None, f"unknown block {given['type']}"
        block.validate_json()
        for element in given.get("elements", []) if given["type"] == "actions" else []:
            parsed = BlockElement.parse(element)
            assert parsed is not None
            parsed.validate_json()
            assert 1 <= len(element["text"]["text"]) <= 75
            assert len(element.get("value", "")) <= 2000
            if "confirm" in element:
                assert len(element["confirm"]["title"]["text"]) <= 100
                assert len(element["confirm"]["text"]["text"]) <= 300
                assert len(element["confirm"]["confirm"]["text"]) <= 30
                assert len(element["confirm"]["deny"]["text"]) <= 30
        if given["type"] == "header":
            assert 1 <= len(given["text"]["text"]) <= 150
        if given["type"] == "section":
            assert 1 <= len(given.get("text", {}).get("text", "x")) <= 3000
            assert len(given.get("fields", [])) <= 10
            assert all(1 <= len(field["text"]) <= 2000 for field in given.get("fields", []))
        if given["type"] == "context":
            assert 1 <= len(given["elements"]) <= 10
            assert all(1 <= len(element["text"]) <= 3000 for element in given["elements"])
