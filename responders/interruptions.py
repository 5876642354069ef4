"""Who the product reached, written down, and how often within a week: all together, or one person for themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.interruptions import interrupted_people, interruptions_of, record_interruption
from models.states import Means
from responders.calling import in_quiet_hours, person_of
from responders.oncall import Duty
from responders.slack.interruption_words import Interrupted

KEPT = timedelta(weeks=13)
"""So long an interruption is kept; the weekly report then forgets it."""

NameOf = Callable[[str], str]


def note_interruption(
    session: Session,
    at: datetime,
    user_id: str,
    means: Means,
    why: str,
    *,
    duty: Duty,
    zone: ZoneInfo,
    level: str | None = None,
    case_id: int | None = None,
) -> None:
    """Writes down that the product reached this person, in the transaction that remembers the message.

    Their quiet hours, and where they live, are what `duty` says of them; `zone` is the shop's.
    """
    person = person_of(duty, user_id)
    lives = person.quiet.zone if person is not None and person.quiet is not None else zone
    quiet = in_quiet_hours(person, at)
    record_interruption(
        session, at, user_id, means, why, zone=lives, level=level, case_id=case_id, in_quiet_hours=quiet
    )


def week_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The week that holds `day`, from its Monday's midnight in `zone` up to the next one's."""
    monday = day - timedelta(days=day.weekday())
    return datetime.combine(monday, time(), zone), datetime.combine(monday + timedelta(weeks=1), time(), zone)


def team_week(session: Session, monday: date, zone: ZoneInfo) -> Interrupted:
    """Everybody's week together; its people stand under their Slack ids."""
    begins, ends = week_of(monday, zone)
    return Interrupted(interruptions_of(session, begins, ends), interrupted_people(session, begins, ends))


def named(week: Interrupted, name_of: NameOf | None) -> Interrupted:
    """The same with its people by name, or without them where nobody may be named."""
    people = [(name_of(user_id), count) for user_id, count in week.people] if name_of is not None else []
    return replace(week, people=people)


def own_weeks(session: Session, user_id: str, now: datetime, zone: ZoneInfo) -> tuple[Interrupted, Interrupted]:
    """The person's own week so far, and the one before. For that person's eyes alone."""
    today = now.astimezone(zone).date()
    this, last = (week_of(day, zone) for day in (today, today - timedelta(weeks=1)))
    return (
        Interrupted(interruptions_of(session, *this, user_id)),
        Interrupted(interruptions_of(session, *last, user_id)),
    )
