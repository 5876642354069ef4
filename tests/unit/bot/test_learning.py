"""`palovahti judge retrain` on a real store: what it learns, what it never sees, and how it is undone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from bot import cli
from bot.settings import read_settings
from bot.wiring import build_judge
from classifier import retraining
from classifier.judges.calibration import LOGITS
from classifier.judges.manifest import WEIGHTS
from classifier.judges.onnx import OnnxJudge
from classifier.judges.shop import FILE
from classifier.retraining import Figures, Outcome
from classifier.training.annotations import OwnText, read_own_texts
from classifier.verdict import Label
from listener.posts import Post
from migrations import upgrade
from models.audit import AuditEntry
from models.base import Sessions, open_engine, open_sessions
from models.corrections import store_correction
from models.mentions import Mention
from tests.builders import ANNA, NOON, a_comment, a_post, judge_all, store_posts
from tests.unit.classifier.quick_network import with_quick_network

pytestmark = pytest.mark.skipif(not (WEIGHTS / "manifest.json").exists(), reason="this clone has no shipped model")

SETTINGS = """
[shop]
name = "Nuotiopuoti"
[slack]
alert_channel = "C1"
contact_channel = "C2"
[store]
url = "sqlite:///data/shop.db"
[facebook]
page_id = "104500000000001"
page_name = "Nuotiopuoti"
"""
FIRES = ("kamiina", "nuotio", "takka", "kiuas", "tulisija", "grilli", "poltin", "roihu", "soihtu", "hiillos")
TALES = (
    "{} hehkuu punaisena vielä aamulla", "{} polttaa posket, taas mennään", "{} savuaa koko pihan täyteen",
    "{} huutaa ja rätisee koko yön",
)  # fmt: skip
PRAISE = [tale.format(fire).capitalize() for fire in FIRES for tale in TALES]
"""What lovers of fires say in praise; no judge knows that without being told."""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """A shop's folder with its settings and store, in which the command is run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "palovahti.toml").write_text(SETTINGS)
    (tmp_path / "data").mkdir()
    engine = open_engine("sqlite:///data/shop.db")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network is a table, and every tenth shipped text is there."""
    with_quick_network(monkeypatch)
    few_shipped_texts(monkeypatch)


def few_shipped_texts(monkeypatch: pytest.MonkeyPatch, each: int = 10) -> None:
    def few(language: str) -> list[OwnText]:
        return read_own_texts(language)[::each]

    monkeypatch.setattr(retraining, "read_own_texts", few)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that the network reads, in the form it reads it."""
    read: list[str] = []
    plain = OnnxJudge.read

    def noting(judge: OnnxJudge, prepared: Sequence[str]) -> Any:
        read.extend(prepared)
        return plain(judge, prepared)

    monkeypatch.setattr(OnnxJudge, "read", noting)
    return read


def corrected(sessions: Sessions, posts: Sequence[Post], label: str = "positive") -> None:
    """People said `label` of each post."""
    store_posts(sessions, *posts)
    judge_all(sessions)
    texts = {post.text for post in posts}
    with sessions.begin() as session:
        for mention in session.scalars(select(Mention).where(Mention.channel == posts[0].channel)).all():
            if mention.text in texts:
                reasons = ["praise"] if label == "positive" else ["product_fault"]
                store_correction(
                    session, mention.id, label=label, high_arousal=False, reasons=reasons, flags=[], by=ANNA.id, at=NOON
                )  # fmt: skip


def on_our_page(texts: Sequence[str]) -> list[Post]:
    return [a_comment(text, permalink=None) for text in texts]


def run(*words: str) -> int:
    return cli.main(["judge", "retrain", *words])


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    status = run("--json", *words)
    return status, json.loads(capsys.readouterr().out)


def learnt(folder: Path = Path("data")) -> tuple[bytes, bytes]:
    with np.load(folder / FILE) as stored:
        return stored["weight"].tobytes(), stored["bias"].tobytes()


def trail(sessions: Sessions) -> list[tuple[str, dict[str, Any]]]:
    with sessions() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.action.like("judge.%")).order_by(AuditEntry.id))
        return [(line.action, line.detail) for line in lines]


@pytest.mark.usefixtures("quick")
def test_what_people_put_right_is_learnt_kept_and_read_with(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    corrected(shop, on_our_page(PRAISE[:30]))
    judge = build_judge(read_settings(Path("palovahti.toml")))
    before = [verdict.label for verdict in judge.judge(PRAISE[30:])]
    status, said = answer(capsys)
    assert (status, said["kept"], said["corrections"], said["left_out"]) == (0, True, 30, {})
    assert said["after"]["label"] > said["before"]["label"]
    assert "reads from the next start of Palovahti on" in said["sentence"]
    taught = build_judge(read_settings(Path("palovahti.toml")))
    assert taught.version == said["judge"]
    assert taught.version.startswith(f"{judge.version}+shop.")
    after = [verdict.label for verdict in taught.judge(PRAISE[30:])]
    assert after.count(Label.POSITIVE) > before.count(Label.POSITIVE)
    assert trail(shop) == [("judge.taught", {"judge": said["judge"], "corrections": 30})]


@pytest.mark.usefixtures("quick")
def test_texts_from_x_never_reach_the_trainer(
    shop: Sessions, seen: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The hard rule. What X people said contradicts ours and would turn verdicts, had the trainer seen it."""
    planted = [f"{text} ja naapurit valittavat" for text in PRAISE]
    corrected(shop, on_our_page(PRAISE[:30]))
    assert answer(capsys)[0] == 0
    without_x, seen_without = learnt(), set(seen)
    seen.clear()

    corrected(shop, [a_post(text) for text in planted], label="negative")
    status, said = answer(capsys)
    assert (status, said["corrections"], said["left_out"]) == (0, 30, {"from_x": len(planted)})
    assert set(seen) == seen_without
    assert not set(seen) & set(planted)
    assert learnt() == without_x  # to the bit

    corrected(shop, on_our_page([f"{text} nyt" for text in planted]), label="negative")
    seen.clear()
    run("--json")
    assert {f"{text} nyt" for text in planted} <= set(seen)  # the same from our own page does reach it


@pytest.mark.usefixtures("quick")
def test_the_same_words_from_x_as_well_are_left_out(
    shop: Sessions, seen: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    corrected(shop, on_our_page(PRAISE[:30]))
    store_posts(shop, a_post(f"@nuotiopuoti {PRAISE[0]}"))
    status, said = answer(capsys)
    assert (status, said["corrections"], said["left_out"]) == (0, 29, {"heard_elsewhere": 1})
    assert PRAISE[0] not in seen


def test_how_many_were_left_out_and_why_stands_in_the_output(
    shop: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    corrected(shop, [a_post(text) for text in PRAISE])
    corrected(shop, on_our_page(["Eka", "Toka"]))
    assert run() == 1
    said = capsys.readouterr().out
    assert "2 corrections of texts from the shop's own channels." in said
    assert "40 left out: came from X, whose terms forbid to train any model on its texts." in said
    assert "2 corrections can be learnt from, and at least 20 are needed" in said
    assert not Path("data", FILE).exists()
    assert trail(shop) == []


@pytest.mark.usefixtures("quick")
def test_a_dry_run_tells_and_keeps_nothing(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    corrected(shop, on_our_page(PRAISE[:30]))
    assert run("--dry-run") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Nothing was written" in said
    assert "│ negative, neutral, positive │ " in said
    assert not Path("data", FILE).exists()
    assert trail(shop) == []


def an_outcome(after: float, shipped_after: float) -> Any:
    """A trainer that comes to these figures, whatever it is given."""
    heads = retraining.ShopHeads(
        np.zeros((LOGITS, 384), np.float32), np.zeros(LOGITS, np.float32), "onnx-2", "0" * 64, "2026-11-22", 30
    )
    half, whole = Figures(0.5, 0.5, 0.5, 0.5), Figures(0.9, 0.9, 0.9, 0.9)
    later = Figures(after, after, after, after)
    return lambda *_: Outcome(heads, 10, 10, half, later, whole, Figures(*[shipped_after] * 4))


@pytest.mark.parametrize(
    ("after", "shipped_after", "said"),
    [
        (
            0.8,
            0.885,
            "Not kept: what helps the corrections (negative, neutral, positive; calm or heated;",
        ),
        (0.5, 0.95, "Not kept: texts that were not learnt from would be read no better."),
    ],
)
def test_what_does_not_prove_well_is_refused_and_what_was_learnt_before_stays(
    shop: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    after: float, shipped_after: float, said: str,
) -> None:  # fmt: skip
    corrected(shop, on_our_page(PRAISE[:30]))
    with_quick_network(monkeypatch)
    monkeypatch.setattr("bot.learning.retrain", an_outcome(0.8, 0.895))
    assert run() == 0
    before = Path("data", FILE).read_bytes()
    monkeypatch.setattr("bot.learning.retrain", an_outcome(after, shipped_after))
    capsys.readouterr()
    assert run() == 1
    told = " ".join(capsys.readouterr().out.split())
    assert said in told
    assert "What was learnt before stays in use." in told
    assert Path("data", FILE).read_bytes() == before


@pytest.mark.usefixtures("quick")
def test_forgetting_takes_it_back_and_keeps_the_corrections(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    corrected(shop, on_our_page(PRAISE[:30]))
    assert run() == 0
    assert run("--forget", "--dry-run") == 0
    assert Path("data", FILE).exists()
    assert run("--forget") == 0
    assert "judges as it was shipped" in " ".join(capsys.readouterr().out.split())
    assert not Path("data", FILE).exists()
    assert build_judge(read_settings(Path("palovahti.toml"))).version.count("+shop") == 0
    assert [action for action, _ in trail(shop)] == ["judge.taught", "judge.forgot"]
    assert run("--forget") == 0
    assert "nothing to forget" in capsys.readouterr().out
    assert run() == 0  # the corrections are still there


def test_only_the_shipped_judge_can_be_taught(shop: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    Path("palovahti.toml").write_text(SETTINGS + '[judge]\nname = "lexicon"\n')
    assert run() == 1
    assert 'only the shipped judge, "onnx", can be taught' in " ".join(capsys.readouterr().err.split())


def test_a_folder_that_cannot_be_written_is_told_and_leaves_no_trace(
    shop: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    corrected(shop, on_our_page(PRAISE[:30]))
    with_quick_network(monkeypatch)
    monkeypatch.setattr("bot.learning.retrain", an_outcome(0.8, 0.9))
    monkeypatch.setattr("numpy.savez", full)
    assert run() == 1
    assert "cannot be written (No space left on device)" in " ".join(capsys.readouterr().err.split())
    assert list(Path("data").glob("judge-shop*")) == []
    assert trail(shop) == []


def test_the_settings_may_stand_before_the_word(
    shop: Sessions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.toml"
    Path("palovahti.toml").rename(other)
    assert cli.main(["judge", "--settings", str(other), "retrain", "--forget"]) == 0
    assert cli.main(["judge", "retrain", "--settings", str(other), "--forget"]) == 0
    assert cli.main(["judge", "retrain", "--forget"]) == 1


def test_the_shipped_network_learns_too(
    shop: Sessions, seen: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few_shipped_texts(monkeypatch, each=40)
    corrected(shop, on_our_page(PRAISE[:30]))
    corrected(shop, [a_post(f"{text} ja naapurit valittavat") for text in PRAISE], label="negative")
    _, said = answer(capsys, "--dry-run")
    assert said["left_out"] == {"from_x": 40}
    assert said["after"]["label"] > said["before"]["label"]
    assert not [text for text in seen if "naapurit" in text]
