"""Which open cases stand in whose queue, and in which order. Pure: cases, a viewer and `now` in, lists out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DUE_WITHIN = timedelta(hours=4)
"""How near the end of a way to the customer has to be before its case goes in front of others."""

_FIRES = {"outrage": 0, "warning": 1}
_ALL_BURNING = 2


class Scope(StrEnum):
    """Whose cases somebody wants to see."""

    OVERVIEW = "overview"  # the beginnings of one's own queue, one's teams' and of what nobody has
    MINE = "mine"
    TEAMS = "teams"
    ALL = "all"


class Show(StrEnum):
    """Which of them."""

    WAITING = "waiting"
    COMPLAINTS = "complaints"
    SNOOZED = "snoozed"


@dataclass(frozen=True)
class Filters:
    """What somebody chose to see; empty `channel` and `language` are every one. `page` counts from 0."""

    scope: Scope = Scope.OVERVIEW
    show: Show = Show.WAITING
    channel: str = ""
    language: str = ""
    page: int = 0


@dataclass(frozen=True)
class Viewer:
    """Who looks, and the names of the teams they are in."""

    id: str
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OpenCase:
    """An open case as far as its place in a list depends on it.

    `since` is when the customer began to wait, or when the alert was last hot. `until` is when the way to the customer
    closes, None where it does not. `late` marks a burning thread that has waited past its target.
    """

    case_id: int
    kind: str
    level: str | None
    since: datetime
    channel: str = ""
    language: str = ""
    owner_id: str | None = None
    team: str | None = None
    snoozed_until: datetime | None = None
    until: datetime | None = None
    complaint: bool = False
    flagged: bool = False
    late: bool = False


@dataclass(frozen=True)
class Queues:
    """Lists of case ids, each in its order."""

    fires: tuple[int, ...]
    due: tuple[int, ...]
    mine: tuple[int, ...]
    teams: tuple[int, ...]
    free: tuple[int, ...]  # nobody's and no team's
    all: tuple[int, ...]

    def of(self, scope: Scope) -> tuple[int, ...]:
        return {Scope.MINE: self.mine, Scope.TEAMS: self.teams, Scope.ALL: self.all}.get(scope, self.free)


def is_fire(case: OpenCase) -> bool:
    """Whether an alert burns now; one that has cooled is work like any other."""
    return case.kind == "alert" and case.level in _FIRES


def is_due(case: OpenCase, now: datetime) -> bool:
    """Whether it cannot wait: its way closes within hours, or it burns past the target."""
    return case.late or (case.until is not None and now <= case.until <= now + DUE_WITHIN)


def queues_of(cases: Sequence[OpenCase], filters: Filters, viewer: Viewer, now: datetime) -> Queues:
    """Everything the lists of one viewer hold. Fires are shown to everybody, whatever the filters and who has them.

    What somebody has put off until later is in no list but that of the snoozed; a fire that burns on is a fire.
    """
    ordered = sorted(cases, key=lambda case: _order(case, now))
    wanted = [case for case in ordered if _passes(case, filters, now)]
    rest = [case for case in wanted if not is_fire(case) or filters.show is Show.SNOOZED]

    def ids(keep: Callable[[OpenCase], bool], among: Sequence[OpenCase] = rest) -> tuple[int, ...]:
        return tuple(case.case_id for case in among if keep(case))

    return Queues(
        fires=ids(is_fire, ordered),
        due=ids(lambda case: is_due(case, now), sorted(rest, key=_closing_first)),
        mine=ids(lambda case: case.owner_id == viewer.id, wanted),
        teams=ids(lambda case: case.team in viewer.teams and case.owner_id != viewer.id, wanted),
        free=ids(lambda case: case.owner_id is None and case.team is None),
        all=ids(lambda _: True, wanted),
    )


def _order(case: OpenCase, now: datetime) -> tuple[object, ...]:
    """Fires by level, then ways that close, then risks, then complaints; in each the longest wait first."""
    fire = _FIRES.get(case.level or "", _ALL_BURNING) if case.kind == "alert" else _ALL_BURNING
    closing = case.until if is_due(case, now) else None
    first = (fire, closing is None and not case.late, closing.timestamp() if closing else 0.0)
    return (*first, not case.flagged, not case.complaint, case.since, case.case_id)


def _closing_first(case: OpenCase) -> tuple[object, ...]:
    """Among those that are due: late ones first, they are past their time; then the nearest end."""
    return (not case.late, case.until.timestamp() if case.until else 0.0, case.since, case.case_id)


def _passes(case: OpenCase, filters: Filters, now: datetime) -> bool:
    asleep = case.snoozed_until is not None and case.snoozed_until > now
    if asleep is not (filters.show is Show.SNOOZED):
        return False
    if filters.show is Show.COMPLAINTS and not case.complaint:
        return False
    return (not filters.channel or case.channel == filters.channel) and (
        not filters.language or case.language == filters.language
    )


def page_of(ids: Sequence[int], page: int, size: int) -> tuple[tuple[int, ...], int]:
    """The ids of one page, and which page it is: the last there is where `page` lies beyond it."""
    last = max(0, (len(ids) - 1) // size)
    at = min(max(page, 0), last)
    return tuple(ids[at * size : (at + 1) * size]), at
