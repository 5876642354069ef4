"""Answers what people ask by command: how things stand, a case by number or name, who is on duty, who did what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alarms import SourceAlarm
from models.audit import OURSELVES, AuditEntry
from models.base import Sessions
from models.cases import Case
from models.jobs import Job, JobKind
from models.mentions import Mention
from models.mutes import mute_now
from models.states import JobState
from responders.command_words import Asked, Match, match
from responders.duties import duty_now
from responders.oncall import Duty, next_hand_over, who_is_on
from responders.queue_order import Filters, Viewer, queues_of
from responders.queues import drafts_waiting, late_cases, open_cases, rows_of
from responders.roles import Roles
from responders.routes import Abilities
from responders.slack.command_views import DeafSource, Deed, Found, Hits, OnDuty, Status
from responders.slack.home_views import Muted

MOST_FIRES = 8
MOST_HITS = 10
MOST_DEEDS = 12
SEARCHED = 20_000
"""A name is looked for among so many of the newest cases: folding is ours, and no index has it."""
TRAIL_LOOKED_AT = 20_000
LATE_AFTER = timedelta(minutes=1)


class LookingUp:
    """Meets `responders.slack.command_views.Lookups`. `wall` is the machine's time, for work that is late."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        clock: Callable[[], datetime],
        wall: Callable[[], datetime],
        zone: ZoneInfo,
        roles: Roles,
        abilities: Abilities,
        answer_within: timedelta,
        duty: Duty,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._wall = wall
        self._zone = zone
        self._roles = roles
        self._abilities = abilities
        self._answer_within = answer_within
        self._duty = duty

    def may_look(self, user_id: str) -> bool:
        """Whether somebody has any role at all. Raises what asking for roles raises."""
        return self._roles.role_of(user_id) is not None

    def status(self, user_id: str) -> Status:
        """What burns, what waits, what does not hear, and whether Slack gets what we have for it."""
        now, viewer = self._clock(), Viewer(user_id)
        with self._sessions() as session:
            late = late_cases(session, self._answer_within, now)
            cases = open_cases(session, self._abilities, frozenset(late), now)
            queues = queues_of(cases, Filters(), viewer, now)
            known = {case.case_id: case for case in cases}
            shown = queues.fires[:MOST_FIRES]
            rows = rows_of(session, shown, known, late, viewer)
            _, drafts = drafts_waiting(session, viewer, 0)
            mute = mute_now(session, now)
            return Status(
                at=now,
                fires=[rows[one] for one in shown],
                fires_total=len(queues.fires),
                open=len(cases),
                due=len(queues.due),
                free=len(queues.free),
                oldest=min((case.since for case in cases), default=None),
                drafts=drafts,
                deaf=_deaf(session),
                duty=self.duty(),
                cards_late=_cards_late(session, self._wall()),
                given_up=_given_up(session),
                muted=Muted(mute.until, mute.by_name, mute.reason) if mute is not None else None,
            )

    def find(self, wanted: Asked, user_id: str) -> Hits:
        """The cases that fit, the best and then the newest first; a number finds one."""
        now, viewer = self._clock(), Viewer(user_id)
        with self._sessions() as session:
            ids = _by_number(session, wanted.number) if wanted.number is not None else _by_name(session, wanted)
            rows = rows_of(session, ids[:MOST_HITS], {}, {}, viewer)
            states = session.execute(select(Case.id, Case.state).where(Case.id.in_(rows))).all()
            state_of = {row.id: row.state for row in states}
        return Hits([Found(rows[one], state_of[one]) for one in ids[:MOST_HITS] if one in rows], len(ids), now)

    def duty(self) -> Sequence[OnDuty]:
        """Who is on now by each schedule of the settings, or took the duty meanwhile."""
        now = self._clock()
        with self._sessions() as session:
            duty = duty_now(session, self._duty, now)
        found = []
        for schedule in duty.schedules.values():
            person, change = who_is_on(schedule, now), next_hand_over(schedule, now)
            found.append(
                OnDuty(
                    schedule=schedule.name,
                    person=person,
                    slack_id=self._slack_id(person),
                    next_person=change.person if change else None,
                    next_slack_id=self._slack_id(change.person) if change else None,
                    next_at=change.at if change else None,
                )
            )
        return found

    def log(self) -> Sequence[Deed]:
        """The last things that people did, the newest first."""
        with self._sessions() as session:
            newest = session.scalar(select(func.max(AuditEntry.id))) or 0
            rows = session.execute(
                select(AuditEntry.at, AuditEntry.actor, AuditEntry.action, Case.number)
                .join(Case, Case.id == AuditEntry.case_id, isouter=True)
                .where(AuditEntry.id > newest - TRAIL_LOOKED_AT, AuditEntry.actor != OURSELVES)
                .order_by(AuditEntry.id.desc())
                .limit(MOST_DEEDS)
            ).all()
        return [Deed(row.at, row.actor, row.action, row.number) for row in rows]

    def _slack_id(self, name: str | None) -> str | None:
        person = self._duty.people.get(name) if name is not None else None
        return person.slack_id if person is not None else None


def _by_number(session: Session, number: int) -> list[int]:
    return list(session.scalars(select(Case.id).where(Case.number == number)))


def _by_name(session: Session, wanted: Asked) -> list[int]:
    rows = session.execute(
        select(Case.id, Mention.author_name, Mention.author_handle)
        .join(Mention, Mention.id == Case.mention_id)
        .order_by(Case.id.desc())
        .limit(SEARCHED)
    ).all()
    fitting: dict[Match, list[int]] = {one: [] for one in Match}
    for row in rows:
        fits = match(wanted, row.author_name, row.author_handle)
        if fits is not None:
            fitting[fits].append(row.id)
    return fitting[Match.EXACT] or [*fitting[Match.BEGINS], *fitting[Match.HOLDS]]


def _deaf(session: Session) -> list[DeafSource]:
    alarms = session.scalars(select(SourceAlarm).where(SourceAlarm.cleared_at.is_(None)).order_by(SourceAlarm.since))
    return [DeafSource(alarm.source, alarm.kind, alarm.since) for alarm in alarms]


def _cards_late(session: Session, wall: datetime) -> int:
    late = (
        select(func.count())
        .select_from(Job)
        .where(Job.kind == JobKind.SHOW_CARD, Job.state == JobState.WAITING, Job.run_at < wall - LATE_AFTER)
    )
    return session.scalar(late) or 0


def _given_up(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Job).where(Job.state == JobState.GIVEN_UP)) or 0
