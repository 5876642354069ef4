"""The worker: one reaction for each kind of error, leases, lanes, a clean stop, and logs that hold no words."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.worker import Retry, Work, Worker
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from models.jobs import Job, JobKind, put
from models.states import JobState
from tests.builders import NOON
from tests.fakes import FrozenClock

EVERYTHING = (frozenset(JobKind),)
PATIENCE_S = 30.0


def a_worker(store: Sessions, handler: Callable[[str], None], clock: FrozenClock, **named: object) -> Worker:
    retry = named.pop("retry", Retry(first_s=10, longest_s=80))
    work = {kind: Work(handler, retry) for kind in JobKind}  # type: ignore[arg-type]
    return Worker(sessions=store, work=work, lanes=EVERYTHING, wall=clock, **named)  # type: ignore[arg-type]


def raising(*errors: Exception) -> Callable[[str], None]:
    left = list(errors)

    def handle(_: str) -> None:
        if left:
            raise left.pop(0)

    return handle


def ask(store: Sessions, kind: JobKind = JobKind.POLL, key: str = "x") -> None:
    with store.begin() as session:
        put(session, kind, key, NOON)


def the_job(store: Sessions) -> Job | None:
    with store() as session:
        return session.scalars(select(Job)).one_or_none()


def test_work_that_is_done_leaves_nothing(store: Sessions) -> None:
    done: list[str] = []
    ask(store, key="x:dms")
    assert a_worker(store, done.append, FrozenClock(NOON)).run_until_idle() == 1
    assert (done, the_job(store)) == (["x:dms"], None)


@pytest.mark.parametrize(
    ("error", "least_s", "most_s", "code"),
    [
        (TryLater("rate_limited", "", 900), 900, 900, "rate_limited"),
        (TryLater("busy", "", 0), 10, 10, "busy"),
        (TryLater("unreachable", ""), 8, 12, "unreachable"),
        (SignInAgain("token_expired", ""), 8, 12, "token_expired"),
        (OutcomeUnknown("no_answer", ""), 8, 12, "no_answer"),
        (KeyError("id"), 8, 12, "KeyError"),
        (Refused("plan_lacks_this", ""), 240, 360, "plan_lacks_this"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_kind_of_error_has_its_reaction(
    store: Sessions, error: Exception, least_s: float, most_s: float, code: str
) -> None:
    ask(store)
    a_worker(store, raising(error), FrozenClock(NOON)).run_until_idle()
    job = the_job(store)
    assert job is not None
    assert (job.state, job.last_error, job.attempts) == (JobState.WAITING, code, 1)
    assert least_s <= (job.run_at - NOON).total_seconds() <= most_s


def test_a_refusal_is_final_where_tries_are_counted(store: Sessions) -> None:
    ask(store, JobKind.SHOW_CARD, "7")
    a_worker(store, raising(Refused("channel_not_found", "")), FrozenClock(NOON), retry=Retry(tries=5)).run_until_idle()
    job = the_job(store)
    assert job is not None
    assert (job.state, job.last_error) == (JobState.GIVEN_UP, "channel_not_found")


def test_work_is_given_up_after_its_tries_and_stays_to_be_seen(store: Sessions) -> None:
    clock = FrozenClock(NOON)
    worker = a_worker(store, raising(*[TryLater("busy", "")] * 9), clock, retry=Retry(first_s=1, tries=3))
    ask(store)
    for _ in range(5):
        worker.run_until_idle()
        clock.later(hours=1)
    job = the_job(store)
    assert job is not None
    assert (job.state, job.attempts, job.last_error) == (JobState.GIVEN_UP, 3, "busy")


@given(st.integers(1, 60), st.one_of(st.none(), st.floats(0, 10_000)))
def test_waits_double_up_to_the_longest_and_never_fall_short_of_what_was_asked(
    attempts: int, asked: float | None
) -> None:
    wait = Retry(first_s=2, longest_s=300).wait_s(attempts, asked)
    if asked is not None:
        assert wait == max(asked, 2)
    else:
        assert 0.8 * min(300, 2 * 2 ** (attempts - 1)) <= wait <= 360


def test_a_job_whose_worker_hangs_past_its_lease_is_taken_by_another(store: Sessions) -> None:
    clock, seen = FrozenClock(NOON), list[str]()

    def hang_then(key: str) -> None:
        seen.append("first")
        clock.later(seconds=61)
        a_worker(store, lambda _: seen.append("second"), clock, lease_s=60).run_until_idle()

    ask(store, JobKind.PUBLISH, "3")
    a_worker(store, hang_then, clock, lease_s=60).run_until_idle()
    assert (seen, the_job(store)) == (["first", "second"], None)


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Sessions]:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


def test_slow_reading_never_holds_up_an_approved_reply(on_disk: Sessions) -> None:
    reading, sent, released = threading.Event(), threading.Event(), threading.Event()

    def read(_: str) -> None:
        reading.set()
        released.wait(PATIENCE_S)

    def send(_: str) -> None:
        sent.set()

    work = {JobKind.POLL: Work(read), JobKind.PUBLISH: Work(send)}
    lanes = (frozenset({JobKind.POLL}), frozenset({JobKind.PUBLISH}))
    worker = Worker(sessions=on_disk, work=work, lanes=lanes, wall=FrozenClock(NOON), idle_s=0.01)
    ask(on_disk, JobKind.POLL)
    worker.start()
    assert reading.wait(PATIENCE_S)
    ask(on_disk, JobKind.PUBLISH, "3")
    assert sent.wait(PATIENCE_S)
    released.set()
    worker.stop()
    assert the_job(on_disk) is None


def test_stopping_lets_the_job_in_hand_end(on_disk: Sessions) -> None:
    began, ended = threading.Event(), threading.Event()

    def work(_: str) -> None:
        began.set()
        threading.Event().wait(0.2)
        ended.set()

    worker = a_worker(on_disk, work, FrozenClock(NOON), idle_s=0.01)
    ask(on_disk)
    worker.start()
    assert began.wait(PATIENCE_S)
    worker.stop()
    assert ended.is_set()
    assert the_job(on_disk) is None


def test_starting_takes_over_what_a_dead_worker_left_running(on_disk: Sessions) -> None:
    done = threading.Event()
    with on_disk.begin() as session:
        session.add(
            Job(
                kind=JobKind.PUBLISH,
                key="3",
                state=JobState.RUNNING,
                run_at=NOON,
                lease_until=NOON + timedelta(hours=1),
            )
        )
    worker = a_worker(on_disk, lambda _: done.set(), FrozenClock(NOON), idle_s=0.01)
    worker.start()
    assert done.wait(PATIENCE_S)
    worker.stop()


def test_a_handler_that_fails_never_puts_words_names_or_tokens_into_the_log(
    store: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    from bot.logs import PlainFormatter

    caplog.set_level(logging.DEBUG)
    secret = "Aino Korpi kirjoitti: pakettini katosi, xoxb-1234-secret, EAABsbCS1234567890, aino@esimerkki.example"
    ask(store)
    a_worker(store, raising(RuntimeError(secret)), FrozenClock(NOON)).run_until_idle()
    lines = [PlainFormatter().format(record) for record in caplog.records]
    assert any("job failed kind=poll key=x attempts=1" in line and "error=RuntimeError" in line for line in lines)
    for word in ("Aino", "katosi", "xoxb", "EAAB", "@"):
        assert not any(word in line for line in lines)
    job = the_job(store)
    assert job is not None
    assert job.last_error == "RuntimeError"
