"""A small shop in which anything may happen: five people of different roles, customers, a platform, crashes, races.

Each step is one thing that happens; after it the store is held against what must always be true. What happens
is chosen by `pick`, so that hypothesis and a plain random generator can both drive it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine, select

from migrations import upgrade
from models.audit import AuditEntry
from models.base import Sessions, open_engine
from models.cases import Case, CaseNote, Reply
from models.errors import SignInAgain, TryLater
from models.mentions import Mention
from models.states import NoteKind, ReplyState
from responders.casework import CaseDeeds
from responders.casework_resting import wake_cases
from responders.consider import Considering
from responders.grading import Grading
from responders.matters import Ground
from responders.publish import Publishing
from responders.routes import Abilities, limits
from responders.slack.actions import Batch, Outcome, Person
from responders.slack.casework import Closing
from responders.suggest import Suggester
from responders.wording import Wording
from tests.builders import (
    NOON,
    SHOP,
    a_comment,
    a_dm,
    a_post,
    approvals,
    case_deeds,
    heat,
    judge_all,
    minutes,
    playbooks,
    store_posts,
)
from tests.fakes import FakeRoles, FrozenClock
from tests.unit.responders.case_faults import PLATFORM_DOES, FaultySessions, Killed, Platform, at_once
from tests.unit.responders.case_promises import MOVING, OFTEN, PEOPLE, ROLES, Promises

Choice = TypeVar("Choice")

PLAYBOOKS = ("not-arrived", "refund-status", "bad-service", "anger", "no-answer", "opening-hours", "details")

WORDS = ("Hei Aino, katson heti!", "Hei! Selvitän tämän.", "Pahoittelut, palaan asiaan.")


class Pick(Protocol):
    """Chooses what happens."""

    def __call__(self, among: Sequence[Choice]) -> Choice: ...


def populated(path: Path) -> None:
    """A store with four matters in it, to be copied for each world."""
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    store = Sessions(engine)
    hot = a_comment("Surkea kauppa, kolmas viikko!", external_id="c1", thread_id="p1")
    store_posts(
        store,
        hot,
        a_post("Surkea toimitus, missä pakettini on?", external_id="m1", thread_id="m1"),
        a_post("Mihin asti olette auki?", external_id="m2", thread_id="m2"),
        a_dm("Surkea palvelu, missä rahani ovat?", external_id="d1"),
    )
    judge_all(store)
    _considering().consider_waiting(sessions=store, now=NOON, wall=NOON)
    with store() as session:
        thread = session.scalars(select(Mention.thread_id).where(Mention.external_id == "c1")).one()
    heat(store, thread, "warning")
    _considering().consider_waiting(sessions=store, now=NOON, wall=NOON)
    engine.dispose()


@cache
def _engine(path: Path) -> Engine:
    """One for all the worlds of a folder, which then share what SQLAlchemy has compiled."""
    return open_engine(f"sqlite:///{path}")


@cache
def _considering() -> Considering:
    return Considering(Ground("Nuotiopuoti", _suggester()))


@cache
def _suggester() -> Suggester:
    return Suggester([one for one in playbooks() if one.id in PLAYBOOKS], SHOP, limits())


class World:
    """One shop with its store, copied from `template` into `folder`; one world at a time in each folder."""

    def __init__(self, template: Path, folder: Path) -> None:
        path = folder / "store.db"
        self.engine = _engine(path)
        shutil.copy(template, path)
        self.store = FaultySessions(self.engine)
        self.clock = FrozenClock(NOON + minutes(1))
        self.roles = FakeRoles(dict(ROLES))
        self.platforms = {name: Platform(name) for name in ("x", "facebook")}
        given: dict[str, Any] = {"clock": self.clock, "wall": self.clock, "roles": self.roles}
        self.approvals = approvals(self.store, abilities=Abilities(human_agent=True), **given)
        self.deeds: CaseDeeds = case_deeds(self.store, suggester=_suggester(), wording=Wording(limits(), SHOP), **given)
        self.grading = Grading(sessions=self.store, language="fi", **given)
        self.publishing = Publishing(self.store, self.platforms, Abilities(human_agent=True))
        self.done: Counter[str] = Counter()
        self.told: Counter[tuple[str, str]] = Counter()  # what came of what people did
        self._name = ""
        self._posts = 0
        self.promises = Promises(self.store, tuple(self.platforms.values()), self.roles)
        self.promises.check()

    def close(self) -> None:
        self.engine.dispose()

    def step(self, name: str, pick: Pick) -> None:
        """One thing happens, and everything that must be true is."""
        self.clock.later(seconds=pick((1, 40, 4000)))
        self._name = name
        self.done["steps"] += 1
        ACTIONS[name](self, pick)
        self.promises.check()

    # What people do ------------------------------------------------------------------------------------------------

    def person_acts(self, deed: Callable[[Person], Any], pick: Pick) -> None:
        """A deed once, twice, with the process dying at its commit and Slack delivering it again, or two at once."""
        who, how = pick(OFTEN), pick(("once", "once", "twice", "dies", "race"))
        self.done[f"acts: {how}"] += 1
        if how == "race":
            at_once(deed, who, pick(OFTEN))
            return
        if how == "dies":
            self.store.dies_at = 0
            try:
                deed(who)
            except Killed:
                self.done["killed at a commit or in a call"] += 1
            self.store.dies_at = None
        before = self._lines()
        first = deed(who)
        between = self._lines()
        self.told[self._name, first.code or "ok"] += 1
        if _refused(first):
            assert between == before, "who is refused changes nothing"
        if how == "twice":
            deed(who)
            assert self._lines() == between, "the same press twice does one thing"

    def decide(self, deed: Callable[[int, int, Person], Any], pick: Pick) -> None:
        replies = self._all(Reply)
        reply = pick(replies)
        version = pick((reply.version, reply.version, reply.version, max(1, reply.version - 1)))
        self.person_acts(lambda who: deed(reply.id, version, who), pick)

    def approve(self, pick: Pick) -> None:
        self.decide(self.approvals.approve, pick)

    def edit(self, pick: Pick) -> None:
        words = pick(WORDS)
        self.decide(lambda id, version, who: self.approvals.edit(id, version, words, who), pick)

    def edit_and_approve(self, pick: Pick) -> None:
        words = pick(WORDS)
        self.decide(lambda id, version, who: self.approvals.edit_and_approve(id, version, words, who), pick)

    def swap(self, pick: Pick) -> None:
        self.decide(self.approvals.other, pick)

    def restore(self, pick: Pick) -> None:
        self.decide(lambda id, version, who: self.approvals.restore(id, version, 1, who), pick)

    def reject(self, pick: Pick) -> None:
        reason = pick(("", "Asiaton viesti"))
        self.decide(lambda id, version, who: self.approvals.reject(id, version, reason, who), pick)

    def by_hand(self, pick: Pick) -> None:
        self.decide(self.approvals.by_hand, pick)

    def settle_unknown(self, pick: Pick) -> None:
        """A person looks at the platform and says what they see there."""
        doubtful = [one for one in self._all(Reply) if one.state is ReplyState.UNCONFIRMED]
        if doubtful:
            reply = doubtful[0]
            there = any(platform.posted[reply.id] for platform in self.platforms.values())
            call = self.approvals.confirm_sent if there else self.approvals.send_again
            self.person_acts(lambda who: call(reply.id, reply.version, who), pick)

    def approve_many(self, pick: Pick) -> None:
        waiting = self.approvals.waiting()
        live = [one for one in self._all(Reply) if one.state is ReplyState.DRAFTED]
        chosen = [(one.reply_id, one.version) for one in waiting] or [(one.id, one.version) for one in live]
        self.person_acts(lambda who: self.approvals.approve_many(chosen, who), pick)

    def take(self, pick: Pick) -> None:
        case = pick(self._all(Case)).id
        self.person_acts(lambda who: self.deeds.take(case, who), pick)

    def assign(self, pick: Pick) -> None:
        case, owner, team = pick(self._all(Case)).id, pick((*PEOPLE, None)), pick((None, "Varasto", "Laskutus"))
        self.person_acts(lambda who: self.deeds.assign(case, owner, team, who), pick)

    def note(self, pick: Pick) -> None:
        case, call = pick(self._all(Case)).id, pick((True, False))
        self.person_acts(
            lambda who: self.deeds.log_call(case, 3, "", who) if call else self.deeds.note(case, "Soitettu", who), pick
        )

    def ask(self, pick: Pick) -> None:
        case, colleague = pick(self._all(Case)).id, pick(PEOPLE)
        self.person_acts(lambda who: self.deeds.ask(case, colleague, "Onko hyvitetty?", who), pick)

    def answer(self, pick: Pick) -> None:
        questions = [one.id for one in self._all(CaseNote) if one.kind is NoteKind.QUESTION]
        if questions:
            question = pick(questions)
            self.person_acts(lambda who: self.deeds.answer(question, "On", who), pick)

    def snooze(self, pick: Pick) -> None:
        case, until = pick(self._all(Case)).id, self.clock.now + timedelta(seconds=pick((60, 7200, -1)))
        self.person_acts(lambda who: self.deeds.snooze(case, until, who), pick)

    def wake(self, pick: Pick) -> None:
        case = pick(self._all(Case)).id
        self.person_acts(lambda who: self.deeds.wake(case, who), pick)

    def close_case(self, pick: Pick) -> None:
        case, reason = pick(self._all(Case)).id, pick(("", "", "Hoidettu puhelimessa"))
        closing = Closing(pick((True, False)), pick((True, False, None)), None, reason)
        self.person_acts(lambda who: self.deeds.close(case, closing, who), pick)

    def reopen(self, pick: Pick) -> None:
        case = pick(self._all(Case)).id
        self.person_acts(lambda who: self.deeds.reopen(case, who), pick)

    def link(self, pick: Pick) -> None:
        cases = self._all(Case)
        case, number = pick(cases).id, pick(cases).number
        self.person_acts(lambda who: self.deeds.link(case, number, who), pick)

    def write(self, pick: Pick) -> None:
        case, words = pick(self._all(Case)).id, pick(WORDS)
        self.person_acts(lambda who: self.deeds.write(case, words, who), pick)

    def answered_by_hand(self, pick: Pick) -> None:
        case = pick(self._all(Case)).id
        self.person_acts(lambda who: self.deeds.answered_by_hand(case, who, "https://x.com/i/status/9"), pick)

    def grade(self, pick: Pick) -> None:
        case, right = pick(self._all(Case)).id, pick((True, False))
        self.person_acts(lambda who: self.grading.grade(case, right, who), pick)

    def two_things_at_once(self, pick: Pick) -> None:
        """Two people, or a person and the publisher, do different things about one matter at the same moment."""
        reply = pick(self._all(Reply))
        case, other = reply.case_id, pick(self._all(Case))
        hoidettu = Closing(True, None, None, "Hoidettu")
        deeds: dict[str, Callable[[Person], Any]] = {
            "approve": lambda who: self.approvals.approve(reply.id, reply.version, who),
            "edit": lambda who: self.approvals.edit(reply.id, reply.version, "Hei!", who),
            "by hand": lambda who: self.deeds.answered_by_hand(case, who),
            "close": lambda who: self.deeds.close(case, hoidettu, who),
            "reopen": lambda who: self.deeds.reopen(case, who),
            "link": lambda who: self.deeds.link(case, other.number, who),
            "link here": lambda who: self.deeds.link(other.id, self._number(case), who),
            "write": lambda who: self.deeds.write(case, "Moi!", who),
            "publish": lambda _: self._publish(reply.id),
            "consider": lambda _: self.consider(pick),
        }
        first, second = pick(tuple(deeds)), pick(tuple(deeds))
        self.done["two things at once"] += 1
        together = {PEOPLE[3].id: deeds[first], PEOPLE[4].id: deeds[second]}
        at_once(lambda who: together[who.id](who), PEOPLE[3], PEOPLE[4])

    def change_roles(self, pick: Pick) -> None:
        """Somebody is taken out, or put back as what they were."""
        gone = [id for id in ROLES if id not in self.roles.given]
        if gone:
            self.roles.given[gone[0]] = ROLES[gone[0]]
        else:
            del self.roles.given[pick(tuple(ROLES))]

    # What else happens ---------------------------------------------------------------------------------------------

    def customer_writes(self, pick: Pick) -> None:
        self._posts += 1
        text = pick(("Surkea kauppa, vastatkaa!", "Surkeaa, etten saa vastausta", "Mikä on tilanne?", "Kiitos!"))
        place, id, at = pick(("m1", "m1", "m2", "p1", "dm", "dm", "new")), f"n{self._posts}", self.clock.now
        if place == "dm":
            post = a_dm(text, external_id=id, created_at=at)
        elif place == "p1":
            post = a_comment(text, external_id=id, created_at=at)
        else:
            post = a_post(text, external_id=id, thread_id=place if place != "new" else id, created_at=at)
        store_posts(self.store, post, at=at)
        self.consider(pick)

    def it_gets_hotter(self, pick: Pick) -> None:
        with self.store() as session:
            thread = session.scalars(select(Mention.thread_id).where(Mention.external_id == "c1")).one()
        heat(self.store, thread, pick(("none", "warning", "outrage")), at=self.clock.now)
        self.consider(pick)

    def consider(self, pick: Pick) -> None:
        judge_all(self.store, self.clock.now)
        _considering().consider_waiting(sessions=self.store, now=self.clock.now, wall=self.clock.now)

    def publish(self, pick: Pick) -> None:
        """The publisher's job runs for a reply, alone, twice or in two threads; the platform does as it likes."""
        moving = [one for one in self._all(Reply) if one.state in MOVING]
        if not moving:
            return
        reply = pick(moving).id
        for platform in self.platforms.values():
            platform.next = pick(PLATFORM_DOES)
        self.store.dies_at = pick((None, None, 0, 1))
        for _ in range(pick((1, 2))):
            self._publish(reply)
        self.store.dies_at = None

    def time_passes(self, pick: Pick) -> None:
        self.clock.later(seconds=pick((60, 3600)))
        wake_cases(sessions=self.store, now=self.clock.now, wall=self.clock.now)

    # Small things --------------------------------------------------------------------------------------------------

    def _all(self, kind: type[Choice]) -> list[Choice]:
        with self.store() as session:
            return list(session.scalars(select(kind).order_by(kind.id)))  # type: ignore[attr-defined]

    def _publish(self, reply_id: int) -> None:
        self.done["publishing ran"] += 1
        try:
            self.publishing.publish_reply(reply_id, now=self.clock.now, wall=self.clock.now)
        except Killed:
            self.done["killed at a commit or in a call"] += 1
        except (TryLater, SignInAgain):
            self.done["platform said: later"] += 1

    def _number(self, case_id: int) -> int:
        with self.store() as session:
            return session.get_one(Case, case_id).number

    def _lines(self) -> int:
        with self.store() as session:
            return len(session.scalars(select(AuditEntry.id)).all())


def _refused(outcome: Any) -> bool:
    if isinstance(outcome, Batch):
        return outcome.approved == 0
    return isinstance(outcome, Outcome) and not outcome.ok


ACTIONS: dict[str, Callable[[World, Pick], None]] = {
    "approve": World.approve,
    "edit": World.edit,
    "edit and approve": World.edit_and_approve,
    "swap": World.swap,
    "restore": World.restore,
    "reject": World.reject,
    "by hand": World.by_hand,
    "settle unknown": World.settle_unknown,
    "approve many": World.approve_many,
    "take": World.take,
    "assign": World.assign,
    "note": World.note,
    "ask": World.ask,
    "answer": World.answer,
    "snooze": World.snooze,
    "wake": World.wake,
    "close": World.close_case,
    "reopen": World.reopen,
    "link": World.link,
    "write": World.write,
    "answered by hand": World.answered_by_hand,
    "grade": World.grade,
    "two things at once": World.two_things_at_once,
    "change roles": World.change_roles,
    "customer writes": World.customer_writes,
    "it gets hotter": World.it_gets_hotter,
    "publish": World.publish,
    "time passes": World.time_passes,
}

HAPPENS = (
    *sorted(ACTIONS),
    *("publish",) * 5,
    *("approve", "edit and approve", "customer writes", "settle unknown") * 2,
)
"""What happens next, the commonest more often."""
