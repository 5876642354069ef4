"""Turns one line of a recorded stream into a post, or says which field is wrong and how to mend it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from listener.posts import Author, Place, Post, Replyable

LONGEST_ID = 512
_REQUIRED = ("channel", "account", "external_id", "thread_id", "place", "text", "created_at")
_OPTIONAL = ("parent_id", "author", "permalink", "is_share", "from_us", "replyable", "private")
Choice = TypeVar("Choice", bound=StrEnum)
_AUTHOR = ("external_id", "name", "handle", "followers")


class BadLine(ValueError):
    """A line that is not a post; `field` is what is wrong ("" for the whole line). Never holds what people wrote."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def post_from(line: bytes, account: str | None = None) -> Post:
    """The post on this line; `account` stands in where the line names none. Raises BadLine."""
    fields = _fields(line)
    if account is not None:
        fields.setdefault("account", account)
    _check_keys("", fields, _REQUIRED, _OPTIONAL)
    return Post(
        channel=_id(fields, "channel"),
        account=_id(fields, "account"),
        external_id=_id(fields, "external_id"),
        thread_id=_id(fields, "thread_id"),
        place=_one_of(Place, fields, "place"),
        text=_text(fields, "text"),
        created_at=_time(fields, "created_at"),
        parent_id=_id(fields, "parent_id") if fields.get("parent_id") is not None else None,
        author=_author(fields.get("author")),
        permalink=_link(fields.get("permalink")),
        is_share=_flag(fields, "is_share"),
        from_us=_flag(fields, "from_us"),
        replyable=_one_of(Replyable, fields, "replyable") if "replyable" in fields else Replyable.YES,
        private=_flag(fields, "private"),
    )


def _fields(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadLine("", "is not UTF-8. Save the file as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        column = f" (column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise BadLine("", f"is not valid JSON{column}. Write one whole JSON object on each line.") from error
    if not isinstance(fields, dict):
        raise BadLine("", "is not a JSON object. Write one whole JSON object on each line.")
    return fields


def _check_keys(inside: str, given: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    for name in required:
        if name not in given:
            raise BadLine(inside + name, f"has no `{inside}{name}`. Add it.")
    for name in given:
        if name not in required + optional:
            known = ", ".join(required + optional)
            shown = "".join(char if char.isprintable() else "?" for char in name[:40])
            raise BadLine("", f"has an unknown key `{inside}{shown}`. Remove it, or correct it to one of: {known}.")


def _id(fields: dict[str, Any], name: str, inside: str = "") -> str:
    value = fields[name]
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or not value.isprintable():
        raise BadLine(
            inside + name, f"has a `{inside}{name}` that is no id. Write it as a string of 1-{LONGEST_ID} characters."
        )
    return value


def _text(fields: dict[str, Any], name: str, inside: str = "") -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise BadLine(
            inside + name, f"has a `{inside}{name}` that is not a string. Write it in quotes; it may be empty."
        )
    return value


def _time(fields: dict[str, Any], name: str, inside: str = "") -> datetime:
    try:
        value = datetime.fromisoformat(fields[name])
        if value.tzinfo is not None:
            return value.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    raise BadLine(
        inside + name, f"has a `{inside}{name}` that is no time with a zone. Write it like 2026-11-10T07:06:11Z."
    )


def _one_of(kind: type[Choice], fields: dict[str, Any], name: str) -> Choice:
    try:
        return kind(fields[name])
    except ValueError as error:
        raise BadLine(name, f"has an unknown `{name}`. Choose one of: {', '.join(kind)}.") from error


def _author(given: Any) -> Author | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise BadLine("author", "has an `author` that is not an object. Write an object, or null where it is withheld.")
    _check_keys("author.", given, ("external_id", "name"), ("handle", "followers", "created_at"))
    followers = given.get("followers")
    if followers is not None and (not isinstance(followers, int) or isinstance(followers, bool) or followers < 0):
        raise BadLine("author.followers", "has an `author.followers` that is no count. Write a whole number, or null.")
    return Author(
        external_id=_id(given, "external_id", "author."),
        name=_text(given, "name", "author."),
        handle=_text(given, "handle", "author.") if given.get("handle") is not None else None,
        followers=followers,
        created_at=_time(given, "created_at", "author.") if given.get("created_at") is not None else None,
    )


def _link(given: Any) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or not given.startswith(("https://", "http://")) or not given.isprintable():
        raise BadLine("permalink", "has a `permalink` that is no web address. Start it with https://, or write null.")
    return given


def _flag(fields: dict[str, Any], name: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise BadLine(name, f"has a `{name}` that is neither true nor false. Write true or false.")
    return value
