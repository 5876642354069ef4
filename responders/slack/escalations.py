"""What people can do about the calling of people, and what is told of it: plain values and calls, met elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models.states import Ending, EscalationState
from responders.slack.actions import Outcome, Person


@dataclass(frozen=True)
class Whom:
    """Whom a step calls: `by` is a value of responders.oncall.By, `name` a person's where it goes to one."""

    by: str
    name: str | None = None


@dataclass(frozen=True)
class Rung:
    """A step that was, or will be, called at `at`; `problem` is the code of what went wrong."""

    whom: Whom
    at: datetime
    problem: str | None = None


@dataclass(frozen=True)
class OnDuty:
    """Who is on duty in one schedule, until when, and who comes then; `until` is None where it stays with them."""

    schedule: str
    person: str | None
    slack_id: str | None = None
    phone: str | None = None
    until: datetime | None = None
    then: str | None = None


@dataclass(frozen=True)
class EscalationView:
    """How the calling about one case stands; `state` is None while nobody has been called.

    `held_by` is None where the case is snoozed. `failed` are this round's calls that did not arrive, the last three.
    """

    case_id: int
    state: EscalationState | None = None
    chain: str = ""
    last: Rung | None = None
    next: Rung | None = None
    failed: tuple[Rung, ...] = ()
    held_by: str | None = None
    held_until: datetime | None = None
    ending: Ending | None = None
    ended_at: datetime | None = None
    on_call: tuple[OnDuty, ...] = ()
    can_call: bool = False  # a chain is there for somebody who wants to call people now


class Escalations(Protocol):
    """Every call may come twice or late, and answers with an Outcome; none raises for what a person did.

    Codes: not_your_call, role_unknown, already_held (`by`, `at`: until when), not_held, held_by_other (`by`, `at`),
    already_ringing, no_chain, call_needs_reason, escalation_over, fire_not_found.
    """

    def acknowledge(self, case_id: int, who: Person) -> Outcome: ...

    def give_back(self, case_id: int, who: Person) -> Outcome: ...

    def escalate_now(self, case_id: int, reason: str, who: Person) -> Outcome: ...


class Duties(Protocol):
    """Who is on duty, and taking or handing over the duty for some hours from now on.

    `colleague` is a Slack id. Codes: not_allowed, role_unknown, unknown_schedule, not_on_the_list (the settings do not
    name them), wrong_hours, already_on_duty (`by`, `by_id`, `at`: until when).
    """

    def on_call_now(self) -> Sequence[OnDuty]: ...

    def take(self, schedule: str, hours: float, who: Person) -> Outcome: ...

    def hand_to(self, schedule: str, colleague: str, hours: float, who: Person) -> Outcome: ...
