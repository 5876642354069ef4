"""One's own model: named in the settings, read by every command that judges, and told in a sentence when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from bot.cli import main
from bot.settings import SettingsProblem, read_judge_settings

SHOP = """
[shop]
name = "Nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
[replay]
path = "stream.jsonl"
"""
OWN = """
[judge]
model = "our-model"
[judge.labels]
LABEL_0 = "negative"
LABEL_1 = "positive"
"""
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hei"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with texts and a model that says LABEL_1 of everything, in which the command is run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text("text\nTodella huono ja paska palvelu\n")
    config = BertConfig(vocab_size=8, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.bias.copy_(torch.tensor([0.0, 9.0]))
    model.save_pretrained(tmp_path / "our-model")
    (tmp_path / "our-model" / "vocab.txt").write_text("\n".join(WORDS))
    return tmp_path


def judged(*words: str) -> str:
    """The label that `palovahti judge` gives the text."""
    assert main(["judge", "--input", "in.csv", "--output", "out.jsonl", *words]) == 0
    return str(json.loads(Path("out.jsonl").read_text())["label"])


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["judge", "--input", "in.csv", "--output", "out.jsonl", *words]) == 1
    assert not Path("out.jsonl").exists()
    return capsys.readouterr().err


def test_files_are_judged_by_the_model_of_the_settings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "palovahti.toml").write_text(SHOP + OWN)
    capsys.readouterr()
    assert judged() == "positive"
    assert capsys.readouterr() == ("", "")
    assert judged("--judge", "transformer") == "positive"
    assert judged("--judge", "lexicon") == "negative"


def test_settings_elsewhere_are_named_and_need_hold_no_more_than_the_judge(folder: Path) -> None:
    (folder / "own.toml").write_text(OWN)
    assert judged("--settings", "own.toml") == "positive"


def test_settings_that_name_the_word_lists_are_followed(folder: Path) -> None:
    (folder / "palovahti.toml").write_text('[judge]\nname = "lexicon"\n')
    assert judged() == "negative"


def test_settings_that_were_named_must_be_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no such file" in refused(capsys, "--settings", "none.toml")


def test_the_transformer_needs_a_model(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "palovahti.toml").write_text(SHOP)
    assert "judge.model is missing" in refused(capsys, "--judge", "transformer")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('[judge]\nmodel = "our-model"\n', "labels LABEL_0, LABEL_1 stand for no side"),
        (OWN.replace('LABEL_1 = "positive"', 'LABEL_1 = "glad"'), 'judge.labels.LABEL_1 = "glad" must be one of '),
        (OWN.replace("our-model", "none"), "none holds no config.json"),
        ('[judge]\nname = "onnx"\nmodel = "our-model"\n', "judge has model, which only the transformer judge reads"),
        ('[judge]\nname = "lexicon"\n[judge.labels]\na = "negative"\n', "judge has labels, which only the transformer"),
    ],
    ids=["no mapping", "no such side", "no such folder", "another judge", "labels of none"],
)
def test_a_model_that_cannot_judge_is_told(
    folder: Path, settings: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "palovahti.toml").write_text(settings)
    capsys.readouterr()
    told = refused(capsys)
    assert sentence in told
    assert "Traceback" not in told


def test_a_wrong_key_is_told_with_what_it_is_for(tmp_path: Path) -> None:
    (tmp_path / "palovahti.toml").write_text("[judge]\nthreads = 0\n")
    with pytest.raises(SettingsProblem, match=r"judge\.threads = 0 must be at least 1\. It is: Processor threads"):
        read_judge_settings(tmp_path / "palovahti.toml")
