"""The session under the platform libraries: where it goes, how long it waits, what it remembers, what it hides."""

from __future__ import annotations

import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from models.transport import NoAnswer, NotSent, PlatformSession
from sandbox.serving import serve

SECRET = "s3cret-token"


@pytest.fixture
def echo() -> Iterator[str]:
    app = Flask("echo")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> ResponseReturnValue:
        return {"path": path, "q": request.args.get("q")}, 418, {"X-Rate-Limit-Remaining": "7"}

    server = serve(app)
    yield server.url
    server.close()


@contextmanager
def listening(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that takes one connection and does with it what `talk` says."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()

        def take() -> None:
            connection, _ = door.accept()
            with connection:
                talk(connection)

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        thread.join(timeout=5)


def _silent(connection: socket.socket, until: threading.Event) -> None:
    connection.recv(65536)
    until.wait(5)


def _hang_up(connection: socket.socket) -> None:
    connection.recv(65536)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def test_a_fixed_host_is_replaced_by_the_base_url(echo: str) -> None:
    answer = PlatformSession(echo).get("https://api.twitter.com/2/users/me", params={"q": "ää?&"})
    assert answer.json() == {"path": "2/users/me", "q": "ää?&"}


@pytest.mark.parametrize("asked", ["https://graph.facebook.com:443/me", "http://someone.example/me"])
def test_with_a_base_url_nothing_goes_anywhere_else(echo: str, asked: str) -> None:
    assert PlatformSession(echo).get(asked).json()["path"] == "me"


def test_a_base_url_may_have_a_path_of_its_own(echo: str) -> None:
    assert PlatformSession(echo + "/graph/").get("https://graph.facebook.com/v24.0/me").json()["path"] == (
        "graph/v24.0/me"
    )


def test_the_last_answers_status_and_headers_are_kept(echo: str) -> None:
    session = PlatformSession(echo)
    session.get("https://api.twitter.com/2/users/me")
    assert session.last is not None
    assert (session.last.status, session.last.headers["x-rate-limit-remaining"]) == (418, "7")


def test_each_thread_sees_its_own_last_answer(echo: str) -> None:
    session = PlatformSession(echo)
    thread = threading.Thread(target=session.get, args=("https://api.twitter.com/2/users/me",))
    thread.start()
    thread.join()
    assert session.last is None


def test_a_failed_call_forgets_the_answer_before_it(echo: str) -> None:
    session = PlatformSession()
    session.get(echo + "/fine")
    with pytest.raises(NotSent):
        session.get(f"http://127.0.0.1:{free_port()}/")
    assert session.last is None


def test_a_refused_connection_was_never_sent() -> None:
    with pytest.raises(NotSent):
        PlatformSession(f"http://127.0.0.1:{free_port()}").post("https://api.twitter.com/2/tweets", json={})


def test_a_host_without_an_address_was_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_address(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    with pytest.raises(NotSent):
        PlatformSession().post("https://api.twitter.com/2/tweets", json={})


def test_no_connection_in_time_was_never_sent() -> None:
    with ExitStack() as held:
        door = held.enter_context(socket.socket())
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        for _ in range(4):  # fills the queue of the door, so that the next knock stays unanswered
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(door.getsockname())
        session = PlatformSession(f"http://127.0.0.1:{door.getsockname()[1]}", connect_timeout_s=0.2)
        with pytest.raises(NotSent):
            session.post("https://api.twitter.com/2/tweets", json={})


def test_silence_after_the_request_left_is_no_answer() -> None:
    done = threading.Event()
    with listening(lambda connection: _silent(connection, done)) as url:
        with pytest.raises(NoAnswer):
            PlatformSession(url, read_timeout_s=0.2).post("https://api.twitter.com/2/tweets", json={})
        done.set()


def test_a_dropped_connection_is_no_answer() -> None:
    with listening(_hang_up) as url, pytest.raises(NoAnswer):
        PlatformSession(url).post("https://api.twitter.com/2/tweets", json={})


def test_a_body_that_breaks_off_is_no_answer() -> None:
    def half(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n{")

    with listening(half) as url, pytest.raises(NoAnswer):
        PlatformSession(url).post("https://api.twitter.com/2/tweets", json={})


def test_an_older_failure_does_not_colour_a_newer_one() -> None:
    with listening(_hang_up) as url:
        try:
            PlatformSession(f"http://127.0.0.1:{free_port()}").get("https://api.twitter.com/")
        except NotSent:
            with pytest.raises(NoAnswer):
                PlatformSession(url).post("https://api.twitter.com/2/tweets", json={})


def test_a_library_that_passes_no_timeout_still_gets_one() -> None:
    done = threading.Event()
    with listening(lambda connection: _silent(connection, done)) as url:
        with pytest.raises(NoAnswer):
            PlatformSession(url, read_timeout_s=0.2).request("GET", "https://graph.facebook.com/", timeout=None)
        done.set()


def test_a_token_in_the_query_reaches_no_log(echo: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    PlatformSession(echo).get("https://graph.facebook.com/me", params={"access_token": SECRET})
    logging.getLogger("urllib3.connectionpool").warning("Failed to parse headers (url=%s)", f"/me?t={SECRET}")
    assert "Failed to parse headers" in caplog.text
    assert SECRET not in caplog.text


def test_a_token_in_the_query_reaches_no_traceback() -> None:
    session = PlatformSession(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(NotSent) as failed:
        session.get("https://graph.facebook.com/me", params={"access_token": SECRET})
    assert SECRET not in "".join(traceback.format_exception(failed.value))
