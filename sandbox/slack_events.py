"""Carries events to the app as Slack does: signed JSON with an id, again while nobody acknowledges it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import requests

from sandbox.slack_interactivity import ACK_WITHIN_S
from sandbox.slack_socket import SlackSocket
from sandbox.slack_team import APP_ID, BOT_USER_ID, TEAM_ID

logger = logging.getLogger(__name__)

Json = dict[str, Any]

TRIES = 4  # docs.slack.dev: the first, then at once, after a minute, after five; here without the waits


class Events:
    """Sends events to `url()`, or over `socket`; resolves to the status the app answered with last, 0 while nobody
    listens.
    """

    def __init__(
        self,
        signing_secret: str,
        url: Callable[[], str | None],
        wall_clock: Callable[[], float],
        socket: SlackSocket | None = None,
    ) -> None:
        self._socket = socket
        self._secret = signing_secret.encode()
        self._url = url
        self._wall_clock = wall_clock
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy in the environment must not see the rehearsal

    def send(self, event: Json) -> Future[int]:
        future: Future[int] = Future()

        def run() -> None:
            try:
                future.set_result(self._deliver(event))
            except Exception as problem:
                future.set_exception(problem)

        threading.Thread(target=run, name="sandbox:slack-event", daemon=True).start()
        return future

    def _deliver(self, event: Json) -> int:
        now = self._wall_clock()
        body = json.dumps(
            {
                "token": "unused-verification-token",
                "team_id": TEAM_ID,
                "api_app_id": APP_ID,
                "event": event | {"event_ts": f"{now:.6f}"},
                "type": "event_callback",
                "event_id": f"Ev{secrets.token_hex(5).upper()}",
                "event_time": int(now),
                "authorizations": [
                    {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True}
                    | {"is_enterprise_install": False}
                ],
                "is_ext_shared_channel": False,
            }
        )
        status = 0
        for again in range(TRIES):
            status = self._post(body, again)
            if status == 200:
                break
        logger.info("slack event delivered type=%s status=%d", event["type"], status)
        return status

    def _post(self, body: str, again: int) -> int:
        if self._socket is not None:
            answer = self._socket.send("events_api", json.loads(body), retry=again)
            return 0 if answer.problem else 200
        url = self._url()
        if url is None:
            return 0
        timestamp = str(int(self._wall_clock()))
        signature = hmac.new(self._secret, f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        if again:
            headers |= {"X-Slack-Retry-Num": str(again), "X-Slack-Retry-Reason": "http_error"}
        try:
            return self._session.post(url, data=body.encode(), headers=headers, timeout=ACK_WITHIN_S).status_code
        except requests.RequestException:
            return 0
