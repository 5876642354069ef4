"""`palovahti judge drift` on a real store: the judge's own readings week by week, also where people put them right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import cli, drifting
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.corrections import store_correction
from models.verdicts import VerdictRow
from tests.builders import ANNA, a_comment, mentions, store_posts

SUNDAY = datetime(2026, 11, 15, 12, tzinfo=UTC)  # week 46
SETTINGS = """
[shop]
name = "Nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
[judge]
name = "lexicon"
[store]
url = "sqlite:///shop.db"
[replay]
path = "stream.jsonl"
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """A shop's folder with its settings and store, in which the command is run on that Sunday."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(drifting, "wall", lambda: SUNDAY)
    (tmp_path / "palovahti.toml").write_text(SETTINGS)
    engine = open_engine("sqlite:///shop.db")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


def a_week(sessions: Sessions, count: int, back: int = 0, **changed: Any) -> list[int]:
    """Mentions judged in one week, a quarter of them negative; returns their ids."""
    known = len(mentions(sessions))
    store_posts(sessions, *(a_comment(f"Viesti {known + place}") for place in range(count)))
    new = [mention.id for mention in mentions(sessions)][known:]
    with sessions.begin() as session:
        for place, id in enumerate(new):
            negative = place % 4 == 0
            plain = {
                "mention_id": id, "judge_version": "onnx-2", "language": "fi",
                "label": "negative" if negative else "neutral", "negative": 0.8 if negative else 0.1,
                "neutral": 0.1 if negative else 0.8, "positive": 0.1, "arousal": 0.2, "abstained": False,
                "truncated": False, "reasons": {"delivery": 0.9}, "flags": {},
                "judged_at": SUNDAY - timedelta(weeks=back),
            }  # fmt: skip
            session.add(VerdictRow(**(plain | changed)))
    return new


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["judge", "drift", *words]) == 0
    return capsys.readouterr().out


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    return dict(json.loads(run(capsys, "--json", *words)))


def test_a_week_that_stands_out_is_told_in_a_sentence(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    for back in (1, 2):
        a_week(shop, 80, back)
    a_week(shop, 80, abstained=True)
    said = " ".join(run(capsys).split())
    assert "Week 46: 100 % abstained, usually 0 %: a new kind of text, or another language?" in said
    body = answer(capsys, "--weeks", "3")
    assert body["enough_history"]
    assert [week["week"] for week in body["weeks"]] == ["2026-W44", "2026-W45", "2026-W46"]
    last = body["weeks"][-1]
    assert (last["mentions"], last["abstained"], last["truncated"]) == (80, 1.0, 0.0)
    assert last["labels"] == {"negative": 0.25, "neutral": 0.75}
    assert (last["languages"], last["reasons"]) == ({"fi": 1.0}, {"delivery": 1.0})
    assert (last["confidence"], last["corrected"], last["agreed"]) == (0.8, 0.0, None)
    assert (last["label_distance"], last["reason_distance"]) == (0.0, 0.0)
    assert len(last["remarks"]) == 1


def test_a_corrected_mention_counts_as_the_judge_read_it(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    ids = a_week(shop, 8)
    for id, label in ((ids[0], "positive"), (ids[1], "neutral"), (ids[0], "neutral")):
        with shop.begin() as session:
            store_correction(
                session, id, label=label, high_arousal=False, reasons=["praise"], flags=[], by=ANNA.id, at=SUNDAY
            )  # fmt: skip
            verdict = session.query(VerdictRow).where(VerdictRow.mention_id == id).one()
            verdict.label, verdict.reasons = label, {"praise": 1.0}  # a correction takes the verdict's place
    week = answer(capsys)["weeks"][-1]
    assert week["labels"] == {"negative": 0.25, "neutral": 0.75}
    assert week["reasons"] == {"delivery": 1.0}
    assert (week["corrections"], week["corrected"], week["agreed"]) == (2, 0.25, 0.5)


def test_too_little_history_is_said(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Too little history" in run(capsys)
    a_week(shop, 40, back=1)
    a_week(shop, 40, abstained=True)
    said = run(capsys)
    assert "Too little history" in said
    assert "Week 46" not in said
    assert not answer(capsys)["enough_history"]


def test_quiet_weeks_are_said_to_be_so(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    a_week(shop, 120, back=1)
    a_week(shop, 60)
    assert "No week stands out" in run(capsys)


@pytest.mark.parametrize("weeks", ["1", "105", "many"])
def test_how_many_weeks_is_checked(weeks: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["judge", "drift", "--weeks", weeks])
    assert left.value.code == 2
    assert "usage: palovahti judge" in capsys.readouterr().err
