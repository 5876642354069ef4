"""Slack's refusal of a call: the code clients see, and what comes beside it."""

from __future__ import annotations

from typing import Any


class SlackRefusal(Exception):
    """Becomes `{"ok": false, "error": code, ...}`; `messages` go to response_metadata as Slack does it."""

    def __init__(self, code: str, messages: list[str] | None = None, **beside: Any) -> None:
        super().__init__(code)
        self.code = code
        self.body: dict[str, Any] = {"ok": False, "error": code, **beside}
        if messages:
            self.body["response_metadata"] = {"messages": messages}
