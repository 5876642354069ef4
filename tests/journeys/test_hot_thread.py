"""A thread that heats up is read again at once, though its source is not to be read for an hour."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.pace import Pace
from bot.wiring import build
from classifier.judges import load_judge
from models.mentions import Mention
from models.verdicts import Heat, VerdictRow
from tests.journeys.stage import Stage, free_port
from tests.journeys.test_one_mention import eventually

PACE = Pace(heat_tick_s=0.3, redraw_after_s=0.05, idle_s=0.03, reread_s=0.5)
COMPLAINTS = 14


def complain_on_facebook(stage: Stage, thread: str, number: int, words: str) -> None:
    stage.graph.add_comment(
        thread, f"Surkea kauppa, odotan yhä {number}. {words}!", str(900 + number), f"Kävijä {number}"
    )


def complain_on_x(stage: Stage, thread: str, number: int, words: str) -> None:
    who = stage.x.add_user(f"kavija{number}", f"Kävijä {number}")
    stage.x.add_post(who, f"Surkea kauppa, odotan yhä {number}. {words}!", in_reply_to=thread)


@pytest.mark.parametrize("channel", ["facebook", "x"])
def test_what_is_said_next_in_a_hot_thread_is_heard_and_judged_at_once(tmp_path: Path, channel: str) -> None:
    stage = Stage.open(tmp_path, http_port=free_port(), poll_seconds=3600)
    complain = complain_on_facebook if channel == "facebook" else complain_on_x
    if channel == "facebook":
        thread = stage.graph.add_own_post("Uutuuksia!")
    else:
        thread = stage.x.add_post(stage.x.add_user("ainok", "Aino Korpi"), "@nuotiopuoti Surkea kauppa")
    for number in range(COMPLAINTS):
        complain(stage, thread, number, "pakettia")
    settings = stage.settings.model_copy(update={"x" if channel == "facebook" else "facebook": None})
    product = build(settings, stage.secrets, pace=PACE, judge=load_judge("lexicon"))

    def hot() -> bool:
        with product.sessions() as session:
            return session.scalar(select(Heat.level).where(Heat.subject == "thread:1")) not in (None, "none")

    def judged_later_words() -> int:
        with product.sessions() as session:
            said = select(VerdictRow.id).join(Mention, Mention.id == VerdictRow.mention_id)
            return len(session.scalars(said.where(Mention.text.contains("rahojani"))).all())

    product.start()
    try:
        eventually(hot)
        for number in range(COMPLAINTS, COMPLAINTS + 3):
            complain(stage, thread, number, "rahojani")
        eventually(lambda: judged_later_words() == 3)
    finally:
        product.stop()
        stage.close()
