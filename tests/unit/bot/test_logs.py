"""Logs hold ids and outcomes only, whatever a library or a traceback tries to write."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import requests

from bot.logs import OUR_PACKAGES, PlainFormatter, redact, set_up_logs
from sandbox.graph import GraphSandbox
from sandbox.serving import serve
from sandbox.store import Store
from tests.builders import NOON, PAGE


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the process writes to standard error once its logs are set up; put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in OUR_PACKAGES}
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    set_up_logs("INFO")
    yield stream
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1234567890-abcDEF",
        "xoxp-1-2-3",
        "xapp-1-A02-3-ff",
        "EAABsbCS1234567890ZD",
        "Bearer AAAAAAAAAAAAAAAAAAAAAB3",
        "access_token=EAAx",
        "access_token=123|abc&",
        "appsecret_proof=ffee00",
        "oauth_signature=abc%3D",
        "password=hunter2",
        "aino.korpi+tilaus@esimerkki.example",
    ],
)
def test_what_looks_like_a_token_or_an_address_is_taken_out(secret: str) -> None:
    line = redact(f"GET /v26.0/me?{secret} failed code=190")
    bare = secret.split("=")[-1].split(" ")[-1].rstrip("&")
    assert bare not in line
    assert line.endswith("failed code=190") or "&" in secret


def test_plain_lines_stay_as_they_are() -> None:
    line = "page stored source=x:mentions posts=3 new=2 more=False"
    assert redact(line) == line


def test_our_lines_are_written_with_time_level_and_place(written: io.StringIO) -> None:
    logging.getLogger("listener.steps").info("page stored source=%s token=%s", "x:dms", "hunter2")
    line = written.getvalue()
    assert " INFO listener.steps page stored source=x:dms [secret]" in line
    assert "hunter2" not in line


def test_a_traceback_is_written_as_places_without_its_message(written: io.StringIO) -> None:
    try:
        try:
            raise ValueError("Aino Korpi: missä pakettini?")
        except ValueError as error:
            raise RuntimeError("xoxb-1-2 Aino") from error
    except RuntimeError:
        logging.getLogger("bot.worker").exception("job failed kind=poll")
    line = written.getvalue()
    assert "error=RuntimeError from ValueError at=" in line
    assert "test_logs.py:" in line
    assert "Aino" not in line
    assert "xoxb" not in line
    assert line.count("\n") == 1


def test_libraries_are_heard_by_name_only_and_their_debug_not_at_all(written: io.StringIO) -> None:
    logging.getLogger("tweepy").warning("post text %s", "Aino odottaa")
    logging.getLogger("urllib3.connectionpool").debug("GET /me?access_token=EAAB123456789012")
    assert "tweepy a library reports a problem" in written.getvalue()
    assert "Aino" not in written.getvalue()
    assert "urllib3" not in written.getvalue()


def test_a_real_request_with_a_token_in_its_address_leaves_no_trace(written: io.StringIO) -> None:
    store = Store()
    server = serve(GraphSandbox(store, lambda: NOON, PAGE, "Nuotiopuoti").app)
    requests.get(f"{server.url}/v26.0/me?access_token=EAABwrong1234567890", timeout=5)
    logging.getLogger("responders.publishers.facebook").info("reply settled reply=%d", 4)
    server.close()
    store.close()
    assert "reply settled reply=4" in written.getvalue()
    assert "EAAB" not in written.getvalue()


def test_line_breaks_never_fake_a_second_line() -> None:
    record = logging.LogRecord("bot.x", logging.INFO, "", 1, "one\n2026 ERROR two", (), None)
    assert "\n" not in PlainFormatter().format(record)
