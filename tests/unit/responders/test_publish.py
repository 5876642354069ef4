"""Sending once: every outcome of the call, crashes before and after it, and what happens when nobody knows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from listener.posts import Post
from models.base import Sessions
from models.cases import Reply
from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater
from models.jobs import Job, JobKind
from models.mentions import Thread
from models.states import CaseState, ReplyState
from responders.ports import Published, Window
from responders.publish import Publishing
from responders.routes import Abilities
from tests.builders import (
    ANNA,
    NOON,
    a_dm,
    a_draft,
    approvals,
    cases,
    minutes,
    put_reply,
    the_reply,
    trail,
)
from tests.fakes import FakePublisher

UNKNOWN = OutcomeUnknown("no_answer", "Look at the thread.")


def approved(store: Sessions, post: Post | None = None, at: datetime = NOON) -> Reply:
    draft = a_draft(store, post, at)
    assert approvals(store, at).approve(draft.id, 1, ANNA).ok
    return draft


def publishing(store: Sessions, publisher: FakePublisher, **named: object) -> Publishing:
    return Publishing(store, {publisher.channel: publisher}, named.get("abilities", Abilities()))  # type: ignore[arg-type]


def publish(store: Sessions, publisher: FakePublisher, reply: Reply, at: datetime = NOON, **named: object) -> Reply:
    publishing(store, publisher, **named).publish_reply(reply.id, now=at, wall=at)
    return the_reply(store, reply.id)


def next_look(store: Sessions) -> list[float]:
    with store() as session:
        jobs = session.scalars(select(Job).where(Job.kind == JobKind.PUBLISH)).all()
        return [(job.run_at - NOON).total_seconds() for job in jobs]


def forget_jobs(store: Sessions) -> None:
    with store.begin() as session:
        session.query(Job).delete()


def test_an_approved_reply_is_sent_once_and_its_case_is_answered(store: Sessions) -> None:
    publisher, reply = FakePublisher(), approved(store)
    sent = publish(store, publisher, reply)
    assert (sent.state, sent.external_id, sent.permalink) == (
        ReplyState.SENT,
        f"ours-{reply.id}",
        "https://x.com/i/status/1",
    )
    assert (sent.sending_at, sent.sent_at, sent.problem) == (NOON, NOON, None)
    assert [case.state for case in cases(store)] == [CaseState.ANSWERED]
    with store() as session:
        assert session.scalars(select(Thread)).one().answered_at == NOON
    publish(store, publisher, reply)
    assert len(publisher.sent) == 1
    assert trail(store)[-3:] == ["reply.sending", "reply.sent", "case.answered"]


def test_the_publisher_gets_what_the_person_approved_and_where_it_goes(store: Sessions) -> None:
    publisher, reply = FakePublisher(), approved(store)
    publish(store, publisher, reply)
    [outgoing] = publisher.sent
    assert (outgoing.text, outgoing.channel, outgoing.recipient_id) == (reply.text, "x", None)
    assert (outgoing.target_id, outgoing.thread_id) == (outgoing.thread_id, outgoing.thread_id)
    assert outgoing.not_before == NOON - minutes(2)


def test_a_message_goes_to_the_customer_in_their_conversation(store: Sessions) -> None:
    publisher = FakePublisher("facebook")
    publish(store, publisher, approved(store, a_dm(channel="facebook", thread_id="t_1")))
    [outgoing] = publisher.sent
    assert (outgoing.target_id, outgoing.recipient_id, outgoing.window) == ("t_1", "7001", Window.RESPONSE)


@pytest.mark.parametrize(
    "state",
    [
        ReplyState.DRAFTED,
        ReplyState.SENT,
        ReplyState.REFUSED,
        ReplyState.BY_HAND,
        ReplyState.REJECTED,
        ReplyState.SUPERSEDED,
    ],
)
def test_what_nobody_approved_or_what_is_done_is_never_sent(store: Sessions, state: ReplyState) -> None:
    publisher, draft = FakePublisher(), a_draft(store)
    put_reply(store, draft.id, state)
    assert publish(store, publisher, draft).state is state
    assert (publisher.sent, publisher.looked) == ([], [])


def test_a_reply_that_does_not_exist_is_no_work(store: Sessions) -> None:
    publishing(store, FakePublisher()).publish_reply(404, now=NOON, wall=NOON)


@pytest.mark.parametrize("error", [TryLater("rate_limited", "", 30), SignInAgain("token_expired", "")])
def test_what_did_not_happen_is_approved_again_and_tried_later(store: Sessions, error: PlatformError) -> None:
    publisher, reply = FakePublisher(failing=error), approved(store)
    with pytest.raises(type(error)):
        publish(store, publisher, reply)
    assert (the_reply(store, reply.id).state, the_reply(store, reply.id).problem) == (ReplyState.APPROVED, error.code)
    publisher.failing = None
    assert publish(store, publisher, reply).state is ReplyState.SENT
    assert the_reply(store, reply.id).problem is None
    assert len(publisher.sent) == 1


def test_a_refusal_is_told_and_never_tried_again(store: Sessions) -> None:
    publisher, reply = FakePublisher(failing=Refused("deleted_post", "")), approved(store)
    refused = publish(store, publisher, reply)
    assert (refused.state, refused.problem) == (ReplyState.REFUSED, "deleted_post")
    assert cases(store)[0].state is CaseState.OPEN
    publisher.failing = None
    publish(store, publisher, reply)
    assert publisher.sent == []


def test_an_unknown_outcome_is_read_back_and_found(store: Sessions) -> None:
    publisher, reply = FakePublisher(failing=UNKNOWN), approved(store)
    forget_jobs(store)
    assert publish(store, publisher, reply).state is ReplyState.UNCONFIRMED
    assert next_look(store) == [5]
    publisher.there = Published("9999", "https://x.com/i/status/9999")
    found = publish(store, publisher, reply, NOON + minutes(1))
    assert (found.state, found.external_id, found.problem) == (ReplyState.SENT, "9999", None)
    assert publisher.looked[0].not_before == NOON - minutes(2)
    assert cases(store)[0].state is CaseState.ANSWERED
    assert publisher.sent == []


def test_an_unknown_outcome_that_is_not_found_is_left_to_a_person(store: Sessions) -> None:
    publisher, reply = FakePublisher(failing=UNKNOWN), approved(store)
    publish(store, publisher, reply)
    publisher.failing = None
    looks = []
    for _ in range(5):
        forget_jobs(store)
        publish(store, publisher, reply)
        looks.append(next_look(store))
    assert looks == [[20], [60], [], [], []]
    assert len(publisher.looked) == 3
    assert (the_reply(store, reply.id).state, publisher.sent) == (ReplyState.UNCONFIRMED, [])
    assert approvals(store).send_again(reply.id, 1, ANNA).ok
    assert publish(store, publisher, reply).state is ReplyState.SENT


def test_reading_back_that_fails_counts_as_no_look(store: Sessions) -> None:
    publisher, reply = FakePublisher(failing=TryLater("rate_limited", "")), a_draft(store)
    put_reply(store, reply.id, ReplyState.UNCONFIRMED)
    with pytest.raises(TryLater):
        publish(store, publisher, reply)
    assert the_reply(store, reply.id).read_backs == 0


def test_a_crash_while_sending_is_never_answered_with_a_second_sending(store: Sessions) -> None:
    publisher, reply = FakePublisher(), approved(store)
    put_reply(store, reply.id, ReplyState.SENDING, sending_at=NOON)
    forget_jobs(store)
    found = publish(store, publisher, reply)
    assert (found.state, found.problem) == (ReplyState.UNCONFIRMED, "interrupted")
    assert (next_look(store), publisher.sent) == ([5], [])


def test_a_bug_in_the_middle_of_the_call_leaves_it_unconfirmed(store: Sessions) -> None:
    publisher, reply = FakePublisher(failing=KeyError("id")), approved(store)
    with pytest.raises(KeyError):
        publish(store, publisher, reply)
    assert the_reply(store, reply.id).state is ReplyState.UNCONFIRMED


def test_a_success_that_comes_after_the_lease_ended_is_still_a_success(store: Sessions) -> None:
    reply = approved(store)
    publisher = FakePublisher()
    publisher.meanwhile = lambda: publishing(store, FakePublisher()).publish_reply(reply.id, now=NOON, wall=NOON)
    sent = publish(store, publisher, reply)
    assert (sent.state, sent.external_id) == (ReplyState.SENT, f"ours-{reply.id}")
    assert len(publisher.sent) == 1
    assert trail(store)[-4:] == ["reply.sending", "reply.unconfirmed", "reply.sent", "case.answered"]


def test_a_failure_that_comes_after_the_lease_ended_leaves_it_in_doubt(store: Sessions) -> None:
    reply = approved(store)
    publisher = FakePublisher(failing=TryLater("rate_limited", ""))
    publisher.meanwhile = lambda: publishing(store, FakePublisher()).publish_reply(reply.id, now=NOON, wall=NOON)
    with pytest.raises(TryLater):
        publish(store, publisher, reply)
    assert the_reply(store, reply.id).state is ReplyState.UNCONFIRMED


def test_a_worker_that_comes_while_another_sends_does_not_send(store: Sessions) -> None:
    reply, second = approved(store), FakePublisher()
    publisher = FakePublisher(meanwhile=lambda: publishing(store, second).publish_reply(reply.id, now=NOON, wall=NOON))
    publish(store, publisher, reply)
    assert (len(publisher.sent), second.sent) == (1, [])


def test_a_window_that_closed_between_approval_and_sending_refuses(store: Sessions) -> None:
    publisher = FakePublisher("facebook")
    reply = approved(store, a_dm(channel="facebook"), NOON)
    late = publish(store, publisher, reply, NOON + timedelta(hours=25))
    assert (late.state, late.problem, publisher.sent) == (ReplyState.REFUSED, "human_agent_missing", [])
    granted = approved(store, a_dm("Haloo?", channel="facebook", thread_id="t_2"), NOON)
    again = publish(store, publisher, granted, NOON + timedelta(hours=25), abilities=Abilities(human_agent=True))
    assert again.state is ReplyState.SENT
    assert publisher.sent[0].window is Window.HUMAN_AGENT


def test_a_channel_that_the_settings_no_longer_name_refuses(store: Sessions) -> None:
    reply = approved(store)
    refused = publish(store, FakePublisher("facebook"), reply)
    assert (refused.state, refused.problem) == (ReplyState.REFUSED, "not_connected")


def test_reading_back_on_a_channel_that_the_settings_no_longer_name_is_left_to_a_person(store: Sessions) -> None:
    reply = approved(store)
    put_reply(store, reply.id, ReplyState.UNCONFIRMED)
    assert publish(store, FakePublisher("facebook"), reply).state is ReplyState.UNCONFIRMED
