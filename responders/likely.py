"""Which contact reasons and risk flags count as said, and which of them a person must see."""

from __future__ import annotations

from collections.abc import Mapping

from responders.playbooks.playbook import FLAGS

LIKELY = 0.5
"""The judge's own line: a reason or flag counts as said from this probability on."""

PERSONAL_DATA = "personal_data"
MUST_BE_SEEN = tuple(flag for flag in FLAGS if flag != PERSONAL_DATA)
"""Flags that call for a person whatever the sentiment. Personal data alone is only shown to whoever answers."""


def likely(said: Mapping[str, float]) -> tuple[str, ...]:
    """The names that count as said, the surest first."""
    names = [name for name, probability in said.items() if probability >= LIKELY]
    return tuple(sorted(names, key=lambda name: (-said[name], name)))


def must_be_seen(flags: Mapping[str, float]) -> tuple[str, ...]:
    """The flags that call for a person, the surest first."""
    return tuple(name for name in likely(flags) if name in MUST_BE_SEEN)
