"""Shows App Home to whoever opens it, and does what is pressed there."""

from __future__ import annotations

import http.client
import json
import logging
import re
import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from typing import Any

from slack_bolt import Ack
from slack_sdk.errors import SlackApiError, SlackClientError

from responders.queue_order import Filters
from responders.slack.actions import Outcome
from responders.slack.home import APPROVE_MANY, REFRESH, TAKE, home_view, notice_view
from responders.slack.home_filters import CHOICES, NEXT, PREVIOUS, SEE_ALL, chosen, read
from responders.slack.home_views import ApprovesMany, Homes, Takes
from responders.slack.listening import Body, Listening, double_click
from responders.slack.sentences import sentence_for
from responders.slack.workspace_url import WorkspaceUrl

logger = logging.getLogger(__name__)


def listen_for_home(
    listening: Listening, homes: Homes, takes: Takes | None = None, approves: ApprovesMany | None = None
) -> None:
    """Adds the listeners of Home. Without `takes` or `approves` what they do is not offered."""
    home = _Home(listening, homes, takes, approves)
    app = listening.app
    app.event("app_home_opened")(home.opened)
    for action_id in (REFRESH, PREVIOUS, NEXT, *CHOICES, re.compile(f"^{SEE_ALL}_")):
        app.action(action_id)(home.looked)
    app.action(TAKE)(home.took)
    app.action(APPROVE_MANY)(home.approved)


class _Home:
    """One person's Home is drawn by one press at a time, each from the store as it then is: so the last to be drawn
    shows everything that was done, and with the filters that were chosen last, in whatever order presses arrive.
    """

    def __init__(self, listening: Listening, homes: Homes, takes: Takes | None, approves: ApprovesMany | None) -> None:
        self._listening = listening
        self._homes = homes
        self._takes = takes
        self._approves = approves
        self._url = WorkspaceUrl(listening.client)
        self._turns: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._newest: dict[str, tuple[float, Filters]] = {}

    def opened(self, body: Body) -> None:
        event = body["event"]
        if event.get("tab") != "home":
            return
        view = event.get("view")
        user_id = str(event["user"])
        # With the hash of what the person sees: were it drawn anew meanwhile, that is newer than this.
        self._draw(user_id, read(view), _moment(event.get("event_ts")), seen=str((view or {}).get("hash") or ""))

    def looked(self, ack: Ack, body: Body) -> None:
        ack()
        self._redraw(body)

    def took(self, ack: Ack, body: Body) -> None:
        ack()
        case_id = int(json.loads(body["actions"][0]["value"])["case"])
        who = self._listening.who(body)
        outcome = self._takes.take(case_id, who) if self._takes is not None else Outcome(False, "not_found")
        logger.info("home pressed action=take case=%d user=%s outcome=%s", case_id, who.id, outcome.code or "ok")
        quiet = outcome.ok or double_click(outcome, who)
        words = self._listening.words(who.id)
        self._redraw(body, "" if quiet else sentence_for(outcome, words, self._listening.zone))

    def approved(self, ack: Ack, body: Body) -> None:
        ack()
        drafts = [(int(reply), int(version)) for reply, version in json.loads(body["actions"][0]["value"])]
        who = self._listening.who(body)
        outcomes = self._approves.approve_many(drafts, who) if self._approves is not None else []
        done = sum(outcome.ok for outcome in outcomes)
        logger.info("home pressed action=approve_many drafts=%d ok=%d user=%s", len(drafts), done, who.id)
        words = self._listening.words(who.id)
        key = "home.approve_many.done" if done == len(drafts) else "home.approve_many.some"
        self._redraw(body, words.plain(key, done=words.number(done), count=words.number(len(drafts))))

    def _redraw(self, body: Body, told: str = "") -> None:
        action = body["actions"][0]
        filters = chosen(body.get("view") or {}, action)
        self._draw(str(body["user"]["id"]), filters, _moment(action.get("action_ts")), told)

    def _draw(self, user_id: str, filters: Filters, asked_at: float, told: str = "", seen: str = "") -> None:
        words = self._listening.words(user_id)
        try:
            with self._turns[user_id]:
                newest_at, newest = self._newest.get(user_id, (asked_at, filters))
                if newest_at > asked_at:
                    filters = newest
                else:
                    self._newest[user_id] = (asked_at, filters)
                view = self._homes.home(user_id, filters)
                if view is None:
                    self._publish(user_id, notice_view("home.nobody", words), seen)
                    return
                url, approves = self._url(), self._approves is not None
                if self._takes is None:
                    view = replace(view, may_take=False)
                drawn = home_view(view, words, self._listening.zone, url, approves=approves, told=told)
                self._publish(user_id, drawn, seen)
        except Exception:
            with suppress(SlackClientError, OSError, http.client.HTTPException):
                self._publish(user_id, notice_view("home.failed", words), "")
            raise
        logger.info("home shown user=%s open=%d", user_id, view.today.open)

    def _publish(self, user_id: str, view: dict[str, Any], seen: str) -> None:
        try:
            self._listening.client.views_publish(user_id=user_id, view=view, **({"hash": seen} if seen else {}))
        except SlackApiError as error:
            if not seen or error.response.get("error") != "hash_conflict":
                raise


def _moment(ts: object) -> float:
    """Slack's seconds, 0 for what is none."""
    try:
        return float(str(ts))
    except ValueError:
        return 0.0
