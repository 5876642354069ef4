"""The people of a long run: those who write to the shop and about it, and two who approve what is answered."""

from __future__ import annotations

import random

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from models.cases import Case, Reply
from models.mentions import Mention, Thread
from models.states import ReplyState
from tests.journeys.stage import ANNA, ME, MIKAEL, PAGE, Json, Stage


class Crowd:
    """People who write to the shop and about it."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage = stage
        self._chance = chance
        self._people = [stage.x.add_user(f"asiakas{number}", f"Asiakas {number}") for number in range(60)]
        self._posts = [stage.graph.add_own_post(f"Uutuuksia, osa {number}") for number in range(5)]
        self.written = 0

    def write(self, count: int) -> None:
        for _ in range(count):
            self.written += 1
            self._one(self.written)

    def _one(self, number: int) -> None:
        text = self._chance.choice(
            (
                f"Missä tilaukseni {number} viipyy?",
                f"Surkeaa palvelua, olen todella pettynyt! ({number})",
                f"Kiitos nopeasta toimituksesta, numero {number} :)",
                f"Ihan ok kauppa {number}",
            )
        )
        kind = self._chance.random()
        if kind < 0.35:
            self._stage.x.add_post(self._chance.choice(self._people), f"@nuotiopuoti {text}")
        elif kind < 0.42:
            self._stage.x.add_dm(self._chance.choice(self._people), text)
        elif kind < 0.9:
            person = self._chance.randrange(200)
            post = self._chance.choice(self._posts)
            self._stage.graph.add_comment(post, text, f"7{person:05d}", f"Kävijä {person}")
        elif kind < 0.94:
            person = self._chance.randrange(200)
            self._stage.graph.add_visitor_post(text, f"7{person:05d}", f"Kävijä {person}")
        else:
            person = self._chance.randrange(20)
            self._stage.graph.add_message(f"8{person:05d}", f"Viestijä {person}", text)

    def said(self) -> set[str]:
        """The ids of everything that people wrote, as the platforms name it."""
        state = self._stage.graph.state()
        on_page = [*state["posts"], *state["comments"], *state["messages"]]
        ids = {post["id"] for post in self._stage.x.world.posts() if post["author_id"] != ME}
        ids |= {event["id"] for event in self._stage.x.world.dms() if event["sender_id"] != ME}
        return ids | {one["id"] for one in on_page if not (one["from"] and one["from"]["id"] == PAGE)}


class Approver:
    """Two people who approve, now and then the same reply at once, and who settle what nobody could confirm."""

    def __init__(self, stage: Stage, chance: random.Random, most: int) -> None:
        self._stage = stage
        self._chance = chance
        self._most = most
        self.approved: set[int] = set()  # the replies whose approval was acknowledged
        self.settled = 0
        self.acknowledged = 0  # presses
        self.pressed_again = 0

    def press_up_to(self, wanted: int) -> None:
        """Presses Approve on cards until `wanted` replies were; what Slack could not deliver is pressed again."""
        for card in self._stage.cards():
            if len(self.approved) >= min(wanted, self._most):
                return
            reply = self._stage.reply_asked_about(card)
            if reply is not None and reply not in self.approved and self._press(card):
                self.approved.add(reply)

    def press_again(self) -> int:
        """A draft that changed before its press was done still asks, as the person was told; so people press again."""
        asking = [card for card in self._stage.cards() if self._stage.reply_asked_about(card) in self.approved]
        pressed = sum(self._press(card) for card in asking)
        self.pressed_again += pressed
        return pressed

    def _press(self, card: Json) -> bool:
        """One or two people press at once; True when Slack got an acknowledgement."""
        people = [ANNA, MIKAEL] if self._chance.random() < 0.4 else [ANNA]
        presses = [press for press in (self._stage.press(card, "approve", who) for who in people) if press]
        acks = [press.result(timeout=10) for press in presses]
        taken = sum(not ack.problem for ack in acks)
        self.acknowledged += taken
        return taken > 0

    def settle(self, sessions: sessionmaker[Session]) -> None:
        """Does what the card asks: looks at the thread, and says whether our reply is there."""
        with sessions() as session:
            unsure = session.execute(
                select(Case.card_channel, Case.card_ts, Reply.text, Mention, Thread)
                .join(Reply, Reply.case_id == Case.id)
                .join(Mention, Mention.id == Reply.mention_id)
                .join(Thread, Thread.id == Mention.thread_id)
                .where(Reply.state == ReplyState.UNCONFIRMED)
            ).all()
        for channel, ts, text, mention, thread in unsure:
            parent = thread.external_id if thread.is_private else mention.external_id
            there = any(answers(post, text, parent) for post in self._stage.own_posts())
            press = self._stage.press({"channel": channel, "ts": ts}, "confirm_sent" if there else "send_again")
            if press is not None and not press.result(timeout=10).problem:
                self.settled += 1
                self.acknowledged += 1


def answers(post: Json, text: str, parent: str) -> bool:
    """Whether a post of ours is this reply to that post or conversation."""
    return post["parent"] == parent and " ".join(text.split()) in " ".join(post["text"].split())
