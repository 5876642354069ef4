"""What a shop taught its judge: it counts beside the weights it was made for, and is left aside everywhere else."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier.judges import load_judge
from classifier.judges.calibration import LOGITS
from classifier.judges.manifest import WEIGHTS, read_manifest
from classifier.judges.shop import FILE, NETWORK, ShopHeads, read_shop_heads
from classifier.verdict import Label
from tests.unit.classifier.quick_network import WIDTH, with_quick_network

pytestmark = pytest.mark.skipif(not (WEIGHTS / "manifest.json").exists(), reason="this clone has no shipped model")

TEXT = "Kamiina hehkuu punaisena vielä aamulla"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    with_quick_network(monkeypatch)


def heads(**changed: object) -> ShopHeads:
    """Heads that make everything positive, for the shipped weights."""
    manifest = read_manifest(WEIGHTS)
    bias = np.zeros(LOGITS, np.float32)
    bias[2] = 50
    plain = ShopHeads(
        weight=np.zeros((LOGITS, WIDTH), np.float32),
        bias=bias,
        made_for=manifest.version,
        network=manifest.files[NETWORK],
        made_at="2026-11-22T02:00:00+00:00",
        corrections=30,
        figures={"before": {"label": 0.5}},
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def test_the_judge_reads_with_them_and_says_so_in_its_version() -> None:
    plain, taught = load_judge("onnx"), load_judge("onnx", shop=heads())
    assert taught.version == f"{plain.version}+shop.2026-11-22"
    assert taught.judge([TEXT])[0].label is Label.POSITIVE
    assert plain.judge([TEXT])[0].positive < 0.9


@pytest.mark.parametrize("other", [{"made_for": "onnx-1.0.0"}, {"network": "0" * 64}], ids=["version", "network"])
def test_beside_other_weights_they_are_left_aside_with_a_log_line(
    other: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    plain = load_judge("onnx")
    with caplog.at_level(logging.WARNING):
        judge = load_judge("onnx", shop=heads(**other))
    assert judge.version == plain.version
    assert judge.judge([TEXT]) == plain.judge([TEXT])
    assert "shop heads left aside" in caplog.text


def test_they_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "new" / FILE
    heads().save(path)
    known = read_shop_heads(path)
    assert known is not None
    assert (known.weight == heads().weight).all()
    assert (known.bias == heads().bias).all()
    assert (known.made_for, known.made_at, known.corrections) == (heads().made_for, heads().made_at, 30)
    assert known.figures == {"before": {"label": 0.5}}
    assert [one.name for one in path.parent.iterdir()] == [FILE]


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / FILE
    heads().save(path)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.savez", full)
    with pytest.raises(OSError, match="No space"):
        heads(corrections=99).save(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("damage", ["cut", "changed", "not ours", "empty"])
def test_a_damaged_file_is_left_aside_with_a_log_line(
    damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / FILE
    if damage == "not ours":
        np.savez(path, weight=np.zeros(3))
    elif damage == "changed":
        kept = heads()
        kept.save(path)
        with np.load(path) as stored:
            arrays = {name: stored[name] for name in stored.files}
        arrays["bias"] = arrays["bias"] + 1
        np.savez(path, **arrays)
    else:
        heads().save(path)
        path.write_bytes(path.read_bytes()[:500] if damage == "cut" else b"")
    with caplog.at_level(logging.WARNING):
        assert read_shop_heads(path) is None
    assert "why=damaged" in caplog.text


def test_where_there_is_no_file_there_is_nothing_to_say(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert read_shop_heads(tmp_path / FILE) is None
    assert caplog.text == ""
