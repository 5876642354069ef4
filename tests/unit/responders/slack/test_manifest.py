"""The app's manifest asks for exactly what the code calls, and has the shape Slack takes."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient

import responders.slack
from responders.slack.beating import EVENT_TYPE
from responders.slack.connecting import PRIVATE_SCOPES, ROOM_SCOPES, manifest
from responders.slack.probe import SCOPES
from sandbox import slack as stand_in
from sandbox.slack_shapes import array, boolean, one_of, shape, string

ROOT = Path(responders.slack.__file__).parents[2]

# From each method's page under https://docs.slack.dev/reference/methods: the bot scopes for channels, public and
# private. apps.connections.open takes the app-level token, whose scope no manifest holds.
SCOPES_OF = {
    "apps.connections.open": set(),
    "auth.test": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.archive": {"channels:manage"},
    "conversations.create": {"channels:manage"},
    "conversations.history": {"channels:history", "groups:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.invite": {"channels:manage"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.replies": {"channels:history", "groups:history"},
    "conversations.setTopic": {"channels:manage"},
    "pins.add": {"pins:write"},
    "pins.remove": {"pins:write"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.update": set(),
}

# From the pages under https://docs.slack.dev/reference/events.
SCOPES_OF_EVENTS = {"metadata.message:read"}

# As in https://github.com/slackapi/manifest-schema, version 1: the parts that an app like ours may have.
_FLAG = boolean
MANIFEST = shape(
    {"display_information": shape(
        {"name": string(35)}, {"description": string(140), "background_color": string(7, 4)}
    )},
    {
        "features": shape({}, {
            "app_home": shape({}, {
                "home_tab_enabled": _FLAG, "messages_tab_enabled": _FLAG, "messages_tab_read_only_enabled": _FLAG,
            }),
            "bot_user": shape({"display_name": string(80)}, {"always_online": _FLAG}),
            "shortcuts": array(shape({
                "name": string(24), "type": one_of("message", "global"), "callback_id": string(255),
                "description": string(150),
            }), 10),
            "slash_commands": array(shape(
                {"command": string(32, 2), "description": string(2000)},
                {"usage_hint": string(1000), "should_escape": _FLAG},
            ), 50),
        }),
        "oauth_config": shape({}, {"scopes": shape({}, {"bot": array(string(50), 255)})}),
        "settings": shape({}, {
            "event_subscriptions": shape({}, {
                "bot_events": array(string(100), 100),
                "metadata_subscriptions": array(shape({"app_id": string(20), "event_type": string(100)}), 10),
            }),
            "interactivity": shape({"is_enabled": _FLAG}),
            "org_deploy_enabled": _FLAG,
            "socket_mode_enabled": one_of(True),  # type: ignore[arg-type]  # interactivity has no request_url
            "token_rotation_enabled": _FLAG,
        }),
    },
)  # fmt: skip


def read() -> dict[str, Any]:
    loaded = yaml.safe_load(manifest())
    assert isinstance(loaded, dict)
    return loaded


@cache
def methods_by_name() -> dict[str, str]:
    """The Web API method behind each of the library's own, as the library's code says it."""
    found = {}
    for name, function in inspect.getmembers(WebClient, inspect.isfunction):
        called = re.findall(r'self\.api_call\(\s*"([\w.]+)"', inspect.getsource(function))
        if called:
            found[name] = called[-1]
    return found


def called_methods() -> set[str]:
    """Every Web API method that our code names."""
    ours = methods_by_name()
    found = set()
    for package in ("bot", "classifier", "listener", "models", "responders"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text("utf-8")
            assert "api_call(" not in text, f"{path}: a call that this test cannot see"
            found |= {
                ours[node.attr]
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Attribute) and node.attr in ours
            }
    return found


def test_the_library_says_which_method_it_calls():
    assert methods_by_name()["chat_postMessage"] == "chat.postMessage"
    assert len(methods_by_name()) > 200


LISTENING = ("beating", "commanding", "groups", "homing", "intaking")


def listened_to() -> dict[str, set[str]]:
    """What our listeners are for beside presses and windows, by kind: event, command and shortcut."""
    found: dict[str, set[str]] = {"event": set(), "command": set(), "shortcut": set()}
    for name in LISTENING:
        module = importlib.import_module(f"responders.slack.{name}")
        for kind, given in re.findall(r"app\.(event|command|shortcut)\((\"\w+\"|\w+)\)", inspect.getsource(module)):
            found[kind].add(given.strip('"') if given.startswith('"') else str(getattr(module, given)))
    return found


def test_every_method_we_call_is_known_and_none_is_listed_in_vain():
    assert called_methods() == SCOPES_OF.keys()


def test_every_scope_is_needed_and_every_needed_scope_is_there():
    bot = read()["oauth_config"]["scopes"]["bot"]
    assert len(bot) == len(set(bot))
    # `commands` is for the slash command and the shortcuts: docs.slack.dev/reference/scopes/commands.
    assert set(bot) == set().union(*SCOPES_OF.values(), SCOPES_OF_EVENTS, {"commands"})


def test_the_checks_and_the_stand_in_know_the_same_scopes():
    bot = set(read()["oauth_config"]["scopes"]["bot"])
    assert set(SCOPES) | set(PRIVATE_SCOPES) | set(ROOM_SCOPES) == bot == stand_in.SCOPES


def test_every_scope_is_explained():
    page = (ROOT / "docs" / "slack.md").read_text("utf-8")
    rows = {cell for line in page.splitlines() if line.startswith("| `") for cell in re.findall(r"`([\w.:]+)`", line)}
    assert set(read()["oauth_config"]["scopes"]["bot"]) | {"connections:write"} <= rows


def test_it_has_the_shape_that_slack_takes():
    assert list(MANIFEST(read(), "")) == []
    assert re.fullmatch(r"#[0-9a-fA-F]{6}", read()["display_information"]["background_color"])


def test_only_our_own_heartbeat_is_subscribed_to_among_metadata():
    subscribed = read()["settings"]["event_subscriptions"]["metadata_subscriptions"]
    assert {one["event_type"] for one in subscribed} == {EVENT_TYPE} == stand_in.SUBSCRIBED


def test_what_it_asks_for_is_listened_to_and_nothing_else():
    features = read()["features"]
    assert listened_to() == {
        "event": set(read()["settings"]["event_subscriptions"]["bot_events"]),
        "command": {one["command"] for one in features["slash_commands"]},
        "shortcut": {one["callback_id"] for one in features["shortcuts"]},
    }


@pytest.mark.parametrize("listener", ["event", "shortcut", "command", "options", "message"])
def test_listeners_of_what_the_manifest_asks_for_stand_in_few_modules(listener: str):
    """Presses and windows need interactivity alone; anything else has to stand in the manifest."""
    known = {f"{name}.py" for name in LISTENING}
    if listener == "options":
        known.add("working.py")  # over a socket they come by themselves; docs/slack.md tells what the http door needs
    for path in (ROOT / "responders").rglob("*.py"):
        assert path.name in known or f"app.{listener}(" not in path.read_text("utf-8"), path
