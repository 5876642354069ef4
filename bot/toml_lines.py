"""Sets texts in a section of a TOML file line by line, so that its comments and its order stay."""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path


class CannotBeSet(ValueError):
    """The file is written in a way in which its lines cannot be exchanged one by one."""


def section_lines(section: str, texts: Mapping[str, str]) -> str:
    """The section as it is written by hand."""
    return "\n".join([f"[{section}]", *(_line(key, text) for key, text in texts.items())])


def set_texts(path: Path, section: str, texts: Mapping[str, str]) -> None:
    """Writes them into the file, which is made when it is missing; everything else in it stays as it is.

    Raises CannotBeSet, with the file untouched, when that would need more than new lines; OSError when it cannot be
    written.
    """
    before = path.read_text("utf-8") if path.exists() else ""
    after = with_texts(before, section, texts)
    target = path.resolve()
    beside = target.with_name(f"{target.name}.new")
    beside.write_text(after, "utf-8")
    if target.exists():
        shutil.copymode(target, beside)
    os.replace(beside, target)


def with_texts(before: str, section: str, texts: Mapping[str, str]) -> str:
    """The file's text with these set in its section. Raises CannotBeSet."""
    lines = before.splitlines()
    start = next((at for at, line in enumerate(lines) if _is_header(line, section)), None)
    if start is None:
        after = (before.rstrip("\n") + "\n\n" if before.strip() else "") + section_lines(section, texts) + "\n"
    else:
        end = next((at for at in range(start + 1, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
        for key, text in reversed(list(texts.items())):
            old = re.compile(rf"""(\s*{re.escape(key)}\s*=\s*)("[^"\\]*"|'[^']*')(.*)""")
            found = [(at, match) for at in range(start + 1, end) if (match := old.fullmatch(lines[at]))]
            if found:
                at, match = found[0]
                lines[at] = f"{match[1]}{_quoted(text)}{match[3]}"
            else:
                lines.insert(start + 1, _line(key, text))
                end += 1
        after = "\n".join(lines) + "\n"
    if not _means(before, after, section, texts):
        raise CannotBeSet("the section is not written as one setting a line")
    return after


def _means(before: str, after: str, section: str, texts: Mapping[str, str]) -> bool:
    """Whether the new file is the old one with nothing but these texts set."""
    try:
        wanted, got = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    wanted[section] = {**wanted.get(section, {}), **texts}
    return got == wanted


def _is_header(line: str, section: str) -> bool:
    return re.fullmatch(rf"\s*\[\s*{re.escape(section)}\s*\]\s*(#.*)?", line) is not None


def _line(key: str, text: str) -> str:
    return f"{key} = {_quoted(text)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
