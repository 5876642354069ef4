"""A loopback stand-in of the Graph API for one Page, v24.0 to v26.0, just as far as we call it.

`GraphSandbox(store, clock, page_id=..., page_name=...).app` is what the real facebook-sdk talks to. Its methods (see
GraphWorld) and `/_sandbox/...` play the visitors.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Flask, Response, jsonify, request

from sandbox import faults
from sandbox.graph_errors import (
    GraphError,
    bad_parameter,
    dead_version,
    expired_token,
    missing_scope,
    no_such_object,
    too_many_conversation_calls,
    wrong_token,
)
from sandbox.graph_nodes import EDGE_ARGUMENTS, Nodes
from sandbox.graph_world import GraphWorld
from sandbox.store import Document, Store

VERSIONS = ("v24.0", "v25.0", "v26.0")
READING_SCOPES = {
    "feed": "pages_read_engagement",
    "comments": "pages_read_user_content",
    "conversations": "pages_messaging",
    "messages": "pages_messaging",
}
SCOPES = frozenset({*READING_SCOPES.values(), "pages_manage_engagement"})
PLAYS = ("add_visitor_post", "add_own_post", "add_comment", "add_message", "delete_comment", "delete_post")


class GraphSandbox(GraphWorld):
    """The Page, and the app that serves it. `token` opens it; with an `app_secret` each call needs its proof."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        page_id: str,
        page_name: str,
        token: str = "sandbox-page-token",  # noqa: S107 - opens nothing but this stand-in
        app_secret: str | None = None,
        conversation_calls_per_s: int = 2,
    ) -> None:
        super().__init__(store, clock, page_id, page_name)
        self.faults = faults.Faults(store)
        self.scopes = set(SCOPES)
        self.usage_percent = 1
        self.regain_minutes = 0
        self._token = token
        self._app_secret = app_secret
        self._nodes = Nodes(self, self._rearranged)
        self._conversation_calls: deque[float] = deque(maxlen=conversation_calls_per_s)
        self._lock = threading.Lock()
        self.app = self._make_app()

    def state(self) -> Document:
        """Everything on the Page, for tests and the demo's page: posts, comments, conversations, messages."""
        posts, conversations = self.store.all("posts"), self.store.all("conversations")
        return {
            "posts": posts,
            "comments": [comment for post in posts for comment in self.comments_of(post["id"])],
            "conversations": conversations,
            "messages": [message for talk in conversations for message in self.messages_of(talk["id"])],
        }

    def _make_app(self) -> Flask:
        app = Flask("sandbox.graph")
        faults.install(app, self.faults)
        app.register_error_handler(GraphError, self._refuse)
        app.after_request(self._with_headers)
        app.add_url_rule("/<version>/<object_id>", "node", self._get_node)
        app.add_url_rule("/<version>/<object_id>/<edge>", "edge", self._get_edge)
        app.add_url_rule("/<version>/<object_id>/<edge>", "publish", self._publish, methods=["POST"])
        app.add_url_rule("/_sandbox/state", "state", lambda: jsonify(self.state()))
        app.add_url_rule("/_sandbox/play/<what>", "play", self._play, methods=["POST"])
        return app

    def _get_node(self, version: str, object_id: str) -> Response:
        arguments = self._admit(version, request.args)
        for name in arguments.keys() - {"fields"}:
            raise bad_parameter(f"Unexpected parameter {name}")
        if object_id.startswith("t_"):
            self._need("pages_messaging")
        return jsonify(self._nodes.node(object_id, arguments.get("fields")))

    def _get_edge(self, version: str, object_id: str, edge: str) -> Response:
        arguments = self._admit(version, request.args)
        on_page = object_id in ("me", self.page_id)
        if edge not in EDGE_ARGUMENTS or on_page != (edge in ("feed", "conversations")):
            raise no_such_object(object_id)
        self._need(READING_SCOPES[edge])
        if edge in ("conversations", "messages"):
            self._count_conversation_call()
        url = f"https://graph.facebook.com/{version}/{object_id}/{edge}?access_token={self._token}"
        return jsonify(self._nodes.edge(object_id, edge, arguments, url))

    def _publish(self, version: str, object_id: str, edge: str) -> Response:
        given = self._admit(version, request.form)
        if edge == "comments":
            self._need("pages_manage_engagement")
            _only(given, "message")
            return jsonify(id=self.publish_comment(object_id, given.get("message", "")))
        if edge == "messages" and object_id in ("me", self.page_id):
            self._need("pages_messaging")
            _only(given, "recipient", "message", "messaging_type", "tag")
            person_id = str(_inner(given, "recipient", "id"))
            text = str(_inner(given, "message", "text"))
            message_id = self.send_message(person_id, text, given.get("messaging_type", ""), given.get("tag"))
            return jsonify(recipient_id=person_id, message_id=message_id)
        raise no_such_object(object_id)

    def _play(self, what: str) -> Response:
        if what not in PLAYS:
            raise bad_parameter(f"nothing called {what} can be played")
        given: dict[str, Any] = request.get_json()
        if "at" in given:
            given["at"] = datetime.fromisoformat(given["at"])
        play: Callable[..., str | None] = getattr(self, what)
        return jsonify(id=play(**given))

    def _admit(self, version: str, given: Mapping[str, str]) -> dict[str, str]:
        """The call's own parameters, once its version, token and proof are found good."""
        if version not in VERSIONS:
            raise dead_version(VERSIONS[-1])
        if self.faults.strike(("expired_token",)):
            raise expired_token()
        parameters = dict(given)
        header = request.headers.get("Authorization", "").removeprefix("Bearer ").removeprefix("OAuth ")
        token = parameters.pop("access_token", header)
        if token != self._token:
            raise wrong_token()
        proof = parameters.pop("appsecret_proof", request.args.get("appsecret_proof"))
        if self._app_secret is not None:
            expected = hmac.new(self._app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
            if proof is None:
                raise GraphError(100, "API calls from the server require an appsecret_proof argument")
            if not hmac.compare_digest(proof, expected):
                raise GraphError(100, "Invalid appsecret_proof provided in the API argument")
        return parameters

    def _need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise missing_scope(scope)

    def _count_conversation_call(self) -> None:
        """Refuses a call that comes within a second of the last allowed ones: rate limits use the wall clock."""
        with self._lock:
            now, calls = time.monotonic(), self._conversation_calls
            if len(calls) == calls.maxlen and now - calls[0] < 1:
                raise too_many_conversation_calls()
            calls.append(now)

    def _rearranged(self, items: list[Document]) -> list[Document]:
        fault = self.faults.strike(("duplicate", "shuffle")) if len(items) > 1 else None
        if fault is None:
            return items
        return [*items, *items] if fault.kind == "duplicate" else items[1::2] + items[0::2]

    def _refuse(self, error: GraphError) -> tuple[Response, int]:
        return jsonify(error.body(f"A{self.store.next_number('trace'):010d}")), error.status

    def _with_headers(self, response: Response) -> Response:
        version = request.path.split("/")[1]
        if version in VERSIONS:
            percent = self.usage_percent
            usage = {"call_count": percent, "total_cputime": percent, "total_time": percent}
            business = {"type": "pages", "estimated_time_to_regain_access": self.regain_minutes} | usage
            headers = response.headers  # which a fault may have set already
            headers.setdefault("facebook-api-version", version)
            headers.setdefault("X-App-Usage", json.dumps(usage))
            headers.setdefault("X-Business-Use-Case-Usage", json.dumps({self.page_id: [business]}))
        return response


def _only(given: Mapping[str, str], *names: str) -> None:
    for name in given.keys() - set(names):
        raise bad_parameter(f"Unexpected parameter {name}")


def _inner(given: Mapping[str, str], name: str, key: str) -> Any:
    """A key of a parameter that is itself JSON."""
    try:
        value = json.loads(given[name])
        if set(value) != {key}:
            raise bad_parameter(f"Param {name} must hold {key} and nothing else")
        return value[key]
    except (KeyError, TypeError, ValueError) as error:
        raise bad_parameter(f"Param {name} must be a JSON object") from error
