"""Builds what people reach outside the cards: App Home, the command, and taking in by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.oncall_settings import duty_of
from bot.settings import Settings
from listener.intake import keep_by_hand
from models.base import Sessions
from responders.homes import HomeReader
from responders.lookups import LookingUp
from responders.matters import Ground
from responders.muting import MutingAlerts
from responders.roles import Roles, Staff
from responders.routes import Abilities
from responders.slack.command_views import Duties
from responders.slack.commanding import listen_for_commands
from responders.slack.home_views import ApprovesMany, Takes
from responders.slack.homing import listen_for_home
from responders.slack.intaking import listen_for_intakes
from responders.slack.listening import Listen
from responders.taking_in import TakingIn


def people_side(
    settings: Settings,
    *,
    sessions: Sessions,
    clock: Callable[[], datetime],
    wall: Callable[[], datetime],
    roles: Roles,
    staff: Staff,
    ground: Ground,
    abilities: Abilities,
    takes: Takes | None = None,
    approves: ApprovesMany | None = None,
    duties: Duties | None = None,
) -> Sequence[Listen]:
    """The listeners to give the Slack app. What none of `takes`, `approves` and `duties` does is not offered."""
    teams = {team.name: team.members for team in settings.teams}
    answer_within = timedelta(minutes=settings.heat.answer_within_minutes)
    homes = HomeReader(
        sessions=sessions,
        clock=clock,
        zone=settings.shop.zone,
        roles=roles,
        teams=teams,
        abilities=abilities,
        answer_within=answer_within,
        staff=staff,
    )
    lookups = LookingUp(
        sessions=sessions,
        clock=clock,
        wall=wall,
        zone=settings.shop.zone,
        roles=roles,
        abilities=abilities,
        answer_within=answer_within,
        duty=duty_of(settings.oncall, settings.shop.zone),
    )
    muting = MutingAlerts(sessions=sessions, clock=clock, wall=wall, roles=roles)
    intakes = TakingIn(sessions=sessions, clock=clock, wall=wall, roles=roles, ground=ground, keep=keep_by_hand)
    return (
        partial(listen_for_home, homes=homes, takes=takes, approves=approves),
        partial(listen_for_commands, lookups=lookups, muting=muting, duties=duties),
        partial(listen_for_intakes, intakes=intakes),
    )
