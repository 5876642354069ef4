"""The Graph client: facebook-sdk's traps put right, and every error read by its number."""

from __future__ import annotations

import json
import logging
import socket
import traceback
from collections.abc import Iterator
from datetime import date
from typing import Any

import facebook
import pytest
from flask import request
from hypothesis import given
from hypothesis import strategies as st

from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater
from models.graph import VERSIONS, GraphClient, Usage, check_version, usage_of, version_warning
from models.graph_errors import graph_error
from sandbox.faults import Fault
from tests.unit.sandbox.graph_setup import AINO, PAGE_ID, TOKEN, PageOnLoopback, page_on_loopback


@pytest.fixture
def at() -> Iterator[PageOnLoopback]:
    with page_on_loopback() as here:
        yield here


def read(client: GraphClient) -> dict[str, Any]:
    return client.get("me", needs="pages_read_engagement", fields="id")


def write(client: GraphClient, post: str) -> dict[str, Any]:
    return client.post(f"{post}/comments", needs="pages_manage_engagement", message="Hei!")


# versions


@pytest.mark.parametrize("version", ["v24.0", "v25.0", "v26.0"])
def test_facebook_sdk_really_talks_this_version(at: PageOnLoopback, version: str) -> None:
    post = at.page.add_visitor_post("Moi", *AINO)
    client = at.client(version=version)
    assert read(client) == {"id": PAGE_ID}
    assert write(client, post)["id"] == at.page.comments_of(post)[0]["id"]


def test_the_sdk_itself_still_refuses_these_versions_and_so_needs_us() -> None:
    with pytest.raises(facebook.GraphAPIError):
        facebook.GraphAPI("token", version="26.0")


@pytest.mark.parametrize("version", ["v23.0", "26.0", "v27.0", "", "latest"])
def test_another_version_is_a_sentence_that_names_the_setting(version: str) -> None:
    with pytest.raises(ValueError, match=r"facebook\.graph_version is .*: set it to one of v24\.0, v25\.0, v26\.0"):
        check_version(version)


def test_a_version_near_its_end_is_warned_of_from_90_days_on() -> None:
    last_day = VERSIONS["v24.0"]
    assert last_day == date(2028, 2, 18)
    assert version_warning("v24.0", date(2027, 11, 19)) is None
    assert "ends in 90 days, on 2028-02-18" in (version_warning("v24.0", date(2027, 11, 20)) or "")
    assert "ended on 2028-02-18" in (version_warning("v24.0", date(2028, 3, 1)) or "")
    assert version_warning("v26.0", date(2030, 1, 1)) is None


# the token, the proof, the headers


class Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


def test_the_token_is_in_no_url_no_log_line_and_no_traceback(at: PageOnLoopback) -> None:
    asked: list[str] = []
    at.page.app.before_request(lambda: asked.append(_request_line()))
    everything = Everything()
    root = logging.getLogger()
    level = root.level
    root.addHandler(everything)
    root.setLevel(logging.DEBUG)
    try:
        post = at.page.add_visitor_post("Moi", *AINO)
        client = at.client(app_secret="nuotio")
        read(client)
        write(client, post)
        at.page.faults.add(Fault("expired_token"))
        told = _traceback(lambda: read(client))
        told += _traceback(lambda: read(at.client(base_url="http://127.0.0.1:1")))
    finally:
        root.removeHandler(everything)
        root.setLevel(level)
    assert len(asked) == 3
    for place in (*asked, *everything.said, told):
        assert TOKEN not in place
        assert "nuotio" not in place.replace("Nuotiopuoti", "")


def _request_line() -> str:
    return f"{request.url} {request.get_data(as_text=True)}"


def _traceback(call: Any) -> str:
    try:
        call()
    except PlatformError as error:
        return "".join(traceback.format_exception(error))
    raise AssertionError("nothing was raised")


def test_an_app_secret_proves_every_call() -> None:
    with page_on_loopback(app_secret="nuotio") as at:
        post = at.page.add_visitor_post("Moi", *AINO)
        client = at.client(app_secret="nuotio")
        assert read(client)
        assert write(client, post)
        with pytest.raises(Refused, match="PALOVAHTI_FACEBOOK_APP_SECRET"):
            read(at.client())


def test_usage_is_kept_from_the_headers_that_the_sdk_drops(at: PageOnLoopback) -> None:
    client = at.client()
    at.page.usage_percent, at.page.regain_minutes = 83, 7
    read(client)
    assert client.usage == Usage(83.0, 420.0)


@pytest.mark.parametrize(
    ("headers", "usage"),
    [
        ({}, Usage()),
        ({"X-App-Usage": "<html>"}, Usage()),
        ({"X-App-Usage": "[1]", "X-Business-Use-Case-Usage": "7"}, Usage()),
        ({"X-App-Usage": '{"call_count": 3, "total_time": 91.5, "total_cputime": "x"}'}, Usage(91.5)),
        ({"X-Business-Use-Case-Usage": '{"1": [{"total_time": 4}], "2": [{"call_count": 55}], "3": 1}'}, Usage(55)),
    ],
)
def test_the_fullest_allowance_counts_and_unreadable_ones_do_not(headers: dict[str, str], usage: Usage) -> None:
    assert usage_of(headers) == usage


@given(st.dictionaries(st.sampled_from(["X-App-Usage", "X-Business-Use-Case-Usage"]), st.text()))
def test_no_header_breaks_the_reading_of_usage(headers: dict[str, str]) -> None:
    assert usage_of(headers).percent >= 0


# errors

NUMBERS = [
    ({"code": 190, "error_subcode": 463}, SignInAgain, "token_expired"),
    ({"code": 102}, SignInAgain, "token_expired"),
    ({"code": 10}, SignInAgain, "missing_permission"),
    ({"code": 200}, SignInAgain, "missing_permission"),
    ({"code": 230}, SignInAgain, "missing_permission"),
    ({"code": 3}, SignInAgain, "missing_permission"),
    ({"code": 10, "error_subcode": 2018278}, Refused, "window_closed"),
    ({"code": 10, "error_subcode": 2018065}, Refused, "window_closed"),
    ({"code": 10, "error_subcode": 1893063}, Refused, "page_restricted"),
    ({"code": 10, "error_subcode": 2018108}, Refused, "person_unreachable"),
    ({"code": 200, "error_subcode": 1545041}, Refused, "person_unreachable"),
    ({"code": 551}, Refused, "person_unreachable"),
    ({"code": 100, "error_subcode": 2018001}, Refused, "person_unreachable"),
    ({"code": 4, "is_transient": True}, TryLater, "throttled"),
    ({"code": 17}, TryLater, "throttled"),
    ({"code": 32}, TryLater, "throttled"),
    ({"code": 613}, TryLater, "throttled"),
    ({"code": 80001}, TryLater, "throttled"),
    ({"code": 80006}, TryLater, "throttled"),
    ({"code": 2635}, Refused, "dead_version"),
    ({"code": 368}, Refused, "blocked_by_policy"),
    ({"code": 100}, Refused, "bad_parameter"),
    ({"code": 100, "error_subcode": 33}, Refused, "gone"),
    ({"code": 803}, Refused, "gone"),
    ({"code": 2500}, Refused, "graph_2500"),
    ({"code": "190"}, Refused, "graph_0"),
]


@pytest.mark.parametrize("writing", [False, True])
@pytest.mark.parametrize(("error", "kind", "code"), NUMBERS)
def test_an_error_is_known_by_its_number_whatever_its_words(
    error: dict[str, Any], kind: type[PlatformError], code: str, writing: bool
) -> None:
    for message in ("(#190) expired access token", "Käyttöoikeus puuttuu", "retry"):
        found = graph_error(
            {"error": error | {"message": message}}, status=400, needs="pages_messaging", writing=writing, regain_s=60.0
        )
        assert (type(found), found.code) == (kind, code)
    if isinstance(found, TryLater):
        assert found.retry_after_s == 60.0
    if code == "missing_permission":
        assert "pages_messaging" in found.advice
    if code == "dead_version":
        assert "facebook.graph_version" in found.advice


@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"code": 1}},
        {"error": {"code": 2}},
        {"error": {"code": 1200}},
        {"error": {"code": 9999, "is_transient": True}},
        {"error": "down"},
        "not even an object",
        None,
    ],
)
def test_trouble_over_there_is_try_later_for_a_read_and_unknown_for_a_write(answer: object) -> None:
    def found(writing: bool) -> type[PlatformError]:
        return type(graph_error(answer, status=500, needs="pages_messaging", writing=writing))

    assert (found(False), found(True)) == (TryLater, OutcomeUnknown)


UNUSABLE = [
    Fault("status", status=502, body="<html>Bad Gateway</html>", headers={"Content-Type": "text/html"}),
    Fault("status", status=500, body='{"error": {"code": 2}}', headers={"Content-Type": "application/json"}),
    Fault("status", status=503, body=""),
    Fault("status", status=200, body="<html>Sorry</html>", headers={"Content-Type": "text/html"}),
    Fault("status", status=200, body='{"id": "1', headers={"Content-Type": "application/json"}),
    Fault("status", status=200, body="[1, 2]", headers={"Content-Type": "application/json"}),
    Fault("hang_before", delay_s=0.6),
]


@pytest.mark.parametrize("fault", UNUSABLE)
def test_an_unusable_answer_is_try_later_for_a_read_and_unknown_for_a_write(at: PageOnLoopback, fault: Fault) -> None:
    post = at.page.add_visitor_post("Moi", *AINO)
    client = at.client(read_timeout_s=0.3)
    at.page.faults.add(fault)
    with pytest.raises(TryLater):
        read(client)
    at.page.faults.add(fault)
    with pytest.raises(OutcomeUnknown):
        write(client, post)
    assert read(client)["id"] == PAGE_ID


def test_a_refused_connection_is_try_later_even_for_a_write() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound but not listening: refused, and nobody else can take it
        client = GraphClient(TOKEN, base_url=f"http://127.0.0.1:{held.getsockname()[1]}")
        for call in (lambda: read(client), lambda: write(client, "1_2")):
            with pytest.raises(TryLater) as caught:
                call()
            assert caught.value.code == "unreachable"


def test_a_throttled_call_waits_for_as_long_as_facebook_says(at: PageOnLoopback) -> None:
    business = json.dumps({PAGE_ID: [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 12}]})
    at.page.faults.add(
        Fault(
            "status",
            status=403,
            body='{"error": {"code": 80001, "message": "", "type": "OAuthException"}}',
            headers={"Content-Type": "application/json", "X-Business-Use-Case-Usage": business},
        )
    )
    with pytest.raises(TryLater) as caught:
        read(at.client())
    assert caught.value.retry_after_s == 720
