"""How often the product reached people within a week: everybody together, or one person for themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.interruptions import interrupted_people, interruptions_of
from responders.slack.interruption_words import Interrupted

KEPT = timedelta(weeks=13)
"""So long an interruption is kept; the weekly report then forgets it."""

NameOf = Callable[[str], str]


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
