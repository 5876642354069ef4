"""What the weekly message says, from the report on alerts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.alert_report import AlertReport, Shop, report_on
from classifier.heat.honesty import monday_of
from models.base import Sessions
from models.states import Grade
from responders.interruptions import NameOf, named, team_week
from responders.slack.weekly_cards import Proposal, WeeklyView

PROPOSED_FROM = 8
"""Over so many weeks another setting is tried: one week holds too few alerts to say anything."""


def week_before(now: datetime, shop: Shop) -> date:
    """The Monday of the last week that is over."""
    return monday_of(now, shop.zone) - timedelta(weeks=1)


def weekly_view(
    sessions: Sessions, shop: Shop, monday: date, now: datetime, name_of: NameOf | None = None
) -> WeeklyView:
    """The week that began on `monday`, with the proposal that the weeks up to it speak for.

    `name_of` says what somebody of the staff is called, for a shop that lets the report name them.
    """
    report = report_on(sessions, shop, monday - timedelta(weeks=PROPOSED_FROM - 1), monday, now)
    week = report.weeks[-1]
    with sessions() as session:
        interrupted = team_week(session, monday, shop.zone)
    return WeeklyView(
        brand=shop.brand,
        monday=monday,
        grades={grade: week.graded(grade) for grade in Grade},
        waiting=week.waiting,
        fires=week.fires,
        missed=week.missed,
        lead_minutes=None if week.lead is None else round(week.lead / timedelta(minutes=1)),
        proposal=_proposal(report),
        interrupted=named(interrupted, name_of),
    )


def _proposal(report: AlertReport) -> Proposal | None:
    if report.better is None:
        return None
    better, current = report.effects[report.better], report.effects[report.current]
    needless, missed = better.needless - current.needless, better.missed - current.missed
    return Proposal(report.better, needless, missed, len(report.weeks))
