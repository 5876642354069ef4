"""The command line as people and programs meet it: exit status, sentences, and never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import cli
from bot.clocks import wall
from bot.lock import OnlyOne
from bot.wiring import open_store
from listener.posts import Author
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.jobs import Job, JobKind
from models.states import JobState
from tests.builders import NOON, a_comment, judge_all, minutes, store_posts

GOOD = """
[shop]
name = "Nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
[judge]
name = "lexicon"
[replay]
path = "stream.jsonl"
"""


def run(*words: object) -> int:
    """The exit status of `palovahti WORDS`."""
    try:
        return cli.main([str(word) for word in words])
    except SystemExit as left:
        return int(left.code or 0)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on standard error, which is never a traceback."""
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop's folder, in which the command is run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "palovahti.toml").write_text(GOOD)
    return tmp_path


COMMANDS = ["demo", "run", "check", "judge", "heat", "replay", "bench", "jobs", "fires", "oncall", "backtest"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    assert f"palovahti {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        [], ["dance"], ["judge"], ["judge", "--input", "x.csv"], ["heat", "--series", "x.csv"],
        ["heat", "--series", "x.csv", "--output", "y.csv", "--zone", "Mars"],
        ["heat", "--events", "x", "--alerts", "y", "--zone", "Europe/Oslo"],
        ["heat", "--events", "x.jsonl", "--output", "y.csv"], ["demo", "--speed", "0"], ["demo", "--port", "70000"],
        ["bench", "--mentions", "none"], ["judge", "--input", "a.csv", "--output", "b", "--judge", "oracle"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_2_with_a_hint(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    assert "usage: palovahti" in told(capsys)


def test_judging_a_file_is_0_and_silent_in_a_pipe(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "in.csv").write_text("id,text\n7,Todella huono ja paska palvelu\n8,Kiitos\n")
    assert run("judge", "--input", "in.csv", "--output", "out.jsonl", "--judge", "lexicon") == 0
    lines = [json.loads(line) for line in (shop / "out.jsonl").read_text().splitlines()]
    assert [(line["id"], line["label"]) for line in lines] == [("7", "negative"), ("8", "positive")]
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["judge", "--input", "none.csv", "--output", "o.jsonl", "--judge", "lexicon"], "there is no such file"),
        (["judge", "--input", "bad.jsonl", "--output", "o.jsonl", "--judge", "lexicon"], "bad.jsonl, line 1"),
        (["heat", "--series", "none.csv", "--output", "o.csv"], "none.csv"),
        (["heat", "--events", "bad.jsonl", "--alerts", "o.jsonl"], "bad.jsonl"),
        (["replay", "--input", "none.jsonl"], "there is no such file"),
        (["run", "--settings", "none.toml"], "Copy palovahti.example.toml"),
        (["run"], "PALOVAHTI_SLACK_BOT_TOKEN is not set"),
        (["jobs", "--settings", "none.toml"], "there is no such file"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, list) else "",
)
def test_a_problem_is_1_with_a_sentence(
    shop: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "bad.jsonl").write_text("{broken\n")
    before = sorted(path.name for path in shop.iterdir())
    assert run(*words) == 1
    assert sentence in told(capsys)
    assert sorted(path.name for path in shop.iterdir()) == before


def test_a_second_run_on_the_same_store_is_told(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(f"PALOVAHTI_{name}", "x")
    first = OnlyOne.take("sqlite:///var/palovahti.db")
    assert run("run") == 1
    first.release()
    assert "already running" in told(capsys)


def test_broken_playbooks_are_told_by_file(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(f"PALOVAHTI_{name}", "x")
    (shop / "ours").mkdir()
    (shop / "ours" / "thanks.md").write_text("no front matter")
    (shop / "palovahti.toml").write_text(GOOD + '[playbooks]\nfolder = "ours"\n')
    assert run("run") == 1
    assert "thanks.md" in told(capsys)


def test_a_bug_is_told_as_a_place_in_the_code_without_its_words(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Aino Korpi kirjoitti xoxb-1")

    monkeypatch.setattr("bot.judging.judge_with_progress", fail)
    assert run("judge", "--input", "a.csv", "--output", "b") == 1
    said = told(capsys)
    assert "Nothing stored is lost" in said
    assert "RuntimeError" in said
    assert "Aino" not in said


@pytest.mark.parametrize("stop", [KeyboardInterrupt, BrokenPipeError])
def test_ctrl_c_and_a_closed_pipe_end_quietly(
    monkeypatch: pytest.MonkeyPatch, stop: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise stop

    monkeypatch.setattr("bot.judging.judge_with_progress", fail)
    assert run("judge", "--input", "a.csv", "--output", "b") == 0
    assert told(capsys) == ""


def a_store_with_work(folder: Path) -> Sessions:
    (folder / "var").mkdir()
    engine = open_engine(f"sqlite:///{folder}/var/palovahti.db")
    upgrade(engine)
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        session.add(Job(kind=JobKind.PUBLISH, key="3", run_at=NOON, state=JobState.GIVEN_UP, last_error="KeyError"))
    engine.dispose()
    return sessions


def test_work_that_gave_up_is_shown_and_tried_again_when_asked(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_store_with_work(shop)
    assert run("jobs", "--json") == 0
    [job] = json.loads(capsys.readouterr().out)["jobs"]
    assert (job["kind"], job["state"], job["last_error"]) == ("publish", "given_up", "KeyError")
    assert run("jobs", "--retry") == 0
    capsys.readouterr()
    assert run("jobs", "--json") == 0
    [job] = json.loads(capsys.readouterr().out)["jobs"]
    assert (job["state"], job["attempts"]) == ("waiting", 0)


def test_a_check_of_broken_settings_is_1_and_says_so_to_programs_too(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "palovahti.toml").write_text("[shop]\n")
    assert run("check", "--json") == 1
    body = json.loads(capsys.readouterr().out)
    assert body["ok"] is False
    assert {check["id"] for check in body["checks"]} == {"settings"}
    assert run("check") == 1
    assert "FAIL" in capsys.readouterr().out


def test_fires_lists_what_burns_unanswered(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("fires") == 0
    assert "Nothing burns unanswered" in capsys.readouterr().out
    _, sessions = open_store("sqlite:///var/palovahti.db")
    now = wall()
    for number, minute in enumerate((47, 30, 4)):
        said = a_comment(
            f"Surkeaa palvelua {number}", author=Author(str(number), "Kävijä", followers=100),
            created_at=now - minutes(minute), permalink=f"https://fb.example/{minute}",
        )  # fmt: skip
        store_posts(sessions, said, at=now)
    judge_all(sessions, now)
    assert run("fires", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    [fire] = told["fires"]
    assert told["target_minutes"] == 20
    assert (fire["people"], fire["unanswered_minutes"], fire["past_target"]) == (3, 47, True)
    assert (fire["permalink"], fire["followers"], fire["people_an_hour"]) == ("https://fb.example/47", 300, 4.0)
    assert run("fires") == 0
    table = capsys.readouterr().out
    assert "1 of your own threads burn unanswered, 1 for longer than 20 min." in table
    assert "1 47 min 3 4 300 none" in " ".join(table.split())
    assert "1  https://fb.example/47" in table.splitlines()
