"""The Slack Web API on loopback, as far as Palovahti calls it, and as strict about it as Slack."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify, request

from sandbox.faults import Faults, install
from sandbox.slack_calls import Method, Ticket, Told, methods_of
from sandbox.slack_content import POST_TEXT_CHARACTERS, content_of
from sandbox.slack_errors import SlackRefusal
from sandbox.slack_interactivity import ResponseUrls, Triggers
from sandbox.slack_rates import Rates
from sandbox.slack_team import TEAM_ID
from sandbox.slack_workspace import Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class Tokens:
    """The app's bot token with its scopes, and its app-level token with connections:write."""

    bot: str
    scopes: frozenset[str]
    app: str | None = None


def create_api(
    workspace: Workspace,
    triggers: Triggers,
    response_urls: ResponseUrls,
    faults: Faults,
    tokens: Tokens,
    rates: Rates | None = None,
    told: Told = lambda _kind, _event: None,
    ticket: Ticket | None = None,
) -> Flask:
    """The app to serve; its API is under `/api/`, answers to clicks go under `/actions/`. `rates` None counts nothing.

    `told` and `ticket` are as in `methods_of`.
    """
    app = Flask("sandbox.slack", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    install(app, faults)
    methods = methods_of(workspace, triggers, told, ticket)

    @app.route("/api/<name>", methods=["GET", "POST"])
    def call(name: str) -> Response:
        method = methods.get(name)
        if method is None:
            raise SlackRefusal("unknown_method", req_method=name)
        values = _values()
        wait_s = rates.wait_s(name, values) if rates is not None else 0
        if wait_s:
            refusal = jsonify(ok=False, error="ratelimited")
            refusal.status_code, refusal.headers["Retry-After"] = 429, str(wait_s)
            return refusal
        _check_token(method, values.pop("token", None), tokens, faults)
        lacking = _scopes_needed(method, values, workspace) - tokens.scopes
        if lacking:
            provided = ",".join(sorted(tokens.scopes))
            raise SlackRefusal("missing_scope", needed=",".join(sorted(lacking)), provided=provided)
        if values.pop("team_id", TEAM_ID) != TEAM_ID:  # Bolt sends it with every call
            raise SlackRefusal("team_not_found")
        _check_names(method, values)
        return jsonify({"ok": True, **method.call(values)})

    @app.post("/commands/<team>/<key>")
    @app.post("/app/<team>/<key>")
    @app.post("/actions/<team>/<key>")
    def respond(team: str, key: str) -> Response:
        if team != TEAM_ID:
            raise SlackRefusal("invalid_url")
        _respond(workspace, response_urls.use(key), request.get_json())
        return jsonify(ok=True)

    @app.errorhandler(SlackRefusal)
    def refuse(refusal: SlackRefusal) -> tuple[Response, int]:
        return jsonify(refusal.body), 200 if request.path.startswith("/api/") else 404

    @app.after_request
    def name_scopes(response: Response) -> Response:
        response.headers["x-oauth-scopes"] = ",".join(sorted(tokens.scopes))
        return response

    return app


def _values() -> Json:
    if request.mimetype == "application/json" and request.content_length:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise SlackRefusal("invalid_json")
        return dict(body)
    return {**request.args.to_dict(), **request.form.to_dict()}


def _check_token(method: Method, in_body: object, tokens: Tokens, faults: Faults) -> None:
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip()
    if not token and not method.app_level:  # the app-level token is taken from the header alone
        token = str(in_body or "")
    if not token:
        raise SlackRefusal("not_authed")
    right, other = (tokens.app, tokens.bot) if method.app_level else (tokens.bot, tokens.app)
    if other is not None and hmac.compare_digest(token.encode(), other.encode()):
        raise SlackRefusal("not_allowed_token_type")
    if right is None or not hmac.compare_digest(token.encode(), right.encode()):
        raise SlackRefusal("invalid_auth")
    if faults.strike(("expired_token",)):
        raise SlackRefusal("token_expired")


def _scopes_needed(method: Method, values: Json, workspace: Workspace) -> set[str]:
    """For a private channel each channels: scope has its groups: twin."""
    if method.scope is None:
        return set()
    public, private = {method.scope}, {method.scope.replace("channels:", "groups:")}
    if "types" in method.optional:
        types = str(values.get("types") or "public_channel").replace(" ", "").split(",")
        return (public if "public_channel" in types else set()) | (private if "private_channel" in types else set())
    channel = workspace.channel(str(values.get("channel")))
    return private if channel is not None and channel.is_private and workspace.has_bot(channel) else public


def _check_names(method: Method, values: Json) -> None:
    missing = method.required - {name for name, value in values.items() if value not in (None, "")}
    unknown = values.keys() - method.required - method.optional
    messages = [f"[ERROR] missing required field: {name}" for name in sorted(missing)]
    messages += [f"[ERROR] unexpected field: {name}" for name in sorted(unknown)]
    if messages:
        raise SlackRefusal("invalid_arguments", messages)


def _respond(workspace: Workspace, click: Json, body: Json) -> None:
    """An answer through a response_url: replaces or deletes the message clicked, or adds one."""
    channel, ts = click["channel"], click["ts"]
    if body.get("delete_original") and ts:
        workspace.delete(channel, ts)
        return
    content = content_of(body, POST_TEXT_CHARACTERS)
    if body.get("replace_original") and ts:
        workspace.edit(channel, ts, content)
    else:
        visible_to = None if body.get("response_type") == "in_channel" else click["user"]
        workspace.post(channel, {"text": "", **content}, visible_to=visible_to)
