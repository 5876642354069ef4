"""Letter patterns: each language has its own, a pattern stays within a word, and the file holds what was learnt."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.judges.calibration import LOGITS
from classifier.judges.ngrams import BUCKETS, LENGTHS, Ngrams, count_patterns, weigh
from classifier.judges.reading import prepare


def spelt_out(text: str) -> int:
    """How many patterns stand in a text, counted the slow way."""
    words = [f" {word} " for word in text.lower().split()]
    return len([word[i : i + n] for word in words for n in LENGTHS for i in range(len(word) - n + 1)])


@given(st.text(alphabet="aäbkpt öåå.!", min_size=0, max_size=60))
def test_every_pattern_within_a_word_is_counted(text: str) -> None:
    buckets, counts = count_patterns(text, "fi")
    assert counts.sum() == spelt_out(text)
    assert len(set(buckets.tolist())) == len(buckets)


@given(st.text(max_size=300))
def test_any_text_can_be_counted(text: str) -> None:
    buckets, counts = count_patterns(prepare(text)[0], "sv")
    assert ((buckets >= 0) & (buckets < BUCKETS)).all()
    assert len(buckets) == len(counts)


def test_languages_share_no_patterns_and_case_does_not_matter() -> None:
    finnish, swedish = (set(count_patterns("paketti tuli", one)[0].tolist()) for one in ("fi", "sv"))
    assert len(finnish & swedish) <= 1
    assert finnish == set(count_patterns("PAKETTI Tuli", "fi")[0].tolist())


def test_what_was_learnt_is_what_is_read_back(tmp_path: Path) -> None:
    weights = np.zeros((BUCKETS, LOGITS), np.int8)
    rarity = np.zeros(BUCKETS, np.uint8)
    buckets, counts = count_patterns("törkeää", "fi")
    weights[buckets, 0], rarity[buckets] = 100, 32
    bias = np.zeros((3, LOGITS), np.float32)
    bias[:, 1] = 0.5
    Ngrams(weights, np.full(LOGITS, 0.01, np.float32), rarity, bias).save(tmp_path)
    read = Ngrams.load(tmp_path)
    known = read.scores("törkeää", "fi")
    assert known[:3] == pytest.approx([float(weigh(counts, rarity[buckets]).sum()), 0.5, 0.0])
    assert read.scores("hienoa", "fi")[:3] == pytest.approx([0.0, 0.5, 0.0])
    assert read.scores("törkeää", "de").tolist() == [0.0] * LOGITS
    assert (tmp_path / "ngrams.npz").stat().st_size < 100_000
