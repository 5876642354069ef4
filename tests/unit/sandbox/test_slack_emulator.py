"""Our stand-in and an emulator nobody here wrote answer a notifier's calls alike.

The emulator is the npm package `emulate`, exactly 0.12.2 (the `latest` tag is an unrelated library). It is installed
once into `var/`, when node and npm are there and the registry answers. Not compared: a message exactly at `oldest`,
which the emulator lists and Slack, by its reference, does not.
"""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.unit.sandbox.slack_setup import TOKEN, a_card, eventually, rehearsal

PACKAGE = "emulate@0.12.2"
HOME = Path(__file__).parents[3] / "var" / "slack_emulator"
SERVER = """
import { createEmulator } from 'emulate'
const [port, token] = process.argv.slice(2)
await createEmulator({ service: 'slack', port: Number(port), hostname: '127.0.0.1', baseUrl: `http://127.0.0.1:${port}`,
  seed: { slack: { channels: [{ name: 'palovahti' }],
    oauth_apps: [{ client_id: '1.2', client_secret: 's', app_id: 'A0APP', name: 'bot', redirect_uris: [],
                   scopes: ['chat:write'], bot_name: 'bot' }],
    tokens: [{ token, type: 'bot', user: 'bot', app_id: 'A0APP' }] } } })
"""


@pytest.fixture(scope="module")
def emulator() -> Iterator[WebClient]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed; the Slack emulator needs both")
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "package.json").write_text('{"private": true, "type": "module"}')
    (HOME / "server.mjs").write_text(SERVER)
    if not (HOME / "node_modules" / "emulate").exists():
        install = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", PACKAGE]
        try:
            subprocess.run(install, cwd=HOME, capture_output=True, timeout=120, check=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            shutil.rmtree(HOME / "node_modules", ignore_errors=True)
            pytest.skip(f"npm could not install {PACKAGE}; is the registry reachable?")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen([node, "server.mjs", str(port), TOKEN], cwd=HOME)
    try:
        eventually(lambda: _answers(port))
        yield WebClient(TOKEN, base_url=f"http://127.0.0.1:{port}/api/")
    finally:
        running.kill()
        running.wait()


@pytest.fixture
def ours() -> Iterator[WebClient]:
    with rehearsal() as room:
        yield room.client


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


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
