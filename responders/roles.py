"""Who may do what: five roles, each with all that the ones before it may. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What somebody is in the shop, from the least to the most."""

    VIEWER = "viewer"  # reads, and may say whether an alert was right
    DRAFTER = "drafter"  # writes drafts and notes; nothing of theirs leaves without another's approval
    APPROVER = "approver"  # decides about replies and cases
    LEAD = "lead"  # gives cases to others, and approves drafters' replies together
    ADMIN = "admin"  # also what changes how the product works for everybody


class Act(StrEnum):
    """What somebody asks to do."""

    GRADE = "grade"
    DRAFT = "draft"  # write, edit, take another suggestion
    NOTE = "note"  # private notes, calls, questions to colleagues
    CORRECT = "correct"  # how a text was read
    TAKE = "take"  # a case for oneself; to say that one has a fire
    APPROVE = "approve"  # send, reject, answer by hand, settle what is unknown
    WORK = "work"  # snooze, close, reopen, link, escalate, take in by hand
    ASSIGN = "assign"  # to another person or a team
    APPROVE_MANY = "approve_many"
    MUTE = "mute"  # keep alerts from calling people for a while
    CHANGE_DUTY = "change_duty"


LEAST: Mapping[Act, Role] = {
    Act.GRADE: Role.VIEWER,
    Act.DRAFT: Role.DRAFTER,
    Act.NOTE: Role.DRAFTER,
    Act.CORRECT: Role.APPROVER,
    Act.TAKE: Role.DRAFTER,
    Act.APPROVE: Role.APPROVER,
    Act.WORK: Role.APPROVER,
    Act.ASSIGN: Role.APPROVER,
    Act.APPROVE_MANY: Role.LEAD,
    Act.MUTE: Role.LEAD,
    Act.CHANGE_DUTY: Role.LEAD,
}

_RANK = {role: rank for rank, role in enumerate(Role)}


class Roles(Protocol):
    """Who is what now; asked again for every act, so that who was taken out may do nothing from then on.

    None for somebody who may do nothing at all. May raise models.errors.TryLater when it cannot be known.
    """

    def role_of(self, user_id: str) -> Role | None: ...


def allowed(role: Role | None, act: Act) -> bool:
    """Whether somebody of `role` may do it."""
    return role is not None and _RANK[role] >= _RANK[LEAST[act]]


def highest(roles: list[Role]) -> Role | None:
    """The greatest of the roles somebody has been given; None for none."""
    return max(roles, key=_RANK.__getitem__, default=None)


class Everybody:
    """Roles of a shop that has given none: whoever is in the channel may do everything."""

    def role_of(self, user_id: str) -> Role | None:  # noqa: ARG002 - the port's signature
        return Role.ADMIN


class NamedRoles:
    """Roles as the shop has given them by Slack id; `others` is what everybody else is, None for nothing."""

    def __init__(self, given: Mapping[Role, frozenset[str]], others: Role | None) -> None:
        self._given = given
        self._others = others

    def role_of(self, user_id: str) -> Role | None:
        return highest([role for role, ids in self._given.items() if user_id in ids]) or self._others
