"""The reference judge on tiny folders made here: somebody else's classifier, and one of our own kind."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)

from classifier.judges.manifest import WEIGHTS, WeightsError
from classifier.judges.transformer import TransformerJudge
from classifier.verdict import Label

VOCABULARY = 60_000
STARS = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]
BY_STARS = dict(
    zip(STARS, [Label.NEGATIVE, Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE, Label.POSITIVE], strict=True)
)


def tiny(names: Sequence[str] = (), **changes: int) -> BertConfig:
    torch.manual_seed(1)
    sizes = {"vocab_size": VOCABULARY, "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8} | changes
    config = BertConfig(num_hidden_layers=1, **sizes)
    if names:
        config.id2label = dict(enumerate(names))
        config.label2id = {name: place for place, name in enumerate(names)}
    return config


def a_classifier(folder: Path, names: Sequence[str], bias: Sequence[float] = (), **changes: int) -> Path:
    """A random classifier; with a bias it says the same of every text."""
    model = BertForSequenceClassification(tiny(names, **changes))
    if bias:
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.copy_(torch.tensor(bias))
    model.save_pretrained(folder)
    shutil.copy(WEIGHTS / "tokenizer.json", folder)
    return folder


def test_somebody_elses_classifier_is_read_by_its_label_names(tmp_path: Path) -> None:
    a_classifier(tmp_path, ["POSITIVE", "Negative", "neutral"], [9.0, 0.0, 0.0])
    glad, empty = TransformerJudge(tmp_path).judge(["Missä tilaukseni on?", ""])
    assert glad.label == "positive"
    assert glad.arousal < 0.1
    assert empty.abstention == "nothing_to_read"


def test_several_labels_of_one_side_are_summed(tmp_path: Path) -> None:
    a_classifier(tmp_path, STARS, [2.0, 1.9, 2.2, 0.0, -1.0])
    shares = torch.tensor([2.0, 1.9, 2.2, 0.0, -1.0]).softmax(0).tolist()
    (verdict,) = TransformerJudge(tmp_path, labels=BY_STARS).judge(["Missä tilaukseni on?"])
    assert verdict.label == "negative"
    assert verdict.negative == pytest.approx(shares[0] + shares[1])
    assert verdict.neutral == pytest.approx(shares[2])
    assert verdict.positive == pytest.approx(shares[3] + shares[4])


@pytest.mark.parametrize("mapping", [None, {"negative": Label.NEGATIVE, "positive": Label.POSITIVE}])
def test_a_model_without_neutral_never_says_it(tmp_path: Path, mapping: dict[str, Label] | None) -> None:
    a_classifier(tmp_path, ["NEGATIVE", "POSITIVE"], [0.5, 0.0])
    said, empty = TransformerJudge(tmp_path, labels=mapping).judge(["Missä tilaukseni on?", ""])
    assert said.neutral == 0
    assert said.negative + said.positive == pytest.approx(1)
    assert said.label == "negative"
    assert empty.label == "neutral"


@pytest.mark.parametrize(
    ("names", "mapping", "sentence"),
    [
        (["LABEL_0", "LABEL_1"], None, r"labels LABEL_0, LABEL_1 stand for no side.*\[judge\.labels\]"),
        (STARS, {**BY_STARS, "6 stars": Label.POSITIVE}, "judge.labels names 6 stars, but the model has only 1 star"),
        (STARS, {name: BY_STARS[name] for name in STARS[1:]}, "label 1 star stands for no side"),
        (STARS, dict.fromkeys(STARS, Label.POSITIVE), "none of the model's labels .* stands for negative"),
        (["negative", "neutral"], None, "none of the model's labels .* stands for positive"),
    ],
    ids=["no names", "one too many", "one left over", "all positive", "no positive"],
)
def test_labels_that_do_not_fit_are_told_by_name(
    tmp_path: Path, names: list[str], mapping: dict[str, Label] | None, sentence: str
) -> None:
    a_classifier(tmp_path, names)
    with pytest.raises(WeightsError, match=sentence):
        TransformerJudge(tmp_path, labels=mapping)


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hei", "moi", "huono", "palvelu", "alku", "loppu", "."]


def with_words_only(folder: Path) -> Path:
    """Puts a plain list of words, as older models have it, in the place of tokenizer.json."""
    (folder / "tokenizer.json").unlink(missing_ok=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    return folder


def test_a_folder_without_tokenizer_json_is_read_by_transformers(tmp_path: Path) -> None:
    with_words_only(a_classifier(tmp_path, ["negative", "positive"]))
    one, other, same = TransformerJudge(tmp_path).judge(["hei huono", "moi palvelu .", "hei huono"])
    assert one.negative != other.negative
    assert one == same


def test_a_long_text_is_read_from_its_start_and_end_between_the_special_tokens(tmp_path: Path) -> None:
    with_words_only(a_classifier(tmp_path, ["negative", "positive"], max_position_embeddings=16))
    start, end = "alku hei palvelu . . hei hei ", "palvelu moi . moi palvelu huono loppu"
    long, kept, one_more = TransformerJudge(tmp_path).judge(
        [start + "moi . " * 100 + end, start + end, start + end + " hei"]
    )
    assert (long.truncated, kept.truncated, one_more.truncated) == (True, False, True)
    assert long.negative == kept.negative != one_more.negative


def test_the_first_places_that_roberta_leaves_unused_are_not_counted(tmp_path: Path) -> None:
    config = XLMRobertaConfig(
        vocab_size=VOCABULARY, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8,
        max_position_embeddings=20, pad_token_id=1, id2label={0: "negative", 1: "positive"},
    )  # fmt: skip
    XLMRobertaForSequenceClassification(config).save_pretrained(tmp_path)
    shutil.copy(WEIGHTS / "tokenizer.json", tmp_path)
    assert TransformerJudge(tmp_path).judge(["hyvä tuote " * 200])[0].truncated


def test_the_tokenizer_may_ask_for_less_than_the_model_reads(tmp_path: Path) -> None:
    a_classifier(tmp_path, ["negative", "positive"])
    assert not TransformerJudge(tmp_path).judge(["hyvä tuote " * 10])[0].truncated
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 8}))
    assert TransformerJudge(tmp_path).judge(["hyvä tuote " * 10])[0].truncated


def test_a_folder_without_any_tokenizer_is_told(tmp_path: Path) -> None:
    (a_classifier(tmp_path, ["negative", "positive"]) / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match=r"holds no tokenizer\. .*tokenizer\.save_pretrained"):
        TransformerJudge(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("tokenizer.json", "{}"), ("tokenizer_config.json", "{"), ("tokenizer_config.json", '{"tokenizer_class": "Own"}')],
)
def test_a_tokenizer_that_cannot_be_read_is_told(tmp_path: Path, name: str, content: str) -> None:
    a_classifier(tmp_path, ["negative", "positive"])
    if "class" in content:
        (tmp_path / "tokenizer.json").unlink()
    (tmp_path / name).write_text(content)
    with pytest.raises(WeightsError, match=r"its tokenizer cannot be read .*tokenizer\.save_pretrained"):
        TransformerJudge(tmp_path)


def test_a_tokenizer_of_another_model_is_told(tmp_path: Path) -> None:
    a_classifier(tmp_path, ["negative", "positive"], vocab_size=40)
    with pytest.raises(WeightsError, match=r"the model 40, so they do not belong together"):
        TransformerJudge(tmp_path)


def test_a_model_that_was_never_trained_for_this_is_told(tmp_path: Path) -> None:
    BertModel(tiny(["negative", "positive"])).save_pretrained(tmp_path)
    shutil.copy(WEIGHTS / "tokenizer.json", tmp_path)
    with pytest.raises(WeightsError, match=r"no trained classifier \(classifier\.bias is missing\)"):
        TransformerJudge(tmp_path)


def test_a_folder_without_weights_is_told(tmp_path: Path) -> None:
    tiny(["negative", "positive"]).save_pretrained(tmp_path)
    with pytest.raises(WeightsError, match="cannot be loaded as a sequence classification model"):
        TransformerJudge(tmp_path)


def test_a_folder_of_our_own_kind_has_arousal(tmp_path: Path) -> None:
    BertModel(tiny(), add_pooling_layer=False).save_pretrained(tmp_path)
    heads = {"sentiment.weight": torch.zeros(3, 8), "sentiment.bias": torch.tensor([5.0, 0.0, 0.0])}
    save_file(
        heads | {"arousal.weight": torch.zeros(1, 8), "arousal.bias": torch.ones(1)}, tmp_path / "heads.safetensors"
    )
    shutil.copy(WEIGHTS / "tokenizer.json", tmp_path)
    (verdict,) = TransformerJudge(tmp_path).judge(["sana " * 500])
    assert verdict.label == "negative"
    assert verdict.arousal > 0.7
    assert verdict.truncated


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"holds no config\.json"):
        TransformerJudge(tmp_path)
