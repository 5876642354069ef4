"""Keeps alerts below an outrage still for a while, and lets them speak again: by a person's word, with a reason."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Sessions
from models.cases import Case
from models.jobs import JobKind, put
from models.mutes import begin_mute, end_mute
from models.states import CaseState
from responders.roles import Act, Roles, allowed
from responders.slack.actions import Outcome, Person

logger = logging.getLogger(__name__)


class MutingAlerts:
    """Meets `responders.slack.command_views.Muting`."""

    def __init__(
        self, *, sessions: Sessions, clock: Callable[[], datetime], wall: Callable[[], datetime], roles: Roles
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._wall = wall
        self._roles = roles

    def mute(self, span: timedelta, reason: str, who: Person) -> tuple[Outcome, datetime | None]:
        """Stillness from now on; until when is told with it. A mute that holds already is replaced."""
        if not allowed(self._roles.role_of(who.id), Act.MUTE):
            return Outcome(False, "not_allowed"), None
        now = self._clock()
        with self._sessions.begin() as session:
            mute = begin_mute(session, now + span, reason, (who.id, who.name), now)
        logger.info("alerts muted user=%s mute=%d minutes=%d", who.id, mute.id, span.total_seconds() // 60)
        return Outcome(True), mute.until

    def unmute(self, who: Person) -> Outcome:
        """Alerts speak again at once, and what they held back is shown."""
        if not allowed(self._roles.role_of(who.id), Act.MUTE):
            return Outcome(False, "not_allowed")
        with self._sessions.begin() as session:
            if end_mute(session, who.id, self._clock()) is None:
                return Outcome(False, "not_muted")
            _show_held_back(session, self._wall())
        logger.info("alerts unmuted user=%s", who.id)
        return Outcome(True)


def _show_held_back(session: Session, wall: datetime) -> None:
    held = select(Case.id).where(Case.kind == "alert", Case.state == CaseState.OPEN, Case.card_ts.is_(None))
    for case_id in session.scalars(held).all():
        put(session, JobKind.SHOW_CARD, str(case_id), wall)
