"""Who may do what: five roles, each with all that the ones before it may. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Protocol

from models.errors import TryLater


class Role(StrEnum):
    """What somebody is in the shop, from the least to the most."""

    VIEWER = "viewer"  # reads, and may say whether an alert was right
    DRAFTER = "drafter"  # writes drafts and notes; nothing of theirs leaves without another's approval
    APPROVER = "approver"  # decides about replies and cases
    LEAD = "lead"  # gives cases to others, and approves drafters' replies together
    ADMIN = "admin"  # also what changes how the product works for everybody


UNKNOWN = "rights_unknown"
"""The code of the TryLater that says that nobody can tell now what somebody may do."""


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

    None for somebody who may do nothing at all. Raises models.errors.TryLater with the code UNKNOWN when it cannot be
    known: then nothing is done, and the person is told to try again.
    """

    def role_of(self, user_id: str) -> Role | None: ...


def allowed(role: Role | None, act: Act) -> bool:
    """Whether somebody of `role` may do it."""
    return role is not None and _RANK[role] >= _RANK[LEAST[act]]


class Staff(Protocol):
    """Who stands in a user group, and who has left. Both raise models.errors.TryLater where that cannot be known."""

    def members(self, group_id: str) -> frozenset[str]: ...

    def has_left(self, user_id: str) -> bool: ...


class PeopleAlone:
    """The staff of a shop that asks Slack nothing: no groups, and nobody leaves."""

    def members(self, group_id: str) -> frozenset[str]:  # noqa: ARG002 - the port's signature
        return frozenset()

    def has_left(self, user_id: str) -> bool:  # noqa: ARG002 - the port's signature
        return False


PEOPLE_ALONE = PeopleAlone()


class Everybody:
    """Roles of a shop that has given none: whoever is in the channel may do everything, until they leave."""

    def __init__(self, staff: Staff = PEOPLE_ALONE) -> None:
        self._staff = staff

    def role_of(self, user_id: str) -> Role | None:
        try:
            return None if self._staff.has_left(user_id) else Role.ADMIN
        except TryLater:
            return Role.ADMIN  # Slack itself let them into the channel, and no list of ours says more


class NamedRoles:
    """Roles as the shop has given them, by ids of people and of user groups.

    `others` is what everybody else is, None for nothing. Who has left may do nothing, also where a list names them.
    """

    def __init__(self, given: Mapping[Role, frozenset[str]], others: Role | None, staff: Staff = PEOPLE_ALONE) -> None:
        self._given = given
        self._others = others
        self._staff = staff

    def role_of(self, user_id: str) -> Role | None:
        """The highest that a list gives. A group that cannot be looked into refuses who stands in no other list."""
        if self._staff.has_left(user_id):
            return None
        unknown: TryLater | None = None
        for role in reversed(Role):
            ids = self._given.get(role, frozenset())
            if user_id in ids:
                return role
            for group_id in sorted(filter(is_group, ids)):
                try:
                    if user_id in self._staff.members(group_id):
                        return role
                except TryLater as problem:
                    unknown = problem
        if unknown is not None:
            raise unknown
        return self._others


def is_group(slack_id: str) -> bool:
    """Whether the id is a user group's (S0123ABCD) and not a person's."""
    return slack_id.startswith("S")


def belongs(user_id: str, ids: Collection[str], staff: Staff) -> bool:
    """Whether the person is among `ids`, of people and of user groups. Raises what `staff` raises."""
    if user_id in ids:
        return True
    return any(user_id in staff.members(group_id) for group_id in sorted(filter(is_group, ids)))
