"""Carries clicks to the app as Slack does: signed, from a background thread, to be acknowledged within 3 seconds."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import requests

from sandbox.slack_errors import SlackRefusal
from sandbox.slack_socket import SlackSocket
from sandbox.store import Store

logger = logging.getLogger(__name__)

Json = dict[str, Any]
Result = TypeVar("Result")

ACK_WITHIN_S = 3.0
TRIGGER_LIVES_S = 3.0
TRIGGERS_KNOWN_S = 300.0  # how long one is told to be too old or used; after that it is unknown
RESPONSE_URL_LIVES_S = 30 * 60
RESPONSE_URL_USES = 5


@dataclass(frozen=True)
class Ack:
    """The app's answer. `problem` is empty, or timeout, status (see `status`), unreachable, or bad_answer.

    `after_s` is how long it took, where that was measured at the socket.
    """

    problem: str = ""
    status: int = 0
    body: Json | None = None
    after_s: float | None = None


class Delivery:
    """Signs and sends interactions to the app's URL, or over `socket` where the app uses Socket Mode.

    `url` None means that no app is listening yet.
    """

    def __init__(self, signing_secret: str, url: str | None, wall_clock: Callable[[], float]) -> None:
        self.url = url
        self.socket: SlackSocket | None = None
        self._secret = signing_secret.encode()
        self._wall_clock = wall_clock
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy in the environment must not see the rehearsal

    def send(self, payload: Json, then: Callable[[Ack], Result], twice: bool = False) -> Future[Result]:
        """Delivers in the background and resolves to `then(ack)`; `twice` delivers again, as Slack sometimes does."""
        future: Future[Result] = Future()

        def run() -> None:
            try:
                ack = self._post(payload)
                if twice:
                    self._post(payload)
                future.set_result(then(ack))
            except Exception as problem:
                future.set_exception(problem)

        threading.Thread(target=run, name="sandbox:slack-delivery", daemon=True).start()
        return future

    def _post(self, payload: Json) -> Ack:
        if self.socket is not None:
            heard = self.socket.send(_kind(payload), payload)
            return Ack(heard.problem, 0 if heard.problem else 200, heard.payload, heard.after_s)
        if self.url is None:
            return Ack("unreachable")
        body, mimetype = _encoded(payload)
        timestamp = str(int(self._wall_clock()))
        signature = hmac.new(self._secret, f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": mimetype,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        try:
            answer = self._session.post(
                self.url, data=body, headers=headers, timeout=ACK_WITHIN_S, allow_redirects=False
            )
        except requests.Timeout:
            return Ack("timeout")
        except requests.RequestException:
            return Ack("unreachable")
        logger.info("slack interaction delivered type=%s status=%d", payload.get("type", "command"), answer.status_code)
        if answer.status_code != 200:
            return Ack("status", answer.status_code)
        return _read(answer)


def _kind(payload: Json) -> str:
    """The envelope's type in Socket Mode."""
    if payload.get("type") == "event_callback":
        return "events_api"
    return "slash_commands" if "command" in payload else "interactive"


def _encoded(payload: Json) -> tuple[str, str]:
    """A command's fields are the form, an event is JSON, and everything else is JSON in a form's field."""
    form = "application/x-www-form-urlencoded"
    if payload.get("type") == "event_callback":
        return json.dumps(payload), "application/json"
    if "command" in payload:
        return urlencode(payload), form
    return urlencode({"payload": json.dumps(payload)}), form


def _read(answer: requests.Response) -> Ack:
    if not answer.content.strip():
        return Ack(status=200)
    try:
        body = answer.json()
    except ValueError:
        return Ack("bad_answer", 200)
    return Ack(status=200, body=body) if isinstance(body, dict) else Ack("bad_answer", 200)


class Triggers:
    """Trigger ids: each opens one modal, once, within 3 seconds of the click on the wall clock."""

    def __init__(self, wall_clock: Callable[[], float]) -> None:
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._given: dict[str, tuple[str, float, bool]] = {}

    def give(self, user: str) -> str:
        trigger = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        now = self._wall_clock()
        with self._lock:
            for old in [one for one, (_, given_at, _) in self._given.items() if now - given_at > TRIGGERS_KNOWN_S]:
                del self._given[old]
            self._given[trigger] = (user, now, False)
        return trigger

    def use(self, trigger: str) -> str:
        """Whose click it was. Raises SlackRefusal when unknown, used before, or too old."""
        with self._lock:
            if trigger not in self._given:
                raise SlackRefusal("invalid_trigger_id")
            user, given_at, used = self._given[trigger]
            if used:
                raise SlackRefusal("exchanged_trigger_id")
            if self._wall_clock() - given_at > TRIGGER_LIVES_S:
                raise SlackRefusal("expired_trigger_id")
            self._given[trigger] = (user, given_at, True)
        return user


class ResponseUrls:
    """Addresses that take up to 5 answers to one click within 30 minutes; kept over restarts."""

    def __init__(self, store: Store, wall_clock: Callable[[], float]) -> None:
        self._store = store
        self._wall_clock = wall_clock

    def give(self, channel: str, ts: str, user: str) -> str:
        key = secrets.token_hex(12)
        kept = {"channel": channel, "ts": ts, "user": user, "given_at": self._wall_clock(), "uses": 0}
        self._store.put("slack_response_urls", key, kept)
        return key

    def use(self, key: str) -> Json:
        """Where the click was. Raises SlackRefusal when the address is unknown, too old or used up."""
        with self._store.transaction():
            kept = self._store.get("slack_response_urls", key)
            if kept is None or self._wall_clock() - kept["given_at"] > RESPONSE_URL_LIVES_S:
                raise SlackRefusal("expired_url")
            if kept["uses"] >= RESPONSE_URL_USES:
                raise SlackRefusal("used_url")
            self._store.put("slack_response_urls", key, kept | {"uses": kept["uses"] + 1})
        return kept
