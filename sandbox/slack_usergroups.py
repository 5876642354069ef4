"""The workspace's user groups and who has left it: what people do to them, and how the app learns of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from sandbox.slack_errors import SlackRefusal
from sandbox.slack_events import Events
from sandbox.slack_team import TEAM_ID
from sandbox.slack_workspace import Workspace
from sandbox.store import Store

Json = dict[str, Any]

EVENT_MEMBERS = 500  # docs.slack.dev: subteam_updated names so many members at most
_KEPT = "slack_usergroups"


def group_members(workspace: Workspace, values: Json) -> Json:
    """usergroups.users.list"""
    group = workspace.store.get(_KEPT, str(values["usergroup"]))
    with_disabled = values.get("include_disabled") in (True, 1, "1", "true", "True")
    if group is None or (group["date_delete"] and not with_disabled):
        raise SlackRefusal("no_such_subteam")
    return {"users": group["users"]}


class Usergroups:
    """People's side: an administrator makes groups, changes them, and deactivates people. Each tells the app."""

    def __init__(self, store: Store, workspace: Workspace, events: Events, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._workspace = workspace
        self._events = events
        self._clock = clock

    def create(self, group_id: str, handle: str, users: Sequence[str]) -> None:
        group = {"id": group_id, "handle": handle, "users": list(users), "date_update": self._now(), "date_delete": 0}
        self._store.put(_KEPT, group_id, group)

    def change(self, group_id: str, users: Sequence[str]) -> Future[int]:
        """The group has these members from now on. Raises LookupError for a group that is not there."""
        was = self._group(group_id)
        now = was | {"users": list(users), "date_update": self._now()}
        self._store.put(_KEPT, group_id, now)
        self._events.send(_updated(now))
        added = [one for one in users if one not in was["users"]]
        removed = [one for one in was["users"] if one not in users]
        return self._events.send(
            {
                "type": "subteam_members_changed",
                "subteam_id": group_id,
                "team_id": TEAM_ID,
                "date_previous_update": was["date_update"],
                "date_update": now["date_update"],
                "added_users": added,
                "added_users_count": str(len(added)),
                "removed_users": removed,
                "removed_users_count": str(len(removed)),
            }
        )

    def disable(self, group_id: str) -> Future[int]:
        now = self._group(group_id) | {"date_update": self._now(), "date_delete": self._now()}
        self._store.put(_KEPT, group_id, now)
        return self._events.send(_updated(now))

    def deactivate(self, user_id: str) -> Future[int]:
        """Takes somebody's account away; as in Slack they leave every group too, and the groups tell it later."""
        self._workspace.deactivate(user_id)
        for group in self._store.all(_KEPT):
            users = [one for one in group["users"] if one != user_id]
            self._store.put(_KEPT, group["id"], group | {"users": users})
        return self._events.send(
            {
                "type": "user_change",
                "user": {"id": user_id, "team_id": TEAM_ID, "deleted": True, "updated": self._now()},
                "cache_ts": self._now(),
            }
        )

    def _group(self, group_id: str) -> Json:
        group = self._store.get(_KEPT, group_id)
        if group is None:
            raise LookupError("no such group")
        return group

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _updated(group: Json) -> Json:
    return {
        "type": "subteam_updated",
        "subteam": {
            "id": group["id"],
            "team_id": TEAM_ID,
            "is_usergroup": True,
            "is_subteam": True,
            "name": group["handle"],
            "description": "",
            "handle": group["handle"],
            "is_external": False,
            "date_create": group["date_update"],
            "date_update": group["date_update"],
            "date_delete": group["date_delete"],
            "auto_type": None,
            "users": group["users"][:EVENT_MEMBERS],
            "user_count": len(group["users"]),
        },
    }
