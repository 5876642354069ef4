"""A verdict is a value: frozen, equal by content, with empty reasons and flags unless given."""

import dataclasses

import pytest

from classifier.verdict import Label, Verdict


def test_a_verdict_needs_no_reasons_or_flags() -> None:
    verdict = Verdict("fi", Label.NEUTRAL, 0.1, 0.8, 0.1, 0.0)
    assert (dict(verdict.reasons), dict(verdict.flags)) == ({}, {})
    assert not verdict.abstained
    assert not verdict.truncated


def test_a_verdict_cannot_be_changed() -> None:
    verdict = Verdict("fi", Label.NEUTRAL, 0.1, 0.8, 0.1, 0.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        verdict.label = Label.POSITIVE  # type: ignore[misc]
    with pytest.raises(TypeError):
        verdict.reasons["delivery"] = 1.0  # type: ignore[index]


def test_labels_are_the_words_written_out() -> None:
    assert [str(label) for label in Label] == ["negative", "neutral", "positive"]
