"""Answers whether a post matches an X search query: words, phrases, @handles, OR, brackets, minus, and a few operators.

A word matches a whole word of the text in any case, never a part of one, as on X: inflected forms must be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Matcher = Callable[[dict[str, Any]], bool]

_TOKEN = re.compile(r'\s+|(\()|(\))|(-)|("[^"]*")|([^\s()]+)')
MAX_LENGTH = 512


class BadQuery(ValueError):
    """The query is one that X refuses; the message is X's."""


def matcher(query: str) -> Matcher:
    """A test for posts (with `author_handle` and `mention_handles` filled in). Raises BadQuery."""
    if len(query) > MAX_LENGTH:
        raise BadQuery(f"The `query` query parameter must not be longer than {MAX_LENGTH} characters")
    tokens = [match.group() for match in _TOKEN.finditer(query) if match.group().strip()]
    test, rest = _either(tokens)
    if rest:
        raise BadQuery("There were errors processing your request: unexpected ')'")
    return test


def _either(tokens: list[str]) -> tuple[Matcher, list[str]]:
    first, rest = _both(tokens)
    tests = [first]
    while rest and rest[0] == "OR":
        following, rest = _both(rest[1:])
        tests.append(following)
    return lambda post: any(test(post) for test in tests), rest


def _both(tokens: list[str]) -> tuple[Matcher, list[str]]:
    tests: list[Matcher] = []
    rest = tokens
    while rest and rest[0] not in (")", "OR"):
        test, rest = _one(rest)
        tests.append(test)
    if not tests:
        raise BadQuery("There were errors processing your request: missing expression")
    return lambda post: all(test(post) for test in tests), rest


def _one(tokens: list[str]) -> tuple[Matcher, list[str]]:
    head, rest = tokens[0], tokens[1:]
    if head == "-" and rest:
        test, rest = _one(rest)
        return lambda post: not test(post), rest
    if head == "(":
        test, rest = _either(rest)
        if not rest or rest[0] != ")":
            raise BadQuery("There were errors processing your request: missing ')'")
        return test, rest[1:]
    return _term(head), rest


def _term(term: str) -> Matcher:
    if term.startswith("@"):
        return lambda post: term[1:].lower() in post["mention_handles"]
    operator, colon, value = term.partition(":")
    if colon and not term.startswith('"'):
        if operator == "conversation_id":
            return lambda post: bool(post["conversation_id"] == value)
        if operator == "from":
            return lambda post: value.lower() in (post["author_handle"], post["author_id"])
        raise BadQuery(f"There were errors processing your request: Reference to invalid operator '{operator}'.")
    phrase = _words(term)
    return lambda post: any(
        phrase == window for window in zip(*(_words(post["text"])[at:] for at in range(len(phrase))), strict=False)
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[\w]+", text.casefold()))
