"""Decides what people are told about heat that changed and mentions nobody decided about.

What one pass decides is one transaction: alerts, cases, drafts, audit lines and the jobs that show the cards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from models.base import Sessions
from models.cases import Case, Reply
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from models.verdicts import Heat, VerdictRow
from responders.alerting import AlertPolicy, ContactPolicy
from responders.contacting import consider_mention
from responders.echoes import IN_FLIGHT, hear_ourselves
from responders.matters import Ground
from responders.raising import consider_heat


@dataclass(frozen=True)
class Considering:
    """Decides for one brand."""

    ground: Ground
    alerts: AlertPolicy = field(default_factory=AlertPolicy)
    contacts: ContactPolicy = field(default_factory=ContactPolicy)

    def consider_waiting(self, *, sessions: Sessions, now: datetime, wall: datetime, batch: int = 10) -> int:
        """Decides about heat that changed and mentions nobody decided about; returns how many were decided.

        Few at a time: while a pass writes, a person's approval waits for its turn.
        """
        with sessions.begin() as session:
            heats = session.scalars(select(Heat).where(Heat.pending.is_(True)).order_by(Heat.at).limit(batch)).all()
            for heat in heats:
                consider_heat(session, heat, self.ground, self.alerts, now, wall)
                heat.pending = False
            ours = hear_ourselves(session, now, wall, batch)
            rows = session.execute(
                select(Mention, VerdictRow, Thread)
                .join(VerdictRow, VerdictRow.mention_id == Mention.id)
                .join(Thread, Thread.id == Mention.thread_id)
                .where(Mention.heated_at.is_not(None), Mention.considered_at.is_(None))
                .order_by(_reply_under_way(), Mention.created_at, Mention.id)  # who has to wait fills no batch
                .limit(batch)
            ).all()
            waiting = 0
            for mention, verdict, thread in rows:
                if consider_mention(session, mention, verdict, thread, self.ground, self.contacts, now, wall):
                    mention.considered_at = now
                else:
                    waiting += 1
            if waiting:
                put(session, JobKind.CONSIDER, "", wall + timedelta(seconds=5))
            if batch in (len(heats), ours) or waiting < len(rows) == batch:
                put(session, JobKind.CONSIDER, "", wall)
        return len(heats) + ours + len(rows) - waiting


def _reply_under_way() -> ColumnElement[bool]:
    """Whether a reply in the mention's thread has left a person's hands and not settled yet."""
    waits_for = or_(Reply.case_id == Case.id, Reply.case_id == Case.same_as)
    in_flight = select(Case.thread_id).join(Reply, waits_for).where(Reply.state.in_(IN_FLIGHT))
    return Mention.thread_id.in_(in_flight)
