"""A fire calls those whom the settings name, once, under its card; who left the group may decide nothing any more."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bot.pace import Pace
from bot.roles_settings import RoleSettings
from bot.wiring import build
from classifier.judges import load_judge
from models.cases import Case
from models.interruptions import Interruption
from tests.journeys.stage import ALERTS, ANNA, MIKAEL, Stage, free_port
from tests.journeys.test_hot_thread import complain_on_facebook
from tests.journeys.test_one_mention import eventually

PACE = Pace(heat_tick_s=0.3, redraw_after_s=0.05, idle_s=0.03, reread_s=0.5)


def test_a_fire_calls_the_group_once_and_who_left_it_is_told_no(tmp_path: Path) -> None:
    stage = Stage.open(tmp_path, http_port=free_port(), poll_seconds=3600)
    stage.slack.usergroups.create("S0CARE", "asiakaspalvelu", [ANNA, MIKAEL])
    thread = stage.graph.add_own_post("Uutuuksia!")
    for number in range(30):
        complain_on_facebook(stage, thread, number, "pakettia")
    slack = stage.settings.slack.model_copy(update={"call": ("S0CARE",)})
    roles = RoleSettings(approvers=frozenset({"S0CARE"}))
    settings = stage.settings.model_copy(update={"x": None, "slack": slack, "roles": roles})
    product = build(settings, stage.secrets, pace=PACE, judge=load_judge("lexicon"))

    def replies() -> list[str]:
        return [one["text"] for one in stage.slack.workspace.messages(ALERTS) if "thread_ts" in one]

    def called() -> set[str]:
        with product.sessions() as session:
            return set(session.scalars(select(Interruption.user_id)))

    product.start()
    try:
        eventually(lambda: called() == {ANNA, MIKAEL})
        with product.sessions() as session:
            case = session.scalars(select(Case).where(Case.kind == "alert")).first()
        assert case is not None
        assert len([text for text in replies() if "<!subteam" in text]) == 1
        assert stage.slack.usergroups.change("S0CARE", [MIKAEL]).result(30) == 200
        [card] = [one for one in stage.cards(ALERTS) if one["ts"] == case.card_ts]

        def told_no() -> bool:
            stage.press(card, "approve", ANNA)
            told = [one["message"]["text"] for one in stage.slack.workspace.changes(0, ANNA) if one["visible_to"]]
            return any("oikeutta" in text for text in told)

        eventually(told_no)
        assert stage.own_posts() == []
    finally:
        product.stop()
        stage.close()
