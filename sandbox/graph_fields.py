"""Reads Graph's `fields` language: `id,from{id,name},comments.limit(10).order(chronological){id,message}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.graph_errors import bad_parameter


@dataclass(frozen=True)
class Field:
    """One wanted field; `arguments` are its modifiers, `children` its own fields (empty: the default ones)."""

    name: str
    arguments: dict[str, str] = field(default_factory=dict)
    children: tuple[Field, ...] = ()


def parse_fields(text: str) -> tuple[Field, ...]:
    """The wanted fields, in order. Raises GraphError 100 on a syntax error."""
    reader = _Reader(text)
    fields = reader.field_list()
    if reader.rest():
        raise bad_parameter(f"Syntax error in the fields parameter near '{reader.rest()[:20]}'")
    return fields


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def rest(self) -> str:
        return self._text[self._at :]

    def field_list(self) -> tuple[Field, ...]:
        fields = [self._field()]
        while self._take(","):
            fields.append(self._field())
        return tuple(fields)

    def _field(self) -> Field:
        name = self._word(r"[a-z_]+")
        arguments: dict[str, str] = {}
        while self._take("."):
            argument = self._word(r"[a-z_]+")
            self._expect("(")
            arguments[argument] = self._word(r"[\w=+/-]*")
            self._expect(")")
        children: tuple[Field, ...] = ()
        if self._take("{"):
            children = self.field_list()
            self._expect("}")
        return Field(name, arguments, children)

    def _word(self, pattern: str) -> str:
        match = re.compile(pattern).match(self._text, self._at)
        if match is None:
            raise bad_parameter(f"Syntax error in the fields parameter near '{self.rest()[:20]}'")
        self._at = match.end()
        return match.group()

    def _take(self, mark: str) -> bool:
        if self._text.startswith(mark, self._at):
            self._at += len(mark)
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise bad_parameter(f"Syntax error \"Expected {mark}\" in the fields parameter near '{self.rest()[:20]}'")
