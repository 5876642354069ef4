"""No text leaves the machine: judging and drafting open no socket at all."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from responders.drafting import suggest
from responders.playbooks.loading import load_playbooks
from tests.builders import NOON, SHOP
from tests.unit.responders.matters import ROOMY, a_matter

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "classifier" / "weights" / "manifest.json"

JUDGING = """
import socket
import ssl  # a library imports it, and it builds a class on the real socket
def refuse(*_, **__):
    raise SystemExit("a socket was opened")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from classifier.judges import load_judge
verdicts = load_judge("{judge}").judge(["Missä pakettini on?", "Var är mitt paket?", "Where is my parcel?"])
assert [verdict.language for verdict in verdicts] == ["fi", "sv", "en"], verdicts
"""


@pytest.mark.parametrize("judge", ["lexicon", "onnx"])
def test_a_judge_loads_and_reads_without_any_socket(judge: str) -> None:
    if judge == "onnx" and not MANIFEST.exists():
        pytest.skip("classifier/weights/manifest.json is not there: this clone has no shipped model")
    done = subprocess.run(
        [sys.executable, "-c", JUDGING.format(judge=judge)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_playbooks_are_found_and_drafts_written_without_any_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    drafts = suggest(a_matter("Missä pakettini viipyy?", "negative"), load_playbooks(), SHOP, ROOMY, NOON)
    assert drafts[0].playbook_id == "not-arrived"
    assert drafts[0].text
