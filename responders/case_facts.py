"""What the store knows of a case beside its messages: who has it, its history and notes, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Case, CaseNote, Reply
from models.states import CaseState
from responders.customer_history import history_of
from responders.differences import changes_between
from responders.reply_texts import base_text
from responders.slack.case_views import CaseFacts, Change, Ending, Notes


def facts_of(session: Session, case: Case, reply: Reply | None, now: datetime) -> CaseFacts:
    """The case's own part of its card; what it was put off to is left out once that moment has passed."""
    same_as = session.get(Case, case.same_as) if case.same_as is not None else None
    waits = case.snoozed_until is not None and case.snoozed_until > now
    return CaseFacts(
        owner=case.owner_name,
        team=case.team,
        snoozed_until=case.snoozed_until if waits else None,
        same_as=same_as.number if same_as is not None else None,
        history=history_of(session, case, now),
        notes=_notes(session, case),
        ending=_ending(case) if case.state is CaseState.CLOSED else None,
        changes=_changes(session, reply) if reply is not None and reply.edited_by else (),
    )


def _notes(session: Session, case: Case) -> Notes | None:
    count = session.scalar(select(func.count()).where(CaseNote.case_id == case.id)) or 0
    newest = select(CaseNote).where(CaseNote.case_id == case.id).order_by(CaseNote.id.desc()).limit(1)
    last = session.scalars(newest).first()
    return Notes(count, last.by_name, last.text) if last is not None else None


def _ending(case: Case) -> Ending:
    return Ending(
        at=case.closed_at,
        by=case.closed_by_name,
        handled=case.handled,
        justified=case.justified,
        compensated=case.compensated,
        reason=case.closed_reason,
    )


def _changes(session: Session, reply: Reply) -> Sequence[Change]:
    """What people changed in the playbook's words; none where there were no words to change."""
    base = base_text(session, reply)
    return changes_between(base, reply.text) if base else ()
