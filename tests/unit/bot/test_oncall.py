"""On call as people meet it: settings whose every mistake is told, who is on, and a test that rings every route."""

from __future__ import annotations

import json
import logging
import re
import socketserver
import tomllib
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request

from bot import cli
from bot.clocks import wall
from bot.escalating import ringer_of
from bot.oncall_settings import OnCallSettings, duty_of
from bot.settings import SettingsProblem, missing_secrets, read_secrets, read_settings
from bot.wiring import open_store
from models.errors import TryLater
from responders.duties import DutyDesk
from responders.oncall import By
from responders.roles import Everybody
from responders.slack.actions import Person
from sandbox.serving import serve

EXAMPLE = Path(__file__).parents[3] / "palovahti.example.toml"
SHOP = """
[shop]
name = "Nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
card_language = "LANGUAGE"
api_base = "BASE/api/"
[replay]
path = "stream.jsonl"
[[oncall.people]]
name = "Anna"
slack = "U0ANNA"
phone = "+358 40 555 0101"
email = "anna@shop.example"
quiet = "00:00-00:00"
[[oncall.people]]
name = "Bo"
slack = "U0BO"
[[oncall.schedules]]
name = "evenings"
members = ["Bo", "Anna"]
starts = 2026-11-23
overrides = [{ person = "Anna", begins = 2026-12-24T09:00:00, ends = 2026-12-27T09:00:00 }]
[[oncall.chains]]
name = "fire"
levels = ["outrage"]
steps = [
  { by = "person", to = "Bo" }, { by = "group", to = "S0CARE" }, { by = "channel", to = "C0FIRE" },
  { by = "email", to = "Anna" }, { by = "webhook", to = "BASE/hook" },
  { by = "pagerduty", to = "BASE/pagerduty" }, { by = "opsgenie", to = "BASE/opsgenie", wait_minutes = 10 },
]
[[oncall.chains]]
name = "warm"
levels = ["warning"]
steps = [{ by = "person", to = "Anna" }]
[oncall.smtp]
host = "127.0.0.1"
port = 2525
security = "none"
sender = "palovahti@shop.example"
"""


class Mails(socketserver.StreamRequestHandler):
    """As much of a mail server as one mail takes."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        kept: list[bytes] | None = None
        for line in self.rfile:
            if kept is not None and line == b".\r\n":
                self.server.mails.append(b"".join(kept).decode())  # type: ignore[attr-defined]
                kept = None
                self.wfile.write(b"250 taken\r\n")
            elif kept is not None:
                kept.append(line)
            elif line.upper().startswith(b"DATA"):
                kept = []
                self.wfile.write(b"354 go on\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")


class World:
    """What the others heard, by path, and how they answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.heard: list[tuple[str, dict[str, Any], str | None]] = []
        self.statuses: dict[str, int] = {}
        self.mails: list[str] = []

    def at(self, path: str) -> list[dict[str, Any]]:
        return [body for one, body, _ in self.heard if one == path]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    app, world = Flask("others"), World("")

    @app.post("/<path:path>")
    def hear(path: str) -> tuple[Response, int]:
        body = request.get_json(silent=True) or request.form.to_dict()
        world.heard.append((path, body, request.headers.get("Authorization")))
        return jsonify(ok=True, channel="C1", ts="1.1"), world.statuses.get(path, 202 if "api" not in path else 200)

    server = serve(app)
    mails = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mails)
    mails.mails = world.mails  # type: ignore[attr-defined]
    Thread(target=mails.serve_forever, daemon=True).start()
    world.url = server.url
    for name in ("SLACK_BOT_TOKEN", "PAGERDUTY_ROUTING_KEY", "OPSGENIE_API_KEY"):
        monkeypatch.setenv(f"PALOVAHTI_{name}", f"key-{name}")
    monkeypatch.chdir(tmp_path)
    write(tmp_path, SHOP.replace("BASE", server.url).replace("2525", str(mails.server_address[1])))
    yield world
    mails.shutdown()
    mails.server_close()
    server.close()


def write(folder: Path, text: str, language: str = "fi") -> Path:
    path = folder / "palovahti.toml"
    path.write_text(text.replace("LANGUAGE", language))
    return path


def test_a_test_rings_every_route_and_is_marked_as_one(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert cli.main(["oncall", "test"]) == 0
    assert capsys.readouterr().out.count(": ok") == 7
    posts = world.at("api/chat.postMessage")
    assert [post["channel"] for post in posts] == ["U0BO", "C1", "C0FIRE"]
    assert ["<!subteam^S0CARE>" in json.dumps(post) for post in posts] == [False, True, False]
    assert all("Koe" in json.dumps(post) for post in posts)
    [mail] = world.mails
    assert "To: anna@shop.example" in mail
    [hook] = world.at("hook")
    assert (hook["level"], hook["test"]) == ("outrage", True)
    [event] = world.at("pagerduty")
    assert (event["routing_key"], event["event_action"]) == ("key-PAGERDUTY_ROUTING_KEY", "trigger")
    assert event["payload"]["severity"] == "critical"
    [(_, alert, key)] = [one for one in world.heard if one[0] == "opsgenie"]
    assert (alert["priority"], key) == ("P1", "GenieKey key-OPSGENIE_API_KEY")
    ours = " ".join(one.getMessage() for one in caplog.records if one.name.startswith(("bot", "responders")))
    assert not re.search(r"Anna|Bo\b|shop\.example|U0BO|key-", ours)


@pytest.mark.parametrize(("language", "word"), [("fi", "Koe:"), ("sv", "Prov:"), ("en", "Test:")])
def test_it_is_said_in_the_language_of_the_cards(world: World, tmp_path: Path, language: str, word: str) -> None:
    path = tmp_path / "palovahti.toml"
    path.write_text(path.read_text().replace('"fi"', f'"{language}"'))
    assert cli.main(["oncall", "test"]) == 0
    assert world.at("hook")[0]["title"].startswith(word)


@pytest.mark.parametrize(
    ("status", "said"), [(500, "Try again in a while"), (400, "does not take it"), (403, "does not know us")]
)
def test_a_step_that_fails_says_why_and_the_others_still_ring(
    world: World, capsys: pytest.CaptureFixture[str], status: int, said: str
) -> None:
    world.statuses["hook"] = status
    assert cli.main(["oncall", "test", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert said in told["steps"][4]["result"]
    assert [step["result"] for step in told["steps"]].count("ok") == 6


def test_a_missing_key_is_named(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PALOVAHTI_OPSGENIE_API_KEY")
    assert cli.main(["oncall", "test"]) == 1
    assert "PALOVAHTI_OPSGENIE_API_KEY is not set" in capsys.readouterr().out
    missing = missing_secrets(read_settings(tmp_path / "palovahti.toml"), read_secrets())
    assert any("OPSGENIE_API_KEY" in one for one in missing)


def test_the_services_are_told_who_has_it_and_that_it_is_over(world: World, tmp_path: Path) -> None:
    ringer = ringer_of(read_settings(tmp_path / "palovahti.toml"), read_secrets())
    for word in ("acknowledge", "resolve"):
        ringer.settle(By.PAGERDUTY, f"{world.url}/pagerduty", "palovahti-escalation-7-1", word)
        ringer.settle(By.OPSGENIE, f"{world.url}/opsgenie", "palovahti-escalation-7-1", word)
    key = {"routing_key": "key-PAGERDUTY_ROUTING_KEY", "dedup_key": "palovahti-escalation-7-1"}
    assert world.at("pagerduty") == [key | {"event_action": "acknowledge"}, key | {"event_action": "resolve"}]
    told = [(path, secret) for path, _, secret in world.heard if path.startswith("opsgenie")]
    assert told == [
        (f"opsgenie/palovahti-escalation-7-1/{word}", "GenieKey key-OPSGENIE_API_KEY")
        for word in ("acknowledge", "close")
    ]
    world.statuses["pagerduty"] = 500
    with pytest.raises(TryLater):
        ringer.settle(By.PAGERDUTY, f"{world.url}/pagerduty", "k", "resolve")


def test_a_duty_taken_out_of_turn_is_shown(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = read_settings(tmp_path / "palovahti.toml")
    assert cli.main(["oncall"]) == 0
    assert "(out of turn)" not in capsys.readouterr().out
    engine, sessions = open_store(settings.store.url)
    desk = DutyDesk(
        sessions=sessions, duty=duty_of(settings.oncall, settings.shop.zone), roles=Everybody(), clock=wall, wall=wall
    )
    off = "U0BO" if desk.on_call_now()[0].person == "Anna" else "U0ANNA"
    assert desk.take("evenings", 2, Person(off, "whoever")).ok
    engine.dispose()
    assert cli.main(["oncall"]) == 0
    name = "Bo" if off == "U0BO" else "Anna"
    assert re.search(rf"evenings: {name}.*\(out of turn\), until", capsys.readouterr().out)


def test_quiet_hours_hold_at_a_warning(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["oncall", "test", "--level", "warning"]) == 0
    assert "quiet hours: not called" in capsys.readouterr().out
    assert world.heard == []


def test_who_is_on_is_shown_for_any_time(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["oncall", "--at", "2026-12-24T23:00"]) == 0
    said = capsys.readouterr().out
    assert "evenings: Anna, +358 40 555 0101 (out of turn), until Sun 2026-12-27 09:00, then Bo" in said
    assert cli.main(["oncall", "--at", "2026-12-24T06:00+00:00", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["on_duty"], one["next"]) for one in told["schedules"]] == [("Bo", "Anna")]
    assert [step["after_minutes"] for step in told["chains"]["outrage"]["steps"]] == [0, 5, 10, 15, 20, 25, 30]
    assert told["chains"]["outrage"]["again_after_minutes"] == 40


def test_without_any_chain_it_says_so(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "palovahti.toml"
    path.write_text(path.read_text().partition("[[oncall.people]]")[0])
    assert cli.main(["oncall"]) == 0
    assert "Nobody is on call" in capsys.readouterr().out
    assert cli.main(["oncall", "test"]) == 1
    assert "no chain is for outrage at this hour" in capsys.readouterr().err


def test_everything_that_contradicts_is_told_at_once(tmp_path: Path) -> None:
    wrong = (
        SHOP.replace("BASE/hook", "http://shop.example/hook")
        .replace('to = "Bo"', 'to = "Cia"')
        .replace('"S0CARE"', '"care"')
        .replace('["Bo", "Anna"]', '["Bo", "Dan"]')
        .replace('email = "anna@shop.example"\n', "")
        .replace("ends = 2026-12-27", "ends = 2026-12-20")
        .replace("127.0.0.1", "mail.shop.example")
        .replace("BASE", "http://127.0.0.1:1")
    )
    with pytest.raises(SettingsProblem) as raised:
        read_settings(write(tmp_path, wrong + '\n[[oncall.people]]\nname = "Bo"\nslack = "U9"\n'))
    for words in (
        'the name "Bo" is there 2 times', 'nobody in oncall.people is called "Dan"', "overrides.0 ends before",
        'steps.0.to = "Cia" is nobody', 'steps.1.to = "care" is no id', "there is no address for Anna",
        "steps.4.to must be an https:// address", 'security = "none" sends mail in the open',
    ):  # fmt: skip
        assert sum(words in sentence for sentence in raised.value.problems) == 1, words
    assert len(raised.value.problems) == 8


def test_overrides_that_overlap_and_wrong_hours_are_told(tmp_path: Path) -> None:
    twice = '{ person = "Bo", begins = 2026-12-26T00:00:00, ends = 2026-12-28T00:00:00 }]'
    with pytest.raises(SettingsProblem, match=r"overrides\.0 and \.1 hold"):
        read_settings(
            write(tmp_path, SHOP.replace("09:00:00 }]", f"09:00:00 }}, {twice}").replace("BASE", "http://127.0.0.1"))
        )
    with pytest.raises(SettingsProblem, match=r"people\.0\.quiet = .* does not have the right form"):
        read_settings(write(tmp_path, SHOP.replace("00:00-00:00", "22-7")))


def test_the_example_for_on_call_is_right() -> None:
    shown = tomllib.loads(re.sub(r"(?m)^# (\[|\w+ = )", r"\1", EXAMPLE.read_text(encoding="utf-8")))
    assert [step.by for step in OnCallSettings.model_validate(shown["oncall"]).chains[0].steps] == [
        "schedule",
        "pagerduty",
    ]
