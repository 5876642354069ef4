"""The ways in beside messages, in Slack's own shapes, taken by a real Bolt app; and Home as strict as Slack's."""

from __future__ import annotations

from queue import Queue
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.unit.sandbox.slack_setup import (
    CONTACTS,
    Rehearsal,
    actions,
    bolt_app,
    eventually,
    mrkdwn,
    plain,
    rehearsal,
    select,
)

ANNA = "U0ANNA"
HOME = {"type": "home", "callback_id": "home", "blocks": [{"type": "section", "text": mrkdwn("Hei")}]}


@pytest.fixture
def room():
    with rehearsal() as here:
        yield here


def refused(room: Rehearsal, **call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        room.client.views_publish(**call)
    return str(caught.value.response["error"])


def test_home_is_published_for_one_person(room: Rehearsal) -> None:
    published = room.client.views_publish(user_id=ANNA, view=HOME)
    assert room.slack.workspace.home_of(ANNA) == published["view"]
    assert room.slack.workspace.home_of("U0SARA") is None


def test_a_view_that_is_not_the_one_seen_is_left_alone(room: Rehearsal) -> None:
    seen = room.client.views_publish(user_id=ANNA, view=HOME)["view"]["hash"]
    room.client.views_publish(user_id=ANNA, view=HOME, hash=seen)
    assert refused(room, user_id=ANNA, view=HOME, hash=seen) == "hash_conflict"


@pytest.mark.parametrize(
    "view",
    [
        {"type": "modal", "title": plain("Hei"), "blocks": HOME["blocks"]},
        HOME | {"title": plain("Hei")},
        HOME | {"blocks": []},
        HOME | {"blocks": [{"type": "divider"}] * 101},
        HOME | {"private_metadata": "x" * 3001},
    ],
)
def test_what_slack_takes_for_no_home_is_refused(room: Rehearsal, view: dict[str, Any]) -> None:
    assert refused(room, user_id=ANNA, view=view) == "invalid_arguments"


def test_a_modal_is_no_home_and_nobody_unknown_has_one(room: Rehearsal) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        room.client.views_open(trigger_id=room.slack.triggers.give(ANNA), view=HOME)
    assert refused(room, user_id="U0NOBODY", view=HOME) == "invalid_arguments"


def test_bolt_hears_home_opened_with_the_view_that_stood_there(room: Rehearsal) -> None:
    heard: Queue[dict[str, Any]] = Queue()
    with bolt_app(room) as app:
        app.event("app_home_opened")(lambda event: heard.put(event))
        assert room.slack.entries.open_home(ANNA).result(30).problem == ""
        assert "view" not in heard.get(timeout=30)
        room.client.views_publish(user_id=ANNA, view=HOME)
        room.slack.entries.open_home(ANNA).result(30)
        event = heard.get(timeout=30)
    assert (event["user"], event["tab"], event["view"]["callback_id"]) == (ANNA, "home", "home")


def test_a_press_in_home_carries_every_choice_as_it_stands(room: Rehearsal) -> None:
    heard: Queue[dict[str, Any]] = Queue()
    chosen = select("scope", "mine", "all") | {"initial_option": {"text": plain("Mine"), "value": "mine"}}
    home = HOME | {"blocks": [actions(chosen, select("channel", "x", "facebook"), block_id="filters")]}
    with bolt_app(room) as app:
        app.action("channel")(lambda ack, body: (ack(), heard.put(body)))
        room.client.views_publish(user_id=ANNA, view=home)
        values = {"filters": {"channel": "x"}}
        room.slack.entries.click_home(ANNA, "filters", "channel", "x", values).result(30)
        body = heard.get(timeout=30)
    stand = body["view"]["state"]["values"]["filters"]
    assert {name: one["selected_option"]["value"] for name, one in stand.items()} == {"scope": "mine", "channel": "x"}
    assert (body["container"]["type"], "channel" in body) == ("view", False)


def test_a_command_is_answered_to_one_person_through_its_response_url(room: Rehearsal) -> None:
    room.client.auth_test()  # the stand-in learns its own address
    with bolt_app(room) as app:
        app.command("/palovahti")(lambda ack, respond, body: (ack(), respond(f"kuulin {body['text']}")))
        room.slack.entries.command(ANNA, CONTACTS, "/palovahti", " tila ").result(30)
        hidden = eventually(lambda: [one for one in room.slack.workspace.changes(0, ANNA) if one["visible_to"] == ANNA])
    assert hidden[0]["message"]["text"] == "kuulin tila"
    assert room.slack.workspace.messages(CONTACTS) == []


def test_shortcuts_bring_what_opens_a_window(room: Rehearsal) -> None:
    heard: Queue[dict[str, Any]] = Queue()
    said = room.slack.workspace.say("U0SARA", CONTACTS, "Katsokaa tätä")
    with bolt_app(room) as app:
        app.shortcut("take_in")(lambda ack, body: (ack(), heard.put(body)))
        app.shortcut("make_case")(lambda ack, body: (ack(), heard.put(body)))
        room.slack.entries.shortcut(ANNA, "take_in").result(30)
        room.slack.entries.message_shortcut(ANNA, CONTACTS, said["ts"], "make_case").result(30)
        everywhere, of_a_message = heard.get(timeout=30), heard.get(timeout=30)
    assert "message" not in everywhere
    assert (of_a_message["message"]["text"], of_a_message["message_ts"]) == ("Katsokaa tätä", said["ts"])
    with pytest.raises(LookupError):
        room.slack.entries.message_shortcut(ANNA, CONTACTS, "1.000000", "make_case")
