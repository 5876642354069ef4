"""Behind `make docs`: the pages that are made from code, so that they cannot say anything else."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from bot.cli import parser
from bot.settings import Secrets, Settings
from models.states import CASE_MOVES, ESCALATION_MOVES, JOB_MOVES, REPLY_MOVES

DOCS = Path(__file__).parent.parent / "docs"


def main() -> None:
    """Writes every page."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {"states.md": states_page(), "settings.md": settings_page(), "commands.md": commands_page()}


def states_page() -> str:
    """The states of replies, cases, jobs and escalations with their allowed moves, as diagrams."""
    parts = [
        "# States",
        "Made from `models/states.py` by `make docs`. Only `models/replies.py` moves replies and cases, "
        "and `models/escalations.py` escalations: a compare-and-set and an audit line in one transaction.",
    ]
    tables: list[tuple[str, Mapping[Any, frozenset[Any]]]] = [
        ("Reply", REPLY_MOVES),
        ("Case", CASE_MOVES),
        ("Job", JOB_MOVES),
        ("Escalation", ESCALATION_MOVES),
    ]
    for title, moves in tables:
        parts.append(f"## {title}")
        parts.append(_diagram(moves))
    return "\n\n".join(parts) + "\n"


def _diagram(moves: Mapping[StrEnum, frozenset[StrEnum]]) -> str:
    first = next(iter(moves))
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    for old, news in moves.items():
        lines += [f"    {old} --> {new}" for new in sorted(news)] or [f"    {old} --> [*]"]
    return "\n".join([*lines, "```"])


def settings_page() -> str:
    """Every setting with its default and what it is for, and every secret."""
    parts = [
        "# Settings",
        "Made from `bot/settings.py` by `make docs`. One TOML file, `palovahti.toml`; `palovahti.example.toml` is "
        "complete. `palovahti check` tells everything that is wrong with it at once.",
    ]
    for name, section in _sections(Settings):
        parts.append(f"## [{name}]\n\n{section.__doc__ or ''}")
        parts.append(_table(section))
    secrets = "\n".join(f"- `PALOVAHTI_{name.upper()}`" for name in Secrets.model_fields)
    parts.append(
        "## Secrets\n\nNever in the file and never in the database: from the environment, or each from a file of the "
        "same name in lower case in the folder that `PALOVAHTI_SECRETS_DIR` names.\n\n" + secrets
    )
    return "\n\n".join(parts) + "\n"


def _sections(settings: type[BaseModel], before: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Every section that has settings of its own, by its name in the file; [heat.outrage] follows [heat]."""
    for name, field in settings.model_fields.items():
        section = _model(field.annotation)
        if section is None:
            continue
        if any(_model(one.annotation) is None for one in section.model_fields.values()):
            full = f"{before}{name}"
            yield (f"[{full}]" if get_origin(field.annotation) is tuple else full), section
        yield from _sections(section, f"{before}{name}.")


def _model(annotation: Any) -> type[BaseModel] | None:
    """The section that a field is, may be, or holds many of; None for a plain setting."""
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None


def _table(section: type[BaseModel]) -> str:
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for name, field in section.model_fields.items():
        if _model(field.annotation) is not None:
            continue
        default = "needed" if field.default is PydanticUndefined else _shown(field.default)
        rows.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(rows)


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if value in ((), {}, []) or value == frozenset():
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, frozenset):
        value = tuple(sorted(value))
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{one}"' for one in value) + "]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def commands_page() -> str:
    """Every command with its options."""
    parts = [
        "# Commands",
        "Made from `bot/cli.py` by `make docs`. Exit status: 0 done, 1 a problem that is explained, 2 wrong usage. "
        "Long work shows its progress when a terminal is there, and is silent in a pipe.",
    ]
    for name, verb, help in verbs():
        options = [action for action in verb._actions if action.option_strings and action.dest != "help"]
        rows = [
            f"| `{action.option_strings[-1]}` | {'needed: ' if action.required else ''}{action.help} |"
            for action in options
        ]
        parts.append(f"## palovahti {name}\n\n{help[:1].upper()}{help[1:]}.\n\n| option | what it does |\n|---|---|")
        parts[-1] += "\n" + "\n".join(rows)
    return "\n\n".join(parts) + "\n"


def verbs() -> list[tuple[str, argparse.ArgumentParser, str]]:
    """The commands: name, parser, help. One that stands after another, as `judge drift`, follows it."""
    return _verbs_of(parser(), "")


def _verbs_of(top: argparse.ArgumentParser, before: str) -> list[tuple[str, argparse.ArgumentParser, str]]:
    found = []
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, verb in action.choices.items():
                found += [(before + name, verb, helps[name]), *_verbs_of(verb, f"{before}{name} ")]
    return found


if __name__ == "__main__":
    main()
