"""Finds and opens cases by their matter, and asks for their cards to be redrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Case, Reply
from models.jobs import JobKind, put
from models.numbering import next_case_number
from models.states import LIVE_REPLY_STATES
from responders.oncall import NOBODY, Duty
from responders.suggest import Suggester


@dataclass(frozen=True)
class Ground:
    """What decisions stand on, for one brand. `redraw_after_s` gathers a busy thread's redraws into one."""

    brand: str
    suggester: Suggester
    redraw_after_s: float = 3.0
    duty: Duty = NOBODY


def newest_case(session: Session, matter: str) -> Case | None:
    """The newest episode of a matter."""
    return session.scalars(
        select(Case).where(Case.matter.startswith(f"{matter}#", autoescape=True)).order_by(Case.id.desc()).limit(1)
    ).first()


def head_of(session: Session, case: Case) -> Case:
    """The case that stands for this one, where people said that they are the same matter; else this one."""
    seen = {case.id}
    while case.same_as is not None and case.same_as not in seen:
        case = session.get_one(Case, case.same_as)
        seen.add(case.id)
    return case


def standing_case(session: Session, matter: str) -> Case | None:
    """The case that what happens in a matter belongs to now."""
    newest = newest_case(session, matter)
    return head_of(session, newest) if newest is not None else None


def open_case(session: Session, matter: str, kind: str, ground: Ground, thread_id: int | None, now: datetime) -> Case:
    """A new case: the first episode of its matter, or the one after its newest."""
    last = newest_case(session, matter)
    episode = int(last.matter.rsplit("#", 1)[1]) + 1 if last else 1
    case = Case(
        number=next_case_number(session),
        matter=f"{matter}#{episode}",
        kind=kind,
        brand=ground.brand,
        thread_id=thread_id,
        opened_at=now,
        changed_at=now,
        reasons=[],
    )
    session.add(case)
    session.flush()
    return case


def live_reply(session: Session, case_id: int) -> Reply | None:
    """The case's one reply that still needs somebody or something."""
    return session.scalars(select(Reply).where(Reply.case_id == case_id, Reply.state.in_(LIVE_REPLY_STATES))).first()


def live_alert(session: Session, thread_id: int) -> Case | None:
    """The newest alert on a thread."""
    return session.scalars(
        select(Case)
        .where(Case.kind == "alert", Case.thread_id == thread_id, Case.matter.startswith("alert:thread:"))
        .order_by(Case.id.desc())
        .limit(1)
    ).first()


def newest_alert(session: Session, brand: str) -> Case | None:
    """The brand's alert on which heat last stood at the alerting level."""
    return session.scalars(
        select(Case)
        .where(Case.kind == "alert", Case.brand == brand)
        .order_by(func.coalesce(Case.alerted_at, Case.opened_at).desc(), Case.id.desc())
        .limit(1)
    ).first()


def redraw_soon(session: Session, case: Case, ground: Ground, wall: datetime) -> None:
    """Asks for a redraw that may wait for others."""
    put(session, JobKind.SHOW_CARD, str(case.id), wall + timedelta(seconds=ground.redraw_after_s))
