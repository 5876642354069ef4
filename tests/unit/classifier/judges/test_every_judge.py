"""What every judge promises, checked on those that need nothing but this repository."""

import copy

import pytest

from classifier.judges import JUDGES, load_judge
from classifier.verdict import Judge, Verdict

TOLERANCE = 1e-6  # probabilities of one text, alone and in any batch

HARD_TEXTS = [
    "",
    " \n\t",
    "\ud800 hei \udfff",
    "\u200b\u200d\ufeff",
    "a" * 100_000,
    "sana " * 20_000,
    "!" * 5_000,
    "مرحبا أين طلبي؟",
    "\u202eoikealta vasemmalle\u202c",
    "😍😍😍",
    "😡",
    "👨\u200d👩\u200d👧",
    "@joku https://example.com",
    "\x00\x01\x02",
    "Z̷̡̛a̶l̴g̵o̸ teksti",
    "日本語のテキスト",
    "Missä tilaukseni on?",
]


@pytest.fixture(scope="module", params=["onnx", "lexicon"])
def judge(request: pytest.FixtureRequest) -> Judge:
    return load_judge(str(request.param))


def test_nothing_in_nothing_out(judge: Judge) -> None:
    assert judge.judge([]) == []


def test_hard_texts_get_sane_verdicts(judge: Judge) -> None:
    verdicts = judge.judge(HARD_TEXTS)
    assert len(verdicts) == len(HARD_TEXTS)
    for verdict in verdicts:
        assert verdict.negative + verdict.neutral + verdict.positive == pytest.approx(1)
        assert 0 <= verdict.arousal <= 1
        assert getattr(verdict, verdict.label.value) == max(verdict.negative, verdict.neutral, verdict.positive)


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "@joku https://example.com", "\ud800", "...", "!!!"])
def test_a_text_with_nothing_to_read_is_abstained_from(judge: Judge, text: str) -> None:
    (verdict,) = judge.judge([text])
    assert verdict.abstained
    assert verdict.language == "und"
    assert verdict.label == "neutral"


def test_an_endless_text_is_marked_as_truncated(judge: Judge) -> None:
    endless, short = judge.judge(["hyvä tuote ja nopea toimitus " * 4_000, "hyvä tuote"])
    assert endless.truncated
    assert not short.truncated


def test_faces_alone_have_a_side(judge: Judge) -> None:
    glad, angry = judge.judge(["😍😍", "😡😡"])
    assert (glad.label, angry.label) == ("positive", "negative")


def test_a_verdict_does_not_hang_on_its_batch(judge: Judge) -> None:
    texts = ["Missä tilaukseni on?", "Tack för snabb leverans!", "sana " * 200, "😡", "", "Never again!!", "ok"]
    together, reversed_ = judge.judge(texts), judge.judge(texts[::-1])[::-1]
    alone = [judge.judge([text])[0] for text in texts]
    for one, other, third in zip(together, reversed_, alone, strict=True):
        assert numbers(one) == pytest.approx(numbers(other), abs=TOLERANCE)
        assert numbers(one) == pytest.approx(numbers(third), abs=TOLERANCE)
        assert (one.label, one.language, one.abstained) == (third.label, third.language, third.abstained)


def test_the_input_is_left_untouched(judge: Judge) -> None:
    texts = ["  Hei @joku  ", "MOI"]
    before = copy.copy(texts)
    judge.judge(texts)
    assert texts == before


def test_a_judge_names_its_version(judge: Judge) -> None:
    assert judge.version


def test_an_unknown_judge_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="choose one of onnx, transformer, lexicon"):
        load_judge("oracle")


def test_every_judge_is_named_by_module_and_class() -> None:
    assert all(path.startswith("classifier.judges.") and ":" in path for path in JUDGES.values())


def numbers(verdict: Verdict) -> tuple[float, ...]:
    return (verdict.negative, verdict.neutral, verdict.positive, verdict.arousal)
