"""Turns heat into alerts: raised, made worse, redrawn, cooled down."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import record
from models.cases import Alert, Case
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from models.replies import move_case
from models.states import CaseState
from models.verdicts import Heat, VerdictRow
from responders.alerting import LEVELS, AlertPolicy, Decision, HeatView, LastAlert, decide_alert
from responders.casework_resting import rouse
from responders.escalations import reached
from responders.matters import Ground, head_of, live_reply, open_case, redraw_soon
from responders.same_fire import case_on_fire

logger = logging.getLogger(__name__)


def consider_heat(
    session: Session, heat: Heat, ground: Ground, policy: AlertPolicy, now: datetime, wall: datetime
) -> None:
    """Decides about one reading of heat and writes what follows, in the caller's transaction."""
    matter = f"alert:{heat.subject}"
    case = case_on_fire(session, heat, now)
    case = head_of(session, case) if case is not None else None
    view = HeatView(
        subject=heat.subject.split(":", 1)[0],
        thread_id=str(heat.thread_id) if heat.thread_id is not None else None,
        level=heat.level,
        score=heat.score,
        probability=heat.probability,
        reasons=heat.reasons,
    )
    decision = decide_alert(view, _last_alert(session, case), policy, now)
    if decision is Decision.RAISE:
        case = open_case(session, matter, "alert", ground, heat.thread_id, now)
        case.topic_id = heat.topic_id
    if case is None or decision is Decision.STAY_QUIET:
        return
    borrowed = not case.matter.startswith(f"{matter}#")  # the same fire, and that has its card
    if borrowed and decision is not Decision.ESCALATE:
        return
    if decision is Decision.COOL_DOWN:
        case.level = "watch"
        record(session, now, "alert.cooled", case_id=case.id, score=round(heat.score, 2))
        put(session, JobKind.ESCALATE, str(case.id), wall)
    else:
        case.alerted_at = now
    case.score, case.changed_at = heat.probability, now
    case.reasons = heat.reasons or case.reasons
    case.forecast, case.evidence = heat.forecast, heat.evidence or case.evidence
    if decision in (Decision.RAISE, Decision.ESCALATE):
        _tell(session, case, heat, decision, ground, now)
        rouse(session, case, "level", now, wall)
        put(session, JobKind.SHOW_CARD, str(case.id), wall, urgent=True)
    else:
        redraw_soon(session, case, ground, wall)
    if decision is not Decision.COOL_DOWN:
        reached(session, case, ground.duty, now, wall, worse=decision is not Decision.REDRAW)


def _tell(session: Session, case: Case, heat: Heat, decision: Decision, ground: Ground, now: datetime) -> None:
    case.level = heat.level
    session.add(
        Alert(
            case_id=case.id,
            level=heat.level,
            score=heat.score,
            probability=heat.probability,
            odds=heat.odds,
            reasons=heat.reasons,
            at=now,
        )
    )
    record(session, now, f"alert.{decision}", case_id=case.id, level=heat.level, score=round(heat.score, 2))
    logger.info("alert decision=%s case=%d level=%s", decision, case.id, heat.level)
    if case.matter.startswith("alert:thread:") and case.thread_id is not None:
        _answer_thread(session, case, case.thread_id, ground, now)


def _answer_thread(session: Session, case: Case, thread_id: int, ground: Ground, now: datetime) -> None:
    """Drafts an answer to the complaint that began it, or, once that is answered, to the newest."""
    if live_reply(session, case.id) is not None:
        return
    answered = case.state is not CaseState.OPEN
    order = (Mention.created_at.desc(), Mention.id.desc()) if answered else (Mention.created_at, Mention.id)
    found = session.execute(
        select(Mention, VerdictRow, Thread)
        .join(VerdictRow, VerdictRow.mention_id == Mention.id)
        .join(Thread, Thread.id == Mention.thread_id)
        .where(
            Mention.thread_id == thread_id,
            Mention.from_us.is_(False),
            Mention.is_share.is_(False),
            VerdictRow.label == "negative",
        )
        .order_by(*order)
        .limit(1)
    ).first()
    if found is None:
        return
    mention, verdict, thread = found
    move_case(session, case, CaseState.OPEN, at=now)
    case.mention_id, case.answered_at = mention.id, None
    ground.suggester.draft(session, case, mention, verdict, thread, heated=True, now=now)


def _last_alert(session: Session, case: Case | None) -> LastAlert | None:
    if case is None:
        return None
    told = session.scalars(select(Alert.level).where(Alert.case_id == case.id)).all()
    return LastAlert(
        shown=case.level or "none",
        highest=max(told, key=LEVELS.index, default="none"),
        hot_at=case.alerted_at or case.opened_at,
        settled=case.state is CaseState.CLOSED,
    )
