"""What is kept of what was learnt: each part for itself, and only where it proves well on both hands."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from classifier import retraining
from classifier.judges import load_judge
from classifier.judges.manifest import WEIGHTS
from classifier.judges.onnx import OnnxJudge
from classifier.judges.reading import same_text_key
from classifier.judges.shop import ShopHeads
from classifier.lessons import Lesson
from classifier.retraining import LEAST, PARTS, Figures, Outcome, Proof, retrain
from classifier.training.annotations import Labels, OwnText, read_own_texts
from classifier.verdict import ContactReason, Label
from tests.unit.classifier.quick_network import with_quick_network

shipped = pytest.mark.skipif(not (WEIGHTS / "manifest.json").exists(), reason="this clone has no shipped model")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def outcome(after: Figures, shipped_after: Figures) -> Outcome:
    heads = ShopHeads(np.ones((20, 384), np.float32), np.ones(20, np.float32), "onnx-2", "0", "2026-11-22", 30)
    return Outcome(heads, 10, 10, Figures(0.5, 0.5, 0.5, 0.5), after, Figures(0.9, 0.9, 0.9, 0.9), shipped_after)


def test_each_part_is_kept_for_itself() -> None:
    found = outcome(after=Figures(0.8, 0.5, 0.8, 0.4), shipped_after=Figures(0.895, 0.9, 0.85, 0.99))
    assert found.parts == {
        "label": Proof.KEPT, "arousal": Proof.NO_BETTER, "reasons": Proof.LOSES, "flags": Proof.NO_BETTER
    }  # fmt: skip
    assert found.worth_keeping


@pytest.mark.parametrize(("shipped_after", "kept"), [(0.89, True), (0.8899, False)])
def test_a_point_may_be_lost_and_no_more(shipped_after: float, kept: bool) -> None:
    found = outcome(after=Figures(0.8, 0.5, 0.5, 0.5), shipped_after=Figures(shipped_after, 0.9, 0.9, 0.9))
    assert found.worth_keeping is kept


def lessons(count: int, label: Label = Label.POSITIVE) -> list[Lesson]:
    labels = Labels(label, False, frozenset({ContactReason.PRAISE}), frozenset())
    texts = [f"Roihu numero {number} rätisee ja hehkuu" for number in range(count)]
    return [Lesson(text, same_text_key(text), labels) for text in texts]


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> OnnxJudge:
    def few(language: str) -> list[OwnText]:
        return read_own_texts(language)[::20]

    with_quick_network(monkeypatch)
    monkeypatch.setattr(retraining, "read_own_texts", few)
    judge = load_judge("onnx")
    assert isinstance(judge, OnnxJudge)
    return judge


@shipped
def test_the_kept_heads_hold_nothing_of_what_did_not_prove_well(judge: OnnxJudge) -> None:
    found = retrain(judge, lessons(30), NOW)
    assert found.parts["label"] is Proof.KEPT
    for name, proof in found.parts.items():
        assert bool(found.heads.weight[PARTS[name]].any()) is (proof is Proof.KEPT)
    assert found.heads.figures["parts"] == {name: str(proof) for name, proof in found.parts.items()}
    assert (found.heads.made_for, found.heads.corrections) == (judge.version, 30)


@shipped
def test_a_shipped_text_that_people_put_right_is_not_learnt_the_old_way(
    judge: OnnxJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm = Labels(Label.NEUTRAL, False, frozenset(), frozenset())
    known = [OwnText(lesson.text.upper(), "train", calm) for lesson in lessons(5)]
    before = retrain(judge, lessons(25), NOW).replayed
    few = retraining.read_own_texts
    monkeypatch.setattr(retraining, "read_own_texts", lambda language: [*few(language), *known])
    assert retrain(judge, lessons(25), NOW).replayed == before


@shipped
def test_the_same_lessons_teach_the_same(judge: OnnxJudge) -> None:
    first, second = retrain(judge, lessons(25), NOW), retrain(judge, lessons(25), NOW)
    assert (first.heads.weight == second.heads.weight).all()
    assert first.after == second.after


@shipped
def test_too_few_lessons_are_refused(judge: OnnxJudge) -> None:
    with pytest.raises(ValueError, match="19 corrections are too few to learn from; 20 are needed"):
        retrain(judge, lessons(LEAST - 1), NOW)
