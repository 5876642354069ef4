"""Jobs: asked once, claimed once, and never lost."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from models.base import Base, open_engine, open_sessions
from models.jobs import (
    Claimed,
    Job,
    JobKind,
    claim,
    counts,
    done,
    give_up,
    postpone,
    put,
    put_unless_waiting,
    release_all,
)
from models.states import JobState

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def sessions(store: sessionmaker[Session]) -> sessionmaker[Session]:
    return store


def test_asking_twice_is_asking_once_and_the_earlier_time_wins(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, JobKind.POLL, "x:mentions", LATER)
        put(session, JobKind.POLL, "x:mentions", NOON)
        put(session, JobKind.POLL, "x:mentions", LATER)
        assert [job.run_at for job in session.scalars(select(Job))] == [NOON]


def test_work_that_waits_for_its_own_time_is_not_brought_forward(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, JobKind.REREAD, "7", LATER)
        put_unless_waiting(session, JobKind.REREAD, "7", NOON, urgent=True)
        assert [(job.run_at, job.urgent) for job in session.scalars(select(Job))] == [(LATER, False)]
        running = claim(session, [JobKind.REREAD], LATER, lease_s=60)
        put_unless_waiting(session, JobKind.REREAD, "7", NOON, urgent=True)
        assert running is not None
        done(session, running)
        assert [(job.run_at, job.urgent) for job in session.scalars(select(Job))] == [(NOON, True)]


def test_a_job_is_not_claimed_before_its_time(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, JobKind.POLL, "x:mentions", LATER)
        assert claim(session, [JobKind.POLL], NOON, lease_s=60) is None
        assert claim(session, [JobKind.POLL], LATER, lease_s=60) is not None


def test_the_same_key_never_runs_twice_at_once(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, JobKind.SHOW_CARD, "7", NOON)
        first = claim(session, [JobKind.SHOW_CARD], NOON, lease_s=60)
        put(session, JobKind.SHOW_CARD, "7", NOON)
        assert claim(session, [JobKind.SHOW_CARD], NOON, lease_s=60) is None
        assert first is not None
        done(session, first)
        assert claim(session, [JobKind.SHOW_CARD], NOON, lease_s=60) is not None


def test_a_job_whose_lease_ended_is_claimed_again(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, JobKind.PUBLISH, "3", NOON)
        claim(session, [JobKind.PUBLISH], NOON, lease_s=60)
        again = claim(session, [JobKind.PUBLISH], NOON + timedelta(seconds=61), lease_s=60)
        assert again is not None
        assert again.attempts == 2


def test_a_postponed_job_joins_the_one_already_waiting(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, JobKind.POLL, "x:dms", NOON)
        job = claim(session, [JobKind.POLL], NOON, lease_s=60)
        assert job is not None
        put(session, JobKind.POLL, "x:dms", NOON)
        postpone(session, job, LATER, "rate_limited")
        rows = session.scalars(select(Job)).all()
        assert [(row.state, row.run_at, row.last_error) for row in rows] == [(JobState.WAITING, LATER, "rate_limited")]


def test_what_gives_up_stays_to_be_seen(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, JobKind.PUBLISH, "3", NOON)
        job = claim(session, [JobKind.PUBLISH], NOON, lease_s=60)
        assert job is not None
        give_up(session, job, "KeyError")
        assert counts(session) == {JobState.GIVEN_UP: 1}


def test_the_only_worker_takes_over_what_a_dead_one_left_running(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, JobKind.PUBLISH, "3", NOON)
        put(session, JobKind.POLL, "x:dms", NOON)
        claim(session, [JobKind.PUBLISH], NOON, lease_s=600)
        claim(session, [JobKind.POLL], NOON, lease_s=600)
        put(session, JobKind.POLL, "x:dms", NOON)
        assert release_all(session) == 2
        assert counts(session) == {JobState.WAITING: 2}


def test_four_workers_claim_each_of_200_jobs_once(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    Base.metadata.create_all(engine)
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        for number in range(200):
            put(session, JobKind.PUBLISH, str(number), NOON)
    taken: list[Claimed] = []

    def work() -> None:
        while True:
            with sessions.begin() as session:
                job = claim(session, [JobKind.PUBLISH], NOON, lease_s=600)
            if job is None:
                return
            taken.append(job)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(int(job.key) for job in taken) == list(range(200))
