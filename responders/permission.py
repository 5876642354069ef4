"""Whether somebody may do what they ask for now."""

from __future__ import annotations

from models.errors import TryLater
from responders.roles import Act, Roles, allowed
from responders.slack.actions import Outcome, Person


def may(roles: Roles, who: Person, act: Act) -> bool:
    """Whether they may; somebody who was taken out may not from then on. Where nobody can tell, nobody may."""
    return refused(roles, who, act) is None


def refused(roles: Roles, who: Person, act: Act) -> Outcome | None:
    """What to tell who may not; None for who may."""
    try:
        role = roles.role_of(who.id)
    except TryLater:
        return Outcome(False, "role_unknown")
    return None if allowed(role, act) else Outcome(False, "not_allowed")
