"""Makes one call of a chain, and keeps what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import Case
from models.errors import OutcomeUnknown, PlatformError, Refused, TryLater
from models.escalations import Escalation, EscalationRing
from models.states import EscalationState, Means, RingState
from responders.duties import duty_now
from responders.escalations import chain_of
from responders.interruptions import note_interruption
from responders.oncall import By, Call, Duty, call_of
from responders.oncall_ringing import Message, Settled
from responders.ports import Card, CardRef

logger = logging.getLogger(__name__)

AGAIN = timedelta(seconds=30)
"""After so long a call that did not happen is made again, until its step is due the next time."""

IN_SLACK = (By.SCHEDULE, By.PERSON, By.GROUP, By.CHANNEL)


class Rings(Protocol):
    """What calls; responders.oncall_ringing.Ringer. All raise models.errors."""

    def ring(self, call: Call, message: Message, card: Card | None = None) -> CardRef | None: ...

    def find(self, call: Call, key: str, not_before: datetime) -> CardRef | None: ...

    def redraw(self, ref: CardRef, card: Card) -> None: ...

    def settle(self, by: By, url: str, key: str, word: Settled) -> None: ...


class Says(Protocol):
    """What a ring says: `message` by any route, `card` in Slack to `call`, in that person's language."""

    def message(self, session: Session, case: Case, escalation: Escalation, ring: EscalationRing) -> Message: ...

    def card(
        self,
        session: Session,
        case: Case,
        escalation: Escalation,
        ring: EscalationRing,
        call: Call | None,
        now: datetime,
    ) -> Callable[[], Card]: ...


@dataclass(frozen=True)
class Making:
    """Whatever goes wrong stays with the one ring: no route holds up another's turn."""

    sessions: Sessions
    duty: Duty
    rings: Rings
    says: Says
    zone: ZoneInfo  # the shop's, for the nights of people whose own is not known

    def make(self, ring_id: int, now: datetime) -> None:
        """Calls, unless somebody has the matter by now: the wish is written first, and the outcome after."""
        with self.sessions.begin() as session:
            ring = session.get_one(EscalationRing, ring_id)
            live = session.get_one(Escalation, ring.escalation_id, with_for_update=True)
            if live.state is not EscalationState.RINGING or live.round != ring.round:
                ring.state = RingState.UNKNOWN if ring.state is RingState.WISHED else RingState.SPARED
                return
            crashed = ring.state is RingState.WISHED
            ring.state, ring.tries, ring.tried_at, ring.again_at = RingState.WISHED, ring.tries + 1, now, None
        outcome, problem, ref, reached, again_at = RingState.TAKEN, None, None, None, None
        try:
            ref, reached = self._call(ring, now, crashed)
        except OutcomeUnknown as error:
            outcome, problem = RingState.UNKNOWN, error.code
        except TryLater as error:
            outcome, problem = RingState.FAILED, error.code
            again_at = now + max(AGAIN, timedelta(seconds=error.retry_after_s or 0))
        except PlatformError as error:
            outcome, problem = RingState.FAILED, error.code
        except Exception as error:
            logger.exception("ring broke id=%d by=%s", ring_id, ring.by)
            outcome, problem = RingState.UNKNOWN, type(error).__name__
        self._keep(ring, outcome, problem, ref, reached, again_at, now)

    def _call(self, ring: EscalationRing, now: datetime, crashed: bool) -> tuple[CardRef | None, str | None]:
        """Where the ring's message stands, and the Slack id of the one person it reached, where it was one."""
        with self.sessions() as session:
            live = session.get_one(Escalation, ring.escalation_id)
            case = session.get_one(Case, live.case_id)
            duty = duty_now(session, self.duty, now)
            chain = chain_of(live, duty, now)
            if chain is None or ring.step >= len(chain.steps):
                raise Refused("no_step", "The settings have changed, and the chain has no such step any more.")
            call = call_of(chain.steps[ring.step], duty, live.level, now)
            message = self.says.message(session, case, live, ring)
            draw = self.says.card(session, case, live, ring, call, now)
        person = duty.people.get(call.person) if call.person is not None else None
        reached = person.slack_id if person is not None else None
        if crashed and ring.tried_at is not None:
            found = self.rings.find(call, ring.key, ring.tried_at - timedelta(minutes=2))
            if found is not None:
                return found, reached
        made = self.rings.ring(call, message, draw() if call.by in IN_SLACK and call.to is not None else None)
        return made, reached

    def _keep(
        self,
        ring: EscalationRing,
        outcome: RingState,
        problem: str | None,
        ref: CardRef | None,
        reached: str | None,
        again_at: datetime | None,
        now: datetime,
    ) -> None:
        place = {"card_channel": ref.channel, "card_ts": ref.ts} if ref is not None else {}
        with self.sessions.begin() as session:
            live = session.get_one(Escalation, ring.escalation_id)
            session.execute(
                update(EscalationRing)
                .where(EscalationRing.id == ring.id)
                .values(state=outcome, problem=problem, again_at=again_at, shown="ringing", **place)
            )
            record(
                session, now, f"ring.{outcome}", case_id=live.case_id, escalation=live.id, step=ring.step, by=ring.by,
                problem=problem,
            )  # fmt: skip
            if reached is not None:
                note_interruption(
                    session,
                    now,
                    reached,
                    Means.RING,
                    "chain",
                    duty=self.duty,
                    zone=self.zone,
                    level=live.level,
                    case_id=live.case_id,
                )
        log = logger.info if problem is None else logger.warning
        log("ring id=%d by=%s outcome=%s code=%s", ring.id, ring.by, outcome, problem)
