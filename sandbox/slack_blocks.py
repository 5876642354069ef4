"""What is wrong with blocks or a modal, in Slack's own words; nothing when Slack would take them.

Where the limits come from: Slack's Block Kit reference (docs.slack.dev/reference/block-kit) for lengths and counts, the
checks of `slack_sdk.models.blocks` (a test holds the two against each other), and bolt-js issue 2509 for the unwritten
13,200 characters of all blocks together. Only what our cards and modals use is known here: any other block, element or
key is refused, so a misspelt key cannot pass in rehearsal and fail in a real workspace.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox.slack_shapes import Check, array, boolean, by_type, one_of, problem, shape, string, url, whole

BLOCKS_PER_MESSAGE = 50
BLOCKS_PER_VIEW = 100
ALL_BLOCKS_CHARACTERS = 13_200


def message_problems(blocks: object) -> list[str]:
    """Why chat.postMessage would answer invalid_blocks."""
    return [
        *array(by_type(_MESSAGE_BLOCKS), most=BLOCKS_PER_MESSAGE, least=0)(blocks, "/blocks"),
        *_repeated_ids(blocks),
    ]


def blocks_too_long(blocks: object) -> bool:
    """Whether the blocks together pass what Slack keeps in one message."""
    return len(json.dumps(blocks, ensure_ascii=False)) > ALL_BLOCKS_CHARACTERS


def view_problems(view: object, kind: str = "modal") -> list[str]:
    """Why views.open (for a modal) or views.publish (for a home) would answer invalid_arguments."""
    problems = [*(_HOME if kind == "home" else _VIEW)(view, "/view")]
    if problems or not isinstance(view, dict):
        return problems
    if kind == "modal" and any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        problems.append(problem("missing required field: submit", "/view"))
    return problems + _repeated_ids(view["blocks"])


def _repeated_ids(blocks: object) -> list[str]:
    seen: set[str] = set()
    problems: list[str] = []
    for number, block in enumerate(blocks if isinstance(blocks, list) else []):
        if not isinstance(block, dict):
            continue
        own = block.get("block_id")
        if isinstance(own, str):
            if own in seen:
                problems.append(problem(f"block_id already exists: {own}", f"/blocks/{number}/block_id"))
            seen.add(own)
        elements = block.get("elements")
        ids = [e.get("action_id") for e in elements if isinstance(e, dict)] if isinstance(elements, list) else []
        known = [one for one in ids if one is not None]
        if len(known) != len(set(map(str, known))):
            problems.append(problem("action_id already exists", f"/blocks/{number}/elements"))
    return problems


def _plain(most: int) -> Check:
    return shape({"type": one_of("plain_text"), "text": string(most)}, {"emoji": boolean})


def _mrkdwn(most: int) -> Check:
    return shape({"type": one_of("mrkdwn"), "text": string(most)}, {"verbatim": boolean})


def _text(most: int) -> Check:
    return by_type({"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)})


def _element(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return shape({"type": one_of(kind), **required}, {"action_id": string(255), **optional})


def _chosen_is_offered(inner: Check) -> Check:
    """A preselected option must be one of the options, whole and exact."""

    def check(value: Any, at: str) -> Iterator[str]:
        yield from inner(value, at)
        if not isinstance(value, dict):
            return
        groups = value.get("option_groups")
        offered = list(value.get("options") or [])
        for group in groups if isinstance(groups, list) else []:
            offered += group.get("options", []) if isinstance(group, dict) else []
        chosen = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
        if any(one not in offered for one in chosen):
            yield problem("initial_option must match one of the options", at)
        if value.get("type") == "static_select" and ("options" in value) == ("option_groups" in value):
            yield problem("exactly one of options and option_groups is needed", at)

    return check


_CONFIRM = shape(
    {"title": _plain(100), "text": _text(300), "confirm": _plain(30), "deny": _plain(30)},
    {"style": one_of("primary", "danger")},
)
_SELECT_OPTION = shape({"text": _plain(75), "value": string(150)}, {"description": _plain(75)})
_LIST_OPTION = shape({"text": _text(75), "value": string(150)}, {"description": _text(75)})
_OVERFLOW_OPTION = shape({"text": _plain(75), "value": string(150)}, {"description": _plain(75), "url": url})
_BUTTON = _element(
    "button",
    {"text": _plain(75)},
    {
        "value": string(2000),
        "url": url,
        "style": one_of("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
    },
)
_SELECT = _chosen_is_offered(
    _element(
        "static_select",
        {},
        {
            "placeholder": _plain(150),
            "options": array(_SELECT_OPTION, 100),
            "option_groups": array(shape({"label": _plain(75), "options": array(_SELECT_OPTION, 100)}), 100),
            "initial_option": _SELECT_OPTION,
            "confirm": _CONFIRM,
            "focus_on_load": boolean,
        },
    )
)
_OVERFLOW = _element("overflow", {"options": array(_OVERFLOW_OPTION, 5)}, {"confirm": _CONFIRM})
_CHOICE = {"confirm": _CONFIRM, "focus_on_load": boolean}
_RADIO = _chosen_is_offered(
    _element("radio_buttons", {"options": array(_LIST_OPTION, 10)}, {"initial_option": _LIST_OPTION, **_CHOICE})
)
_CHECKBOXES = _chosen_is_offered(
    _element(
        "checkboxes", {"options": array(_LIST_OPTION, 10)}, {"initial_options": array(_LIST_OPTION, 10), **_CHOICE}
    )
)
_TEXT_INPUT = _element(
    "plain_text_input",
    {},
    {
        "placeholder": _plain(150),
        "initial_value": string(3000, least=0),
        "multiline": boolean,
        "min_length": whole(0, 3000),
        "max_length": whole(1, 3000),
        "focus_on_load": boolean,
    },
)
_NUMBER_INPUT = _element(
    "number_input",
    {"is_decimal_allowed": boolean},
    {"placeholder": _plain(150), "initial_value": string(20), "min_value": string(20), "max_value": string(20)},
)
_URL_INPUT = _element(
    "url_text_input", {}, {"placeholder": _plain(150), "initial_value": string(3000), "focus_on_load": boolean}
)
_USERS = _element(
    "users_select",
    {},
    {"placeholder": _plain(150), "initial_user": string(20), "confirm": _CONFIRM, "focus_on_load": boolean},
)
_EXTERNAL = _element(
    "external_select",
    {},
    {
        "placeholder": _plain(150),
        "initial_option": _SELECT_OPTION,
        "min_query_length": whole(0, 150),
        "confirm": _CONFIRM,
        "focus_on_load": boolean,
    },
)
_DATETIME = _element("datetimepicker", {}, {"initial_date_time": whole(10**9, 10**10 - 1), **_CHOICE})
_INTERACTIVE = {
    "button": _BUTTON,
    "static_select": _SELECT,
    "overflow": _OVERFLOW,
    "radio_buttons": _RADIO,
    "checkboxes": _CHECKBOXES,
    "users_select": _USERS,
    "external_select": _EXTERNAL,
    "datetimepicker": _DATETIME,
}
_INPUTS = {
    "plain_text_input": _TEXT_INPUT,
    "number_input": _NUMBER_INPUT,
    "url_text_input": _URL_INPUT,
    "users_select": _USERS,
    "external_select": _EXTERNAL,
    "datetimepicker": _DATETIME,
    "static_select": _SELECT,
    "radio_buttons": _RADIO,
    "checkboxes": _CHECKBOXES,
}


def _kind(kind: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape({"type": one_of(kind), **required}, {"block_id": string(255), **(optional or {})})


def _section(value: Any, at: str) -> Iterator[str]:
    optional = {
        "text": _text(3000),
        "fields": array(_text(2000), 10),
        "accessory": by_type(_INTERACTIVE),
        "expand": boolean,
    }
    yield from _kind("section", {}, optional)(value, at)
    if isinstance(value, dict) and not {"text", "fields"} & value.keys():
        yield problem("a section needs text or fields", at)


_MESSAGE_BLOCKS: dict[str, Check] = {
    "header": _kind("header", {"text": _plain(150)}),
    "section": _section,
    "context": _kind("context", {"elements": array(_text(3000), 10)}),
    "divider": _kind("divider", {}),
    "actions": _kind("actions", {"elements": array(by_type(_INTERACTIVE), 25)}),
}
_VIEW_BLOCKS: dict[str, Check] = _MESSAGE_BLOCKS | {
    "input": _kind(
        "input",
        {"label": _plain(2000), "element": by_type(_INPUTS)},
        {"hint": _plain(2000), "optional": boolean, "dispatch_action": boolean},
    )
}
_VIEW = shape(
    {"type": one_of("modal"), "title": _plain(24), "blocks": array(by_type(_VIEW_BLOCKS), BLOCKS_PER_VIEW)},
    {
        "submit": _plain(24),
        "close": _plain(24),
        "callback_id": string(255),
        "external_id": string(255),
        "private_metadata": string(3000, least=0),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
)
_HOME = shape(
    {"type": one_of("home"), "blocks": array(by_type(_VIEW_BLOCKS), BLOCKS_PER_VIEW)},
    {"callback_id": string(255), "external_id": string(255), "private_metadata": string(3000, least=0)},
)
