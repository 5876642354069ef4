"""`palovahti slack connect`: from tokens to a test card, in a terminal and without one, against the stand-in."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cli
from bot.toml_lines import CannotBeSet, section_lines, with_texts
from responders.slack.connecting import manifest
from sandbox.faults import Fault
from sandbox.slack import SCOPES
from sandbox.slack_team import CHANNELS, Channel
from tests.unit.sandbox.slack_setup import ALERTS, CONTACTS, TOKEN, Rehearsal, rehearsal

APP_TOKEN = "xapp-1-rehearsal"
ROOMS = (
    *CHANNELS,
    Channel("C0YLEINEN", "yleinen", has_bot=False),
    Channel("C0VANHA", "vanha", is_archived=True),
    Channel("C0JOHTO", "johto", is_private=True),
    Channel("C0SALAINEN", "salainen", is_private=True, has_bot=False),
)
ROOT = Path(cli.__file__).parent.parent


@pytest.fixture
def room() -> Iterator[Rehearsal]:
    with rehearsal(app_token=APP_TOKEN, channels=ROOMS) as opened:
        yield opened


@pytest.fixture
def shop(room: Rehearsal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a shop that has not come to Slack yet, with both tokens in the environment."""
    monkeypatch.setenv("PALOVAHTI_SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PALOVAHTI_SLACK_APP_TOKEN", APP_TOKEN)
    return settings_for(room, tmp_path)


def settings_for(room: Rehearsal, folder: Path, extra: str = "") -> Path:
    path = folder / "palovahti.toml"
    path.write_text(f'[shop]\nname = "N"   # ours\n\n[slack]\napi_base = "{room.url}/api/"\n{extra}\n[heat]\n')
    return path


def connect(settings: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON of `palovahti slack connect`."""
    status = cli.main(["slack", "connect", "--settings", str(settings), "--json", *words])
    out, err = capsys.readouterr()
    assert TOKEN not in out + err
    assert APP_TOKEN not in out + err
    assert "Traceback" not in err
    return status, json.loads(out)


def failed(answer: dict[str, Any]) -> dict[str, str]:
    """What went wrong, by step: the sentence and the way out."""
    bad = [step for step in answer["steps"] if not step["ok"]]
    assert all(step["sentence"] and step["hint"] for step in bad)
    return {step["id"]: f"{step['sentence']} {step['hint']}" for step in bad}


def words_in(room: Rehearsal, channel: str) -> str:
    return json.dumps(room.slack.workspace.messages(channel), ensure_ascii=False)


BOTH = ("--alert-channel", "#palovahti", "--contact-channel", CONTACTS)


def test_names_and_ids_both_do_and_each_channel_gets_its_card(
    room: Rehearsal, shop: Path, capsys: pytest.CaptureFixture[str]
):
    before = shop.read_text()
    status, answer = connect(shop, capsys, *BOTH)
    assert (status, answer["ok"]) == (0, True)
    assert [step["id"] for step in answer["steps"]] == [
        "bot_token", "scopes", "app_token", "alert_channel", "contact_channel", "card:alerts", "card:contacts",
    ]  # fmt: skip
    assert answer["settings"]["slack"] == {
        "alert_channel": ALERTS, "contact_channel": CONTACTS, "card_language": "fi",
    }  # fmt: skip
    assert "Palovahti on yhdistetty" in words_in(room, ALERTS)
    assert "hälytykset" in words_in(room, ALERTS)
    assert "jotka odottavat vastausta" in words_in(room, CONTACTS)
    assert shop.read_text() == before


@pytest.mark.parametrize(("language", "title"), [("sv", "Palovahti är anslutet"), ("en", "Palovahti is connected")])
def test_the_card_speaks_the_language_of_cards(
    room: Rehearsal, shop: Path, capsys: pytest.CaptureFixture[str], language: str, title: str
):
    words = ("--alert-channel", "johto", "--contact-channel", "johto", "--card-language", language)
    status, answer = connect(shop, capsys, *words)
    assert status == 0
    assert [step["id"] for step in answer["steps"]].count("card:both") == 1
    assert len(room.slack.workspace.messages("C0JOHTO")) == 1
    assert title in words_in(room, "C0JOHTO")


def test_without_flags_the_channels_and_the_language_of_the_settings_are_used(
    room: Rehearsal, shop: Path, capsys: pytest.CaptureFixture[str]
):
    named = f'alert_channel = "{ALERTS}"\ncontact_channel = "{ALERTS}"\ncard_language = "sv"'
    status, _ = connect(settings_for(room, shop.parent, named), capsys)
    assert status == 0
    assert "Palovahti är anslutet" in words_in(room, ALERTS)


def test_a_channel_that_nobody_named_is_asked_for_in_a_sentence(shop: Path, capsys: pytest.CaptureFixture[str]):
    status, answer = connect(shop, capsys, "--alert-channel", ALERTS)
    assert status == 1
    assert "--contact-channel" in failed(answer)["contact_channel"]


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("yleinen", "/invite @palovahti in #yleinen"), ("C0YLEINEN", "/invite @palovahti in #yleinen"),
        ("C0VANHA", "is archived"), ("vanha", "channel_not_found"), ("salainen", "invite the bot"),
        ("C0SALAINEN", "invite the bot"), ("nowhere", "Check the name"),
    ],
)  # fmt: skip
def test_a_channel_that_cannot_be_used_is_told_with_the_way_out(
    room: Rehearsal, shop: Path, capsys: pytest.CaptureFixture[str], channel: str, said: str
):
    status, answer = connect(shop, capsys, "--alert-channel", channel, "--contact-channel", CONTACTS)
    assert status == 1
    assert said in failed(answer)["alert_channel"]
    assert answer["settings"]["slack"] == {}
    assert words_in(room, CONTACTS) == "[]"


@pytest.mark.parametrize(
    ("variable", "value", "step", "said"),
    [
        ("BOT", "", "bot_token", "PALOVAHTI_SLACK_BOT_TOKEN is not set"),
        ("BOT", APP_TOKEN, "bot_token", "begins with xoxb-"),
        ("BOT", "xoxb-somebody-else", "bot_token", "invalid_auth"),
        ("APP", "", "app_token", "PALOVAHTI_SLACK_APP_TOKEN is not set"),
        ("APP", TOKEN, "app_token", "begins with xapp-"),
        ("APP", "xapp-1-other", "app_token", "connections:write"),
    ],
)
def test_a_token_that_is_missing_mixed_up_or_refused_is_told_and_never_shown(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    variable: str, value: str, step: str, said: str,
):  # fmt: skip
    monkeypatch.setenv(f"PALOVAHTI_SLACK_{variable}_TOKEN", value)
    status, answer = connect(shop, capsys, *BOTH)
    assert status == 1
    assert said in failed(answer)[step]
    assert not value or value not in json.dumps(answer)


def test_a_scope_that_was_not_granted_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PALOVAHTI_SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PALOVAHTI_SLACK_APP_TOKEN", APP_TOKEN)
    with rehearsal(app_token=APP_TOKEN, scopes=SCOPES - {"users:read"}) as room:
        status, answer = connect(settings_for(room, tmp_path), capsys, *BOTH)
    assert status == 1
    assert "missing: users:read" in failed(answer)["scopes"]


def test_without_the_scopes_for_private_channels_public_ones_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PALOVAHTI_SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PALOVAHTI_SLACK_APP_TOKEN", APP_TOKEN)
    scopes = SCOPES - {"groups:read", "groups:history"} | {"files:write"}
    with rehearsal(app_token=APP_TOKEN, scopes=scopes) as room:
        status, answer = connect(settings_for(room, tmp_path), capsys, *BOTH)
    assert status == 0
    assert "files:write" in next(step["hint"] for step in answer["steps"] if step["id"] == "scopes")


def test_with_the_http_door_the_signing_secret_is_wanted_and_no_app_token(
    room: Rehearsal, shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PALOVAHTI_SLACK_APP_TOKEN")
    path = settings_for(room, shop.parent, 'door = "http"')
    status, answer = connect(path, capsys, *BOTH)
    assert status == 1
    assert "PALOVAHTI_SLACK_SIGNING_SECRET" in failed(answer)["signing_secret"]
    monkeypatch.setenv("PALOVAHTI_SLACK_SIGNING_SECRET", "secret-of-the-app")
    status, answer = connect(path, capsys, *BOTH)
    assert status == 0
    assert "secret-of-the-app" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("path", "step"),
    [("/api/auth.test", "bot_token"), ("/api/apps.connections.open", "app_token"), ("/api/chat.", "card:alerts")],
)
def test_when_slack_asks_to_wait_it_is_told_how_long(
    room: Rehearsal, shop: Path, capsys: pytest.CaptureFixture[str], path: str, step: str
):
    headers, body = {"Retry-After": "7", "Content-Type": "application/json"}, '{"ok":false,"error":"ratelimited"}'
    room.slack.faults.add(Fault("status", path, status=429, headers=headers, body=body))
    status, answer = connect(shop, capsys, *BOTH)
    assert status == 1
    assert "Try again in 7 seconds" in failed(answer)[step]


def test_for_people_every_step_is_a_line_and_the_settings_are_told(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert cli.main(["slack", "--settings", str(shop), "connect", *BOTH]) == 0
    out = capsys.readouterr().out
    assert "signed in to the workspace Nuotiopuoti as @palovahti" in out
    assert f'[slack]\nalert_channel = "{ALERTS}"\ncontact_channel = "{CONTACTS}"\ncard_language = "fi"' in out
    monkeypatch.delenv("PALOVAHTI_SLACK_BOT_TOKEN")
    assert cli.main(["slack", "connect", "--settings", str(shop), *BOTH]) == 1
    out = capsys.readouterr().out
    assert "https://api.slack.com/apps?new_app=1&manifest_yaml=" in out
    assert "PALOVAHTI_SLACK_BOT_TOKEN is not set" in out


def test_the_manifest_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["slack", "manifest"]) == 0
    assert capsys.readouterr().out == manifest()


class Terminal:
    """The command in a terminal of its own, as a person meets it."""

    def __init__(self, *words: str) -> None:
        self.seen = ""
        self._ours, theirs = pty.openpty()
        bare = {name: value for name, value in os.environ.items() if not name.startswith("PALOVAHTI_")}
        self.everything = ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "slack", "connect", *words],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=bare | {"TERM": "dumb"}, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)

    def answers(self, question: str, answer: str) -> None:
        """Waits for the question, and types."""
        self.asks(question)
        self.seen = self.seen.split(question, 1)[1]
        os.write(self._ours, answer.encode() + b"\n")

    def asks(self, question: str) -> None:
        self._read_until(question)

    def ends(self) -> int:
        self._read_until(None)
        return self._process.wait(timeout=60)

    def close(self) -> None:
        self._process.kill()
        self._process.wait(timeout=60)
        os.close(self._ours)

    def _read_until(self, words: str | None) -> None:
        until = time.monotonic() + 60
        while words is None or words not in self.seen:
            assert time.monotonic() < until, self.seen
            if select.select([self._ours], [], [], 1)[0]:
                try:
                    read = os.read(self._ours, 4096).decode(errors="replace")
                except OSError:  # the other end is closed
                    read = ""
                if not read:
                    assert words is None, self.seen
                    return
                self.everything += read
                self.seen += read


def test_in_a_terminal_it_asks_hides_tokens_waits_for_the_invitation_and_writes_what_it_may(
    room: Rehearsal, tmp_path: Path
):
    settings = settings_for(room, tmp_path)
    with closing(Terminal("--settings", str(settings))) as terminal:
        for token in (APP_TOKEN, "xoxb-wrong", TOKEN, APP_TOKEN):
            terminal.answers("Enter stops):", token)
        terminal.answers("Channel for alerts:", "#yleinen")
        terminal.asks("Enter looks again")
        room.slack.workspace.invite_bot("C0YLEINEN")
        terminal.answers("Enter looks again", "")
        terminal.answers("Channel for customers who wait for an answer [yleinen]", "")
        terminal.answers("[y/N]", "y")
        assert terminal.ends() == 0
    shown = terminal.everything
    assert "Set PALOVAHTI_SLACK_BOT_TOKEN to the token you gave" in shown
    assert "#palovahti (the bot is there)" in shown
    assert not any(token in shown for token in (TOKEN, APP_TOKEN, "xoxb-wrong"))
    written = settings.read_text()
    assert not any(token in written for token in (TOKEN, APP_TOKEN))
    assert tomllib.loads(written)["slack"]["alert_channel"] == "C0YLEINEN"
    assert 'name = "N"   # ours' in written
    assert len(room.slack.workspace.messages("C0YLEINEN")) == 1


def test_nothing_is_written_without_a_yes(room: Rehearsal, tmp_path: Path):
    settings = settings_for(room, tmp_path)
    before = settings.read_text()
    words = ("--alert-channel", "palovahti", "--contact-channel", "palovahti")
    with closing(Terminal("--settings", str(settings), *words)) as terminal:
        terminal.answers("Enter stops):", TOKEN)
        terminal.answers("Enter stops):", APP_TOKEN)
        terminal.answers("[y/N]", "")
        assert terminal.ends() == 0
    assert settings.read_text() == before


def test_lines_keep_their_comments_and_their_neighbours():
    before = '[shop]\nname = "x"\n[slack]  # ours\nalert_channel = "C1"  # alerts\n\n[[shop.notices]]\nreason = "y"\n'
    after = with_texts(before, "slack", {"alert_channel": "C2", "contact_channel": "C3"})
    assert 'alert_channel = "C2"  # alerts\n' in after
    assert after.count("contact_channel") == 1
    assert tomllib.loads(after)["slack"] == {"alert_channel": "C2", "contact_channel": "C3"}
    assert tomllib.loads(after)["shop"] == tomllib.loads(before)["shop"]


@pytest.mark.parametrize("before", ['slack = { alert_channel = "C1" }\n', 'slack.alert_channel = "C1"\n', "[slack\n"])
def test_a_file_that_lines_cannot_change_is_left_alone(before: str):
    with pytest.raises(CannotBeSet):
        with_texts(before, "slack", {"alert_channel": "C2"})


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(st.characters(codec="utf-8"))), st.text())
def test_what_was_set_is_read_back_or_nothing_is_set(texts: dict[str, str], before: str):
    assert tomllib.loads(section_lines("slack", texts))["slack"] == texts
    try:
        after = with_texts(before, "slack", texts)
    except CannotBeSet:
        return
    assert tomllib.loads(after) == {**tomllib.loads(before), "slack": texts}
