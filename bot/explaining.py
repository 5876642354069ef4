"""Lets the judge at work say which words carried a reading of its own."""

from __future__ import annotations

from classifier.explain import words_behind
from classifier.verdict import Abstention, Judge, Label, Verdict
from responders.correcting import Explain
from responders.slack.actions import Reading
from responders.slack.reading import MOST_WORDS


def explainer(judge: Judge) -> Explain:
    """Asks `judge` about its own readings; of another's, also of an earlier version's, it knows nothing."""

    def explain(reading: Reading) -> list[str] | None:
        if reading.judge_version != judge.version:
            return None
        return [one.words for one in words_behind(judge, reading.text, _verdict(reading), MOST_WORDS)]

    return explain


def _verdict(reading: Reading) -> Verdict:
    return Verdict(
        language=reading.language,
        label=Label(reading.label),
        negative=reading.shares[Label.NEGATIVE],
        neutral=reading.shares[Label.NEUTRAL],
        positive=reading.shares[Label.POSITIVE],
        arousal=reading.arousal,
        abstention=Abstention(reading.abstention) if reading.abstention else None,
        truncated=reading.truncated,
        reasons=reading.reasons,
        flags=reading.flags,
    )
