"""Changing a reply's state: a compare-and-set that always leaves its line in the audit trail."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from listener.posts import Author
from migrations import upgrade
from models.audit import AuditEntry
from models.base import Sessions, open_engine, open_sessions
from models.cases import Case, Reply
from models.errors import OutcomeUnknown, PlatformError, Refused, TryLater
from models.replies import move_case, move_reply
from models.states import REPLY_MOVES, CaseState, NotAllowed, ReplyState
from responders.ports import Published
from responders.publish import Publishing
from responders.routes import Abilities
from tests.builders import ANNA, MIKAEL, NOON, a_dm, a_draft, approvals, consider, store_posts, the_reply, trail
from tests.fakes import FakePublisher


def test_a_move_changes_the_state_and_writes_who_when_and_from_where(store: Sessions) -> None:
    draft = a_draft(store)
    with store.begin() as session:
        assert move_reply(
            session, draft.id, ReplyState.DRAFTED, ReplyState.APPROVED, at=NOON, actor="U0ANNA", version=1
        )  # fmt: skip
    with store() as session:
        line = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (line.at, line.actor, line.action, line.case_id, line.reply_id) == (
        NOON, "U0ANNA", "reply.approved", draft.case_id, draft.id,
    )  # fmt: skip
    assert line.detail == {"was": "drafted", "version": 1}


@pytest.mark.parametrize("given", [{"old": ReplyState.APPROVED, "new": ReplyState.SENDING}, {"version": 7}])
def test_who_comes_too_late_changes_nothing_and_writes_nothing(store: Sessions, given: dict[str, Any]) -> None:
    draft = a_draft(store)
    before = trail(store)
    wanted: dict[str, Any] = {"old": ReplyState.DRAFTED, "new": ReplyState.APPROVED} | given
    with store.begin() as session:
        assert not move_reply(session, draft.id, at=NOON, **wanted)
    assert (the_reply(store, draft.id).state, trail(store)) == (ReplyState.DRAFTED, before)


def test_a_move_that_the_table_does_not_have_is_refused_before_it_touches_anything(store: Sessions) -> None:
    draft = a_draft(store)
    with pytest.raises(NotAllowed), store.begin() as session:
        move_reply(session, draft.id, ReplyState.DRAFTED, ReplyState.SENT, at=NOON)
    assert the_reply(store, draft.id).state is ReplyState.DRAFTED


def test_the_line_and_the_move_are_undone_together(store: Sessions) -> None:
    draft = a_draft(store)
    before = trail(store)
    with store() as session:
        assert move_reply(session, draft.id, ReplyState.DRAFTED, ReplyState.APPROVED, at=NOON)
        session.rollback()
    assert (the_reply(store, draft.id).state, trail(store)) == (ReplyState.DRAFTED, before)


def test_a_case_has_one_live_reply(store: Sessions) -> None:
    draft = a_draft(store)
    second = {"case_id": draft.case_id, "mention_id": draft.mention_id, "playbook_id": "", "language": "fi", "text": ""}
    with pytest.raises(IntegrityError), store.begin() as session:
        session.add(Reply(**second, drafted_at=NOON))
    with store.begin() as session:
        session.add(Reply(**second, drafted_at=NOON, state=ReplyState.REJECTED))


def test_a_case_that_stands_there_already_leaves_no_line(store: Sessions) -> None:
    a_draft(store)
    before = trail(store)
    with store.begin() as session:
        move_case(session, session.get_one(Case, 1), CaseState.OPEN, at=NOON)
    assert trail(store) == before
    with store.begin() as session:
        case = session.get_one(Case, 1)
        case.state = CaseState.CLOSED
        with pytest.raises(NotAllowed):
            move_case(session, case, CaseState.ANSWERED, at=NOON)


class OneConversation(RuleBasedStateMachine):
    """A customer, two colleagues and a moody platform, in any order: what must hold of every reply, always."""

    @initialize()
    def begin(self) -> None:
        self.engine = open_engine("sqlite://")
        upgrade(self.engine)
        self.store = open_sessions(self.engine)
        self.now, self.said = NOON, 0
        self.publisher = FakePublisher()
        self.customer_writes()

    @rule()
    def customer_writes(self) -> None:
        self.said += 1
        self.now += timedelta(minutes=1)
        post = a_dm(f"Missä pakettini {self.said} on?", author=Author("7001", "Aino"), created_at=self.now)
        store_posts(self.store, post, at=self.now)
        consider(self.store, self.now)

    @rule(
        deed=st.sampled_from(["approve", "edit", "reject", "by_hand", "confirm_sent", "send_again"]),
        who=st.sampled_from([ANNA, MIKAEL]),
        stale=st.booleans(),
    )
    def somebody_decides(self, deed: str, who: Any, stale: bool) -> None:
        reply = self.newest()
        given: list[Any] = [reply.id, reply.version - stale]
        given += {"edit": [f"Hei {self.said}!"], "reject": ["Roskaa"]}.get(deed, [])
        getattr(approvals(self.store, self.now), deed)(*given, who)

    @rule(
        outcome=st.sampled_from(
            [None, TryLater("rate_limited", ""), Refused("gone", ""), OutcomeUnknown("no_answer", "")]
        ),
        arrived=st.booleans(),
    )
    def worker_sends_or_looks(self, outcome: PlatformError | None, arrived: bool) -> None:
        reply = self.newest()
        self.publisher.failing = outcome
        self.publisher.there = Published(f"found-{reply.id}") if arrived else None
        step = Publishing(self.store, {"x": self.publisher}, Abilities())
        with suppress(PlatformError):
            step.publish_reply(reply.id, now=self.now, wall=self.now)

    def newest(self) -> Reply:
        with self.store() as session:
            return session.scalars(select(Reply).order_by(Reply.id.desc()).limit(1)).one()

    @invariant()
    def every_state_of_every_reply_is_in_the_trail(self) -> None:
        with self.store() as session:
            for reply in session.scalars(select(Reply)):
                lines = session.scalars(
                    select(AuditEntry).where(AuditEntry.reply_id == reply.id).order_by(AuditEntry.id)
                ).all()
                state = ReplyState.DRAFTED
                for line in lines:
                    word = line.action.removeprefix("reply.")
                    if line.action.startswith("reply.") and word in set(ReplyState) and "was" in line.detail:
                        assert line.detail["was"] == state
                        assert word in REPLY_MOVES[state]
                        state = ReplyState(word)
                assert state is reply.state

    @invariant()
    def nothing_left_without_a_persons_name_on_it(self) -> None:
        with self.store() as session:
            sent = {reply.id: reply for reply in session.scalars(select(Reply))}
            for outgoing in self.publisher.sent:
                assert sent[outgoing.reply_id].decided_by in ("U0ANNA", "U0MIKAEL")
                approvals_of = session.scalars(
                    select(AuditEntry.id).where(
                        AuditEntry.reply_id == outgoing.reply_id, AuditEntry.action == "reply.approved",
                        AuditEntry.actor != "palovahti",
                    )
                ).all()  # fmt: skip
                times = sum(one.reply_id == outgoing.reply_id for one in self.publisher.sent)
                assert times <= len(approvals_of)

    def teardown(self) -> None:
        self.engine.dispose()


OneConversation.TestCase.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)
TestOneConversation = OneConversation.TestCase
