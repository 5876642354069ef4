"""How the calling about a case stands, gathered for cards and messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.escalations import Escalation, EscalationRing
from models.states import CaseState, EscalationState, RingState
from responders.duties import duty_now, on_duty
from responders.escalations import newest_escalation
from responders.oncall import LEVELS, Duty, call_of, chain_for, next_ring
from responders.slack.escalations import EscalationView, Rung, Whom

_MOST_FAILED = 3


def escalation_view(session: Session, case: Case, duty: Duty, now: datetime) -> EscalationView | None:
    """What the case's card tells; None for a shop that has neither schedules nor chains, and for a contact nobody was
    called about.
    """
    found = newest_escalation(session, case.id)
    if found is None and (case.kind != "alert" or not (duty.chains or duty.schedules)):
        return None
    duty = duty_now(session, duty, now)
    on_call = on_duty(duty, now)
    can_call = case.state is CaseState.OPEN and any(chain_for(duty.chains, level, now) for level in LEVELS)
    if found is None:
        return EscalationView(case.id, on_call=on_call, can_call=can_call)
    rings = session.scalars(
        select(EscalationRing)
        .where(EscalationRing.escalation_id == found.id, EscalationRing.round == found.round)
        .order_by(EscalationRing.id)
    ).all()
    return EscalationView(
        case_id=case.id,
        state=found.state,
        chain=found.chain,
        last=_last(rings),
        next=_next(found, duty),
        failed=tuple(_failed(rings)[-_MOST_FAILED:]),
        held_by=found.held_by_name,
        held_until=found.held_until,
        ending=found.ending,
        ended_at=found.ended_at,
        on_call=on_call,
        can_call=can_call and found.state is EscalationState.ENDED,
    )


def _last(rings: Sequence[EscalationRing]) -> Rung | None:
    done = [ring for ring in rings if ring.state is RingState.TAKEN]
    return _rung(done[-1]) if done else None


def _failed(rings: Sequence[EscalationRing]) -> list[Rung]:
    """The newest call of each step, where it did not arrive."""
    newest = {ring.step: ring for ring in rings if ring.state is not RingState.DUE}
    return [_rung(ring) for ring in newest.values() if ring.state in (RingState.FAILED, RingState.UNKNOWN)]


def _rung(ring: EscalationRing) -> Rung:
    return Rung(Whom(ring.by, ring.person), ring.tried_at or ring.due_at, ring.problem)


def _next(live: Escalation, duty: Duty) -> Rung | None:
    """The next call: the next step's, or the first one's when who has it has it no longer."""
    chain = next((one for one in duty.chains if one.name == live.chain), None)
    if chain is None or live.state is EscalationState.ENDED:
        return None
    if live.state is EscalationState.HELD and live.held_until is not None:
        ring = next_ring(chain, live.held_until, live.held_until - timedelta(microseconds=1))
    else:
        ring = next_ring(chain, live.begun_at, live.looked_at or live.begun_at)
    call = call_of(chain.steps[ring.number], duty, live.level, ring.at)
    return Rung(Whom(str(call.by), call.person), ring.at)
