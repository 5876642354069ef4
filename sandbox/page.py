"""The page one looks at in a rehearsal: the platforms' posts on the left, the Slack workspace on the right."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, request, send_from_directory

from sandbox.page_entries import add_entries
from sandbox.slack import SlackSandbox
from sandbox.slack_team import BOT_NAME, CHANNELS, PEOPLE, TEAM_NAME

Json = dict[str, Any]

_STATIC = Path(__file__).parent / "static"
_WAIT_S = 8.0  # an acknowledgement takes 3 s at most; twice when it is delivered twice
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class StreamItem:
    """One post, comment or message as the stream shows it.

    `seq` grows with every change: an item whose sentiment became known, or whose text was edited, comes again under a
    new seq and the same (channel, external_id). `place` is a listener Place value; `from_us` marks what the shop wrote.
    """

    seq: int
    channel: str  # "x" or "facebook"
    place: str  # mention, search, visitor_post, own_post, comment, dm
    external_id: str
    thread_id: str
    parent_id: str | None
    author_name: str
    author_handle: str | None
    text: str
    created_at: datetime
    from_us: bool = False
    sentiment: str | None = None  # negative, neutral, positive; None while nobody judged it


@dataclass(frozen=True)
class StreamSlice:
    """The items with a seq above the one asked for, oldest first, and the highest seq there is."""

    items: tuple[StreamItem, ...]
    latest: int


@dataclass(frozen=True)
class ClockInfo:
    """The world's time now, how many of its seconds pass in one of ours, and whether it runs."""

    now: datetime
    speed: float
    state: Literal["running", "paused", "finished"] = "running"
    zone: str = "Europe/Helsinki"


def create_page(
    slack: SlackSandbox, stream: Callable[[int], StreamSlice], clock_info: Callable[[], ClockInfo]
) -> Flask:
    """The app to serve on loopback; it answers only to the names this machine has for itself."""
    app = Flask("sandbox.page", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    started = secrets.token_hex(8)  # a page left open over a restart sees another value, and begins anew

    @app.before_request
    def only_from_here() -> None:
        # Another site's page must neither read this one under a name of its own nor press its buttons.
        if urlsplit(request.host_url).hostname not in ("127.0.0.1", "localhost", "::1"):
            abort(403)
        if request.method == "POST" and request.mimetype != "application/json":
            abort(415)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/")
    def index() -> Response:
        return send_from_directory(_STATIC, "index.html")

    @app.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        return send_from_directory(_STATIC, name)

    @app.get("/page/setup")
    def setup() -> Response:
        return jsonify(
            workspace=TEAM_NAME,
            bot=BOT_NAME,
            channels=[asdict(one) for one in CHANNELS],
            people=[asdict(one) for one in PEOPLE],
            started=started,
        )

    @app.get("/page/state")
    def state() -> Response:
        """What changed since `after` (stream) and `changes` (workspace), as `user` may see it."""
        after, changes = request.args.get("after", 0, int), request.args.get("changes", 0, int)
        part, clock = stream(after), clock_info()
        return jsonify(
            started=started,
            clock={"now": clock.now.isoformat(), "speed": clock.speed, "state": clock.state, "zone": clock.zone},
            stream={"latest": part.latest, "items": [_shown(item) for item in part.items]},
            slack=_workspace_changes(slack, changes, request.args.get("user", PEOPLE[0].id)),
        )

    @app.post("/page/click")
    def click() -> Response:
        body = request.get_json()
        where = (body["block_id"], body["action_id"], body.get("value"))
        if "view_id" in body:
            acked = slack.click_in_view(body["user"], body["view_id"], *where, body["values"])
        else:
            acked = slack.click(body["user"], body["channel"], body["ts"], *where)
        ack = acked.result(_WAIT_S)
        return jsonify(problem=ack.problem, status=ack.status)

    @app.post("/page/submit")
    def submit() -> Response:
        body = request.get_json()
        return jsonify(asdict(slack.submit(body["user"], body["view_id"], body["values"]).result(_WAIT_S)))

    @app.post("/page/cancel")
    def cancel() -> Response:
        body = request.get_json()
        slack.cancel(body["user"], body["view_id"])
        return jsonify(problem="")

    @app.post("/page/dismiss")
    def dismiss() -> Response:
        body = request.get_json()
        slack.dismiss(body["user"], body["channel"], body["ts"])
        return jsonify(problem="")

    add_entries(app, slack)

    @app.errorhandler(LookupError)
    def gone(_problem: LookupError) -> tuple[Response, int]:
        """What was pressed is not there any more: the page shows the fresh state instead."""
        return jsonify(problem="gone", status=0), 409

    @app.errorhandler(WaitedTooLong)
    def late(_problem: WaitedTooLong) -> tuple[Response, int]:
        return jsonify(problem="timeout", status=0), 200

    return app


def _shown(item: StreamItem) -> Json:
    return asdict(item) | {"created_at": item.created_at.isoformat()}


def _workspace_changes(slack: SlackSandbox, after: int, user: str) -> Json:
    latest = slack.workspace.latest_change  # read first: a change in between comes again next time, and is not lost
    if after >= latest:
        return {"latest": latest}
    return {
        "latest": latest,
        "messages": slack.workspace.changes(after, user),
        "view": slack.workspace.open_view_of(user),
        "home": slack.workspace.home_of(user),
    }
