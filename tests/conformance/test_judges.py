"""What every judge in JUDGES promises; the transformer judges with a tiny network made here."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings import JudgeSettings, Settings
from bot.shop_settings import ShopSettings
from bot.slack_settings import SlackSettings
from bot.wiring import build_judge
from classifier.judges import JUDGES, load_judge
from classifier.judges.manifest import WEIGHTS
from classifier.verdict import Judge

TEXTS = [
    "Missä pakettini on?",
    "",
    "Terrible service!!",
    "\ud800",
    "😍",
    "ä" * 5000,
    "Tack så mycket",
    "\x00",
    "Missä pakettini on?",
]


def a_tiny_network(folder: Path, names: Sequence[str] = ("negative", "neutral", "positive")) -> Path:
    """A random classifier in Hugging Face's form."""
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(
        vocab_size=60_000, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
    )
    config.id2label = dict(enumerate(names))
    config.label2id = {name: place for place, name in config.id2label.items()}
    BertForSequenceClassification(config).save_pretrained(folder)
    shutil.copy(WEIGHTS / "tokenizer.json", folder)
    return folder


STARS = {"1 star": "negative", "2 stars": "negative", "4 stars": "positive", "5 stars": "positive"}


@pytest.fixture(scope="module", params=[*sorted(JUDGES), "transformer by stars"])
def judge(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    name = str(request.param)
    if name != "lexicon" and not (WEIGHTS / "manifest.json").exists():
        pytest.skip("classifier/weights/manifest.json is not there: this clone has no shipped model")
    if name == "transformer":
        given_settings = JudgeSettings(name="transformer", model=a_tiny_network(tmp_path_factory.mktemp("tiny")))
    elif name == "transformer by stars":
        folder = a_tiny_network(tmp_path_factory.mktemp("stars"), list(STARS))
        given_settings = JudgeSettings.model_validate({"model": folder, "labels": STARS})
    else:
        given_settings = JudgeSettings.model_validate({"name": name})
    shop, slack = ShopSettings(name="N"), SlackSettings(alert_channel="C1", contact_channel="C2")
    return build_judge(Settings(shop=shop, slack=slack, judge=given_settings))


def test_one_verdict_a_text_in_order_and_the_input_untouched(judge: Judge) -> None:
    given_texts = list(TEXTS)
    verdicts = judge.judge(given_texts)
    assert given_texts == TEXTS
    assert len(verdicts) == len(TEXTS)
    assert verdicts[0] == verdicts[-1]
    assert judge.judge([]) == []


def test_probabilities_add_up_and_the_label_is_the_likeliest(judge: Judge) -> None:
    for verdict in judge.judge(TEXTS):
        shares = {"negative": verdict.negative, "neutral": verdict.neutral, "positive": verdict.positive}
        assert sum(shares.values()) == pytest.approx(1)
        assert shares[verdict.label.value] == max(shares.values())
        assert 0 <= verdict.arousal <= 1


def test_the_same_text_gets_the_same_verdict_whatever_stands_beside_it(judge: Judge) -> None:
    alone = [judge.judge([text])[0] for text in TEXTS]
    for one, other in zip(alone, judge.judge(list(reversed(TEXTS)))[::-1], strict=True):
        assert one.label == other.label
        assert one.negative == pytest.approx(other.negative, abs=1e-5)


def test_nothing_to_read_is_abstained_from(judge: Judge) -> None:
    for text in ("", " \n", "\u200b", "@joku https://t.co/x", "\ud800"):
        assert judge.judge([text])[0].abstained


def test_it_names_itself(judge: Judge) -> None:
    assert judge.version.strip()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None), max_size=80))
def test_no_text_makes_it_stumble(judge: Judge, text: str) -> None:
    [verdict] = judge.judge([text])
    assert verdict.language


def test_a_judge_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="onnx, transformer, lexicon"):
        load_judge("oracle")
