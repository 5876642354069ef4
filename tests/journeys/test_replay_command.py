"""`palovahti replay`, as another program calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bot.rehearsal import A_DAY


def test_a_recorded_stream_goes_through_the_whole_product_and_is_summed_up(tmp_path: Path) -> None:
    stream = tmp_path / "stream.jsonl"
    lines = A_DAY.read_text(encoding="utf-8").splitlines()[:25]
    stream.write_text("\n".join([*lines[:5], '{"channel": "x", "text": "no id"}', *lines[5:]]) + "\n", encoding="utf-8")
    ours = sum(json.loads(line).get("from_us", False) for line in lines)
    command = [sys.executable, "-m", "bot", "replay", "--json", "--speed", "20000", "--folder", str(tmp_path / "state")]
    done = subprocess.run([*command, "--input", str(stream)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["mentions"] == len(lines) - ours
    assert summary["left_out"] == 1
    assert "line 6" in done.stderr
    assert summary["contacts"] > 0
    assert summary["alerts"] == []


def test_a_missing_stream_is_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "replay", "--input", str(tmp_path / "none.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "there is no such file" in done.stderr
    assert "Traceback" not in done.stderr
