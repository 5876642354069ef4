"""What becomes of a submitted modal, by the app's answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.slack_content import view_of
from sandbox.slack_errors import SlackRefusal
from sandbox.slack_interactivity import Ack
from sandbox.slack_workspace import Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class Submission:
    """What became of a submitted modal.

    `errors` are the app's sentences by block_id, `gaps` what Slack's client itself refuses (required, too_long,
    too_short); `problem` is an Ack's, for a modal the app did not answer properly.
    """

    outcome: Literal["closed", "updated", "errors", "gaps", "failed"]
    errors: dict[str, str] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 0


def settle(workspace: Workspace, view: Json, ack: Ack) -> Submission:
    """Does what the app's answer to a submission asks for."""
    if ack.problem:
        return Submission("failed", problem=ack.problem, status=ack.status)
    answer = ack.body or {}
    action = answer.get("response_action")
    if action is None or action == "clear":
        workspace.windows.close(view["id"])
        return Submission("closed")
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    errors = answer.get("errors")
    if action == "errors" and isinstance(errors, dict) and errors and errors.keys() <= inputs:
        return Submission("errors", errors={name: str(sentence) for name, sentence in errors.items()})
    if action == "update":
        try:
            workspace.windows.change(view["id"], view_of(answer.get("view")))
        except SlackRefusal:
            return Submission("failed", problem="bad_answer", status=ack.status)
        return Submission("updated")
    return Submission("failed", problem="bad_answer", status=ack.status)
