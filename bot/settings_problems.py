"""How a mistake in the settings is told: in one sentence that names the key and the way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

_SAID: dict[str, str] = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a setting we know; check its spelling, or remove it",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string_type": "must be a text in quotes",
    "string_pattern_mismatch": "does not have the right form",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number that ends",
    "float_parsing": "must be a number",
    "tuple_type": 'must be a list, such as ["a", "b"]',
    "list_type": 'must be a list, such as ["a", "b"]',
    "frozen_set_type": 'must be a list, such as ["a", "b"]',
    "dict_type": 'must be a table, such as {{ fi = "..." }}',
    "model_type": "must be a section of its own",
}


def sentence_of(path: Path, problem: Any, settings: type[BaseModel]) -> str:
    """Which key of `settings` it is, what is wrong with it, and what it is for; `problem` as pydantic tells it."""
    key = ".".join(str(part) for part in problem["loc"]) or "the file"
    given = problem.get("input")
    # A token pasted into the file by mistake must not be shown again.
    showable = isinstance(given, str | int | float | bool) and problem["type"] != "extra_forbidden"
    shown = f" = {json.dumps(given, ensure_ascii=False)}" if showable else ""
    said = _SAID.get(problem["type"])
    what = said.format(**problem.get("ctx", {})) if said else problem["msg"].removeprefix("Value error, ")
    about = _description(problem["loc"], settings)
    return f"{path}: {key}{shown} {what}." + (f" It is: {about}" if about else " See palovahti.example.toml.")


def _description(location: tuple[str | int, ...], settings: type[BaseModel]) -> str | None:
    """What the setting at `location` is for, in the words of its field."""
    kind: Any = settings
    about = None
    for part in location:
        fields = getattr(kind, "model_fields", {})
        if part not in fields:
            return about
        field = fields[part]
        about = field.description
        candidates = [field.annotation, *get_args(field.annotation)]
        kind = next((one for one in candidates if hasattr(one, "model_fields")), None)
    return about
