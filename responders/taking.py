"""What people do about a fire that calls: take it, give it back, call others now. Meets `Escalations`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import Case, CaseNote
from models.escalations import Escalation, move_escalation
from models.states import EscalationState, NoteKind
from responders.duties import duty_now
from responders.escalations import ask, begin, begin_anew, live_escalation, newest_escalation, spare
from responders.oncall import LEVELS, Chain, Duty, chain_for
from responders.permission import refused
from responders.roles import Act, Roles
from responders.slack.actions import Outcome, Person

logger = logging.getLogger(__name__)

USUALLY_KEPT = timedelta(minutes=30)
"""How long the matter is kept where the settings no longer have the chain that called."""


class Taking:
    """Every call is one transaction around a compare-and-set; whoever comes second is told who has it."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        duty: Duty,
        roles: Roles,
        clock: Callable[[], datetime],
        wall: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._duty = duty
        self._roles = roles
        self._clock = clock
        self._wall = wall

    def acknowledge(self, case_id: int, who: Person) -> Outcome:
        """`who` has it for as long as the chain lets them, and nobody is called in that time.

        A case that was nobody's is theirs from then on.
        """
        return self._do(case_id, Act.TAKE, who, lambda session, case: self._acknowledge(session, case, who))

    def give_back(self, case_id: int, who: Person) -> Outcome:
        """Nobody has it any more: the chain begins anew at once."""
        return self._do(case_id, Act.TAKE, who, lambda session, _: self._give_back(session, case_id, who))

    def escalate_now(self, case_id: int, reason: str, who: Person) -> Outcome:
        """People are called although no chain calls them: of the case's level, else of the lowest that has a chain."""
        if not reason.strip():
            return Outcome(False, "call_needs_reason")
        return self._do(case_id, Act.WORK, who, lambda session, case: self._call(session, case, reason.strip(), who))

    def _do(self, case_id: int, act: Act, who: Person, call: Callable[[Session, Case], Outcome]) -> Outcome:
        no = refused(self._roles, who, act)
        if no is not None:
            return replace(no, code="not_your_call") if no.code == "not_allowed" else no
        with self._sessions.begin() as session:
            case = session.scalars(select(Case).where(Case.id == case_id).with_for_update()).first()
            outcome = call(session, case) if case is not None else Outcome(False, "fire_not_found")
        logger.info("escalation act case=%d person=%s code=%s", case_id, who.id, outcome.code or "ok")
        return outcome

    def _acknowledge(self, session: Session, case: Case, who: Person) -> Outcome:
        live, now = live_escalation(session, case.id), self._clock()
        if live is None:
            return Outcome(False, "escalation_over" if newest_escalation(session, case.id) else "not_held")
        if live.state is EscalationState.HELD and (live.held_until is None or live.held_until > now):
            return _held(live, "already_held")
        if live.state is EscalationState.HELD:  # it has run out unseen: a new round begins with them
            begin_anew(session, live, self._duty, now, now, actor=who.id, why="expired")
        chain = next((one for one in self._duty.chains if one.name == live.chain), None)
        until = now + (chain.kept if chain is not None else USUALLY_KEPT)
        move_escalation(
            session, live, EscalationState.HELD, at=now, actor=who.id,
            held_by_id=who.id, held_by_name=who.name, held_at=now, held_until=until,
        )  # fmt: skip
        spare(session, live)
        if case.owner_id is None:
            case.owner_id, case.owner_name, case.changed_at = who.id, who.name, now
            record(session, now, "case.assigned", actor=who.id, case_id=case.id, was=None, owner=who.id, team=case.team)
        ask(session, case.id, self._wall())
        return Outcome(True, at=until)

    def _give_back(self, session: Session, case_id: int, who: Person) -> Outcome:
        live, now = live_escalation(session, case_id), self._clock()
        if live is None or live.state is not EscalationState.HELD:
            return Outcome(False, "not_held")
        if live.held_by_id not in (None, who.id):
            return _held(live, "held_by_other")
        begin_anew(session, live, duty_now(session, self._duty, now), now, now, actor=who.id, why="given_back")
        ask(session, case_id, self._wall())
        return Outcome(True)

    def _call(self, session: Session, case: Case, reason: str, who: Person) -> Outcome:
        live, now = live_escalation(session, case.id), self._clock()
        if live is not None and live.state is EscalationState.RINGING:
            return Outcome(False, "already_ringing")
        if live is not None and live.held_by_id not in (None, who.id):
            return _held(live, "already_held")
        level, chain = self._chain(case, now)
        if chain is None:
            return Outcome(False, "no_chain")
        session.add(CaseNote(case_id=case.id, kind=NoteKind.NOTE, text=reason, at=now, by_id=who.id, by_name=who.name))
        record(session, now, "escalation.asked", actor=who.id, case_id=case.id, level=level)
        if live is not None:
            begin_anew(session, live, self._duty, now, now, actor=who.id, why="given_back")
            ask(session, case.id, self._wall())
        else:
            begin(session, case, chain, level, now, self._wall(), actor=who.id)
        return Outcome(True)

    def _chain(self, case: Case, now: datetime) -> tuple[str, Chain | None]:
        own = case.level if case.level in LEVELS else LEVELS[0]
        assert own is not None
        levels = [own, *(level for level in LEVELS if level != own)]
        found = [(level, chain_for(self._duty.chains, level, now)) for level in levels]
        return next(((level, chain) for level, chain in found if chain is not None), (own, None))


def _held(live: Escalation, code: str) -> Outcome:
    return Outcome(False, code, live.held_by_name, live.held_by_id, live.held_until)
