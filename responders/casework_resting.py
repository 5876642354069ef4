"""Cases that are put off until later: snoozed by a person, woken by one, by the time, or by what happens."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import OURSELVES, record
from models.base import Sessions
from models.cases import Case
from models.jobs import JobKind, put
from models.states import CaseState, NudgeKind
from responders.casework_owning import closed
from responders.deeds import DONE, Doing, ask_nudge
from responders.slack.actions import Outcome, Person

logger = logging.getLogger(__name__)

LONGEST = timedelta(days=60)

LOOK_AGAIN = timedelta(minutes=1)
"""At the latest, of the machine's time: in a played world moments pass faster than on its clock."""

BATCH = 50


def snooze(doing: Doing, until: datetime) -> Outcome:
    """The case waits until then, or until something happens in it; what burns cannot be put off."""
    case, who = doing.case, doing.who
    if case.state is CaseState.CLOSED:
        return closed(doing)
    if case.level == "outrage":
        return Outcome(False, "outrage")
    if until <= doing.now:
        return Outcome(False, "not_future")
    if until - doing.now > LONGEST:
        return Outcome(False, "too_far")
    mine = case.snoozed_by == who.id
    if case.snoozed_until == until or (case.snoozed_until and not mine and doing.just_now(case.snoozed_at)):
        return Outcome(False, "already_snoozed", by=case.snoozed_by_name, by_id=case.snoozed_by, at=case.snoozed_at)
    case.snoozed_until, case.snoozed_at, case.changed_at = until, doing.now, doing.now
    case.snoozed_by, case.snoozed_by_name = who.id, who.name
    doing.record("case.snoozed", until=until.isoformat())
    put(doing.session, JobKind.WAKE_CASES, "", doing.wall + min(until - doing.now, LOOK_AGAIN))
    return DONE


def wake(doing: Doing) -> Outcome:
    """The case waits for us again, from now on."""
    if doing.case.state is CaseState.CLOSED:
        return closed(doing)
    if doing.case.snoozed_until is None:
        return Outcome(False, "already_open")
    stir(doing.session, doing.case, "person", doing.now, actor=doing.who.id)
    return DONE


def stir(session: Session, case: Case, why: str, now: datetime, actor: str = OURSELVES) -> bool:
    """Wakes a case that is put off, in the caller's transaction, and writes down why; True when it slept.

    `why`: person, time, message (the customer wrote again), level (it burns hotter), answered, closed, linked.
    """
    if case.snoozed_until is None:
        return False
    case.snoozed_until, case.changed_at = None, now
    record(session, now, "case.woken", actor=actor, case_id=case.id, why=why)
    return True


def rouse(session: Session, case: Case, why: str, now: datetime, wall: datetime) -> None:
    """Wakes a case by itself, and tells who put it off."""
    if stir(session, case, why, now) and case.snoozed_by is not None:
        ask_nudge(session, case.id, NudgeKind.WOKEN, case.snoozed_by, Person(OURSELVES, "Palovahti"), now, wall)


def wake_cases(*, sessions: Sessions, now: datetime, wall: datetime) -> int:
    """Wakes every case whose time has come, a batch at a time, and looks again while any sleeps; how many woke."""
    with sessions.begin() as session:
        ready = select(Case).where(Case.snoozed_until <= now).order_by(Case.snoozed_until).limit(BATCH)
        woken = session.scalars(ready.with_for_update()).all()
        for case in woken:
            rouse(session, case, "time", now, wall)
            put(session, JobKind.SHOW_CARD, str(case.id), wall, urgent=True)
        session.flush()
        following = session.scalar(select(func.min(Case.snoozed_until)))
        if following is not None:
            put(session, JobKind.WAKE_CASES, "", wall + max(timedelta(0), min(following - now, LOOK_AGAIN)))
    if woken:
        logger.info("cases woken count=%d", len(woken))
    return len(woken)
