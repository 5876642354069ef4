"""How sure the judge is of a side: as often right as it says, whatever training weighed, and no label changes."""

from dataclasses import replace

import numpy as np
import pytest

from classifier.judges.calibration import LOGITS, OTHER, STRAIGHT, Calibration, shares_of
from classifier.training.measure import calibration_error
from classifier.training.sureness import LARGEST_ABSTENTION, Measured, abstention, fit_curve, fit_sureness
from classifier.verdict import ContactReason

UNFITTED = Calibration(patterns=dict.fromkeys(("fi", "sv", "en", OTHER), 0.0))


def posts(language: str, count: int = 1200, sureness: float = 1.0, noise: float = 0.0, seed: int = 3) -> list[Measured]:
    """Posts whose side follows their logits, told `sureness` times too surely; of `noise` of them the label is chance.

    A temperature mends the first, and only a curve the second: sure labels are not as sure as they look.
    """
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        true = random.normal(0, 2, 3)
        shares = np.exp(true) / np.exp(true).sum()
        truth = int(random.integers(3)) if random.random() < noise else int(random.choice(3, p=shares))
        logits = (*(true * sureness).tolist(), *[0.0] * (LOGITS - 3))
        found.append(Measured(language, logits, (0.0,) * LOGITS, truth, False))
    return found


def everywhere(posts: list[Measured]) -> list[Measured]:
    return [replace(one, language=language) for language in ("fi", "sv", "en") for one in posts]


def error(posts: list[Measured], fitted: Calibration) -> float:
    said = []
    for one in posts:
        shares = shares_of(one.logits, one.language, fitted)
        said.append((max(shares), shares.index(max(shares)) == one.truth))
    return calibration_error(said)


@pytest.mark.parametrize(("sureness", "noise"), [(1.0, 0.0), (3.0, 0.0), (0.5, 0.0), (1.0, 0.3), (2.0, 0.4)])
def test_labels_are_right_as_often_as_is_said_of_them(sureness: float, noise: float) -> None:
    fitted = fit_sureness(everywhere(posts("fi", 1200, sureness, noise)), UNFITTED)
    assert error(posts("fi", 6000, sureness, noise, seed=9), fitted) < 0.03


def test_the_weights_of_training_do_not_count() -> None:
    """What training repeats is not what people post oftener."""
    plain = everywhere(posts("fi"))
    wrong = [replace(one, weight=5.0) if max(one.logits[:3]) != one.logits[one.truth or 0] else one for one in plain]
    assert fit_sureness(wrong, UNFITTED) == fit_sureness(plain, UNFITTED)


def test_texts_that_were_picked_to_be_read_do_not_make_the_judge_surer() -> None:
    strangers = everywhere(posts("fi", noise=0.3))
    easy = [
        replace(one, truth=int(np.argmax(one.logits[:3])), reasons=frozenset[ContactReason]())
        for one in everywhere(posts("fi", seed=4))
    ]
    with_easy, without = fit_sureness(strangers + easy, UNFITTED), fit_sureness(strangers, UNFITTED)
    assert (with_easy.temperature, with_easy.sureness) == (without.temperature, without.sureness)


def test_everything_else_of_the_calibration_stays() -> None:
    before = replace(UNFITTED, reasons={"delivery": (2.0, 1.0)}, arousal_bias=0.4, flag_patterns=2.5)
    after = fit_sureness(everywhere(posts("fi")), before)
    kept = replace(after, temperature=before.temperature, sureness=before.sureness, abstain_below=before.abstain_below)
    assert kept == before


def test_another_language_is_told_as_carefully_as_the_hardest() -> None:
    texts = everywhere(posts("fi")) + [replace(one, language="sv") for one in posts("sv", sureness=4.0)]
    fitted = fit_sureness(texts, UNFITTED)
    assert fitted.temperature[OTHER] == fitted.temperature["sv"] > fitted.temperature["fi"]
    assert fitted.sureness[OTHER] == STRAIGHT


def test_a_handful_of_texts_that_are_all_right_makes_nobody_certain() -> None:
    shares = np.array([[0.9, 0.05, 0.05], [0.8, 0.1, 0.1], [0.6, 0.2, 0.2]])
    fitted = Calibration(sureness={OTHER: fit_curve(shares, np.array([0, 0, 0]))})
    assert 0.9 < max(shares_of(np.log(shares[0]).tolist(), "fi", fitted)) < 0.9999


def test_a_curve_never_falls() -> None:
    """Even where the surest labels of a set are the wrong ones."""
    best = np.linspace(0.4, 0.99, 300)
    shares = np.column_stack([best, (1 - best) / 2, (1 - best) / 2])
    of_best, of_rest, _ = fit_curve(shares, (best > 0.8).astype(int))
    assert of_best >= 0
    assert of_rest >= 0


def test_at_most_one_text_in_ten_is_abstained_from() -> None:
    random = np.random.default_rng(1)
    best = random.uniform(0.34, 1, 2000)
    shares = np.column_stack([best, (1 - best) / 2, (1 - best) / 2])
    threshold = abstention(shares, random.integers(0, 3, 2000))
    assert threshold > 0.34
    assert (best < threshold).mean() <= LARGEST_ABSTENTION
