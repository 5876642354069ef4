"""The judge at work explains its own readings, and no other's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.explaining import explainer
from classifier.judges import load_judge
from responders.slack.reading import MOST_WORDS
from tests.unit.responders.slack.test_reading import a_reading

TEXT = "Todella huono palvelu, vihaan tätä kauppaa! Missä pakettini viipyy?"


@pytest.mark.parametrize("abstention", [None, "unsure"])
def test_the_words_are_those_of_the_text_that_carried_the_label(abstention: str | None) -> None:
    judge = load_judge("lexicon")
    [verdict] = judge.judge([TEXT])
    shares = {"negative": verdict.negative, "neutral": verdict.neutral, "positive": verdict.positive}
    reading = a_reading(text=TEXT, judge_version=judge.version, shares=shares, abstention=abstention)
    assert explainer(judge)(reading) == ["huono", "vihaan"]
    many = explainer(judge)(replace(reading, text=f"{TEXT} Kamala, surkea, paska, typerä, tyhmä ja ikävä paikka!"))
    assert many is not None
    assert len(many) <= MOST_WORDS


def test_of_a_reading_by_another_version_nothing_is_said() -> None:
    assert explainer(load_judge("lexicon"))(a_reading(text=TEXT, judge_version="lexicon-0")) is None
