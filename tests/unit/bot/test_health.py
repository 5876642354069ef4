"""`palovahti check`: every line says what was seen; every failure says what to do. Against the stand-ins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.health import Finding, check_all
from bot.wiring import open_store
from models.cases import Case
from models.jobs import JobKind, put
from models.slack_line import SlackLine
from sandbox.faults import Fault
from tests.builders import NOON
from tests.journeys.stage import PAGE, Stage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    (tmp_path / "world").mkdir()
    opened = Stage.open(tmp_path / "world", http_port=0)
    for name, value in opened.secrets:
        if value is not None:
            monkeypatch.setenv(f"PALOVAHTI_{name.upper()}", value.get_secret_value())
    yield opened
    opened.close()


def checked(stage: Stage, folder: Path, extra: str = "", judge: str = "lexicon") -> dict[str, Finding]:
    settings = stage.settings
    assert settings.x is not None
    assert settings.facebook is not None
    path = folder / "palovahti.toml"
    path.write_text(
        f'[shop]\nname = "Nuotiopuoti"\n[store]\nurl = "sqlite:///{folder}/store.db"\n[judge]\nname = "{judge}"\n'
        f'[x]\naccount_id = "{settings.x.account_id}"\nusername = "nuotiopuoti"\napi_base = "{settings.x.api_base}"\n'
        f'[facebook]\npage_id = "{PAGE}"\npage_name = "N"\napi_base = "{settings.facebook.api_base}"\n'
        f'[slack]\nalert_channel = "C0PALOVAHTI"\ncontact_channel = "C0ASIAKAS"\ndoor = "http"\n'
        f'api_base = "{settings.slack.api_base}"\n{extra}'
    )
    return {finding.id: finding for finding in check_all(path)}


def failures(found: dict[str, Finding]) -> dict[str, Finding]:
    return {id: finding for id, finding in found.items() if not finding.ok}


def test_all_is_well_against_the_stand_ins(stage: Stage, tmp_path: Path) -> None:
    found = checked(stage, tmp_path)
    assert failures(found) == {}
    assert set(found) == {
        "settings", "tokens", "store", "judge", "playbooks", "x:mentions", "x:dms", "facebook:feed",
        "facebook:conversations", "facebook:version", "slack", "slack:scopes", "slack:channel", "clock",
        "slack:waiting", "closed",
    }  # fmt: skip
    assert all(finding.sentence and not finding.hint for finding in found.values())


def test_a_missing_token_is_named_and_the_rest_is_still_looked_at(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PALOVAHTI_X_ACCESS_TOKEN")
    found = checked(stage, tmp_path)
    assert "PALOVAHTI_X_ACCESS_TOKEN is not set" in found["tokens"].sentence
    assert found["store"].ok
    assert found["judge"].ok
    assert "slack" not in found


def test_a_token_that_x_refuses_is_told_with_advice(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALOVAHTI_X_ACCESS_TOKEN", "wrong")
    failed = failures(checked(stage, tmp_path))
    assert set(failed) == {"x:mentions", "x:dms"}
    assert all("cannot be read" in finding.sentence and finding.hint for finding in failed.values())
    assert not any("wrong" in finding.sentence + finding.hint for finding in failed.values())


def test_an_expired_page_token_is_told(stage: Stage, tmp_path: Path) -> None:
    stage.graph.faults.add(Fault("expired_token", path="/v26.0/", times=-1))
    failed = failures(checked(stage, tmp_path))
    assert set(failed) == {"facebook:feed", "facebook:conversations"}


def test_a_slack_token_that_opens_nothing_is_told(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALOVAHTI_SLACK_BOT_TOKEN", "xoxb-wrong")
    failed = failures(checked(stage, tmp_path))
    assert "invalid_auth" in failed["slack"].sentence
    assert "docs/slack.md" in failed["slack"].hint


def test_a_channel_that_the_bot_cannot_read_is_told(stage: Stage, tmp_path: Path) -> None:
    body = json.dumps({"ok": False, "error": "not_in_channel"})
    stage.slack.faults.add(
        Fault("status", path="/api/conversations.history", status=200, body=body,
              headers={"Content-Type": "application/json"}, times=-1)
    )  # fmt: skip
    assert "invite the bot" in failures(checked(stage, tmp_path))["slack:channel"].hint


def test_a_store_that_cannot_be_opened_is_told(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("this is no database, but it is long enough to be looked at as one" * 20)
    failed = failures(checked(stage, tmp_path))
    assert "store.db cannot be used" in failed["store"].sentence


def test_broken_playbooks_are_told(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "thanks.md").write_text("no front matter")
    failed = failures(checked(stage, tmp_path, extra=f'[playbooks]\nfolder = "{tmp_path}/ours"\n'))
    assert "thanks.md" in failed["playbooks"].sentence


def test_a_judge_without_its_model_is_told(stage: Stage, tmp_path: Path) -> None:
    failed = failures(checked(stage, tmp_path, judge="transformer"))
    assert "judge.model is missing" in failed["judge"].sentence


def test_cards_that_wait_for_slack_are_told(stage: Stage, tmp_path: Path) -> None:
    engine, sessions = open_store(f"sqlite:///{tmp_path}/store.db")
    with sessions.begin() as session:
        session.add(Case(number=1001, matter="m", kind="contact", brand="N", opened_at=NOON, changed_at=NOON))
        put(session, JobKind.SHOW_CARD, "1", NOON)
    engine.dispose()
    finding = checked(stage, tmp_path)["slack:waiting"]
    assert finding.sentence.startswith("1 cards and alarms wait for Slack; 1 cases have no card yet")


@pytest.mark.parametrize(
    ("line", "ok", "says"),
    [
        (None, True, "no heartbeat has come back yet"),
        (SlackLine(id=1, proven_at=NOON, heard_at=NOON), True, "presses come through"),
        (SlackLine(id=1, proven_at=NOON, deaf_since=NOON, code="deaf"), False, "presses have not come through since"),
        (SlackLine(id=1, proven_at=NOON, deaf_since=NOON, code="unreachable"), False, "has answered no call since"),
    ],
    ids=["new", "hears", "deaf", "down"],
)
def test_whether_presses_come_through_is_told(
    stage: Stage, tmp_path: Path, line: SlackLine | None, ok: bool, says: str
) -> None:
    engine, sessions = open_store(f"sqlite:///{tmp_path}/store.db")
    if line is not None:
        with sessions.begin() as session:
            session.merge(line)
    engine.dispose()
    path = tmp_path / "palovahti.toml"
    checked(stage, tmp_path)
    path.write_text(path.read_text().replace('door = "http"', 'door = "socket"'))
    [finding] = [one for one in check_all(path) if one.id == "slack:line"]
    assert (finding.ok, says in finding.sentence) == (ok, True)
