"""A token runs out on a platform: people read it in Slack, once, and read there that it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.pace import Pace
from bot.sources import build_sources
from bot.wiring import build, open_store
from classifier.judges import load_judge
from listener.steps import poll_source
from models.errors import SignInAgain
from sandbox.faults import Fault
from tests.journeys.hops import Hop, start_until
from tests.journeys.stage import ALERTS, Stage, free_port, wall
from tests.journeys.test_one_mention import eventually

PACE = Pace(heat_tick_s=0.3, redraw_after_s=0.05, idle_s=0.03, watch_s=0.2)
FEED, MESSENGER = "Facebook-sivu, julkaisut ja kommentit", "Messenger"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    opened = Stage.open(tmp_path, http_port=free_port())
    yield opened
    opened.close()


@contextmanager
def running(stage: Stage) -> Iterator[None]:
    product = build(stage.settings, stage.secrets, pace=PACE, judge=load_judge("lexicon"))
    product.start()
    yield
    product.stop()


def headlines(stage: Stage) -> list[str]:
    """The first line of every message in the alert channel as it looks now, in order of the alphabet."""
    return sorted(card["blocks"][0]["text"]["text"] for card in stage.cards(ALERTS))


def fail_twice(stage: Stage) -> None:
    """The token has run out for the Page's feed, and the store knows."""
    stage.graph.faults.add(Fault("expired_token", path="/v", times=-1))
    _, sessions = open_store(str(stage.settings.store.url))
    source = build_sources(stage.settings, stage.secrets, wall())["facebook:feed"].source
    for _ in range(2):
        with pytest.raises(SignInAgain):
            poll_source(source=source, sessions=sessions, now=wall(), wall=wall(), interval_s=0.2)
    sessions.engine.dispose()


def test_an_expired_token_is_told_once_a_source_and_cleared_when_it_reads_again(stage: Stage) -> None:
    stage.graph.faults.add(Fault("expired_token", path="/v", times=-1))
    with running(stage):
        eventually(lambda: len(stage.cards(ALERTS)) == 2)
        told = stage.cards(ALERTS)
        assert headlines(stage) == [f"🔇 Emme kuule: {name}" for name in (FEED, MESSENGER)]
        assert all("token_expired" in str(card) and "sandbox-page-token" not in str(card) for card in told)
        stage.graph.faults.clear()
        mended = [f"👂 Kuuluu taas: {name}" for name in (FEED, MESSENGER)]
        eventually(lambda: headlines(stage) == mended)
    assert [card["ts"] for card in stage.cards(ALERTS)] == [card["ts"] for card in told]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_the_commit_after_the_post_it_is_still_one_message(stage: Stage, when: str) -> None:
    fail_twice(stage)
    hop = Hop("before" if when == "before" else "after", ("UPDATE source_alarm", "card_ts=?"))
    dying = start_until(stage.settings, stage.secrets, hop)
    dying.join(timeout=30)
    assert dying.exitcode == -9
    [told] = stage.cards(ALERTS)
    with running(stage):
        eventually(lambda: len(stage.cards(ALERTS)) == 2)  # the other source's own
        stage.graph.faults.clear()
        eventually(lambda: all(line.startswith("👂") for line in headlines(stage)))
    assert headlines(stage) == [f"👂 Kuuluu taas: {name}" for name in (FEED, MESSENGER)]
    assert told["ts"] in [card["ts"] for card in stage.cards(ALERTS)]
