"""Puts together what one person's App Home shows, from the store as it stands now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.base import Sessions
from models.mutes import mute_now
from responders.interruptions import own_weeks
from responders.queue_order import Filters, OpenCase, Queues, Scope, Viewer, page_of, queues_of
from responders.queues import drafts_waiting, late_cases, open_cases, rows_of, today
from responders.roles import PEOPLE_ALONE, Act, Roles, Staff, allowed, belongs
from responders.routes import Abilities
from responders.slack.home_views import HomeList, HomeRow, HomeView, Muted

FIRST = 5
"""How many rows a list shows where several stand below each other."""
PAGE = 15
MOST_DRAFTS = 8


@dataclass(frozen=True)
class Shown:
    """How much of the lists is read in full."""

    lists: tuple[tuple[str, tuple[int, ...], int], ...]  # name, ids to show, how many there are
    pages: int
    filters: Filters


class HomeReader:
    """Meets `responders.slack.home_views.Homes`. `teams` are the Slack ids of each team's members, by its name:
    of people, and of user groups, into which `staff` looks.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        roles: Roles,
        teams: Mapping[str, frozenset[str]],
        abilities: Abilities,
        answer_within: timedelta,
        staff: Staff = PEOPLE_ALONE,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._zone = zone
        self._roles = roles
        self._teams = teams
        self._abilities = abilities
        self._answer_within = answer_within
        self._staff = staff

    def viewer(self, user_id: str) -> Viewer:
        teams = (name for name, members in self._teams.items() if belongs(user_id, members, self._staff))
        return Viewer(user_id, frozenset(teams))

    def home(self, user_id: str, filters: Filters) -> HomeView | None:
        """What this person sees now; None for somebody who may see nothing. Raises what asking for roles raises."""
        role = self._roles.role_of(user_id)
        if role is None:
            return None
        now, viewer = self._clock(), self.viewer(user_id)
        with self._sessions() as session:
            late = late_cases(session, self._answer_within, now)
            cases = open_cases(session, self._abilities, frozenset(late), now)
            queues = queues_of(cases, filters, viewer, now)
            shown = _shown(queues, filters, bool(viewer.teams))
            first = (queues.fires[:FIRST], queues.due[:FIRST], *(ids for _, ids, _ in shown.lists))
            known = {case.case_id: case for case in cases}
            rows = rows_of(session, [one for ids in first for one in ids], known, late, viewer)
            drafts, drafts_total = drafts_waiting(session, viewer, MOST_DRAFTS)
            mute = mute_now(session, now)
            return HomeView(
                at=now,
                filters=shown.filters,
                today=today(session, cases, midnight(now, self._zone), now),
                fires=_list(queues.fires[:FIRST], len(queues.fires), rows),
                due=_list(queues.due[:FIRST], len(queues.due), rows),
                drafts=drafts,
                drafts_total=drafts_total,
                lists=[(name, _list(ids, total, rows)) for name, ids, total in shown.lists],
                channels=_values(cases, "channel", filters.channel),
                languages=_values(cases, "language", filters.language),
                pages=shown.pages,
                muted=Muted(mute.until, mute.by_name, mute.reason) if mute is not None else None,
                has_teams=bool(viewer.teams),
                interrupted=own_weeks(session, user_id, now, self._zone),
                may_take=allowed(role, Act.TAKE),
                may_take_in=allowed(role, Act.WORK),
                may_approve_many=allowed(role, Act.APPROVE_MANY),
            )


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When the shop's day began."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def _shown(queues: Queues, filters: Filters, has_teams: bool) -> Shown:
    """Which lists stand there and how far: three beginnings, or one page of the list that was chosen."""
    if filters.scope is Scope.OVERVIEW:
        named = [("mine", queues.mine), ("teams", queues.teams), ("free", queues.free)]
        lists = tuple((name, ids[:FIRST], len(ids)) for name, ids in named if name != "teams" or has_teams)
        return Shown(lists, 1, filters)
    ids = queues.of(filters.scope)
    page, at = page_of(ids, filters.page, PAGE)
    pages = max(1, -(-len(ids) // PAGE))
    chosen = Filters(filters.scope, filters.show, filters.channel, filters.language, at)
    return Shown(((filters.scope.value, page, len(ids)),), pages, chosen)


def _list(ids: tuple[int, ...], total: int, rows: Mapping[int, HomeRow]) -> HomeList:
    return HomeList([rows[one] for one in ids if one in rows], total)


def _values(cases: list[OpenCase], name: str, chosen: str) -> tuple[str, ...]:
    """What the open cases have there, and what is chosen now even when nothing open has it any more."""
    found = {str(getattr(case, name)) for case in cases} | {chosen}
    return tuple(sorted(found - {""}))
