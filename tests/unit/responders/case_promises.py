"""What must be true of cases and replies after whatever happened, told from the store and the platform alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import OURSELVES, AuditEntry
from models.base import Sessions
from models.cases import Case, Reply, ReplyText
from models.mentions import Mention
from models.states import LIVE_REPLY_STATES, CaseState, ReplyState
from responders.complaints import closed_unanswered
from responders.roles import Act, Role, allowed
from responders.slack.actions import Person
from tests.fakes import FakeRoles

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


MOVING = (ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED)


class Posting(Protocol):
    """A platform that counts what was posted, by reply."""

    posted: Counter[int]


@dataclass(frozen=True)
class Row:
    """What a change of which must have left a line."""

    state: str
    version: int = 0
    given: tuple[Any, ...] = ()
    snoozed: Any = None
    same_as: int | None = None


class Promises:
    """Remembers what it saw, so that every change can be held against its lines in the trail."""

    def __init__(self, store: Sessions, platforms: Sequence[Posting], roles: FakeRoles) -> None:
        self._store = store
        self._platforms = platforms
        self._roles = roles
        self._rows: dict[tuple[str, int], Row] = {}
        self._mentions: dict[int, int | None] = {}
        self._heard: dict[int, int] = {}  # by case, the last line when its customer wrote what it is about
        self._seen = 0

    def check(self) -> None:
        """Raises AssertionError naming the promise that does not hold."""
        with self._store() as session:
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
        for platform in self._platforms:
            assert all(count <= 1 for count in platform.posted.values()), "P2: a reply was sent twice"
            assert set(platform.posted) <= approved, "P2: sent without a person's yes"
        for reply in replies.values():
            if reply.state in (*MOVING, ReplyState.SENT):
                assert reply.id in approved, "P2: on its way without a person's yes"
                assert reply.decided_by in ROLES, "P2: nobody's yes"
        live = Counter(reply.case_id for reply in replies.values() if reply.state in LIVE_REPLY_STATES)
        assert all(count == 1 for count in live.values()), "two live replies in a case"

    def _check_roles(self, new: Sequence[AuditEntry]) -> None:
        for line in new:
            if line.actor != OURSELVES:
                role = self._roles.given.get(line.actor)
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
