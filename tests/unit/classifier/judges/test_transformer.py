"""The reference judge on tiny folders made here: somebody else's classifier, and one of our own kind."""

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification, BertModel

from classifier.judges.manifest import WEIGHTS, WeightsError
from classifier.judges.transformer import TransformerJudge

VOCABULARY = 60_000


def tiny(names: dict[int, str] | None = None) -> BertConfig:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=VOCABULARY, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
    )
    if names:
        config.id2label, config.label2id = names, {name: place for place, name in names.items()}
    return config


def test_somebody_elses_classifier_is_read_by_its_label_names(tmp_path: Path) -> None:
    names = {0: "POSITIVE", 1: "Negative", 2: "neutral"}
    model = BertForSequenceClassification(tiny(names))
    with torch.no_grad():
        model.classifier.bias.copy_(torch.tensor([9.0, 0.0, 0.0]))
    model.save_pretrained(tmp_path)
    shutil.copy(WEIGHTS / "tokenizer.json", tmp_path)
    glad, empty = TransformerJudge(tmp_path).judge(["Missä tilaukseni on?", ""])
    assert glad.label == "positive"
    assert glad.arousal < 0.1
    assert empty.abstained


def test_a_classifier_without_our_sides_is_refused(tmp_path: Path) -> None:
    BertForSequenceClassification(tiny()).save_pretrained(tmp_path)
    shutil.copy(WEIGHTS / "tokenizer.json", tmp_path)
    with pytest.raises(WeightsError, match="has no label called negative"):
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
