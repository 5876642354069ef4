"""One playbook file read into a Playbook, or every fault in it as sentences with file, line and the way out.

A file is TOML between two lines of `+++`, then texts under headings like `## fi public`. docs/playbooks.md tells
the people who write them how.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from responders.playbooks.playbook import (
    ALWAYS_KNOWN,
    FLAGS,
    FOUND_SLOTS,
    LANGUAGES,
    PLACES,
    PROFILE_SLOTS,
    REASONS,
    SENTIMENTS,
    SLOTS,
    Fits,
    Line,
    Playbook,
    Wording,
    slots_in,
)

FENCE = "+++"
KEYS = ("reason", "flag", "places", "sentiments", "priority", "fits", "needs", "hand_over", "name", "when", "unless")
PARTS = (*PLACES, "question")
HEADING = re.compile(r"##\s*(\S+)\s+(\S+)\s*$")


@dataclass
class _File:
    """The file being read: its lines, and the faults found so far."""

    name: str
    lines: list[str]
    problems: list[str] = field(default_factory=list)

    def wrong(self, line: int | None, sentence: str) -> None:
        self.problems.append(f"{self.name}:{line}: {sentence}" if line else f"{self.name}: {sentence}")

    def line_of(self, key: str) -> int | None:
        """Where a key of the front matter stands, counted from 1."""
        for number, line in enumerate(self.lines, start=1):
            if re.match(rf"\s*\[?\s*{re.escape(key)}\s*[=\]]", line):
                return number
        return None


def read_playbook(name: str, text: str) -> tuple[Playbook | None, tuple[str, ...]]:
    """The playbook in `text`, or None and what is wrong with it. `name` is the file's name; its stem is the id."""
    file = _File(name, text.splitlines())
    front, body_at = _front_matter(file)
    if front is None:
        return None, tuple(file.problems)
    facts = _facts(file, front)
    sections = _sections(file, body_at)
    wording, question = _wordings(file, sections, facts["places"], facts["needs"])
    if file.problems:
        return None, tuple(file.problems)
    playbook_id = name.rsplit("/", 1)[-1].removesuffix(".md")
    return Playbook(id=playbook_id, wording=wording, question=question, **facts), ()


def _front_matter(file: _File) -> tuple[dict[str, Any] | None, int]:
    fences = [index for index, line in enumerate(file.lines) if line.strip() == FENCE]
    if len(fences) < 2 or any(line.strip() for line in file.lines[: fences[0]]):
        file.wrong(1, f"the settings are missing; begin the file with {FENCE}, the settings, and {FENCE} again")
        return None, 0
    # Empty lines in front keep the line numbers of TOML's own complaints true.
    source = "\n" * (fences[0] + 1) + "\n".join(file.lines[fences[0] + 1 : fences[1]])
    try:
        return tomllib.loads(source), fences[1] + 1
    except tomllib.TOMLDecodeError as error:
        file.wrong(None, f"the settings between the {FENCE} lines are not valid TOML: {error}")
        return None, 0


def _facts(file: _File, front: dict[str, Any]) -> dict[str, Any]:
    for key in front:
        if key not in KEYS:
            file.wrong(file.line_of(key), f'unknown key "{key}"; use {_one_of(KEYS)}')
    priority = front.get("priority", 50)
    if not isinstance(priority, int) or isinstance(priority, bool) or not 0 <= priority <= 100:
        file.wrong(file.line_of("priority"), '"priority" must be a whole number from 0 to 100')
    hand_over = front.get("hand_over", False)
    if not isinstance(hand_over, bool):
        file.wrong(file.line_of("hand_over"), '"hand_over" must be true or false')
    return {
        "reason": _choice(file, front, "reason", REASONS),
        "flag": _choice(file, front, "flag", FLAGS),
        "places": _choices(file, front, "places", PLACES, PLACES),
        "sentiments": _choices(file, front, "sentiments", SENTIMENTS, SENTIMENTS),
        "priority": priority,
        "fits": Fits(_choice(file, front, "fits", tuple(Fits)) or Fits.WORDS),
        "needs": _choices(file, front, "needs", tuple(sorted(PROFILE_SLOTS)), ()),
        "hand_over": hand_over,
        "name": _names(file, front),
        "when": _phrases(file, front, "when", front.get("fits", "words") == Fits.WORDS),
        "unless": _phrases(file, front, "unless", False),
    }


def _choice(file: _File, front: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    value = front.get(key)
    if value is None:
        return None
    if value not in allowed:
        file.wrong(file.line_of(key), f'"{key}" is {value!r}; use {_one_of(allowed)}')
        return None
    return str(value)


def _choices(
    file: _File, front: dict[str, Any], key: str, allowed: tuple[str, ...], default: tuple[str, ...]
) -> tuple[str, ...]:
    value = front.get(key)
    if value is None:
        return default
    if not isinstance(value, list) or (not value and default):
        file.wrong(file.line_of(key), f'"{key}" must be a list like ["{allowed[0]}"]')
        return default
    for item in value:
        if item not in allowed:
            file.wrong(file.line_of(key), f'"{key}" holds {item!r}; use {_one_of(allowed)}')
    return tuple(item for item in value if item in allowed)


def _table(file: _File, front: dict[str, Any], key: str) -> dict[str, Any]:
    value = front.get(key, {})
    if not isinstance(value, dict):
        file.wrong(file.line_of(key), f'"{key}" must be a table [{key}] with fi, sv and en')
        return {}
    for language in value:
        if language not in LANGUAGES:
            file.wrong(file.line_of(language), f'[{key}] has unknown language "{language}"; use {_one_of(LANGUAGES)}')
    return value


def _names(file: _File, front: dict[str, Any]) -> dict[str, str]:
    names = _table(file, front, "name")
    for language in LANGUAGES:
        if not isinstance(names.get(language), str) or not names[language].strip():
            file.wrong(file.line_of("name"), f'[name] lacks {language}; add a line like {language} = "..."')
    return {language: str(names.get(language, "")) for language in LANGUAGES}


def _phrases(file: _File, front: dict[str, Any], key: str, needed: bool) -> dict[str, tuple[str, ...]]:
    table = _table(file, front, key)
    found: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        phrases = table.get(language, [])
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
            file.wrong(file.line_of(key), f'[{key}] {language} must be a list of phrases like ["paketti ei tullut"]')
            phrases = []
        elif not phrases and needed:
            file.wrong(file.line_of(key), f"[{key}] lacks {language}; add the words that {language} customers use")
        for phrase in phrases:
            if not all(any(map(str.isalnum, choice)) for token in phrase.split() for choice in token.split("|")):
                file.wrong(
                    file.line_of(key), f'[{key}] {language} has "{phrase}"; put letters on both sides of every |'
                )
        found[language] = tuple(phrases)
    return found


_Section = list[tuple[int, str]]  # line number and line


def _sections(file: _File, body_at: int) -> dict[tuple[str, str], _Section]:
    sections: dict[tuple[str, str], _Section] = {}
    current: _Section | None = None
    for number, line in enumerate(file.lines[body_at:], start=body_at + 1):
        if line.startswith("#"):
            heading = HEADING.match(line)
            current = []
            if not heading or heading[1] not in LANGUAGES or heading[2] not in PARTS:
                file.wrong(number, f'heading "{line.strip()}"; write "## fi public", "## sv dm" or "## en question"')
            elif (heading[1], heading[2]) in sections:
                file.wrong(number, f'heading "{line.strip()}" is here twice; keep one')
            else:
                sections[heading[1], heading[2]] = current
        elif current is not None:
            current.append((number, line.strip()))
        elif line.strip():
            file.wrong(number, 'text before the first heading; put it under one like "## fi public"')
    return sections


def _wordings(
    file: _File, sections: dict[tuple[str, str], _Section], places: tuple[str, ...], needs: tuple[str, ...]
) -> tuple[dict[tuple[str, str], Wording], dict[str, Wording]]:
    wording: dict[tuple[str, str], Wording] = {}
    question: dict[str, Wording] = {}
    for (language, part), section in sections.items():
        words = _wording(file, language, part, section)
        if part == "question":
            question[language] = words
        else:
            wording[language, part] = words
            _never_empty(file, section, words, ALWAYS_KNOWN | set(needs))
    for place in places:
        for language in LANGUAGES:
            if not wording.get((language, place)) and (language, place) not in sections:
                file.wrong(
                    None, f'the text for {language} is missing; add a heading "## {language} {place}" and its text'
                )
    if question:
        for language in LANGUAGES:
            if language not in question:
                file.wrong(None, f'the question is missing in {language}; add "## {language} question"')
    return wording, question


def _wording(file: _File, language: str, part: str, section: _Section) -> Wording:
    paragraphs: list[list[Line]] = [[]]
    for number, line in section:
        _check_slots(file, number, part, line)
        if not line:
            paragraphs.append([])
        elif not line.startswith("|"):
            paragraphs[-1].append((line,))
        elif paragraphs[-1]:
            paragraphs[-1][-1] = (*paragraphs[-1][-1], line[1:].strip())
        else:
            file.wrong(number, "a line that begins with | stands in for the line above it, and there is none")
    words = tuple(tuple(lines) for lines in paragraphs if lines)
    if not words:
        file.wrong(None, f'"## {language} {part}" has no text under it; write it or remove the heading')
    return words


def _check_slots(file: _File, number: int, part: str, line: str) -> None:
    for slot in slots_in(line):
        if slot not in SLOTS:
            file.wrong(number, f"unknown slot {{{slot}}}; use {_one_of(sorted(SLOTS))}")
        elif slot in FOUND_SLOTS and part != "dm":
            file.wrong(number, f"{{{slot}}} would show a customer's own data in public; use it under dm only")
    if line.count("{") != len(slots_in(line)) or line.count("}") != len(slots_in(line)):
        file.wrong(number, "a brace without its pair; write a slot as {phone}")


def _never_empty(file: _File, section: _Section, words: Wording, known: frozenset[str] | set[str]) -> None:
    ways = [way for paragraph in words for line in paragraph for way in line]
    if ways and not any(set(slots_in(way)) <= known and way.strip() != "{greeting}" for way in ways):
        line = section[0][0] if section else None
        file.wrong(line, "this text is empty when the shop has not given its slots; add a line without them or a need")


def _one_of(names: tuple[str, ...] | list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
