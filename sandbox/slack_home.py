"""views.publish: what an app shows in a person's Home tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.slack_content import view_of
from sandbox.slack_errors import SlackRefusal
from sandbox.slack_workspace import Workspace

Json = dict[str, Any]


def publishing(workspace: Workspace) -> Callable[[Json], Json]:
    """The method as https://docs.slack.dev/reference/methods/views.publish describes it; it asks for no scope."""

    def publish(values: Json) -> Json:
        view = view_of(values["view"], "home")
        person = workspace.person(str(values["user_id"]))
        if person is None or person.is_bot:
            raise SlackRefusal("invalid_arguments", ["[ERROR] invalid `user_id`"])
        published = workspace.windows.publish_home(person.id, view, values.get("hash") or None)
        if published is None:
            raise SlackRefusal("hash_conflict")
        return {"view": published}

    return publish
