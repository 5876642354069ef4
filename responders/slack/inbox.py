"""Writes every press down before it is acknowledged, and finishes after a restart what was not done.

Slack is answered as soon as the press is in the store, whatever work it makes; the work is done by threads of our own.
A press that Slack delivers twice is done once here. That two presses, or a press taken up again, change nothing twice
is the guarantee of the steps behind it: each is a compare-and-set.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.listener.listener_completion_handler import ListenerCompletionHandler
from sqlalchemy.exc import SQLAlchemyError

from models import presses
from models.base import Sessions

logger = logging.getLogger(__name__)

Body = Mapping[str, Any]

_PRESS = "palovahti_press"
_ID_ONLY = ("user", "team", "channel")
_OF_AN_ACTION = (
    "type", "action_id", "block_id", "action_ts", "value", "selected_user", "selected_users", "selected_channel",
    "selected_conversation", "selected_date", "selected_time", "selected_date_time",
)  # fmt: skip
_OF_A_VIEW = ("id", "type", "callback_id", "private_metadata", "hash", "root_view_id")


class Inbox:
    """Between the doors and the listeners of `app`."""

    def __init__(self, app: App, sessions: Sessions, wall: Callable[[], datetime], threads: int = 8) -> None:
        self._app = app
        self._sessions = sessions
        self._wall = wall
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="press")
        app.use(self._receive)
        app.listener_runner.listener_completion_handler = _Finished(self)

    def finish_what_was_left(self) -> int:
        """Takes up the presses that a process before us acknowledged and did not do; returns how many."""
        with self._sessions() as session:
            left = presses.unfinished(session)
        for press in left:
            self._threads.submit(self._do, press.id, press.body)
        if left:
            logger.warning("presses taken up count=%d", len(left))
        return len(left)

    def close(self) -> None:
        """Lets what is being done end."""
        self._threads.shutdown(wait=True)

    def done(self, press_id: int) -> None:
        """The listener has returned, or told the person what went wrong."""
        try:
            with self._sessions.begin() as session:
                presses.finish(session, press_id, self._wall())
        except SQLAlchemyError as error:
            logger.error("press not marked as done press=%d kind=%s", press_id, type(error).__name__)

    def _receive(self, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: ARG002 - Bolt's names
        body = req.body
        if _PRESS in req.context or not _is_a_decision(body):
            return next()
        try:
            with self._sessions.begin(hurry=True) as session:
                press_id = presses.write_down(session, press_key(body), kept_of(body), self._wall())
        except SQLAlchemyError as error:  # the store does not answer: better done without a net than not at all
            logger.error("press not written down kind=%s", type(error).__name__)
            return next()
        if press_id is None:
            logger.info("press delivered again action=%s", body["actions"][0].get("action_id"))
        else:
            self._threads.submit(self._do, press_id, body)
        return BoltResponse(status=200, body="")

    def _do(self, press_id: int, body: Body) -> None:
        request = BoltRequest(mode="socket_mode", body=dict(body), context={_PRESS: press_id})
        try:
            answer = self._app.dispatch(request)
        except Exception as error:
            logger.error("press failed press=%d kind=%s", press_id, type(error).__name__)
            self.done(press_id)
            return
        if answer.status == 404:
            logger.warning("press of an unknown button action=%s", body["actions"][0].get("action_id"))
            self.done(press_id)


class _Finished(ListenerCompletionHandler):  # the library is not typed for us
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def handle(self, request: BoltRequest, response: BoltResponse | None) -> None:  # noqa: ARG002 - Bolt's signature
        press_id = request.context.get(_PRESS)
        if press_id is not None:
            self._inbox.done(press_id)


def press_key(body: Body) -> str:
    """Tells a press from every other; the same when Slack delivers it again, over whichever door."""
    where = body.get("container") or {}
    action = body["actions"][0]
    parts = (
        body["user"]["id"],
        where.get("channel_id"),
        where.get("message_ts"),
        where.get("view_id"),
        action.get("block_id"),
        action.get("action_id"),
        action.get("action_ts"),
    )
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def kept_of(body: Body) -> dict[str, Any]:
    """What is kept of a press until it is done: ids and choices; neither the card's words nor anybody's name."""
    kept: dict[str, Any] = {
        name: body[name] for name in ("type", "api_app_id", "container", "trigger_id") if name in body
    }
    kept |= {name: {"id": body[name]["id"]} for name in _ID_ONLY if (body.get(name) or {}).get("id")}
    kept["actions"] = [_action(action) for action in body["actions"]]
    if body.get("view"):
        kept["view"] = {name: body["view"][name] for name in _OF_A_VIEW if name in body["view"]}
    return kept


def _action(action: Body) -> dict[str, Any]:
    kept = {name: action[name] for name in _OF_AN_ACTION if name in action}
    if action.get("selected_option"):
        kept["selected_option"] = {"value": action["selected_option"]["value"]}
    if action.get("selected_options"):
        kept["selected_options"] = [{"value": option["value"]} for option in action["selected_options"]]
    return kept


def _is_a_decision(body: Body) -> bool:
    """A press on a card or on the Home tab. One inside a window redraws that window, which dies with us anyway."""
    if body.get("type") != "block_actions" or not body.get("actions"):
        return False
    return (body.get("view") or {}).get("type") != "modal"
