"""SIGKILLs at random moments while people write and approve: nothing is lost and nothing doubled."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.kills import faultless, run_kills


def test_eight_kills_among_a_hundred_and_twenty_mentions_lose_and_double_nothing(tmp_path: Path) -> None:
    report = run_kills(tmp_path, mentions=120, approvals=6, kills=8, seed=11)
    assert faultless(report), report
    assert (report.mentions, report.kills, report.approvals) == (120, 8, 6)
