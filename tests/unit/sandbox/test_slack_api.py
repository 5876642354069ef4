import json
from pathlib import Path
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.faults import Fault
from sandbox.slack_team import Channel
from sandbox.store import Store
from tests.unit.sandbox.slack_setup import (
    ALERTS,
    CONTACTS,
    TOKEN,
    Clocks,
    Rehearsal,
    a_card,
    a_modal,
    mrkdwn,
    plain,
    rehearsal,
)

RECORDINGS = Path(__file__).parents[2] / "recordings" / "slack"


@pytest.fixture
def room():
    with rehearsal() as here:
        yield here


def refused(code: str, call: Any, **values: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call(**values)
    assert caught.value.response["error"] == code
    return caught.value.response.data


def test_a_posted_card_is_found_in_the_history_with_its_metadata(room: Rehearsal):
    metadata = {"event_type": "palovahti_card", "event_payload": {"key": "case-7"}}
    posted = room.client.chat_postMessage(
        channel=ALERTS, text="Hälytys", blocks=a_card(), metadata=metadata, unfurl_links=False, unfurl_media=False
    )
    assert float(posted["ts"]) == room.clocks.world.timestamp()
    found = room.client.conversations_history(channel=ALERTS, include_all_metadata=True, oldest="0", limit=10)
    assert [one["ts"] for one in found["messages"]] == [posted["ts"]]
    assert found["messages"][0]["metadata"] == metadata
    plain_history = room.client.conversations_history(channel=ALERTS)
    assert "metadata" not in plain_history["messages"][0]


def test_an_update_redraws_the_message_and_keeps_what_it_does_not_name(room: Rehearsal):
    metadata = {"event_type": "palovahti_card", "event_payload": {"key": "case-7"}}
    ts = room.client.chat_postMessage(channel=ALERTS, text="Hälytys", blocks=a_card(), metadata=metadata)["ts"]
    room.client.chat_update(channel=ALERTS, ts=ts, text="Ratkaistu", blocks=[{"type": "divider"}])
    message = room.client.conversations_history(channel=ALERTS, include_all_metadata=True)["messages"][0]
    assert message["text"] == "Ratkaistu"
    assert [block["type"] for block in message["blocks"]] == ["divider"]
    assert message["metadata"] == metadata
    assert message["edited"]["user"] == message["user"]


def test_two_messages_of_one_moment_get_two_timestamps(room: Rehearsal):
    first = room.client.chat_postMessage(channel=ALERTS, text="yksi")["ts"]
    second = room.client.chat_postMessage(channel=ALERTS, text="kaksi")["ts"]
    assert float(second) > float(first)


def test_the_history_comes_newest_first_a_page_at_a_time(room: Rehearsal):
    sent = [room.client.chat_postMessage(channel=ALERTS, text=str(n))["ts"] for n in range(5)]
    pages = room.client.conversations_history(channel=ALERTS, limit=2)
    assert [one["ts"] for page in pages for one in page["messages"]] == sent[::-1]
    newer = room.client.conversations_history(channel=ALERTS, oldest=sent[2])["messages"]
    assert [one["ts"] for one in newer] == sent[:2:-1]
    inclusive = room.client.conversations_history(channel=ALERTS, oldest=sent[2], inclusive=True)["messages"]
    assert len(inclusive) == 3


def test_a_thread_holds_its_replies_and_the_channel_only_its_first_message(room: Rehearsal):
    parent = room.client.chat_postMessage(channel=ALERTS, text="Hälytys")["ts"]
    room.client.chat_postMessage(channel=ALERTS, text="lisää", thread_ts=parent)
    assert [m["text"] for m in room.client.conversations_replies(channel=ALERTS, ts=parent)["messages"]] == [
        "Hälytys",
        "lisää",
    ]
    listed = room.client.conversations_history(channel=ALERTS)["messages"]
    assert [(one["text"], one["reply_count"]) for one in listed] == [("Hälytys", 1)]
    refused("thread_not_found", room.client.chat_postMessage, channel=ALERTS, text="x", thread_ts="1.000001")


def test_a_hidden_message_reaches_one_person_only(room: Rehearsal):
    room.client.chat_postEphemeral(channel=ALERTS, user="U0ANNA", text="Joku ehti ensin")
    assert room.client.conversations_history(channel=ALERTS)["messages"] == []
    assert [one["message"]["text"] for one in room.slack.workspace.changes(0, "U0ANNA")] == ["Joku ehti ensin"]
    assert room.slack.workspace.changes(0, "U0MIKAEL") == []
    refused("user_not_in_channel", room.client.chat_postEphemeral, channel=ALERTS, user="U0NOBODY", text="x")


def test_a_deleted_message_leaves_no_words_behind(room: Rehearsal):
    ts = room.client.chat_postMessage(channel=ALERTS, text="poistettava", blocks=a_card())["ts"]
    room.client.chat_delete(channel=ALERTS, ts=ts)
    assert room.client.conversations_history(channel=ALERTS)["messages"] == []
    (left,) = room.slack.workspace.changes(0, "U0ANNA")
    assert left["deleted"]
    assert left["message"] == {"ts": ts}
    refused("message_not_found", room.client.chat_delete, channel=ALERTS, ts=ts)
    refused("message_not_found", room.client.chat_update, channel=ALERTS, ts=ts, text="x")


def test_a_restart_keeps_the_channel(tmp_path: Path):
    with rehearsal(Store(tmp_path / "slack.db")) as before:
        ts = before.client.chat_postMessage(channel=CONTACTS, text="yhä täällä")["ts"]
    with rehearsal(Store(tmp_path / "slack.db")) as after:
        assert [m["ts"] for m in after.client.conversations_history(channel=CONTACTS)["messages"]] == [ts]
        assert after.client.chat_postMessage(channel=CONTACTS, text="uusi")["ts"] > ts
        assert after.slack.workspace.latest_change == 2


def test_the_team_and_the_channels_are_there_from_the_start(room: Rehearsal):
    assert room.client.auth_test()["team"] == "Nuotiopuoti"
    names = [one["name"] for one in room.client.conversations_list(types="public_channel")["channels"]]
    assert names == ["palovahti", "asiakaspalvelu"]
    assert room.client.users_info(user="U0MIKAEL")["user"]["real_name"] == "Mikael Öst"
    refused("user_not_found", room.client.users_info, user="U0NOBODY")


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("channel_not_found", {"channel": "C0ELSEWHERE", "text": "x"}),
        ("no_text", {"channel": ALERTS}),
        ("msg_too_long", {"channel": ALERTS, "text": "x" * 40_001}),
        ("invalid_blocks", {"channel": ALERTS, "text": "x", "blocks": [{"type": "divider"}] * 51}),
        ("invalid_blocks", {"channel": ALERTS, "text": "x", "blocks": [{"type": "marquee"}]}),
        ("invalid_blocks_format", {"channel": ALERTS, "text": "x", "blocks": {"type": "divider"}}),
        ("invalid_blocks_format", {"channel": ALERTS, "text": "x", "blocks": "[{"}),
        (
            "msg_blocks_too_long",
            {"channel": ALERTS, "text": "x", "blocks": [{"type": "section", "text": mrkdwn("x" * 2900)}] * 5},
        ),
        ("invalid_metadata_format", {"channel": ALERTS, "text": "x", "metadata": {"key": "7"}}),
        ("invalid_arguments", {"channel": ALERTS, "text": "x", "icon_emojii": ":fire:"}),
        ("invalid_arguments", {"text": "x"}),
    ],
)
def test_a_message_slack_would_not_take_is_refused_with_its_code(room: Rehearsal, code: str, values: dict[str, Any]):
    refused(code, lambda **v: room.client.api_call("chat.postMessage", json=v), **values)
    assert room.client.conversations_history(channel=ALERTS)["messages"] == []


def test_an_update_takes_shorter_texts_than_a_post(room: Rehearsal):
    ts = room.client.chat_postMessage(channel=ALERTS, text="x" * 40_000)["ts"]
    refused("msg_too_long", room.client.chat_update, channel=ALERTS, ts=ts, text="x" * 4_001)
    refused("no_text", lambda **v: room.client.api_call("chat.update", json=v), channel=ALERTS, ts=ts)


def test_wrong_missing_and_expired_tokens_are_told_apart(room: Rehearsal):
    url = f"{room.url}/api/"
    refused("invalid_auth", WebClient("xoxb-somebody-else", base_url=url).auth_test)
    assert requests.post(url + "auth.test", timeout=5).json()["error"] == "not_authed"
    room.slack.faults.add(Fault("expired_token", path="/api/chat."))
    refused("token_expired", room.client.chat_postMessage, channel=ALERTS, text="x")
    room.client.chat_postMessage(channel=ALERTS, text="x")


def test_a_missing_scope_is_named():
    with rehearsal(scopes=frozenset({"chat:write"})) as room:
        answer = refused("missing_scope", room.client.conversations_history, channel=ALERTS)
    assert (answer["needed"], answer["provided"]) == ("channels:history", "chat:write")


def test_an_unknown_method_is_refused(room: Rehearsal):
    refused("unknown_method", lambda: room.client.api_call("chat.shout"))


def test_forms_and_json_bodies_mean_the_same(room: Rehearsal):
    form = {"token": TOKEN, "channel": "#palovahti", "text": "lomake", "blocks": json.dumps(a_card())}
    answer = requests.post(f"{room.url}/api/chat.postMessage", data=form, timeout=5).json()
    assert answer["ok"]
    assert answer["channel"] == ALERTS
    assert answer["message"]["blocks"][0]["text"]["text"].startswith("Toimitus")


def test_a_rate_limit_says_how_long_to_wait(room: Rehearsal):
    headers, body = {"Retry-After": "7", "Content-Type": "application/json"}, '{"ok":false,"error":"ratelimited"}'
    room.slack.faults.add(Fault("status", "/api/chat.postMessage", status=429, headers=headers, body=body))
    with pytest.raises(SlackApiError) as caught:
        room.client.chat_postMessage(channel=ALERTS, text="x")
    assert caught.value.response.headers["Retry-After"] == "7"
    assert room.client.conversations_history(channel=ALERTS)["messages"] == []


def test_a_lost_answer_leaves_the_message_posted(room: Rehearsal):
    room.slack.faults.add(Fault("status_after", "/api/chat.postMessage", status=503))
    with pytest.raises(SlackApiError):
        room.client.chat_postMessage(channel=ALERTS, text="perillä")
    assert [m["text"] for m in room.client.conversations_history(channel=ALERTS)["messages"]] == ["perillä"]


def test_a_trigger_opens_one_modal_within_three_seconds(room: Rehearsal):
    trigger = room.slack.triggers.give("U0ANNA")
    opened = room.client.views_open(trigger_id=trigger, view=a_modal())["view"]
    assert room.slack.workspace.open_view_of("U0ANNA") == opened
    refused("exchanged_trigger_id", room.client.views_open, trigger_id=trigger, view=a_modal())
    late = room.slack.triggers.give("U0ANNA")
    room.clocks.pass_seconds(3.1)
    refused("expired_trigger_id", room.client.views_open, trigger_id=late, view=a_modal())
    refused("invalid_trigger_id", room.client.views_open, trigger_id="1.2.3", view=a_modal())


def test_a_loading_modal_is_filled_later_unless_it_was_closed(room: Rehearsal):
    loading = a_modal({"type": "section", "text": mrkdwn("Haetaan…")})
    view = room.client.views_open(trigger_id=room.slack.triggers.give("U0ANNA"), view=loading)["view"]
    filled = room.client.views_update(view_id=view["id"], hash=view["hash"], view=a_modal())["view"]
    assert filled["blocks"][0]["type"] == "input"
    refused("hash_conflict", room.client.views_update, view_id=view["id"], hash=view["hash"], view=a_modal())
    room.slack.cancel("U0ANNA", view["id"])
    refused("not_found", room.client.views_update, view_id=view["id"], view=a_modal())


@pytest.mark.parametrize(
    "view",
    [
        a_modal(title=plain("x" * 25)),
        a_modal(private_metadata="x" * 3001),
        {name: part for name, part in a_modal().items() if name != "submit"},
        a_modal(*[{"type": "divider"}] * 101),
        a_modal(type="home"),
        a_modal(surprise=True),
    ],
)
def test_a_modal_slack_would_not_show_is_refused(room: Rehearsal, view: dict[str, Any]):
    trigger = room.slack.triggers.give("U0ANNA")
    answer = refused("invalid_arguments", room.client.views_open, trigger_id=trigger, view=view)
    assert answer["response_metadata"]["messages"][0].startswith("[ERROR]")
    assert room.slack.workspace.open_view_of("U0ANNA") is None


@pytest.mark.parametrize("name", ["chat.postMessage", "chat.update", "conversations.history", "users.info"])
def test_answers_have_no_field_that_slacks_own_lack(room: Rehearsal, name: str):
    ts = room.client.chat_postMessage(channel=ALERTS, text="x")["ts"]
    room.client.chat_postMessage(channel=ALERTS, text="y", thread_ts=ts)
    ours = {
        "chat.postMessage": lambda: room.client.chat_postMessage(channel=ALERTS, text="z"),
        "chat.update": lambda: room.client.chat_update(channel=ALERTS, ts=ts, text="z"),
        "conversations.history": lambda: room.client.conversations_history(channel=ALERTS),
        "users.info": lambda: room.client.users_info(user="U0ANNA"),
    }[name]().data
    theirs = json.loads((RECORDINGS / f"schema__{name}.json").read_text())
    for part in ("message", "messages", "user"):
        if part in ours:
            mine, real = ours.pop(part), theirs[part]
            mine, real = (mine[0], real[0]) if isinstance(mine, list) else (mine, real)
            assert mine.keys() <= real.keys() | {"blocks"}
    assert ours.keys() <= theirs.keys() | {"response_metadata", "has_more"}


def test_the_clocks_of_the_rehearsal_are_its_own():
    clocks = Clocks()
    with rehearsal(clocks=clocks) as room:
        first = room.client.chat_postMessage(channel=ALERTS, text="x")["ts"]
        clocks.pass_seconds(60)
        second = room.client.chat_postMessage(channel=ALERTS, text="y")["ts"]
    assert round(float(second) - float(first)) == 60


def test_the_app_level_token_opens_sockets_and_nothing_else():
    with rehearsal(app_token="xapp-1-rehearsal") as room:
        opened = room.client.apps_connections_open(app_token="xapp-1-rehearsal")
        assert opened["url"].startswith("wss://")
        refused("not_allowed_token_type", room.client.apps_connections_open, app_token=TOKEN)
        refused("invalid_auth", room.client.apps_connections_open, app_token="xapp-1-other")
        refused("not_allowed_token_type", WebClient("xapp-1-rehearsal", base_url=f"{room.url}/api/").auth_test)
        url = f"{room.url}/api/apps.connections.open"
        assert requests.post(url, data={"token": "xapp-1-rehearsal"}, timeout=5).json()["error"] == "not_authed"


def test_a_private_channel_is_not_there_until_the_bot_is_invited():
    with rehearsal(channels=(Channel("C0SALAINEN", "salainen", is_private=True, has_bot=False),)) as room:
        refused("channel_not_found", room.client.conversations_info, channel="C0SALAINEN")
        assert room.client.conversations_list(types="public_channel,private_channel")["channels"] == []
        room.slack.workspace.invite_bot("C0SALAINEN")
        assert room.client.conversations_info(channel="C0SALAINEN")["channel"]["is_member"]
        room.client.chat_postMessage(channel="C0SALAINEN", text="perillä")


def test_private_channels_need_their_own_scope():
    with rehearsal(scopes=frozenset({"channels:read", "chat:write"})) as room:
        answer = refused("missing_scope", room.client.conversations_list, types="public_channel,private_channel")
    assert answer["needed"] == "groups:read"
