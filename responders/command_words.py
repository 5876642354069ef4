"""What somebody asks for with /palovahti: words in, a request out. Pure; every text has an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.folding import folded

LONGEST_MUTE = timedelta(hours=24)
LONGEST_DUTY = timedelta(days=7)
LONGEST_NAME = 80
LONGEST_REASON = 300


class Verb(StrEnum):
    """The subcommands, each by the words of three languages."""

    STATUS = "status"
    CASE = "case"
    ONCALL = "oncall"
    MUTE = "mute"
    UNMUTE = "unmute"
    LOG = "log"
    HELP = "help"


_VERBS: Mapping[str, Verb] = {
    folded(word): verb
    for verb, words in {
        Verb.STATUS: "status tila tilanne läge läget",
        Verb.CASE: "case tapaus ärende ärendet",
        Verb.ONCALL: "oncall on-call päivystys päivystäjä jour jouren",
        Verb.MUTE: "mute vaimenna hiljennä tysta",
        Verb.UNMUTE: "unmute vaimennus-pois äänet ljud ljudpå",
        Verb.LOG: "log loki logi logg loggen",
        Verb.HELP: "help ohje ohjeet apua apu hjälp ?",
    }.items()
    for word in words.split()
}
_TAKE = {folded(word) for word in ("take", "ota", "otan", "ta", "tar")}
_END = {folded(word) for word in ("off", "pois", "av", "loppu", "slut")}
_UNITS: Mapping[str, timedelta] = {
    folded(word): timedelta(**{unit: 1})
    for unit, words in {
        "minutes": "m min mins minute minutes minuutti minuuttia minuter minut",
        "hours": "h t hour hours tunti tuntia tim timme timmar",
        "days": "d pv day days päivä päivää vrk dag dagar dygn",
    }.items()
    for word in words.split()
}
_FIRST = re.compile(r"\s*(\S+)\s*(.*)", re.DOTALL)
_DURATION = re.compile(r"\s*(\d{1,5})\s*([^\W\d]+)\b\.?\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"#?(\d{1,9})")


class Problem(StrEnum):
    """Why a request cannot be met as it was typed; each has a sentence with an example."""

    UNKNOWN = "unknown"  # no such word
    WHICH_CASE = "which_case"
    HOW_LONG = "how_long"
    TOO_LONG = "too_long"
    WHY = "why"


@dataclass(frozen=True)
class Asked:
    """What was asked. `problem` is None for what can be done.

    A case is named by `number` or by `name` (a handle where `handle`); `take` asks for the duty itself. `span` and
    `reason` belong to a mute, `span` to taking the duty. `word` is what was typed first, where nobody understood it.
    """

    verb: Verb
    problem: Problem | None = None
    number: int | None = None
    name: str = ""
    handle: bool = False
    take: bool = False
    span: timedelta | None = None
    reason: str = ""
    word: str = ""


def asked(text: str) -> Asked:
    """What `text`, typed after the command, asks for; nothing at all asks for the status."""
    found = _FIRST.fullmatch(text)
    if found is None:
        return Asked(Verb.STATUS)
    word, rest = found[1], found[2].strip()
    verb = _VERBS.get(folded(word))
    if verb is None:
        # Who types a number or a handle means a case.
        if (_NUMBER.fullmatch(word) and not rest) or (word.startswith("@") and len(word) > 1):
            return _case(text.strip())
        return Asked(Verb.HELP, Problem.UNKNOWN, word=word[:LONGEST_NAME])
    if verb is Verb.CASE:
        return _case(rest)
    if verb is Verb.ONCALL:
        return _oncall(rest)
    if verb is Verb.MUTE:
        return _mute(rest)
    return Asked(verb)


def _case(rest: str) -> Asked:
    number = _NUMBER.fullmatch(rest)
    if number:
        return Asked(Verb.CASE, number=int(number[1]))
    handle = rest.startswith("@")
    name = rest.lstrip("@").strip()[:LONGEST_NAME].strip()
    if not folded(name):
        return Asked(Verb.CASE, Problem.WHICH_CASE)
    return Asked(Verb.CASE, name=name, handle=handle)


def _oncall(rest: str) -> Asked:
    found = _FIRST.fullmatch(rest)
    if found is None or folded(found[1]) not in _TAKE:
        return Asked(Verb.ONCALL)
    span, _ = _span(found[2])
    if span is None or not span:
        return Asked(Verb.ONCALL, Problem.HOW_LONG, take=True)
    if span > LONGEST_DUTY:
        return Asked(Verb.ONCALL, Problem.TOO_LONG, take=True)
    return Asked(Verb.ONCALL, take=True, span=span)


def _mute(rest: str) -> Asked:
    if folded(rest) in _END:
        return Asked(Verb.UNMUTE)
    span, reason = _span(rest)
    if span is None or not span:
        return Asked(Verb.MUTE, Problem.HOW_LONG)
    if span > LONGEST_MUTE:
        return Asked(Verb.MUTE, Problem.TOO_LONG)
    if not reason:
        return Asked(Verb.MUTE, Problem.WHY, span=span)
    return Asked(Verb.MUTE, span=span, reason=" ".join(reason.split())[:LONGEST_REASON])


def _span(text: str) -> tuple[timedelta | None, str]:
    """A duration at the beginning of `text`, such as 2h, 90 min or 1 päivä, and what comes after it."""
    found = _DURATION.fullmatch(text)
    unit = _UNITS.get(folded(found[2])) if found else None
    if found is None or unit is None:
        return None, text
    more, rest = _span(found[3])  # 1h 30min
    return int(found[1]) * unit + (more or timedelta()), rest.strip()


class Match(StrEnum):
    """How well a name fits what was looked for, the best first."""

    EXACT = "exact"
    BEGINS = "begins"  # one of its words
    HOLDS = "holds"


def match(wanted: Asked, name: str | None, handle: str | None) -> Match | None:
    """How the customer's name or handle fits; None where neither does. A handle asked for by @ is looked for alone."""
    looked_for = folded(wanted.name)
    own = [folded(handle or "")] + ([] if wanted.handle else [folded(name or "")])
    own = [one for one in own if one]
    if looked_for in own:
        return Match.EXACT
    if any(one.startswith(looked_for) or f" {looked_for}" in f" {one}" for one in own):
        return Match.BEGINS
    return Match.HOLDS if any(looked_for in one for one in own) else None
