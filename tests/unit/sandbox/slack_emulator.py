"""Runs the Slack emulator that nobody here wrote: the npm package `emulate`, exactly 0.12.2.

The `latest` tag is an unrelated library. It is installed once into `var/`, when node and npm are there and the registry
answers.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from slack_sdk import WebClient

from tests.unit.sandbox.slack_setup import TOKEN, eventually

PACKAGE = "emulate@0.12.2"
VAR = Path(__file__).parents[3] / "var"
SERVER = """
import { createEmulator } from 'emulate'
const [port, token] = process.argv.slice(2)
await createEmulator({ service: 'slack', port: Number(port), hostname: '127.0.0.1', baseUrl: `http://127.0.0.1:${port}`,
  seed: { slack: { channels: [{ name: 'palovahti' }],
    oauth_apps: [{ client_id: '1.2', client_secret: 's', app_id: 'A0APP', name: 'bot', redirect_uris: [],
                   scopes: ['chat:write'], bot_name: 'bot' }],
    tokens: [{ token, type: 'bot', user: 'bot', app_id: 'A0APP' }] } } })
"""


@contextmanager
def running_emulator(folder: str = "slack_emulator") -> Iterator[WebClient]:
    """A client of an emulator of its own; skips the test where it is not to be had."""
    node, npm, home = shutil.which("node"), shutil.which("npm"), VAR / folder
    if node is None or npm is None:
        pytest.skip("node and npm are not installed; the Slack emulator needs both")
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"private": true, "type": "module"}')
    (home / "server.mjs").write_text(SERVER)
    if not (home / "node_modules" / "emulate").exists():
        install = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", PACKAGE]
        try:
            subprocess.run(install, cwd=home, capture_output=True, timeout=120, check=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            shutil.rmtree(home / "node_modules", ignore_errors=True)
            pytest.skip(f"npm could not install {PACKAGE}; is the registry reachable?")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen([node, "server.mjs", str(port), TOKEN], cwd=home)
    try:
        eventually(lambda: _answers(port))
        yield WebClient(TOKEN, base_url=f"http://127.0.0.1:{port}/api/")
    finally:
        running.kill()
        running.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
