"""The words behind a verdict: with a judge that counts words the answer is known, and the shipped one is sane."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from classifier.explain import Carrying, words_behind
from classifier.judges import load_judge
from classifier.judges.manifest import WEIGHTS
from classifier.verdict import ContactReason, Judge, Label, RiskFlag, Verdict

WEIGHTS_OF = {"törkeää": 0.4, "myöhässä": 0.2, "ei toimi": 0.3, "surkea": 0.1, "😡": 0.15, "vähän": 0.005, "ok": -0.2}


@dataclass
class CountingJudge:
    """Negative by the sum of what each known word weighs; delivery and danger by one word each. Counts its work."""

    version: str = "counting-1"
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS_OF)
    judged: int = 0

    def judge(self, texts: Sequence[str]) -> list[Verdict]:
        self.judged += len(texts)
        return [self._one(text.lower()) for text in texts]

    def _one(self, text: str) -> Verdict:
        found = sum(weight for word, weight in self.weights.items() if re.search(rf"(?<!\w){word}(?!\w)", text))
        negative = min(1.0, max(0.0, 0.05 + found))
        label = Label.NEGATIVE if negative >= 0.5 else Label.NEUTRAL
        reasons = {"delivery": 0.8 if "paketti" in text else 0.1}
        flags = {"safety": 0.9 if "räjähti" in text else 0.0}
        return Verdict("fi", label, negative, 1 - negative, 0.0, 0.0, reasons=reasons, flags=flags)


def behind(text: str, judge: Judge | None = None, **named: object) -> list[tuple[str, float]]:
    judge = judge or CountingJudge()
    found = words_behind(judge, text, judge.judge([text])[0], **named)  # type: ignore[arg-type]
    return [(one.words, round(one.fall, 3)) for one in found]


def test_the_words_that_carry_stand_in_the_order_of_the_text_with_what_they_carry() -> None:
    assert behind("Myöhässä taas, ihan törkeää!") == [("Myöhässä", 0.2), ("törkeää", 0.4)]


def test_a_negation_goes_with_what_it_negates() -> None:
    assert behind("Kassa ei toimi, törkeää") == [("ei toimi", 0.3), ("törkeää", 0.4)]
    assert behind("Paketti ei ole tullut", CountingJudge(weights={"ei ole tullut": 0.6})) == [("ei ole tullut", 0.6)]
    assert behind("Ei, toimi törkeää 😡 nyt") == [("törkeää", 0.4), ("😡", 0.15)]  # a comma parts them


def test_an_emoji_is_a_word() -> None:
    assert behind("Taas 😡 näin törkeää") == [("😡", 0.15), ("törkeää", 0.4)]
    assert behind("Taas 😡😡 näin törkeää") == [("törkeää", 0.4)]  # one of two alike carries nothing


def test_the_weightiest_are_kept_and_what_barely_carries_is_not() -> None:
    text = "Vähän surkea 😡 mutta törkeää ja myöhässä"
    assert behind(text) == [("😡", 0.15), ("törkeää", 0.4), ("myöhässä", 0.2)]
    assert behind(text, limit=1) == [("törkeää", 0.4)]
    assert [word for word, _ in behind(text, limit=9)] == ["surkea", "😡", "törkeää", "myöhässä"]


def test_what_speaks_against_the_label_is_not_behind_it() -> None:
    assert behind("Ok mutta törkeää ja myöhässä 😡") == [("törkeää", 0.4), ("myöhässä", 0.2), ("😡", 0.15)]


def test_a_reason_or_a_risk_has_words_of_its_own() -> None:
    text = "Paketti räjähti, törkeää"
    assert behind(text, for_reason=ContactReason.DELIVERY) == [("Paketti", 0.7)]
    assert behind(text, for_flag=RiskFlag.SAFETY) == [("räjähti", 0.9)]
    assert behind(text, for_reason=ContactReason.PRAISE) == []


@pytest.mark.parametrize("text", ["", "   ", "!!!", "@kauppa https://k.example", "Hei vain"])
def test_where_no_word_carries_none_is_named(text: str) -> None:
    assert behind(text) == []


def test_handles_and_links_are_never_behind_anything() -> None:
    words = [word for word, _ in behind("@kauppa törkeää myöhässä https://k.example/tila", limit=9)]
    assert words == ["törkeää", "myöhässä"]


@pytest.mark.parametrize("words", [41, 90, 400, 3000])
def test_a_long_text_costs_about_sixty_judgements_and_its_words_are_found(words: int) -> None:
    filler = ["sana" + ("." if place % 9 == 8 else "") for place in range(words - 2)]
    text = " ".join([*filler[:20], "törkeää", *filler[20:], "myöhässä"])
    judge = CountingJudge()
    verdict = judge.judge([text])[0]
    judge.judged = 0
    assert [one.words for one in words_behind(judge, text, verdict)] == ["törkeää", "myöhässä"]
    assert judge.judged <= 70


def test_the_same_text_has_the_same_words() -> None:
    judge = CountingJudge()
    text = "Surkea ja törkeää 😡"
    verdict = judge.judge([text])[0]
    assert words_behind(judge, text, verdict) == words_behind(judge, text, verdict)
    assert isinstance(words_behind(judge, text, verdict)[0], Carrying)


@pytest.mark.skipif(not (WEIGHTS / "manifest.json").exists(), reason="this clone has no shipped model")
def test_the_shipped_judge_names_the_word_a_person_would() -> None:
    assert "törkeää" in [word for word, _ in behind("Paketti ei ole tullut, ihan törkeää", load_judge("onnx"))]
