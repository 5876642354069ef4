"""What is fitted on validation texts: sure models are cooled, patterns weighed, thresholds put where F1 is best."""

import random

import numpy as np
import pytest

from classifier.judges.calibration import AROUSAL, LOGITS, REASONS, verdict_of
from classifier.training.calibrate import Answers, best_factor, fit, fit_line
from classifier.training.measure import Counts, calibration_error, count, total
from classifier.training.sureness import Measured
from classifier.verdict import ContactReason, RiskFlag

RNG = random.Random(4)


def texts_of(language: str, patterns_know: bool) -> list[Measured]:
    """Texts of which the network knows seven in ten, far too surely; the patterns know nine in ten, or nothing."""
    found = []
    for _ in range(400):
        truth = RNG.randrange(3)
        guess = truth if RNG.random() < 0.7 else RNG.randrange(3)
        logits = [0.0] * LOGITS
        logits[guess] = 8.0
        said = truth if patterns_know and RNG.random() < 0.9 else RNG.randrange(3)
        delivery = RNG.random() < 0.3
        logits[REASONS.start] = (1.0 if delivery else -1.0) + RNG.gauss(0, 0.5) - 2.0
        angry = RNG.random() < 0.5
        logits[AROUSAL] = 3.0 if angry else -3.0
        patterns = [4.0 if side == said else 0.0 for side in range(3)] + [0.0] * (LOGITS - 3)
        reasons = frozenset({ContactReason.DELIVERY} if delivery else ())
        found.append(
            Measured(
                language,
                tuple(logits),
                tuple(patterns),
                truth,
                False,
                1.0,
                float(angry),
                reasons,
                frozenset[RiskFlag](),
            )
        )
    return found


@pytest.fixture(scope="module")
def measured() -> list[Measured]:
    return texts_of("fi", True) + texts_of("sv", False) + texts_of("en", False)


def test_probabilities_mean_what_they_say_afterwards(measured: list[Measured]) -> None:
    fitted = fit(measured)
    said = []
    for one in measured:
        if one.language == "sv":
            verdict = verdict_of(one.logits, "sv", fitted, readable=True, truncated=False)
            said.append((max(verdict.negative, verdict.neutral, verdict.positive), one.logits[one.truth or 0] > 1.0))
    assert calibration_error(said) < 0.05
    assert fitted.temperature["sv"] > 2


def test_patterns_count_only_where_they_know_something(measured: list[Measured]) -> None:
    patterns = fit(measured).patterns
    assert patterns["fi"] > 0.5
    assert patterns["sv"] <= 0.1
    assert patterns["other"] == 0


def test_patterns_help_with_reasons_the_network_does_not_hear() -> None:
    heard = np.array([RNG.random() < 0.5 for _ in range(300)])
    deaf = Answers(np.array([RNG.gauss(0, 1) for _ in heard]), np.where(heard, 2.0, -2.0), heard)
    assert best_factor([deaf]) > 0.5
    idle = Answers(np.where(heard, 2.0, -2.0), np.array([RNG.gauss(0, 1) for _ in heard]), heard)
    assert best_factor([idle]) <= 0.1


def test_one_half_is_where_a_reason_is_told_best(measured: list[Measured]) -> None:
    fitted = fit(measured)
    said = [
        verdict_of(one.logits, "en", fitted, readable=True, truncated=False).reasons["delivery"] >= 0.5
        for one in measured
    ]
    truth = [ContactReason.DELIVERY in (one.reasons or ()) for one in measured]
    assert count(truth, said).f1 > 0.9


def test_with_too_few_texts_a_threshold_stays_where_training_put_it() -> None:
    assert fit_line(np.array([-2.0] * 3 + [-4.0] * 50), np.array([True] * 3 + [False] * 50)) == (1.0, 0.0)


def test_counts_add_up_to_a_micro_f1() -> None:
    first = count([True, True, False], [True, False, True])
    assert first == Counts(1, 1, 1)
    assert first.f1 == 0.5
    assert total([first, Counts(2, 0, 0)]).f1 == 0.75
    assert Counts(0, 3, 0).recall != Counts(0, 3, 0).recall  # nothing to find: not a number


def test_calibration_error_is_the_distance_of_sureness_and_success() -> None:
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.95, False)] * 10) == pytest.approx(0.95)
