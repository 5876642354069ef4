"""What Slack tells an app when somebody clicks, chooses or submits, made from blocks and values (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.slack_team import APP_ID, TEAM_DOMAIN, TEAM_ID, Person

Json = dict[str, Any]
Values = dict[str, dict[str, Any]]  # block_id -> action_id -> what the person typed or chose

_TYPED = ("plain_text_input", "number_input", "url_text_input")
_STATEFUL = (
    *_TYPED,
    "static_select",
    "radio_buttons",
    "checkboxes",
    "users_select",
    "external_select",
    "datetimepicker",
)


_GIVEN = ("value", "selected_option", "selected_options", "selected_user", "selected_date_time")


def envelope(kind: str, person: Person) -> Json:
    """What every interaction carries."""
    return {
        "type": kind,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "user": {"id": person.id, "username": person.handle, "name": person.handle, "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": "unused-verification-token",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element somebody can touch, with its block."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif block["type"] == "section" and "accessory" in block:
            yield block, block["accessory"]
        elif block["type"] == "input":
            yield block, block["element"]


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json | None:
    for block, element in elements_of(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return element
    return None


def action_of(block_id: str, element: Json, value: Any, action_ts: str) -> Json:
    """The entry of `actions`. Raises LookupError when `value` is none of the options."""
    action: Json = {
        name: element[name]
        for name in ("type", "action_id", "text", "value", "style", "placeholder")
        if name in element
    }
    action |= {"block_id": block_id, "action_ts": action_ts}
    if element["type"] != "button":
        action |= state_of(element, value)
    return action


def state_of(element: Json, value: Any) -> Json:
    """One entry of `state.values`. Raises LookupError when `value` is none of the options."""
    kind = element["type"]
    if kind in _TYPED:
        return {"type": kind, "value": value or None}
    if kind == "users_select":
        return {"type": kind, "selected_user": value or None}
    if kind == "datetimepicker":
        return {"type": kind, "selected_date_time": int(value) if value else None}
    if kind == "external_select":  # whatever the app offered: the option as it was given
        return {"type": kind, "selected_option": value or None}
    if kind == "checkboxes":
        return {"type": kind, "selected_options": [_option(element, one) for one in value or []]}
    return {"type": kind, "selected_option": None if value is None else _option(element, value)}


def state_values(blocks: list[Json], values: Values) -> dict[str, dict[str, Json]]:
    """`state.values` of a modal, or of a message, for what was typed and chosen."""
    state: dict[str, dict[str, Json]] = {}
    for block, element in elements_of(blocks):
        if element["type"] in _STATEFUL:
            value = values.get(block["block_id"], {}).get(element["action_id"])
            state.setdefault(block["block_id"], {})[element["action_id"]] = state_of(element, value)
    return state


def gaps(blocks: list[Json], state: dict[str, dict[str, Json]]) -> dict[str, str]:
    """What Slack's own client refuses to submit, by block_id: required, too_long or too_short."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = state[block["block_id"]][element["action_id"]]
        given = next((entry[name] for name in _GIVEN if entry.get(name)), None)
        if not given:
            if not block.get("optional", False):
                found[block["block_id"]] = "required"
        elif element["type"] == "number_input":
            if not _is_number(given, element):
                found[block["block_id"]] = "not_a_number"
        elif element["type"] == "url_text_input":
            if not given.startswith(("https://", "http://")):
                found[block["block_id"]] = "not_a_link"
        elif element["type"] == "plain_text_input":
            if len(given) > element.get("max_length", 3000):
                found[block["block_id"]] = "too_long"
            elif len(given) < element.get("min_length", 0):
                found[block["block_id"]] = "too_short"
    return found


def _is_number(given: str, element: Json) -> bool:
    try:
        number = float(given) if element["is_decimal_allowed"] else int(given)
    except ValueError:
        return False
    return float(element.get("min_value", "-inf")) <= number <= float(element.get("max_value", "inf"))


def _option(element: Json, value: Any) -> Json:
    options = list(element.get("options", []))
    for group in element.get("option_groups", []):
        options += group["options"]
    for option in options:
        if option["value"] == value:
            return dict(option)
    raise LookupError("no such option")
