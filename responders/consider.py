"""Decides what people are told: turns heat into alerts and mentions into contacts, each with drafts and a card.

What one pass decides is one transaction: alert, case, suggestions, draft, audit line and the job that shows the card.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import Alert, Case, Reply
from models.jobs import JobKind, put
from models.mentions import Mention, Thread
from models.replies import move_case
from models.states import LIVE_REPLY_STATES, CaseState
from models.verdicts import Heat, VerdictRow
from responders.alerting import (
    LEVELS,
    AlertPolicy,
    ContactPolicy,
    ContactView,
    Decision,
    HeatView,
    LastAlert,
    decide_alert,
    decide_contact,
)
from responders.customer_words import is_giveaway
from responders.echoes import IN_FLIGHT, answered_already, hear_ourselves
from responders.suggest import Suggester

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Considering:
    """What decisions stand on, for one brand. `redraw_after_s` gathers a busy thread's redraws into one."""

    brand: str
    suggester: Suggester
    alerts: AlertPolicy = field(default_factory=AlertPolicy)
    contacts: ContactPolicy = field(default_factory=ContactPolicy)
    redraw_after_s: float = 3.0

    def consider_waiting(self, *, sessions: Sessions, now: datetime, wall: datetime, batch: int = 50) -> int:
        """Decides about heat that changed and mentions nobody decided about; returns how many were decided."""
        with sessions.begin() as session:
            heats = session.scalars(select(Heat).where(Heat.pending.is_(True)).order_by(Heat.at).limit(batch)).all()
            for heat in heats:
                self._consider_heat(session, heat, now, wall)
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
                if self._consider_mention(session, mention, verdict, thread, now, wall):
                    mention.considered_at = now
                else:
                    waiting += 1
            if waiting:
                put(session, JobKind.CONSIDER, "", wall + timedelta(seconds=5))
            if batch in (len(heats), ours) or waiting < len(rows) == batch:
                put(session, JobKind.CONSIDER, "", wall)
        return len(heats) + ours + len(rows) - waiting

    def _consider_heat(self, session: Session, heat: Heat, now: datetime, wall: datetime) -> None:
        matter = f"alert:{heat.subject}"
        case = _case_on_fire(session, heat, newest_case(session, matter))
        view = HeatView(
            subject=heat.subject.split(":", 1)[0],
            thread_id=str(heat.thread_id) if heat.thread_id is not None else None,
            level=heat.level,
            score=heat.score,
            probability=heat.probability,
            reasons=heat.reasons,
        )
        decision = decide_alert(view, _last_alert(session, case), self.alerts, now)
        if decision is Decision.RAISE:
            case = self._open_alert(session, heat, matter, newest_case(session, matter), now)
        if case is None or decision is Decision.STAY_QUIET:
            return
        borrowed = not case.matter.startswith(f"{matter}#")  # the brand is hot because of a thread that has its card
        if borrowed and decision is not Decision.ESCALATE:
            return
        if decision is Decision.COOL_DOWN:
            case.level = "watch"
            record(session, now, "alert.cooled", case_id=case.id, score=round(heat.score, 2))
        else:
            case.alerted_at = now
        case.score, case.changed_at = heat.probability, now
        case.reasons = heat.reasons or case.reasons
        if decision in (Decision.RAISE, Decision.ESCALATE):
            self._tell(session, case, heat, decision, now)
            put(session, JobKind.SHOW_CARD, str(case.id), wall, urgent=True)
        else:
            self._redraw_soon(session, case, wall)

    def _open_alert(self, session: Session, heat: Heat, matter: str, last: Case | None, now: datetime) -> Case:
        episode = int(last.matter.rsplit("#", 1)[1]) + 1 if last else 1
        case = Case(
            matter=f"{matter}#{episode}",
            kind="alert",
            brand=self.brand,
            thread_id=heat.thread_id,
            opened_at=now,
            changed_at=now,
            reasons=[],
        )
        session.add(case)
        session.flush()
        return case

    def _tell(self, session: Session, case: Case, heat: Heat, decision: Decision, now: datetime) -> None:
        case.level = heat.level
        session.add(
            Alert(
                case_id=case.id,
                level=heat.level,
                score=heat.score,
                probability=heat.probability,
                reasons=heat.reasons,
                at=now,
            )
        )
        record(session, now, f"alert.{decision}", case_id=case.id, level=heat.level, score=round(heat.score, 2))
        logger.info("alert decision=%s case=%d level=%s", decision, case.id, heat.level)
        if case.matter.startswith("alert:thread:") and case.thread_id is not None:
            self._answer_thread(session, case, case.thread_id, now)

    def _answer_thread(self, session: Session, case: Case, thread_id: int, now: datetime) -> None:
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
        case.mention_id = mention.id
        self.suggester.draft(session, case, mention, verdict, thread, heated=True, now=now)

    def _consider_mention(
        self, session: Session, mention: Mention, verdict: VerdictRow, thread: Thread, now: datetime, wall: datetime
    ) -> bool:
        """True when decided; False when the reply in flight has to settle first."""
        alert = _live_alert(session, thread.id)
        if alert is not None:
            self._redraw_soon(session, alert, wall)
        matter = _contact_matter(mention, thread)
        case = newest_case(session, matter)
        if case is not None and _in_flight(session, case.id):
            return False
        if not decide_contact(self._contact_view(session, mention, verdict, thread, alert), self.contacts):
            if case is not None:
                self._redraw_soon(session, case, wall)
            return True
        if case is None and answered_already(session, mention, thread):
            record(session, now, "mention.answered_on_platform", mention=mention.id)
            return True
        if case is None:
            case = Case(
                matter=f"{matter}#1",
                kind="contact",
                brand=self.brand,
                thread_id=thread.id,
                opened_at=now,
                changed_at=now,
                reasons=[],
            )
            session.add(case)
            session.flush()
            record(session, now, "case.opened", case_id=case.id, place=mention.place)
        else:
            move_case(session, case, CaseState.OPEN, at=now)
        case.mention_id, case.changed_at = mention.id, now
        self.suggester.draft(session, case, mention, verdict, thread, heated=False, now=now)
        put(session, JobKind.SHOW_CARD, str(case.id), wall)
        return True

    def _contact_view(
        self, session: Session, mention: Mention, verdict: VerdictRow, thread: Thread, alert: Case | None
    ) -> ContactView:
        return ContactView(
            place=mention.place,
            text=mention.text,
            negative=verdict.negative,
            abstained=verdict.abstained,
            from_us=mention.from_us,
            is_share=mention.is_share,
            under_giveaway=is_giveaway(_root_text(session, thread)) if mention.place == "comment" else False,
            thread_alert=alert.level or "none" if alert is not None else "none",
        )

    def _redraw_soon(self, session: Session, case: Case, wall: datetime) -> None:
        put(session, JobKind.SHOW_CARD, str(case.id), wall + timedelta(seconds=self.redraw_after_s))


def newest_case(session: Session, matter: str) -> Case | None:
    """The newest episode of a matter."""
    return session.scalars(
        select(Case).where(Case.matter.startswith(f"{matter}#", autoescape=True)).order_by(Case.id.desc()).limit(1)
    ).first()


def live_reply(session: Session, case_id: int) -> Reply | None:
    """The case's one reply that still needs somebody or something."""
    return session.scalars(select(Reply).where(Reply.case_id == case_id, Reply.state.in_(LIVE_REPLY_STATES))).first()


def _in_flight(session: Session, case_id: int) -> bool:
    reply = live_reply(session, case_id)
    return reply is not None and reply.state in IN_FLIGHT


def _reply_under_way() -> ColumnElement[bool]:
    """Whether a reply in the mention's thread has left a person's hands and not settled yet."""
    in_flight = select(Case.thread_id).join(Reply, Reply.case_id == Case.id).where(Reply.state.in_(IN_FLIGHT))
    return Mention.thread_id.in_(in_flight)


def _contact_matter(mention: Mention, thread: Thread) -> str:
    """One customer's matter in one conversation; somebody whose name is withheld is a matter of their own."""
    if thread.is_private:
        return f"contact:{thread.id}"
    return f"contact:{thread.id}:{mention.author_id or mention.external_id}"


def _live_alert(session: Session, thread_id: int) -> Case | None:
    return session.scalars(
        select(Case)
        .where(Case.kind == "alert", Case.thread_id == thread_id, Case.matter.startswith("alert:thread:"))
        .order_by(Case.id.desc())
        .limit(1)
    ).first()


def _case_on_fire(session: Session, heat: Heat, own: Case | None) -> Case | None:
    """The alert that people already have of this fire: for a brand, its hottest thread's when that is the newer."""
    if not heat.subject.startswith("brand:") or heat.thread_id is None:
        return own
    thread = _live_alert(session, heat.thread_id)
    if own is None or thread is None:
        return own or thread
    return max(own, thread, key=lambda case: case.alerted_at or case.opened_at)


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


def _root_text(session: Session, thread: Thread) -> str:
    """The text of our own post that the thread hangs on; empty when the root is not ours."""
    text = session.scalar(
        select(Mention.text).where(
            Mention.thread_id == thread.id, Mention.external_id == thread.external_id, Mention.from_us.is_(True)
        )
    )
    return text or ""
