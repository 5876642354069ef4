"""The stand-in refuses what is over Slack's rates, says for how long, and counts it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.slack_rates import Rates
from sandbox.store import Store


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_channel_takes_a_short_burst_and_then_one_post_a_second() -> None:
    clock = Clock()
    rates = Rates(clock)
    post = {"channel": "C1"}
    assert [rates.wait_s("chat.postMessage", post) for _ in range(4)] == [0, 0, 0, 1]
    assert rates.wait_s("chat.postMessage", {"channel": "C2"}) == 0
    clock.now = 1.0
    assert [rates.wait_s("chat.postMessage", post) for _ in range(2)] == [0, 1]
    assert (rates.made["chat.postMessage"], rates.broken["chat.postMessage"]) == (5, 2)


@pytest.mark.parametrize(("method", "most"), [("chat.update", 50), ("conversations.list", 20), ("views.open", 100)])
def test_other_methods_have_so_many_calls_in_any_minute(method: str, most: int) -> None:
    clock = Clock()
    rates = Rates(clock)
    for number in range(most):
        clock.now = number / 10
        assert rates.wait_s(method, {}) == 0
    wait = rates.wait_s(method, {})
    assert 0 < wait <= 60
    clock.now += wait
    assert rates.wait_s(method, {}) == 0


def test_slacks_client_sees_429_with_retry_after() -> None:
    store = Store()
    slack = SlackSandbox(store, lambda: datetime.now(UTC), "xoxb-test", "secret", rates=Rates(Clock()))
    server = serve(slack.app)
    client = WebClient("xoxb-test", base_url=f"{server.url}/api/", retry_handlers=[])
    for number in range(3):
        client.chat_postMessage(channel="C0PALOVAHTI", text=str(number))
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C0PALOVAHTI", text="4")
    server.close()
    store.close()
    assert refused.value.response["error"] == "ratelimited"
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "1")
