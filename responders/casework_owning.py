"""Who has a case: taken by oneself, or given to a colleague or a team."""

from __future__ import annotations

from models.states import CaseState, NudgeKind
from responders.deeds import DONE, Doing
from responders.slack.actions import Outcome, Person


def take(doing: Doing, *, may_assign: bool) -> Outcome:
    """The case is theirs. From another it is taken only by who may give cases out, and `taken_from` says from whom."""
    case, who = doing.case, doing.who
    if case.state is CaseState.CLOSED:
        return closed(doing)
    if case.owner_id == who.id:
        return Outcome(False, "already_assigned", by=case.owner_name, by_id=case.owner_id, at=case.assigned_at)
    if case.owner_id is not None and (not may_assign or doing.just_now(case.assigned_at)):
        return Outcome(False, "already_assigned", by=case.owner_name, by_id=case.owner_id, at=case.assigned_at)
    was = Outcome(True, "taken_from", by=case.owner_name, by_id=case.owner_id) if case.owner_id is not None else DONE
    _give(doing, who, case.team)
    return was


def assign(doing: Doing, owner: Person | None, team: str | None) -> Outcome:
    """The case is the owner's, the team's, or both; what is not named is nobody's from then on."""
    case = doing.case
    if case.state is CaseState.CLOSED:
        return closed(doing)
    owner_id = owner.id if owner is not None else None
    same = (case.owner_id, case.team) == (owner_id, team)
    if same or (case.assigned_by != doing.who.id and doing.just_now(case.assigned_at)):
        return Outcome(False, "already_assigned", by=case.assigned_by_name, by_id=case.assigned_by, at=case.assigned_at)
    _give(doing, owner, team)
    return DONE


def closed(doing: Doing) -> Outcome:
    """What to tell who wants to work on a case that has ended."""
    case = doing.case
    code = "already_linked" if case.same_as is not None else "already_closed"
    return Outcome(False, code, by=case.closed_by_name, by_id=case.closed_by, at=case.closed_at)


def _give(doing: Doing, owner: Person | None, team: str | None) -> None:
    case, who = doing.case, doing.who
    was, was_team = case.owner_id, case.team
    case.owner_id, case.owner_name = (owner.id, owner.name) if owner is not None else (None, None)
    case.team, case.changed_at = team, doing.now
    case.assigned_by, case.assigned_by_name, case.assigned_at = who.id, who.name, doing.now
    doing.record("case.assigned", was=was, owner=case.owner_id, was_team=was_team, team=team)
    if was is not None and was != case.owner_id:
        doing.nudge(NudgeKind.TAKEN, was)
    if case.owner_id is not None and case.owner_id != was:
        doing.nudge(NudgeKind.GIVEN, case.owner_id)
