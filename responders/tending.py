"""Tends the escalation of one case: looks what is due, has it called, and has everybody told what became of it.

A ring's row says `due` before anybody calls, `wished` before the call, and what became of it after. Who finds a wish
without an outcome, left by a crash, calls again: a call twice is better than one that nobody heard. A call whose answer
was lost is `unknown`, and comes again when its step is due the next time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.audit import OURSELVES, record
from models.base import Sessions
from models.cases import Case
from models.escalations import Escalation, EscalationRing, move_escalation
from models.jobs import JobKind, put
from models.states import Ending, EscalationState, RingState
from responders.duties import duty_now
from responders.escalations import begin_anew, chain_of, end, ending_of, newest_escalation
from responders.making_rings import Making, Rings, Says
from responders.oncall import By, Duty, call_of, due_steps, next_ring
from responders.settling_rings import Settling

SERVICES = (By.PAGERDUTY, By.OPSGENIE)


@dataclass(frozen=True)
class Tending:
    """Tends escalations; `look_s` is the longest it goes without a look while one is alive."""

    sessions: Sessions
    duty: Duty
    rings: Rings
    says: Says
    zone: ZoneInfo
    look_s: float = 20.0

    def tend(self, case_id: int, now: datetime, wall: datetime) -> None:
        """One look at the case's escalation, and everything that follows from it."""
        due = self._look(case_id, now, wall)
        making = Making(self.sessions, self.duty, self.rings, self.says, self.zone)
        for ring_id in due:
            making.make(ring_id, now)
        if due:
            with self.sessions.begin() as session:
                put(session, JobKind.SHOW_CARD, str(case_id), wall, urgent=True)
        if not Settling(self.sessions, self.rings, self.says).settle(case_id, now):
            with self.sessions.begin() as session:
                put(session, JobKind.ESCALATE, str(case_id), wall + timedelta(seconds=self.look_s))

    def _look(self, case_id: int, now: datetime, wall: datetime) -> Sequence[int]:
        """The rings to make now, in order: written down with the next look, before any of them is made."""
        with self.sessions.begin() as session:
            case = session.scalars(select(Case).where(Case.id == case_id).with_for_update()).first()
            live = newest_escalation(session, case_id)
            if case is None or live is None or _ended(live):
                return []
            duty = duty_now(session, self.duty, now)
            self._move_on(session, case, live, duty, now, wall)
            if _ended(live):
                return []
            waits = [timedelta(seconds=self.look_s), *self._waits(session, live, duty, now)]
            put(session, JobKind.ESCALATE, str(case_id), wall + max(min(waits), timedelta()))
            return self._to_ring(session, live, now) if live.state is EscalationState.RINGING else []

    def _move_on(
        self, session: Session, case: Case, live: Escalation, duty: Duty, now: datetime, wall: datetime
    ) -> None:
        """What time and people have made of the escalation since the last look."""
        before = live.state, live.round
        ending = ending_of(session, case, live)
        chain = chain_of(live, duty, now)
        snoozed = case.snoozed_until is not None and case.snoozed_until > now
        if ending is not None or chain is None:
            end(session, live, ending or Ending.NO_CHAIN, now)
        elif live.state is EscalationState.RINGING and snoozed:
            move_escalation(
                session, live, EscalationState.HELD, at=now, why="snoozed", held_at=now, held_until=case.snoozed_until
            )
        elif live.state is EscalationState.HELD and live.held_by_id is None and not snoozed:
            begin_anew(session, live, duty, now, now, actor=OURSELVES, why="woken")
        elif live.state is EscalationState.HELD and live.held_until is not None and live.held_until <= now:
            begin_anew(session, live, duty, live.held_until, now, actor=OURSELVES, why="expired")
        if live.state is EscalationState.RINGING:
            self._fall_due(session, live, duty, now)
        if (live.state, live.round) != before:
            put(session, JobKind.SHOW_CARD, str(case.id), wall, urgent=True)

    def _fall_due(self, session: Session, live: Escalation, duty: Duty, now: datetime) -> None:
        chain = chain_of(live, duty, now)
        if chain is None:
            return
        if chain.name != live.chain:
            live.chain = chain.name
        for due in due_steps(chain, live.begun_at, None, now, since=live.looked_at):
            step = chain.steps[due.number]
            call = call_of(step, duty, live.level, now)
            service = step.by in SERVICES
            own_key = f"{live.key}-{due.number}-{due.at:%Y%m%dT%H%M%S}"
            session.add(
                EscalationRing(
                    escalation_id=live.id,
                    round=live.round,
                    step=due.number,
                    due_at=due.at,
                    by=str(step.by),
                    person=call.person,
                    state=RingState.QUIET if call.quiet else RingState.DUE,
                    key=live.key if service else own_key,
                    service=call.to if service else None,
                )
            )
            if call.quiet:
                record(session, now, "ring.quiet", case_id=live.case_id, escalation=live.id, step=due.number)
        live.looked_at = now
        session.flush()

    def _to_ring(self, session: Session, live: Escalation, now: datetime) -> Sequence[int]:
        found = session.scalars(_of_round(live).order_by(EscalationRing.due_at, EscalationRing.step)).all()
        newest = {ring.step: ring for ring in found}
        return [
            ring.id
            for ring in found
            if ring.state in (RingState.DUE, RingState.WISHED)
            or (ring is newest[ring.step] and ring.again_at is not None and ring.again_at <= now)
        ]

    def _waits(self, session: Session, live: Escalation, duty: Duty, now: datetime) -> list[timedelta]:
        chain = chain_of(live, duty, now)
        if live.state is EscalationState.HELD or chain is None:
            return [live.held_until - now] if live.held_until is not None else []
        again = session.scalars(_of_round(live).where(EscalationRing.again_at > now)).all()
        moments = [next_ring(chain, live.begun_at, now).at, *(one.again_at for one in again if one.again_at)]
        return [moment - now for moment in moments]


def _of_round(live: Escalation) -> Select[EscalationRing]:
    return select(EscalationRing).where(EscalationRing.escalation_id == live.id, EscalationRing.round == live.round)


def _ended(live: Escalation) -> bool:
    return live.state is EscalationState.ENDED
