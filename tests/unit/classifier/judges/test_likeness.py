"""Where the shipped judge places texts: by what they say, in whichever language, and by the customer's own words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier.judges import load_judge
from classifier.judges.likeness import SIZE, Likeness
from classifier.judges.manifest import WEIGHTS
from classifier.verdict import Judge


@pytest.fixture(scope="module")
def judge() -> Judge:
    if not (WEIGHTS / "manifest.json").exists():
        pytest.skip("classifier/weights/manifest.json is not there: this clone has no shipped model")
    return load_judge("onnx")


def likeness(judge: Judge, first: str, second: str) -> float:
    """The cosine of two texts' embeddings."""
    one, other = (vector(verdict.embedding) for verdict in judge.judge([first, second]))
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))


def vector(embedding: bytes | None) -> np.ndarray:
    assert embedding is not None
    assert len(embedding) == SIZE
    return np.frombuffer(embedding, np.int8).astype(np.float64)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Palautin kengät kuukausi sitten ja rahoja ei näy vieläkään",
            "Returnerade skorna för en månad sen och har fortfarande inte fått pengarna",
        ),
        ("Missä mun paketti viipyy?? Odottanut kolme viikkoa", "Where is my parcel? Been waiting for three weeks"),
        ("Asiakaspalvelu ei vastaa puhelimeen", "Ingen svarar i telefon hos kundtjänst"),
    ],
)
def test_the_same_complaint_lies_near_in_another_language(judge: Judge, first: str, second: str) -> None:
    other = "Takin vetoketju hajosi ensimmäisellä käyttökerralla"
    assert likeness(judge, first, second) > 0.45 > max(likeness(judge, first, other), likeness(judge, second, other))


def test_quotes_and_signatures_do_not_move_a_text(judge: Judge) -> None:
    own = "Paketti on edelleen kateissa, missä se on?"
    quoted = f"> Hei! Kokoa 42 tulee lisää ensi viikolla.\n{own}\nLähetetty iPhonesta"
    first, second = judge.judge([own, quoted])
    assert first.embedding == second.embedding


def test_a_text_with_nothing_to_read_has_no_place(judge: Judge) -> None:
    assert judge.judge(["https://nuotiopuoti.example/1", ""])[0].embedding is None


def test_kept_in_a_folder_it_places_texts_as_before(tmp_path: Path) -> None:
    states = np.random.default_rng(1).normal(5, [*[3.0] * 8, *[0.5] * 376], (600, 384)).astype(np.float32)
    made = Likeness.fit(states)
    made.save(tmp_path)
    kept = Likeness.load(tmp_path)
    for state in states[:20]:
        apart = vector(made.embed(state)) - vector(kept.embed(state))
        assert np.abs(apart).max() <= 2


def test_what_all_texts_share_is_taken_off() -> None:
    states = np.random.default_rng(1).normal(5, 1, (600, 384)).astype(np.float32)
    made = Likeness.fit(states)
    placed = np.array([vector(made.embed(state)) for state in states])
    placed /= np.linalg.norm(placed, axis=1, keepdims=True)
    assert abs(float((placed @ placed.T)[~np.eye(600, dtype=bool)].mean())) < 0.01
