"""People's side of the workspace, met by a real Bolt app over a real socket."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient

from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack_submissions import Submission
from tests.unit.sandbox.slack_setup import (
    ALERTS,
    SECRET,
    Rehearsal,
    a_card,
    a_modal,
    actions,
    bolt_app,
    button,
    eventually,
    mrkdwn,
    plain,
    rehearsal,
    select,
)

RECORDINGS = Path(__file__).parents[2] / "recordings" / "slack"
WAIT_S = 20


@pytest.fixture
def room():
    with rehearsal() as here:
        yield here


@pytest.fixture
def app(room: Rehearsal):
    with bolt_app(room) as bolt:
        yield bolt


def recorded(name: str) -> dict[str, Any]:
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def a_posted_card(room: Rehearsal, *extra: dict[str, Any]) -> str:
    return str(room.client.chat_postMessage(channel=ALERTS, text="Hälytys", blocks=a_card(*extra))["ts"])


def opened(room: Rehearsal, user: str = "U0ANNA", view: dict[str, Any] | None = None) -> dict[str, Any]:
    trigger = room.slack.triggers.give(user)
    return room.client.views_open(trigger_id=trigger, view=view or a_modal())["view"]


def test_a_click_reaches_the_app_and_the_app_redraws_the_card(room, app):
    @app.action("approve")
    def approve(ack, body, client):
        ack()
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=f"ok {body['user']['id']}")

    ts = a_posted_card(room)
    assert room.slack.click("U0MIKAEL", ALERTS, ts, "decide", "approve").result(WAIT_S).problem == ""
    eventually(lambda: room.slack.workspace.message(ALERTS, ts)["text"] == "ok U0MIKAEL")


def test_a_click_payload_has_the_shape_of_slacks(room, app):
    seen: list[dict[str, Any]] = []

    @app.action("approve")
    def approve(ack, body):
        seen.append(body)
        ack()

    room.slack.click("U0ANNA", ALERTS, a_posted_card(room), "decide", "approve").result(WAIT_S)
    real = recorded("schema__BlockActionPayload")
    (payload,) = seen
    assert payload.keys() <= real.keys()
    for part in ("team", "user", "container", "channel"):
        assert payload[part].keys() <= real[part].keys()
    assert payload["message"].keys() - real["message"].keys() <= {"blocks"}
    (action,) = payload["actions"]
    assert action.keys() <= real["actions"][0].keys()
    assert (action["value"], action["style"], action["block_id"]) == ("case-7", "primary", "decide")


def test_a_chosen_option_arrives_with_its_text(room, app):
    seen: list[dict[str, Any]] = []

    @app.action("swap")
    def swap(ack, body):
        seen.append(body)
        ack()

    ts = a_posted_card(room, actions(select("swap", "eka", "toka"), block_id="choose"))
    room.slack.click("U0ANNA", ALERTS, ts, "choose", "swap", "toka").result(WAIT_S)
    chosen = {"text": plain("Toka"), "value": "toka"}
    assert seen[0]["actions"][0]["selected_option"] == chosen
    assert seen[0]["state"]["values"]["choose"]["swap"]["selected_option"] == chosen
    with pytest.raises(LookupError):
        room.slack.click("U0ANNA", ALERTS, ts, "choose", "swap", "neljäs")


def test_a_button_that_was_redrawn_away_cannot_be_pressed(room, app):
    ts = a_posted_card(room)
    room.client.chat_update(channel=ALERTS, ts=ts, text="Ratkaistu", blocks=[{"type": "divider"}])
    with pytest.raises(LookupError):
        room.slack.click("U0ANNA", ALERTS, ts, "decide", "approve")


def test_the_signature_is_over_the_raw_body_and_the_time():
    kept: list[bool] = []
    door = Flask("door")

    @door.post("/")
    def look() -> Response:
        verifier = SignatureVerifier(SECRET)
        kept.append(verifier.is_valid_request(request.get_data(), dict(request.headers)))
        return Response("")

    server = serve(door)
    with rehearsal(interactivity_url=server.url) as room:
        ts = a_posted_card(room)
        assert room.slack.click("U0ANNA", ALERTS, ts, "decide", "approve").result(WAIT_S).problem == ""
    server.close()
    assert kept == [True]


def test_an_app_with_another_secret_turns_the_click_away(room):
    with bolt_app(room, secret="somebody-else"):
        ack = room.slack.click("U0ANNA", ALERTS, a_posted_card(room), "decide", "approve").result(WAIT_S)
    assert (ack.problem, ack.status) == ("status", 401)


def test_an_app_that_is_not_there_is_told_apart_from_a_slow_one(room):
    ts = a_posted_card(room)
    assert room.slack.click("U0ANNA", ALERTS, ts, "decide", "approve").result(WAIT_S).problem == "unreachable"
    door, answer = Flask("slow"), threading.Event()

    @door.post("/")
    def slow() -> Response:
        answer.wait(WAIT_S)
        return Response("")

    server = serve(door)
    room.slack.interactivity_url = server.url
    assert room.slack.click("U0ANNA", ALERTS, ts, "decide", "approve").result(WAIT_S).problem == "timeout"
    answer.set()
    server.close()


def test_a_click_may_be_delivered_twice_as_slack_sometimes_does(room, app):
    seen: list[str] = []

    @app.action("approve")
    def approve(ack, body):
        seen.append(body["trigger_id"])
        ack()

    room.slack.faults.add(Fault("duplicate", "/interactivity/block_actions"))
    ts = a_posted_card(room)
    room.slack.click("U0ANNA", ALERTS, ts, "decide", "approve").result(WAIT_S)
    assert len(seen) == 2
    assert len(set(seen)) == 1
    room.slack.click("U0ANNA", ALERTS, ts, "decide", "approve").result(WAIT_S)
    assert len(seen) == 3


def test_a_response_url_takes_five_answers_within_half_an_hour(room, app):
    urls: list[str] = []

    @app.action("approve")
    def approve(ack, body):
        urls.append(body["response_url"])
        ack()

    ts = a_posted_card(room)
    for _ in range(2):
        room.slack.click("U0ANNA", ALERTS, ts, "decide", "approve").result(WAIT_S)
    hook = WebhookClient(urls[0])
    assert hook.send(text="Vain sinulle").body == '{"ok":true}\n'
    assert hook.send(text="Uusi teksti", blocks=a_card(), replace_original=True).status_code == 200
    assert room.slack.workspace.message(ALERTS, ts)["text"] == "Uusi teksti"
    assert hook.send(text="Kaikille", response_type="in_channel").status_code == 200
    for _ in range(2):
        assert hook.send(text="taas").status_code == 200
    assert requests.post(urls[0], json={"text": "kuudes"}, timeout=5).json()["error"] == "used_url"
    room.clocks.pass_seconds(30 * 60 + 1)
    assert requests.post(urls[1], json={"text": "myöhässä"}, timeout=5).json()["error"] == "expired_url"
    everybody = [one["text"] for one in room.client.conversations_history(channel=ALERTS)["messages"]]
    assert everybody == ["Kaikille", "Uusi teksti"]


def test_a_modal_opened_from_a_click_submits_what_was_typed(room, app):
    told: list[Any] = []

    @app.action("edit")
    def edit(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=a_modal())

    @app.view("edit_reply")
    def submitted(ack, body, view):
        told.append((body, view["state"]["values"]["reply"]["text"]["value"], view["private_metadata"]))
        ack()

    ts = a_posted_card(room, actions(button("edit", "Muokkaa"), block_id="more"))
    room.slack.click("U0ANNA", ALERTS, ts, "more", "edit").result(WAIT_S)
    view = eventually(lambda: room.slack.workspace.open_view_of("U0ANNA"))
    values = {"reply": {"text": "Pahoittelut, paketti on matkalla."}}
    assert room.slack.submit("U0ANNA", view["id"], values).result(WAIT_S) == Submission("closed")
    assert room.slack.workspace.open_view_of("U0ANNA") is None
    ((body, text, metadata),) = told
    assert (text, metadata) == ("Pahoittelut, paketti on matkalla.", "7")
    real = recorded("bolt__view_submission__body_1")
    assert body.keys() <= real.keys() | {"enterprise", "is_enterprise_install"}
    assert real.keys() <= body.keys()
    assert body["view"].keys() == real["view"].keys()


def test_the_app_can_refuse_a_field_or_show_the_next_step(room, app):
    @app.view("edit_reply")
    def submitted(ack, view):
        if view["state"]["values"]["reply"]["text"]["value"] == "lyhyt":
            ack(response_action="errors", errors={"reply": "Kerro vähän enemmän."})
        else:
            ack(response_action="update", view=a_modal({"type": "section", "text": mrkdwn("Lähetetty")}))

    view = opened(room)
    refused = room.slack.submit("U0ANNA", view["id"], {"reply": {"text": "lyhyt"}}).result(WAIT_S)
    assert refused == Submission("errors", errors={"reply": "Kerro vähän enemmän."})
    went_on = room.slack.submit("U0ANNA", view["id"], {"reply": {"text": "pidempi vastaus"}}).result(WAIT_S)
    assert went_on.outcome == "updated"
    assert room.slack.workspace.open_view_of("U0ANNA")["blocks"][0]["type"] == "section"


@pytest.mark.parametrize(("typed", "gap"), [("", "required"), (None, "required"), ("x" * 281, "too_long")])
def test_slack_itself_refuses_empty_and_over_long_fields(room, typed, gap):
    view = opened(room)
    refused = room.slack.submit("U0ANNA", view["id"], {"reply": {"text": typed}}).result(WAIT_S)
    assert refused == Submission("gaps", gaps={"reply": gap})


def test_an_app_that_answers_nonsense_leaves_the_modal_open(room, app):
    @app.view("edit_reply")
    def submitted(ack):
        ack(response_action="errors", errors={"no_such_block": "?"})

    view = opened(room)
    failed = room.slack.submit("U0ANNA", view["id"], {"reply": {"text": "teksti"}}).result(WAIT_S)
    assert (failed.outcome, failed.problem) == ("failed", "bad_answer")
    assert room.slack.workspace.open_view_of("U0ANNA")["id"] == view["id"]


def test_closing_a_modal_is_told_when_asked_for(room, app):
    done, told = threading.Event(), []

    @app.view_closed("edit_reply")
    def closed(ack, body):
        ack()
        told.append(body)
        done.set()

    room.slack.cancel("U0ANNA", opened(room, view=a_modal(notify_on_close=True))["id"])
    assert done.wait(WAIT_S)
    real = recorded("schema__ViewClosedPayload")
    assert told[0].keys() <= real.keys()
    assert told[0]["view"].keys() <= real["view"].keys() | {"blocks"}


def test_a_button_inside_a_modal_carries_what_stands_in_the_fields(room, app):
    seen: list[dict[str, Any]] = []

    @app.action("swap")
    def swap(ack, body):
        seen.append(body)
        ack()

    view = opened(room, view=a_modal(*a_modal()["blocks"], actions(button("swap", "Toinen ehdotus"), block_id="swap")))
    values = {"reply": {"text": "kesken"}}
    room.slack.click_in_view("U0ANNA", view["id"], "swap", "swap", None, values).result(WAIT_S)
    assert seen[0]["view"]["state"]["values"]["reply"]["text"]["value"] == "kesken"
    assert seen[0]["container"] == {"type": "view", "view_id": view["id"]}


def test_nobody_submits_anothers_modal_or_presses_anothers_hidden_button(room, app):
    view = opened(room, "U0ANNA")
    with pytest.raises(LookupError):
        room.slack.submit("U0MIKAEL", view["id"], {})
    with pytest.raises(LookupError):
        room.slack.click("U0NOBODY", ALERTS, a_posted_card(room), "decide", "approve")
    ts = room.client.chat_postEphemeral(channel=ALERTS, user="U0ANNA", text="x", blocks=a_card())["message_ts"]
    with pytest.raises(LookupError):
        room.slack.click("U0MIKAEL", ALERTS, ts, "decide", "approve")
    with pytest.raises(SlackApiError):
        room.client.chat_update(channel=ALERTS, ts=ts, text="x")
    room.slack.dismiss("U0ANNA", ALERTS, ts)
    assert room.slack.workspace.message(ALERTS, ts) is None
