"""A small shop in which anything may happen: five people of different roles, customers, a platform, crashes, races.

Each step is one thing that happens; after it, `check` holds the store against what must always be true. What happens
is chosen by `pick`, so that hypothesis and a plain random generator can both drive it.
"""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from migrations import upgrade
from models.audit import OURSELVES, AuditEntry
from models.base import Sessions, open_engine
from models.cases import Case, CaseNote, Reply, ReplyText
from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from models.mentions import Mention
from models.states import LIVE_REPLY_STATES, CaseState, NoteKind, ReplyState
from responders.casework import CaseDeeds
from responders.casework_resting import wake_cases
from responders.complaints import closed_unanswered
from responders.consider import Considering
from responders.grading import Grading
from responders.matters import Ground
from responders.ports import Outgoing, Published
from responders.publish import Publishing
from responders.roles import Act, Role, allowed
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

Choice = TypeVar("Choice")

ROLES = {
    "U0VILMA": Role.VIEWER,
    "U0DAN": Role.DRAFTER,
    "U0ANNA": Role.APPROVER,
    "U0MIKAEL": Role.LEAD,
    "U0ADA": Role.ADMIN,
}
PEOPLE = tuple(Person(id, id.removeprefix("U0").title()) for id in ROLES)
OFTEN = (*PEOPLE, *PEOPLE[2:], *PEOPLE[2:])
"""Who acts: most of them may."""

PLAYBOOKS = ("not-arrived", "refund-status", "bad-service", "anger", "no-answer", "opening-hours", "details")

WORDS = ("Hei Aino, katson heti!", "Hei! Selvitän tämän.", "Pahoittelut, palaan asiaan.")
ANSWER_LINES = ("reply.sent", "reply.by_hand", "case.answered_on_platform")
REWRITES = ("reply.edited", "reply.swapped", "reply.restored", "reply.redrafted")

LEAST = {  # what a person must at least be allowed to do for their name to stand on such a line
    "reply.approved": Act.APPROVE, "reply.rejected": Act.APPROVE, "reply.by_hand": Act.APPROVE,
    "reply.sent": Act.APPROVE, "reply.edited": Act.DRAFT, "reply.swapped": Act.DRAFT, "reply.restored": Act.DRAFT,
    "reply.drafted": Act.DRAFT, "reply.superseded": Act.WORK, "case.closed": Act.WORK, "case.open": Act.DRAFT,
    "case.assigned": Act.TAKE, "case.noted": Act.NOTE, "case.call_logged": Act.NOTE, "case.asked": Act.NOTE,
    "case.question_answered": Act.GRADE, "case.snoozed": Act.WORK, "case.woken": Act.WORK, "case.linked": Act.WORK,
    "alert.graded": Act.GRADE, "alert.cooled": Act.WORK,
}  # fmt: skip


class Killed(BaseException):
    """The process died here."""


class Pick(Protocol):
    """Chooses what happens."""

    def __call__(self, among: Sequence[Choice]) -> Choice: ...


class FaultySessions(Sessions):
    """A store whose transactions die at their commit when told to."""

    dies_at: int | None = None  # how many commits from now

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with super().begin() as session:
            yield session
            if self.dies_at is not None:
                self.dies_at -= 1
                if self.dies_at < 0:
                    self.dies_at = None
                    raise Killed


@dataclass
class Platform:
    """Takes replies, refuses them, loses its answer, or sees us die in the middle of a call."""

    channel: str
    next: str = "takes"
    posted: Counter[int] = field(default_factory=Counter)

    def publish(self, outgoing: Outgoing) -> Published:
        does, self.next = self.next, "takes"
        if does == "busy":
            raise TryLater("busy", "wait")
        if does == "token":
            raise SignInAgain("token", "renew")
        if does == "refuses":
            raise Refused("duplicate", "no")
        if does == "silent_lost":
            raise OutcomeUnknown("no_answer", "look")
        if does == "we_die_before":
            raise Killed
        self.posted[outgoing.reply_id] += 1
        if does == "we_die_after":
            raise Killed
        if does == "silent_done":
            raise OutcomeUnknown("no_answer", "look")
        return Published(f"ours-{outgoing.reply_id}", None)

    def find(self, outgoing: Outgoing) -> Published | None:
        does, self.next = self.next, "takes"
        if does == "busy":
            raise TryLater("busy", "wait")
        return Published(f"ours-{outgoing.reply_id}", None) if self.posted[outgoing.reply_id] else None


PLATFORM_DOES = ("takes", "busy", "token", "refuses", "silent_lost", "silent_done", "we_die_before", "we_die_after")


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


@dataclass(frozen=True)
class Row:
    """What a change of which must have left a line."""

    state: str
    version: int = 0
    given: tuple[Any, ...] = ()
    snoozed: Any = None
    same_as: int | None = None


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
        self._rows: dict[tuple[str, int], Row] = {}
        self._mentions: dict[int, int | None] = {}
        self._heard: dict[int, int] = {}
        self._seen = 0
        self.check()

    def close(self) -> None:
        self.engine.dispose()

    def step(self, name: str, pick: Pick) -> None:
        """One thing happens, and everything that must be true is."""
        self.clock.later(seconds=pick((1, 40, 4000)))
        self._name = name
        self.done["steps"] += 1
        ACTIONS[name](self, pick)
        self.check()

    # What people do ------------------------------------------------------------------------------------------------

    def person_acts(self, deed: Callable[[Person], Any], pick: Pick) -> None:
        """A deed once, twice, with the process dying at its commit and Slack delivering it again, or two at once."""
        who, how = pick(OFTEN), pick(("once", "once", "twice", "dies", "race"))
        self.done[f"acts: {how}"] += 1
        if how == "race":
            self._at_once(deed, who, pick(OFTEN))
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
        moving = [one for one in self._all(Reply) if one.state in _MOVING]
        if not moving:
            return
        reply = pick(moving).id
        for platform in self.platforms.values():
            platform.next = pick(PLATFORM_DOES)
        self.store.dies_at = pick((None, None, 0, 1))
        for _ in range(pick((1, 2))):
            try:
                self.publishing.publish_reply(reply, now=self.clock.now, wall=self.clock.now)
            except Killed:
                self.done["killed at a commit or in a call"] += 1
            except (TryLater, SignInAgain):
                self.done["platform said: later"] += 1
            self.done["publishing ran"] += 1
        self.store.dies_at = None

    def time_passes(self, pick: Pick) -> None:
        self.clock.later(seconds=pick((60, 3600)))
        wake_cases(sessions=self.store, now=self.clock.now, wall=self.clock.now)

    # What must be true ---------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raises AssertionError naming the promise that does not hold."""
        with self.store() as session:
            lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
            cases = {case.id: case for case in session.scalars(select(Case))}
            replies = {reply.id: reply for reply in session.scalars(select(Reply))}
            self._check_sending(lines, replies)
            self._check_roles([line for line in lines if line.id > self._seen])
            self._check_texts(session, replies)
            self._check_links(cases)
            self._check_lines(lines, cases, replies)
            self._check_closed(session, lines, cases)
            self._seen = max((line.id for line in lines), default=0)

    def _check_sending(self, lines: Sequence[AuditEntry], replies: dict[int, Reply]) -> None:
        approved = {line.reply_id for line in lines if line.action == "reply.approved" and line.actor != OURSELVES}
        for platform in self.platforms.values():
            assert all(count <= 1 for count in platform.posted.values()), "P2: a reply was sent twice"
            assert set(platform.posted) - {id for id, n in platform.posted.items() if not n} <= approved, (
                "P2: unapproved"
            )
        for reply in replies.values():
            if reply.state in (*_MOVING, ReplyState.SENT):
                assert reply.id in approved, "P2: on its way without a person's yes"
                assert reply.decided_by in ROLES, "P2: nobody's yes"
        live = Counter(reply.case_id for reply in replies.values() if reply.state in LIVE_REPLY_STATES)
        assert all(count == 1 for count in live.values()), "two live replies in a case"

    def _check_roles(self, new: Sequence[AuditEntry]) -> None:
        for line in new:
            if line.actor != OURSELVES:
                role = self.roles.given.get(line.actor)
                assert allowed(role, LEAST[line.action]), f"{role} did {line.action}"

    def _check_texts(self, session: Session, replies: dict[int, Reply]) -> None:
        kept: dict[int, str] = {}
        for text in session.scalars(select(ReplyText).order_by(ReplyText.version)):
            kept[text.reply_id] = text.text
        for reply in replies.values():
            assert kept.get(reply.id, "") == reply.text, "a text that the history does not have"

    def _check_links(self, cases: dict[int, Case]) -> None:
        for case in cases.values():
            if case.same_as is not None:
                assert case.state is CaseState.CLOSED, "a linked case that is open"
                seen = {case.id}
                while case.same_as is not None:
                    case = cases[case.same_as]
                    assert case.id not in seen, "cases that stand for each other"
                    seen.add(case.id)

    def _check_lines(self, lines: Sequence[AuditEntry], cases: dict[int, Case], replies: dict[int, Reply]) -> None:
        new = [line for line in lines if line.id > self._seen]
        rows: dict[tuple[str, int], Row] = {}
        for case in cases.values():
            key, its = ("case", case.id), [line for line in new if line.case_id == case.id and line.reply_id is None]
            rows[key] = Row(case.state, 0, (case.owner_id, case.team), case.snoozed_until, case.same_as)
            was = self._rows.get(key)
            if was is None:
                continue
            actions = [line.action for line in its]
            _walk("case", was.state, case.state, its)
            assert was.given == rows[key].given or "case.assigned" in actions, "given without a line"
            if was.snoozed != case.snoozed_until:
                wanted = "case.woken" if case.snoozed_until is None else "case.snoozed"
                assert wanted in actions, f"no line {wanted}"
            if was.same_as != case.same_as:
                assert {"case.linked", "case.open"} & set(actions), "linked without a line"
        for reply in replies.values():
            key, its = ("reply", reply.id), [line for line in new if line.reply_id == reply.id]
            rows[key] = Row(reply.state, reply.version)
            was = self._rows.get(key)
            if was is None:
                assert not self._rows or "reply.drafted" in [line.action for line in its], "drafted without a line"
                continue
            _walk("reply", was.state, reply.state, its)
            again = [line for line in its if line.action == "reply.approved" and line.detail["was"] == "unconfirmed"]
            told = sum(line.action in REWRITES for line in its) + len(again)
            assert reply.version - was.version == told, "a version without a line"
        self._rows = rows

    def _check_closed(self, session: Session, lines: Sequence[AuditEntry], cases: dict[int, Case]) -> None:
        assert closed_unanswered(session) == [], "P4, by the product's own check"
        for case in cases.values():
            if self._mentions.get(case.id) != case.mention_id:
                self._mentions[case.id], self._heard[case.id] = case.mention_id, self._seen
        for case in cases.values():
            if case.state is not CaseState.CLOSED or case.same_as is not None or (case.closed_reason or "").strip():
                continue
            group = [one for one in cases.values() if _head(cases, one) == case.id]
            answered = max(
                (
                    line.id
                    for line in lines
                    if line.action in ANSWER_LINES and line.case_id in {one.id for one in group}
                ),
                default=0,
            )
            for one in group:
                if one.kind == "alert" or _complains(session, one):
                    assert answered > self._heard[one.id] or (one.kind == "alert" and answered), "P4: closed in silence"

    # Small things --------------------------------------------------------------------------------------------------

    def _all(self, kind: type[Choice]) -> list[Choice]:
        with self.store() as session:
            return list(session.scalars(select(kind).order_by(kind.id)))  # type: ignore[attr-defined]

    def _lines(self) -> int:
        with self.store() as session:
            return len(session.scalars(select(AuditEntry.id)).all())

    def _at_once(self, deed: Callable[[Person], Any], *people: Person) -> None:
        barrier, failed = threading.Barrier(len(people)), []

        def act(who: Person) -> None:
            barrier.wait()
            try:
                deed(who)
            except Exception as error:  # told by the thread that started us
                failed.append(error)

        threads = [threading.Thread(target=act, args=(who,)) for who in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]


_MOVING = (ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED)


def _refused(outcome: Any) -> bool:
    if isinstance(outcome, Batch):
        return outcome.approved == 0
    return isinstance(outcome, Outcome) and not outcome.ok


def _walk(kind: str, was: str, now: str, lines: Sequence[AuditEntry]) -> None:
    """The lines lead from the state it had to the one it has."""
    states = {str(state) for state in (CaseState if kind == "case" else ReplyState)}
    at = str(was)
    for line in lines:
        to = line.action.removeprefix(f"{kind}.")
        if line.action.startswith(f"{kind}.") and to in states and "was" in line.detail:
            assert line.detail["was"] == at, f"a line from {line.detail['was']}, but it was {at}"
            at = to
    assert at == str(now), f"{kind} is {now}, its lines say {at}"


def _head(cases: dict[int, Case], case: Case) -> int:
    while case.same_as is not None:
        case = cases[case.same_as]
    return case.id


def _complains(session: Session, case: Case) -> bool:
    """By the words alone: in this shop who complains writes "surkea"."""
    mention = session.get(Mention, case.mention_id)
    return mention is not None and "surkea" in mention.text.lower()


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
