"""Whom a level calls by an @, and whom it lets rest. Pure: the duty, the level and the time in, people out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from responders.oncall import By, Duty, Person, call_of, chain_for

CALLING = ("warning", "outrage")
"""The levels that call somebody; a watch never does."""
NEVER_RESTS = "outrage"


@dataclass(frozen=True)
class Whom:
    """Slack ids, each once, in the order of the chain: those to mention, and those on duty in their quiet hours."""

    called: tuple[str, ...] = ()
    resting: tuple[str, ...] = ()


def whom_to_call(duty: Duty, level: str, at: datetime, otherwise: Sequence[str] = ()) -> Whom:
    """Who is on duty at `at` in the schedules that the level's chain rings in Slack.

    `otherwise` are the ids, of people or user groups, that a shop without chains has named. Nobody is mentioned in
    their own quiet hours, but for an outrage. Below a warning nobody is.
    """
    if level not in CALLING:
        return Whom()
    if not duty.chains:
        return _parted([(one, rests(person_of(duty, one), level, at)) for one in otherwise])
    chain = chain_for(duty.chains, level, at)
    calls = [call_of(step, duty, level, at) for step in chain.steps if step.by is By.SCHEDULE] if chain else []
    return _parted([(call.to, call.quiet) for call in calls if call.to is not None])


def rests(person: Person | None, level: str | None, at: datetime) -> bool:
    """Whether the person's quiet hours hold at `at` and this may not break them."""
    return level != NEVER_RESTS and in_quiet_hours(person, at)


def in_quiet_hours(person: Person | None, at: datetime) -> bool:
    return person is not None and person.quiet is not None and person.quiet.hold(at)


def person_of(duty: Duty, slack_id: str) -> Person | None:
    """Who has this Slack id, as far as the settings tell."""
    return next((one for one in duty.people.values() if one.slack_id == slack_id), None)


def _parted(found: Sequence[tuple[str, bool]]) -> Whom:
    called = dict.fromkeys(one for one, quiet in found if not quiet)
    resting = dict.fromkeys(one for one, quiet in found if quiet)
    return Whom(tuple(called), tuple(resting))
