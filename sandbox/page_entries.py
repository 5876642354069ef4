"""What the page sends when somebody opens Home, types into a channel or uses a shortcut."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request

from sandbox.slack import SlackSandbox
from sandbox.slack_interactivity import Ack

COMMAND = "/palovahti"
_WAIT_S = 8.0  # an acknowledgement takes 3 s at most; twice when it is delivered twice


def add_entries(app: Flask, slack: SlackSandbox) -> None:
    """Adds the page's verbs for them."""

    @app.post("/page/open_home")
    def open_home() -> Response:
        return _told(slack.entries.open_home(request.get_json()["user"]).result(_WAIT_S))

    @app.post("/page/click_home")
    def click_home() -> Response:
        body = request.get_json()
        where = (body["block_id"], body["action_id"], body.get("value"))
        return _told(slack.entries.click_home(body["user"], *where, body["values"]).result(_WAIT_S))

    @app.post("/page/write")
    def write() -> Response:
        """A message in the channel, or the app's command where it begins with that."""
        body = request.get_json()
        text = str(body["text"]).strip()
        command, _, rest = text.partition(" ")
        if command == COMMAND:
            return _told(slack.entries.command(body["user"], body["channel"], command, rest).result(_WAIT_S))
        if text:
            slack.workspace.say(body["user"], body["channel"], _escaped(text[:4000]))
        return _told(Ack())

    @app.post("/page/shortcut")
    def shortcut() -> Response:
        body = request.get_json()
        if "ts" in body:
            acked = slack.entries.message_shortcut(body["user"], body["channel"], body["ts"], body["callback_id"])
        else:
            acked = slack.entries.shortcut(body["user"], body["callback_id"])
        return _told(acked.result(_WAIT_S))


def _told(ack: Ack) -> Response:
    return jsonify(problem=ack.problem, status=ack.status)


def _escaped(text: str) -> str:
    """As Slack keeps what people type."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
