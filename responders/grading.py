"""A person's word on an alert: right or false, given once, and standing above what looking back says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.base import Sessions
from models.cases import OUTCOME, Alert, Case
from models.jobs import JobKind, put
from models.states import Grade
from responders.false_alarms import settle_false_alarm
from responders.permission import may, refused
from responders.roles import Act, Roles
from responders.slack.actions import Outcome, Person
from responders.slack.views import GradeView

logger = logging.getLogger(__name__)


FALSE_ALARM = {"fi": "Väärä hälytys", "sv": "Falskt larm", "en": "False alarm"}
"""The written reason with which a false alarm's case closes, by the shop's language."""


class Grading:
    """Meets `responders.slack.actions.Grades`: anybody with a role may say it, not only who approves replies."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        clock: Callable[[], datetime],
        wall: Callable[[], datetime],
        roles: Roles,
        language: str,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._wall = wall
        self._roles = roles
        self._reason = FALSE_ALARM[language]

    def grade(self, case_id: int, right: bool, who: Person) -> Outcome:
        """The first person's word is kept for every alert of the card; who comes second is told who was first.

        Who says that it is a false alarm, and may work on cases, settles it too: it cools, and its case closes with
        that for a reason. Ok with the code complaints_wait or reply_in_flight, it stays open for what waits there.
        """
        no, settles = refused(self._roles, who, Act.GRADE), not right and may(self._roles, who, Act.WORK)
        if no is not None:
            return no
        now, said = self._clock(), Grade.RIGHT if right else Grade.FALSE
        with self._sessions.begin() as session:
            session.execute(select(Case.id).where(Case.id == case_id).with_for_update())  # of two the second waits
            alerts = _alerts(session, case_id)
            first = next((alert for alert in alerts if _by_a_person(alert)), None)
            if first is not None:
                outcome = Outcome(False, "already_graded", first.grade_by_name, first.grade_by, first.graded_at)
            elif not alerts:
                outcome = Outcome(False, "alert_not_found")
            else:
                _keep(session, case_id, said, who, now)
                case = session.get_one(Case, case_id)
                outcome = settle_false_alarm(session, case, who, self._reason, now) if settles else Outcome(True)
                put(session, JobKind.SHOW_CARD, str(case_id), self._wall(), urgent=True)
        logger.info("grade case=%d person=%s code=%s", case_id, who.id, outcome.code or "ok")
        return outcome


def grade_of(session: Session, case_id: int) -> GradeView | None:
    """How the alerts of a card turned out together: a person's word, else the best outcome; None until it is known."""
    alerts = _alerts(session, case_id)
    said = next((alert for alert in alerts if _by_a_person(alert)), None)
    graded = {Grade(alert.grade): alert for alert in ([said] if said else alerts) if alert.grade is not None}
    best = Grade.best(graded)
    if best is None:
        return None
    alert = graded[best]
    assert alert.graded_at is not None  # written with the grade
    by = (alert.grade_by_name or alert.grade_by) if said is not None else None
    return GradeView(best, alert.graded_at, by, alert.lead_minutes)


def _alerts(session: Session, case_id: int) -> Sequence[Alert]:
    return session.scalars(select(Alert).where(Alert.case_id == case_id).order_by(Alert.at, Alert.id)).all()


def _by_a_person(alert: Alert) -> bool:
    return alert.grade_by is not None and alert.grade_by != OUTCOME


def _keep(session: Session, case_id: int, said: Grade, who: Person, now: datetime) -> None:
    session.execute(
        update(Alert)
        .where(Alert.case_id == case_id, or_(Alert.grade_by.is_(None), Alert.grade_by == OUTCOME))
        .values(grade=str(said), grade_by=who.id, grade_by_name=who.name, graded_at=now)
    )
    record(session, now, "alert.graded", actor=who.id, case_id=case_id, grade=str(said))
