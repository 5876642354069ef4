"""Slack takes Home, every answer of the command and the windows of taking in, whatever people wrote into them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from responders.slack.catalogue import LANGUAGES
from sandbox.slack_blocks import blocks_too_long, message_problems, view_problems
from tests.unit.responders.slack.everything import HOSTILE
from tests.unit.responders.slack.everywhere import answers, forms, homes
from tests.unit.responders.slack.limits import assert_slack_takes, assert_slack_takes_view

PAIRS = list(pairwise((*HOSTILE, HOSTILE[0])))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", PAIRS)
def test_the_librarys_models_and_the_limits_take_everything(language: str, words: tuple[str, str]) -> None:
    for name, blocks in answers(*words, language):
        try:
            assert_slack_takes(list(blocks))
            assert message_problems(blocks) == []
            assert not blocks_too_long(blocks)
        except AssertionError as error:
            raise AssertionError(name) from error
    for name, view in forms(*words, language):
        try:
            assert_slack_takes_view(view)
            assert view_problems(view) == []
        except AssertionError as error:
            raise AssertionError(name) from error
    for name, view in homes(*words, language):
        assert view_problems(view, "home") == [], name
        assert len(view["blocks"]) <= 100, name
