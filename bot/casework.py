"""Puts together what people can do with cases, and the work that goes with it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.clocks import Clock
from bot.clocks import wall as machine_time
from bot.settings import Settings
from bot.worker import Retry, Work
from models.base import Sessions
from models.jobs import JobKind
from responders.casework import CaseDeeds
from responders.casework_resting import wake_cases
from responders.closed_check import check_closed
from responders.roles import Roles
from responders.suggest import Suggester
from responders.wording import Wording

CASEWORK_KINDS = frozenset({JobKind.WAKE_CASES, JobKind.CHECK_CLOSED})


def case_deeds(
    settings: Settings, *, sessions: Sessions, clock: Clock, roles: Roles, suggester: Suggester
) -> CaseDeeds:
    """What the windows and commands about cases call."""
    return CaseDeeds(
        sessions=sessions,
        clock=clock,
        wall=machine_time,
        roles=roles,
        teams=[team.name for team in settings.teams],
        suggester=suggester,
        wording=Wording(suggester.limits, suggester.profile),
    )


def casework_work(sessions: Sessions, clock: Clock, zone: ZoneInfo) -> dict[JobKind, Work]:
    """Waking what was put off, and the nightly look at what was closed."""

    def wake(_: str) -> None:
        wake_cases(sessions=sessions, now=clock(), wall=machine_time())

    def check(_: str) -> None:
        check_closed(sessions=sessions, zone=zone, wall=machine_time())

    return {
        JobKind.WAKE_CASES: Work(wake, Retry(first_s=1.0, longest_s=60.0)),
        JobKind.CHECK_CLOSED: Work(check, Retry(first_s=60.0, longest_s=3600.0)),
    }
