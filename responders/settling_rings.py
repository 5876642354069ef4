"""Tells everybody who was called what became of the matter: PagerDuty, Opsgenie, and the messages in Slack."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.base import Sessions
from models.cases import Case
from models.errors import OutcomeUnknown, PlatformError, TryLater
from models.escalations import Escalation, EscalationRing
from models.states import EscalationState, RingState
from responders.making_rings import Rings, Says
from responders.oncall import By
from responders.oncall_ringing import Settled
from responders.ports import CardRef

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settling:
    """All of it may be told twice: a redraw and a word to a service change nothing the second time."""

    sessions: Sessions
    rings: Rings
    says: Says

    def settle(self, case_id: int, now: datetime) -> bool:
        """False when somebody could not be told, and has to be told again."""
        late = [not self._settle(ring_id, word) for ring_id, word in self._unsettled(case_id)]
        late += [not self._redraw(ring_id, now) for ring_id in self._outdated(case_id)]
        return not any(late)

    def _unsettled(self, case_id: int) -> list[tuple[int, Settled]]:
        """One call of each round at PagerDuty and Opsgenie, where it does not know yet what became of the matter."""
        wanted: dict[tuple[str, str], tuple[int, Settled]] = {}
        with self.sessions() as session:
            for ring, live in _rings_of(session, case_id, RingState.TAKEN, RingState.UNKNOWN, RingState.WISHED):
                word = _word(ring, live)
                if ring.service is not None and word is not None and ring.settled != word:
                    wanted.setdefault((ring.service, ring.key), (ring.id, word))
        return list(wanted.values())

    def _settle(self, ring_id: int, word: Settled) -> bool:
        """False when it has to be told again; what is refused is logged, and let be."""
        with self.sessions() as session:
            ring = session.get_one(EscalationRing, ring_id)
        assert ring.service is not None
        try:
            self.rings.settle(By(ring.by), ring.service, ring.key, word)
        except (TryLater, OutcomeUnknown) as error:
            logger.warning("ring not settled id=%d by=%s code=%s", ring.id, ring.by, error.code)
            return False
        except PlatformError as error:
            logger.warning("ring not settled id=%d by=%s code=%s", ring.id, ring.by, error.code)
        with self.sessions.begin() as session:
            session.execute(
                update(EscalationRing)
                .where(EscalationRing.service == ring.service, EscalationRing.key == ring.key)
                .values(settled=word)
            )
        return True

    def _outdated(self, case_id: int) -> list[int]:
        with self.sessions() as session:
            rings = _rings_of(session, case_id, RingState.TAKEN)
            return [ring.id for ring, live in rings if ring.card_ts is not None and ring.shown != _shown(ring, live)]

    def _redraw(self, ring_id: int, now: datetime) -> bool:
        with self.sessions() as session:
            ring = session.get_one(EscalationRing, ring_id)
            live = session.get_one(Escalation, ring.escalation_id)
            draw = self.says.card(session, session.get_one(Case, live.case_id), live, ring, None, now)
        assert ring.card_channel is not None
        assert ring.card_ts is not None
        try:
            self.rings.redraw(CardRef(ring.card_channel, ring.card_ts), draw())
        except (TryLater, OutcomeUnknown) as error:
            logger.warning("ring not redrawn id=%d code=%s", ring.id, error.code)
            return False
        except PlatformError as error:
            logger.warning("ring not redrawn id=%d code=%s", ring.id, error.code)
        with self.sessions.begin() as session:
            session.execute(update(EscalationRing).where(EscalationRing.id == ring_id).values(shown=_shown(ring, live)))
        return True


def _rings_of(session: Session, case_id: int, *states: RingState) -> list[tuple[EscalationRing, Escalation]]:
    rows = session.execute(
        select(EscalationRing, Escalation)
        .join(Escalation, Escalation.id == EscalationRing.escalation_id)
        .where(Escalation.case_id == case_id, EscalationRing.state.in_(states))
        .order_by(EscalationRing.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


def _word(ring: EscalationRing, live: Escalation) -> Settled | None:
    """What the service should know of a ring: an earlier round is over, and so is what has ended."""
    if live.state is EscalationState.ENDED or ring.round < live.round:
        return "resolve"
    return "acknowledge" if live.state is EscalationState.HELD else None


def _shown(ring: EscalationRing, live: Escalation) -> str:
    """What a ring's message in Slack has to tell: a later round makes the earlier ones plain."""
    if ring.round < live.round:
        return "over"
    if live.state is EscalationState.HELD and live.held_at is not None:
        return f"held {live.held_at.isoformat()}"
    return str(live.state)
