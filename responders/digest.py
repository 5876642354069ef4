"""What the morning's digest tells, gathered from the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.alarms import SourceAlarm
from models.cases import Alert, Case, Reply
from models.mentions import Mention
from models.states import CaseState, ReplyState
from responders.alerting import LEVELS
from responders.calling import CALLING
from responders.morning_time import working_days_since
from responders.oncall import Duty, who_is_on
from responders.ports import CardRef, Window
from responders.routes import Abilities, route_for
from responders.slack.digest_cards import Burned, Closing, DigestView, Fate, Oldest, OnDuty, Waiting
from responders.slack.places import message_url

LISTED = 5
OUTER_LIMIT_DAYS = 3
"""Working days after which a customer has waited too long, whatever else holds."""
_UNDECIDED = (ReplyState.DRAFTED, ReplyState.REFUSED, ReplyState.UNCONFIRMED)
_WINDOWS_WITHIN = timedelta(days=8)  # no platform's window is longer


@dataclass(frozen=True)
class Gathering:
    """Gathers for one shop."""

    brand: str
    zone: ZoneInfo
    abilities: Abilities

    def view(
        self, session: Session, duty: Duty, day: date, since: datetime, now: datetime, workspace: str | None
    ) -> DigestView:
        """The morning of `day`, with what burned after `since`; links lead into `workspace`, Slack's address of it."""
        waiting = self._waiting(session, day, now, workspace)
        burned = self._burned(session, since, workspace)
        closing = self._closing(session, day, now, workspace)
        undecided = self._undecided(session, now)
        return DigestView(
            brand=self.brand,
            day=day,
            limit_days=OUTER_LIMIT_DAYS,
            waiting=waiting[:LISTED],
            waiting_count=len(waiting),
            over=sum(one.days >= OUTER_LIMIT_DAYS for one in waiting),
            burned=burned[:LISTED],
            burned_count=len(burned),
            undecided=len(undecided),
            oldest_undecided=Oldest(undecided[0].number, _url(undecided[0], workspace)) if undecided else None,
            closing=closing[:LISTED],
            closing_count=len(closing),
            deaf=session.scalars(
                select(SourceAlarm.source)
                .where(SourceAlarm.cleared_at.is_(None))
                .distinct()
                .order_by(SourceAlarm.source)
            ).all(),
            on_duty=[
                OnDuty(name, person)
                for name, schedule in duty.schedules.items()
                if (person := who_is_on(schedule, now)) is not None
            ],
        )

    def _waiting(self, session: Session, day: date, now: datetime, workspace: str | None) -> list[Waiting]:
        """Open contacts, who has waited longest first: since they wrote what we have not answered."""
        rows = session.execute(
            select(Case, Mention.created_at, Mention.channel)
            .join(Mention, Mention.id == Case.mention_id)
            .where(Case.kind == "contact", _open(now))
            .order_by(Mention.created_at, Case.id)
        )
        return [
            Waiting(
                number=case.number,
                channel=channel,
                days=working_days_since(since, day, self.zone),
                owner=case.owner_name or case.team,
                url=_url(case, workspace),
            )
            for case, since, channel in rows
        ]

    def _burned(self, session: Session, since: datetime, workspace: str | None) -> list[Burned]:
        """Cases with an alert after `since`, the worst first."""
        rows = session.execute(
            select(Case, Alert.level, Alert.at).join(Alert, Alert.case_id == Case.id).where(Alert.at > since)
        ).all()
        worst: dict[int, tuple[Case, str, datetime]] = {}
        for case, level, at in rows:
            known = worst.get(case.id)
            if known is None or LEVELS.index(level) > LEVELS.index(known[1]):
                worst[case.id] = (case, level, at)
        found = [
            Burned(case.number, level, at, _fate(case), _url(case, workspace)) for case, level, at in worst.values()
        ]
        return sorted(found, key=lambda one: (-LEVELS.index(one.level), one.at))

    def _undecided(self, session: Session, now: datetime) -> Sequence[Case]:
        """Cases whose reply waits for a person, the oldest draft first."""
        return session.scalars(
            select(Case)
            .join(Reply, Reply.case_id == Case.id)
            .where(Reply.state.in_(_UNDECIDED), Case.state != CaseState.CLOSED, _awake(now))
            .order_by(Reply.drafted_at, Reply.id)
        ).all()

    def _closing(self, session: Session, day: date, now: datetime, workspace: str | None) -> list[Closing]:
        """Conversations that nobody can answer through the platform after today, the soonest first."""
        midnight = datetime.combine(day + timedelta(days=1), time(), self.zone)
        rows = session.execute(
            select(Case, Mention)
            .join(Mention, Mention.id == Case.mention_id)
            .where(Case.kind == "contact", _open(now), Mention.place == "dm")
            .where(Mention.created_at > now - _WINDOWS_WITHIN)
        ).all()
        found = []
        for case, mention in rows:
            route = route_for(session, mention, self.abilities, now)
            goes_on = self.abilities.human_agent and route.window is Window.RESPONSE  # for days, by the same way
            if route.until is not None and route.until < midnight and not goes_on:
                found.append(Closing(case.number, route.until, _url(case, workspace)))
        return sorted(found, key=lambda one: (one.until, one.number))


def _open(now: datetime) -> ColumnElement[bool]:
    return (Case.state == CaseState.OPEN) & _awake(now)


def _awake(now: datetime) -> ColumnElement[bool]:
    return or_(Case.snoozed_until.is_(None), Case.snoozed_until <= now)


def _url(case: Case, workspace: str | None) -> str | None:
    if workspace is None or case.card_channel is None or case.card_ts is None:
        return None
    return message_url(workspace, CardRef(case.card_channel, case.card_ts))


def _fate(case: Case) -> Fate:
    if case.state is CaseState.CLOSED:
        return Fate.CLOSED
    return Fate.BURNING if case.level in CALLING else Fate.COOLED
