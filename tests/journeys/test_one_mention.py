"""One mention from the platform to its answer: real wiring, real clients, stand-ins of X, Facebook and Slack."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from bot.pace import Pace
from bot.wiring import Product, build
from classifier.judges import load_judge
from models.audit import AuditEntry
from models.cases import Case, Reply
from models.mentions import Mention, SourceCursor
from models.states import CaseState, ReplyState
from models.verdicts import VerdictRow
from tests.journeys.stage import ANNA, CONTACTS, ME, MIKAEL, PAGE, Json, Stage, free_port

Found = TypeVar("Found")
PACE = Pace(heat_tick_s=0.3, redraw_after_s=0.05, idle_s=0.03, read_back_after_s=(0.2, 0.4))
PATIENCE_S = 60  # a loaded machine is slow; nothing waits longer than it must


def eventually(look: Callable[[], Found]) -> Found:
    """What `look` gives once it is true."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about")


@dataclass
class Journey:
    stage: Stage
    product: Product

    def card(self) -> Json:
        return eventually(lambda: self.stage.cards(CONTACTS))[0]

    def words_on(self, card: Json) -> str:
        return str(self.stage.slack.workspace.message(card["channel"], card["ts"]))

    def approve(self, card: Json, who: str = ANNA) -> None:
        press = eventually(lambda: self.stage.press(card, "approve", who))
        assert not press.result(timeout=10).problem

    def reply(self) -> Reply:
        with self.product.sessions() as session:
            return session.scalars(select(Reply)).one()

    def heard_our_echo(self) -> bool:
        with self.product.sessions() as session:
            ours = select(Mention).where(
                Mention.from_us, Mention.considered_at.is_not(None), Mention.place != "own_post"
            )
            return session.scalars(ours).first() is not None

    def read_again(self, source: str) -> None:
        """Returns when the source was read once more from now on."""

        def reads() -> Any:
            with self.product.sessions() as session:
                row = session.get(SourceCursor, source)
                return row.read_at if row else None

        before = reads()
        eventually(lambda: reads() != before)

    def trail(self) -> list[tuple[str, str]]:
        with self.product.sessions() as session:
            lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
            return [(line.action, line.actor) for line in lines]


@pytest.fixture
def journey(tmp_path: Path) -> Iterator[Journey]:
    stage = Stage.open(tmp_path, http_port=free_port())
    product = build(stage.settings, stage.secrets, pace=PACE, judge=load_judge("lexicon"))
    product.start()
    yield Journey(stage, product)
    product.stop()
    stage.close()


def a_post_on_x(stage: Stage) -> str:
    return stage.x.add_post(stage.x.add_user("ainok", "Aino Korpi"), "@nuotiopuoti Missä tilaukseni viipyy?")


def a_message_on_x(stage: Stage) -> str:
    stage.x.add_dm(stage.x.add_user("ainok", "Aino Korpi"), "Missä tilaukseni viipyy?")
    return str(stage.x.world.dms()[0]["dm_conversation_id"])


def a_comment_on_facebook(stage: Stage) -> str:
    return stage.graph.add_comment(
        stage.graph.add_own_post("Uutuuksia!"), "Missä tilaukseni viipyy?", "71", "Aino Korpi"
    )


def a_messenger_message(stage: Stage) -> str:
    stage.graph.add_message("72", "Aino Korpi", "Missä tilaukseni viipyy?")
    return str(stage.graph.state()["conversations"][0]["id"])


@pytest.mark.parametrize(
    ("write", "source"),
    [
        (a_post_on_x, "x:mentions"),
        (a_message_on_x, "x:dms"),
        (a_comment_on_facebook, "facebook:feed"),
        (a_messenger_message, "facebook:conversations"),
    ],
    ids=["X", "X direct message", "Facebook comment", "Messenger"],
)
def test_a_mention_becomes_a_card_and_its_approved_reply_stands_on_the_platform_once(
    journey: Journey, write: Callable[[Stage], str], source: str
) -> None:
    parent = write(journey.stage)
    card = journey.card()
    assert "Aino Korpi" in journey.words_on(card)
    assert journey.stage.own_posts() == []
    journey.approve(card)
    [posted] = eventually(journey.stage.own_posts)
    eventually(lambda: journey.reply().state is ReplyState.SENT)
    assert (posted["parent"], posted["text"].removeprefix("@ainok ")) == (parent, journey.reply().text)
    eventually(lambda: "on lähetetty" in journey.words_on(card) or "lähetti" in journey.words_on(card))
    if source != "x:mentions":  # X gives an account its mentions, not its own replies
        eventually(journey.heard_our_echo)
    for _ in range(2):
        journey.read_again(source)
    with journey.product.sessions() as session:
        [case] = session.scalars(select(Case)).all()
        theirs = session.scalars(select(Mention).where(Mention.from_us.is_(False))).all()
    assert (case.state, len(theirs), len(journey.stage.cards()), len(journey.stage.own_posts())) == (
        CaseState.ANSWERED, 1, 1, 1,
    )  # fmt: skip
    trail = journey.trail()
    trail.remove(("card.posted", "palovahti"))  # a quick press can come before it
    assert trail == [
        ("case.opened", "palovahti"),
        ("reply.drafted", "palovahti"),
        ("reply.approved", ANNA),
        ("reply.sending", "palovahti"),
        ("reply.sent", "palovahti"),
        ("case.answered", "palovahti"),
    ]


def test_the_echo_of_our_reply_is_ours_and_nobody_judges_it(journey: Journey) -> None:
    a_comment_on_facebook(journey.stage)
    journey.approve(journey.card())
    eventually(journey.heard_our_echo)
    with journey.product.sessions() as session:
        ours = session.scalars(select(Mention).where(Mention.from_us)).all()
        verdicts = session.scalars(select(VerdictRow.mention_id)).all()
    assert {mention.author_id for mention in ours} == {PAGE}
    assert not {mention.id for mention in ours} & set(verdicts)


def test_an_answer_lost_on_its_way_back_is_found_in_the_thread(journey: Journey) -> None:
    from sandbox.faults import Fault

    a_post_on_x(journey.stage)
    card = journey.card()
    journey.stage.x.faults.add(Fault("status_after", path="/2/tweets", method="POST", status=503))
    journey.approve(card, MIKAEL)
    eventually(lambda: journey.reply().state is ReplyState.SENT)
    assert len(journey.stage.own_posts()) == 1
    assert [who for action, who in journey.trail() if action == "reply.approved"] == [MIKAEL]
    assert ("reply.unconfirmed", "palovahti") in journey.trail()
    assert journey.stage.x.world.posts()[0]["author_id"] == ME
