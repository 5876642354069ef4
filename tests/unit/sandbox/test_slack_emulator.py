"""Our stand-in and an emulator nobody here wrote answer a notifier's calls alike.

Not compared: a message exactly at `oldest`, which the emulator lists and Slack, by its reference, does not.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.unit.sandbox.slack_emulator import running_emulator
from tests.unit.sandbox.slack_setup import a_card, rehearsal


@pytest.fixture(scope="module")
def emulator() -> Iterator[WebClient]:
    with running_emulator() as client:
        yield client


@pytest.fixture
def ours() -> Iterator[WebClient]:
    with rehearsal() as room:
        yield room.client


def a_notifiers_calls(client: WebClient) -> dict[str, Any]:
    """Posts a card with its key, redraws it, and looks for the key in the history; what came of it, without ids."""
    channels = {one["name"]: one["id"] for one in client.conversations_list()["channels"]}
    channel = channels["palovahti"]
    metadata = {"event_type": "palovahti_card", "event_payload": {"key": "case-7"}}
    blocks = [{"block_id": f"b{number}", **block} for number, block in enumerate(a_card())]
    posted = client.chat_postMessage(
        channel=channel, text="Hälytys", blocks=blocks, metadata=metadata, unfurl_links=False, unfurl_media=False
    )
    ts = posted["ts"]
    updated = client.chat_update(channel=channel, ts=ts, text="Ratkaistu", blocks=blocks[:2])
    later = client.chat_postMessage(channel=channel, text="Toinen")["ts"]
    history = client.conversations_history(channel=channel, include_all_metadata=True, oldest="1", limit=50)
    return {
        "posted_where": posted["channel"] == channel,
        "posted_blocks": posted["message"]["blocks"],
        "updated": (updated["ts"] == ts, updated["text"], updated["message"]["blocks"]),
        "history": [(one["ts"] in (ts, later), one["text"], one.get("metadata")) for one in history["messages"]],
        "edited": "edited" in history["messages"][1],
        "more": history["has_more"],
    }


def test_our_stand_in_and_the_emulator_agree(ours: WebClient, emulator: WebClient):
    assert a_notifiers_calls(ours) == a_notifiers_calls(emulator)
