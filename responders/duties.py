"""Who is on duty now, with what was taken and handed over meanwhile; meets `responders.slack.escalations.Duties`."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import Case
from models.escalations import DutyOverride
from models.jobs import JobKind, put
from models.states import CaseState
from responders.oncall import Duty, Override, next_hand_over, who_is_on, with_overrides
from responders.permission import may, refused
from responders.roles import Act, Roles
from responders.slack.actions import Outcome, Person
from responders.slack.escalations import OnDuty

logger = logging.getLogger(__name__)

LONGEST = timedelta(days=7)
KEPT = timedelta(days=2)
"""How long an override that has ended still counts, for those who look back at a hand-over."""


def duty_now(session: Session, duty: Duty, now: datetime) -> Duty:
    """The settings' duty with what people took meanwhile: of two that hold the newer wins, and both over the file."""
    taken: defaultdict[str, list[Override]] = defaultdict(list)
    rows = session.scalars(select(DutyOverride).where(DutyOverride.ends > now - KEPT).order_by(DutyOverride.id.desc()))
    for row in rows:
        if row.person in duty.people:
            taken[row.schedule].append(Override(row.person, row.begins, row.ends))
    return with_overrides(duty, taken)


def on_duty(duty: Duty, now: datetime) -> tuple[OnDuty, ...]:
    """Who is on in each schedule, in the order of the settings."""
    found = []
    for schedule in duty.schedules.values():
        name, change = who_is_on(schedule, now), next_hand_over(schedule, now)
        person = duty.people.get(name) if name else None
        slack_id, phone = (person.slack_id, person.phone) if person else (None, None)
        until, then = (change.at, change.person) if change else (None, None)
        found.append(OnDuty(schedule.name, name, slack_id, phone, until, then))
    return tuple(found)


class DutyDesk:
    """Meets `Duties`. Anybody who may take a fire may take the duty; who has it may hand it on, and a lead may for
    everybody.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        duty: Duty,
        roles: Roles,
        clock: Callable[[], datetime],
        wall: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._duty = duty
        self._roles = roles
        self._clock = clock
        self._wall = wall

    def on_call_now(self) -> Sequence[OnDuty]:
        with self._sessions() as session:
            return on_duty(duty_now(session, self._duty, self._clock()), self._clock())

    def take(self, schedule: str, hours: float, who: Person) -> Outcome:
        """The duty is `who`'s from now on for so many hours; then it goes back to whoever's turn it is."""
        return self._give(schedule, who.id, hours, who)

    def hand_to(self, schedule: str, colleague: str, hours: float, who: Person) -> Outcome:
        return self._give(schedule, colleague, hours, who)

    def _give(self, schedule: str, slack_id: str, hours: float, who: Person) -> Outcome:
        no = refused(self._roles, who, Act.TAKE)
        if no is not None:
            return no
        if schedule not in self._duty.schedules:
            return Outcome(False, "unknown_schedule")
        person = next((one for one in self._duty.people.values() if one.slack_id == slack_id), None)
        if person is None:
            return Outcome(False, "not_on_the_list")
        if not 0 < hours <= LONGEST / timedelta(hours=1):
            return Outcome(False, "wrong_hours")
        now = self._clock()
        ends = now + timedelta(hours=hours)
        with self._sessions.begin() as session:
            [on] = [one for one in on_duty(duty_now(session, self._duty, now), now) if one.schedule == schedule]
            free = slack_id == who.id or on.slack_id == who.id or may(self._roles, who, Act.CHANGE_DUTY)
            if not free:
                return Outcome(False, "not_allowed")
            if on.slack_id == slack_id and (on.until is None or on.until >= ends - timedelta(minutes=5)):
                return Outcome(False, "already_on_duty", on.person, on.slack_id, on.until)
            session.add(
                DutyOverride(
                    schedule=schedule, person=person.name, begins=now, ends=ends, by_id=who.id, by_name=who.name, at=now
                )
            )
            record(session, now, "duty.given", actor=who.id, schedule=schedule, to=slack_id, hours=hours)
            put(session, JobKind.HAND_OVER, "", self._wall())
            show_who_is_on(session, self._wall())
        logger.info("duty given to=%s by=%s hours=%g", slack_id, who.id, hours)
        return Outcome(True)


class TakingDuty:
    """Meets `responders.slack.command_views.Duties`: the schedule that somebody takes turns in, else the first."""

    def __init__(self, desk: DutyDesk, duty: Duty) -> None:
        self._desk = desk
        self._duty = duty

    def take(self, span: timedelta, who: Person) -> Outcome:
        names = {one.name for one in self._duty.people.values() if one.slack_id == who.id}
        own = [name for name, one in self._duty.schedules.items() if names & {*one.members}]
        wanted = next(iter([*own, *self._duty.schedules]), "")
        return self._desk.take(wanted, span / timedelta(hours=1), who)


def show_who_is_on(session: Session, wall: datetime) -> None:
    """Asks for the cards of open alerts to be drawn again, for they tell who is on duty."""
    wanted = (Case.kind == "alert", Case.state == CaseState.OPEN, Case.card_ts.is_not(None))
    for case_id in session.scalars(select(Case.id).where(*wanted)):
        put(session, JobKind.SHOW_CARD, str(case_id), wall)
