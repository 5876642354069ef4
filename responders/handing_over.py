"""Tells who goes off duty and who comes on, once each, at the hand-over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions, insert_new
from models.cases import Case
from models.errors import OutcomeUnknown, PlatformError, TryLater
from models.escalations import DutyNotice, Escalation
from models.jobs import JobKind, put
from models.states import CaseState, EscalationState, RingState
from responders.duties import duty_now, show_who_is_on
from responders.oncall import LEVELS, Duty, Schedule, hand_overs, next_hand_over, who_is_on
from responders.ports import Notifier
from responders.slack.catalogue import words_for
from responders.slack.hand_over_cards import HandOverView, OpenFire, hand_over_card

logger = logging.getLogger(__name__)

LATE = timedelta(hours=1)
"""A hand-over that nobody could be told of for longer is not told any more: who is on knows by then."""

AGAIN = timedelta(seconds=30)
_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class HandingOver:
    """Looks at least every `look_s`; a message whose outcome is unknown is not sent a second time."""

    sessions: Sessions
    duty: Duty
    notifier: Notifier
    language: str
    language_of: Callable[[str], str | None]
    look_s: float = 60.0

    def tell(self, now: datetime, wall: datetime) -> None:
        """Writes down who is to be told, and tells them."""
        late = False
        for notice_id in self._look(now, wall):
            late |= not self._tell(notice_id, now)
        if late:
            with self.sessions.begin() as session:
                put(session, JobKind.HAND_OVER, "", wall + AGAIN)

    def _look(self, now: datetime, wall: datetime) -> Sequence[int]:
        with self.sessions.begin() as session:
            duty = duty_now(session, self.duty, now)
            waits = [timedelta(seconds=self.look_s)]
            new: list[int] = []
            for schedule in duty.schedules.values():
                new += insert_new(session, DutyNotice, _notices(schedule, now), ["schedule", "at", "person", "comes"])
                change = next_hand_over(schedule, now)
                waits += [change.at - now] if change is not None else []
            if new:
                show_who_is_on(session, wall)
            # A wish without an outcome is a crash's: told once at most.
            session.execute(
                update(DutyNotice).where(DutyNotice.state == RingState.WISHED).values(state=RingState.UNKNOWN)
            )
            put(session, JobKind.HAND_OVER, "", wall + min(waits))
            due = select(DutyNotice.id).where(DutyNotice.state == RingState.DUE, DutyNotice.at > now - LATE)
            return list(session.scalars(due.order_by(DutyNotice.id)))

    def _tell(self, notice_id: int, now: datetime) -> bool:
        """False when it has to be told again."""
        with self.sessions.begin() as session:
            notice = session.get_one(DutyNotice, notice_id)
            person = self.duty.people.get(notice.person)
            notice.state = RingState.WISHED if person is not None else RingState.SPARED
            schedule = duty_now(session, self.duty, now).schedules.get(notice.schedule)
            if person is None or schedule is None:
                return True
            view = _view(session, schedule, notice)
        state, problem = RingState.TAKEN, None
        try:
            words = words_for(self.language_of(person.slack_id) or self.language)
            key = f"hand-over-{notice.id}"
            self.notifier.post(person.slack_id, hand_over_card(view, words, schedule.zone), key)
        except OutcomeUnknown as error:
            state, problem = RingState.UNKNOWN, error.code
        except TryLater as error:
            state, problem = RingState.DUE, error.code
        except PlatformError as error:
            state, problem = RingState.FAILED, error.code
        with self.sessions.begin() as session:
            row = session.get_one(DutyNotice, notice_id)
            row.state, row.problem = state, problem
            if state is RingState.TAKEN:
                record(session, now, "duty.told", schedule=row.schedule, comes=row.comes, notice=notice_id)
        log = logger.info if problem is None else logger.warning
        log("hand-over notice=%d outcome=%s code=%s", notice_id, state, problem)
        return state is not RingState.DUE


def _notices(schedule: Schedule, now: datetime) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for change in hand_overs(schedule, now - LATE, now):
        off = who_is_on(schedule, change.at - _JUST_BEFORE)
        for person, comes in ((off, False), (change.person, True)):
            if person is not None:
                found.append(
                    {
                        "schedule": schedule.name,
                        "at": change.at,
                        "person": person,
                        "comes": comes,
                        "state": RingState.DUE,
                    }
                )
    return found


def _view(session: Session, schedule: Schedule, notice: DutyNotice) -> HandOverView:
    comes, after = who_is_on(schedule, notice.at), next_hand_over(schedule, notice.at)
    return HandOverView(
        schedule=schedule.name,
        comes=notice.comes,
        other=who_is_on(schedule, notice.at - _JUST_BEFORE) if notice.comes else comes,
        fires=open_fires(session),
        until=after.at if after is not None else None,
        then=after.person if after is not None else None,
    )


def open_fires(session: Session) -> tuple[OpenFire, ...]:
    """The alerts that are open and hot, the newest first, with who has them."""
    rows = session.execute(
        select(Case, Escalation)
        .join(
            Escalation,
            (Escalation.case_id == Case.id) & (Escalation.state != EscalationState.ENDED),
            isouter=True,
        )
        .where(Case.kind == "alert", Case.state == CaseState.OPEN, Case.level.in_(LEVELS))
        .order_by(Case.id.desc())
    ).all()
    return tuple(
        OpenFire(
            number=row[0].number,
            level=row[0].level or "",
            held_by=row[1].held_by_name if row[1] is not None else None,
            held_until=row[1].held_until if row[1] is not None else None,
            ringing=row[1] is not None and row[1].state is EscalationState.RINGING,
        )
        for row in rows
    )
