"""When calling people about a fire begins, grows worse and ends; every function works in the caller's transaction."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.audit import OURSELVES, AuditEntry, record
from models.cases import OUTCOME, Alert, Case
from models.escalations import Escalation, EscalationRing, move_escalation
from models.jobs import JobKind, put
from models.states import CaseState, Ending, EscalationState, Grade, RingState
from responders.oncall import LEVELS, Chain, Duty, chain_for

logger = logging.getLogger(__name__)


def reached(session: Session, case: Case, duty: Duty, now: datetime, wall: datetime, *, worse: bool) -> None:
    """The case's fire stands at its level: its chain begins, or the one at work gives way to a higher level's.

    `worse`: people have just been told of this level. Otherwise a chain begins only where none has for this case yet,
    as when its hours have come while the fire burnt on.
    """
    if case.level not in LEVELS:
        return
    if worse and case.level == "outrage":
        put(session, JobKind.OUTRAGE_CHANNEL, str(case.id), wall, urgent=True)
    chain, live = chain_for(duty.chains, case.level, now), live_escalation(session, case.id)
    if live is not None:
        if LEVELS.index(case.level) > LEVELS.index(live.level):
            _raise(session, live, case.level, chain, now)
            ask(session, case.id, wall)
        return
    if chain is not None and (worse or (case.state is CaseState.OPEN and not _ever(session, case.id))):
        begin(session, case, chain, case.level, now, wall)


def begin(
    session: Session, case: Case, chain: Chain, level: str, now: datetime, wall: datetime, actor: str = OURSELVES
) -> Escalation:
    """The chain is at work on the case from now on; there must be no other."""
    escalation = Escalation(case_id=case.id, level=level, chain=chain.name, opened_at=now, begun_at=now)
    session.add(escalation)
    session.flush()
    record(session, now, "escalation.ringing", actor=actor, case_id=case.id, escalation=escalation.id, level=level)
    logger.info("escalation begun id=%d case=%d level=%s", escalation.id, case.id, level)
    ask(session, case.id, wall)
    return escalation


def ask(session: Session, case_id: int, at: datetime) -> None:
    """Asks that the case's escalation be looked at, and that its card tell of it."""
    put(session, JobKind.ESCALATE, str(case_id), at, urgent=True)
    put(session, JobKind.SHOW_CARD, str(case_id), at, urgent=True)


def live_escalation(session: Session, case_id: int) -> Escalation | None:
    """The one that rings or is held."""
    wanted = (Escalation.case_id == case_id, Escalation.state != EscalationState.ENDED)
    return session.scalars(select(Escalation).where(*wanted)).first()


def newest_escalation(session: Session, case_id: int) -> Escalation | None:
    """The live one, else the last that ended."""
    return session.scalars(
        select(Escalation).where(Escalation.case_id == case_id).order_by(Escalation.id.desc()).limit(1)
    ).first()


def chain_of(live: Escalation, duty: Duty, now: datetime) -> Chain | None:
    """The chain at work; where the settings no longer have it, the one of this level and hour."""
    named = next((one for one in duty.chains if one.name == live.chain), None)
    return named or chain_for(duty.chains, live.level, now)


def begin_anew(
    session: Session, escalation: Escalation, duty: Duty, at: datetime, now: datetime, *, actor: str, why: str
) -> bool:
    """A held escalation rings again, from its chain's beginning, which was at `at`; the chain is that of this hour."""
    chain = chain_for(duty.chains, escalation.level, now)
    return move_escalation(
        session,
        escalation,
        EscalationState.RINGING,
        at=now,
        actor=actor,
        why=why,
        round=escalation.round + 1,
        begun_at=at,
        looked_at=None,
        chain=chain.name if chain is not None else escalation.chain,
    )


def end(session: Session, escalation: Escalation, ending: Ending, now: datetime) -> None:
    """Nobody is called any more; what was due is let be."""
    if not move_escalation(session, escalation, EscalationState.ENDED, at=now, why=ending, ended_at=now, ending=ending):
        return
    spare(session, escalation)
    logger.info("escalation ended id=%d why=%s", escalation.id, ending)


def spare(session: Session, escalation: Escalation) -> None:
    """What was due is not called any more."""
    session.execute(
        update(EscalationRing)
        .where(EscalationRing.escalation_id == escalation.id, EscalationRing.state == RingState.DUE)
        .values(state=RingState.SPARED)
    )


def ending_of(session: Session, case: Case, escalation: Escalation) -> Ending | None:
    """Why it is over by now; None while it is not. What people did before it began does not end it."""
    since = escalation.opened_at
    if case.state is not CaseState.OPEN and _last(session, case, f"case.{case.state}", since):
        return Ending.CLOSED if case.state is CaseState.CLOSED else Ending.ANSWERED
    if _called_false(session, case.id, since):
        return Ending.FALSE
    if case.level not in LEVELS and _last(session, case, "alert.cooled", since):
        return Ending.COOLED
    return None


def _raise(session: Session, live: Escalation, level: str, chain: Chain | None, now: datetime) -> None:
    """The higher level's chain takes over; while somebody has the matter it waits until that has run out."""
    values: dict[str, object] = {"level": level}
    if chain is not None:
        values["chain"] = chain.name
        if live.state is EscalationState.RINGING:
            values |= {"round": live.round + 1, "begun_at": now, "looked_at": None}
            spare(session, live)
    session.execute(update(Escalation).where(Escalation.id == live.id).values(**values))
    session.refresh(live)
    record(session, now, "escalation.raised", case_id=live.case_id, escalation=live.id, level=level, round=live.round)


def _ever(session: Session, case_id: int) -> bool:
    return session.scalar(select(Escalation.id).where(Escalation.case_id == case_id).limit(1)) is not None


def _last(session: Session, case: Case, action: str, since: datetime) -> bool:
    """Whether it happened to the case from `since` on."""
    found = select(func.max(AuditEntry.at)).where(AuditEntry.case_id == case.id, AuditEntry.action == action)
    last = session.scalar(found)
    return last is not None and last >= since


def _called_false(session: Session, case_id: int, since: datetime) -> bool:
    said = select(Alert.id).where(
        Alert.case_id == case_id, Alert.grade == str(Grade.FALSE), Alert.grade_by != OUTCOME, Alert.graded_at >= since
    )
    return session.scalar(said.limit(1)) is not None
