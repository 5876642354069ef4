"""The settings of who may do what, and of the teams that cases are given to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from bot.section import Section
from responders.roles import Everybody, NamedRoles, Role, Roles, Staff, is_group

SlackId = Annotated[str, Field(pattern=r"^[UWS][A-Z0-9]+$")]  # of a person, or of a user group


class RoleSettings(Section):
    """Who may do what. While no list names anybody, whoever is in the channel may do everything."""

    viewers: frozenset[SlackId] = Field(
        frozenset(), description="Slack ids, of people and of user groups (S0123ABCD), of those who only read."
    )
    drafters: frozenset[SlackId] = Field(
        frozenset(), description="Those who write drafts and notes; nothing of theirs leaves without another's yes."
    )
    approvers: frozenset[SlackId] = Field(frozenset(), description="Those who decide about replies and cases.")
    leads: frozenset[SlackId] = Field(
        frozenset(), description="Those who also approve drafters' replies together, mute alerts and change the duty."
    )
    admins: frozenset[SlackId] = Field(frozenset(), description="Those who may do everything.")
    others: Literal["nobody", "viewer", "drafter", "approver"] = Field(
        "viewer", description="What everybody else in the channel is, once a list names somebody."
    )


class TeamSettings(Section):
    """A team that cases are given to; one table for each."""

    name: str = Field(min_length=1, max_length=60, description="What people call it.")
    members: frozenset[SlackId] = Field(
        frozenset(), description="Slack ids, of people and of user groups; the team's queue is shown to them."
    )


def roles_of(settings: RoleSettings, staff: Staff) -> Roles:
    """The roles as the settings give them; `staff` says who stands in their user groups."""
    given = _given(settings)
    if not any(given.values()):
        return Everybody(staff)
    return NamedRoles(given, None if settings.others == "nobody" else Role(settings.others), staff)


def groups_named(roles: RoleSettings, teams: Sequence[TeamSettings], others: Iterable[str] = ()) -> list[str]:
    """The user groups that the settings lean on; `others` are ids that stand elsewhere in them."""
    ids = frozenset(others).union(*_given(roles).values(), *(team.members for team in teams))
    return sorted(filter(is_group, ids))


def _given(settings: RoleSettings) -> dict[Role, frozenset[SlackId]]:
    return {
        Role.VIEWER: settings.viewers,
        Role.DRAFTER: settings.drafters,
        Role.APPROVER: settings.approvers,
        Role.LEAD: settings.leads,
        Role.ADMIN: settings.admins,
    }
