"""An agent asks how a message was read, sees the words behind it and puts it right: real wiring, real Slack calls."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from sqlalchemy import select

from models.corrections import Correction
from models.verdicts import VerdictRow
from responders.slack.reading import ASK
from sandbox.faults import Fault
from tests.journeys.stage import ANNA, MIKAEL, Json, Stage
from tests.journeys.test_one_mention import Journey, a_messenger_message, a_post_on_x, eventually, journey
from tests.journeys.test_two_approvers import told

__all__ = ["journey"]

IN_SLACK = {
    "side": {"side": "negative"},
    "temper": {"temper": "heated"},
    "why": {"why": ["delivery"]},
    "risks": {"risks": ["legal"]},
}


def an_angry_message(stage: Stage) -> None:
    stage.graph.add_message(
        "72",
        "Aino Korpi",
        "Todella huono palvelu, vihaan tätä kauppaa! Pakettini on hukassa, ja tästä vielä kuullaan.",
    )


def ask(journey: Journey, card: Json, user: str = ANNA) -> Json:
    """Presses the button beside the customer's words, and returns the window once it is filled."""
    now = journey.stage.slack.workspace.message(card["channel"], card["ts"])
    assert now is not None
    [block] = [block for block in now["blocks"] if block.get("accessory", {}).get("action_id") == ASK]
    press = journey.stage.slack.click(user, card["channel"], card["ts"], block["block_id"], ASK)
    assert not press.result(timeout=10).problem

    def filled() -> Json | None:
        view = journey.stage.slack.workspace.open_view_of(user)
        return dict(view) if view and view["submit"] else None

    window = eventually(filled)
    assert window is not None
    return window


def submit(journey: Journey, window: Json, user: str = ANNA, **changed: Any) -> Future[Any]:
    return journey.stage.slack.submit(user, window["id"], IN_SLACK | changed)


def corrections(journey: Journey) -> list[Correction]:
    with journey.product.sessions() as session:
        return list(session.scalars(select(Correction).order_by(Correction.id)))


def the_verdict(journey: Journey) -> VerdictRow:
    with journey.product.sessions() as session:
        return session.scalars(select(VerdictRow)).one()


def test_a_reading_is_shown_with_its_words_and_put_right_once(journey: Journey) -> None:
    an_angry_message(journey.stage)
    card = journey.card()
    drafted = journey.reply()
    window = ask(journey, card)
    shown = str(window["blocks"])
    assert "tästä vielä kuullaan" in shown
    assert "*Sanat, jotka ratkaisivat*\\n”huono”, ”vihaan”" in shown
    journey.stage.slack.faults.add(Fault("duplicate", path="/interactivity/view_submission"))
    assert submit(journey, window).result(timeout=10).outcome == "closed"
    eventually(lambda: "oikeustoimet" in journey.words_on(card))
    assert "toimitus" in journey.words_on(card)
    [row] = corrections(journey)
    assert (row.label, row.high_arousal, row.reasons, row.flags) == ("negative", True, ["delivery"], ["legal"])
    assert (row.by, row.channel, row.before["reasons"]) == (ANNA, "facebook", {})
    verdict = the_verdict(journey)
    assert (verdict.label, verdict.negative, verdict.flags["legal"]) == ("negative", 1.0, 1.0)
    assert journey.reply().version > drafted.version
    sentences = eventually(lambda: told(journey, ANNA))
    assert len(sentences) == 1
    assert "palovahti judge retrain" in sentences[0]
    assert [who for action, who in journey.trail() if action == "verdict.corrected"] == [ANNA]


def test_of_two_who_correct_at_once_the_second_is_told(journey: Journey) -> None:
    a_messenger_message(journey.stage)
    card = journey.card()
    windows = [(user, ask(journey, card, user)) for user in (ANNA, MIKAEL)]
    answers = [submit(journey, window, user) for user, window in windows]
    outcomes = {user: answer.result(timeout=10) for (user, _), answer in zip(windows, answers, strict=True)}
    [row] = corrections(journey)
    [second] = {ANNA, MIKAEL} - {row.by}
    assert outcomes[row.by].outcome == "closed"
    first_name = {ANNA: "Anna Laine", MIKAEL: "Mikael Öst"}[row.by]
    assert outcomes[second].errors["side"].startswith(f"{first_name} ehti korjata tämän klo ")
    journey.stage.slack.cancel(second, next(window["id"] for user, window in windows if user == second))
    again = ask(journey, card, second)
    assert f"{first_name} korjasi lukutavan" in str(again["blocks"])
    assert submit(journey, again, second, side={"side": "neutral"}).result(timeout=10).outcome == "closed"
    assert [one.label for one in corrections(journey)] == ["negative", "neutral"]


def test_what_was_written_on_x_is_put_right_and_it_is_said_that_nothing_learns_from_it(journey: Journey) -> None:
    a_post_on_x(journey.stage)
    window = ask(journey, journey.card())
    assert submit(journey, window).result(timeout=10).outcome == "closed"
    [sentence] = eventually(lambda: told(journey, ANNA))
    assert "X ei salli julkaisujensa käyttöä mallien opettamiseen" in sentence
    assert corrections(journey)[0].channel == "x"
