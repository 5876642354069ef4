"""Slack takes every message and every window of ours, whatever people wrote into them: three checks and an emulator.

The library's own models with the limits they leave out (`limits`), a schema made from Slack's published types, and the
npm emulator; the last two need node and npm, and are skipped without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient

from responders.slack.catalogue import LANGUAGES
from sandbox.slack_blocks import blocks_too_long, message_problems, view_problems
from tests.unit.responders.slack.everything import HOSTILE, messages, windows
from tests.unit.responders.slack.limits import assert_slack_takes, assert_slack_takes_view
from tests.unit.responders.slack.schema import Schema, schema_checker
from tests.unit.responders.slack.test_escaping import ODD
from tests.unit.sandbox.slack_emulator import running_emulator

PAIRS = list(pairwise((*HOSTILE, HOSTILE[0])))


@pytest.fixture(scope="module")
def schema() -> Iterator[Schema]:
    with schema_checker() as checker:
        yield checker


@pytest.fixture(scope="module")
def emulator() -> Iterator[WebClient]:
    with running_emulator() as client:
        yield client


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", PAIRS)
def test_the_librarys_models_and_the_limits_take_everything(language: str, words: tuple[str, str]) -> None:
    every = 1 if words == PAIRS[0] else 29 if any(len(one) > 1000 for one in words) else 5  # drawing takes a while
    for name, blocks in messages(*words, language, every=every):
        try:
            assert_slack_takes(blocks)
            assert message_problems(blocks) == []
            assert not blocks_too_long(blocks)
        except AssertionError as error:
            raise AssertionError(name) from error
    for name, view in windows(*words, language):
        try:
            assert_slack_takes_view(view)
            assert view_problems(view) == []
        except AssertionError as error:
            raise AssertionError(name) from error


@settings(max_examples=8, deadline=None)
@given(
    a=ODD,
    b=ODD,
    size=st.integers(min_value=1, max_value=500),
    many=st.integers(min_value=1, max_value=300),
    language=st.sampled_from(LANGUAGES),
)
def test_they_take_whatever_anybody_writes(a: str, b: str, size: int, many: int, language: str) -> None:
    for _, blocks in messages(a * size, b * size, language, many=many, every=37):
        assert_slack_takes(blocks)
    for _, view in windows(a * size, (b * size)[:3000], language, many=many):
        assert_slack_takes_view(view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_schema_of_slacks_own_types_takes_everything(language: str, schema: Schema) -> None:
    for words in (PAIRS[0], PAIRS[3], PAIRS[5]):
        assert schema.problems_of_messages(dict(messages(*words, language))) == {}
        assert schema.problems_of_windows(dict(windows(*words, language))) == {}


def test_the_schema_knows_what_is_wrong(schema: Schema) -> None:
    plain = {"type": "plain_text", "text": "Hei"}
    wrong = {
        "unknown block": [{"type": "headline", "text": plain}],
        "unknown key": [{"type": "divider", "colour": "red"}],
        "mrkdwn in a header": [{"type": "header", "text": {"type": "mrkdwn", "text": "Hei"}}],
        "bad style": [
            {"type": "actions", "elements": [{"type": "button", "text": plain, "action_id": "a", "style": "big"}]}
        ],
    }
    assert schema.problems_of_messages(wrong).keys() == wrong.keys()
    assert schema.problems_of_messages({"fine": [{"type": "header", "text": plain}]}) == {}
    assert schema.problems_of_windows({"no title": {"type": "modal", "blocks": []}}).keys() == {"no title"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_emulator_takes_every_message_and_window(language: str, emulator: WebClient) -> None:
    channel = next(one["id"] for one in emulator.conversations_list()["channels"] if one["name"] == "palovahti")
    user = str(emulator.auth_test()["user_id"])
    for name, blocks in messages(*PAIRS[3], language, many=9):
        posted = emulator.chat_postMessage(channel=channel, text=name, blocks=list(blocks))
        assert len(posted["message"]["blocks"]) == len(blocks)
    for name, view in windows(*PAIRS[3], language, many=9):
        trigger = emulator.api_call("views.generateTriggerId", json={"user": user, "user_id": user})
        opened = emulator.views_open(trigger_id=str(trigger["trigger_id"]), view=view)
        assert opened["view"]["callback_id"] == view["callback_id"], name
