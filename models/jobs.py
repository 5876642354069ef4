"""Work that waits: a job says "look again", the row it is about is the truth, so running one twice is harmless.

A job commits together with the row it is about. One waiting job a (kind, key): asking twice is asking once. A claim is
a compare-and-set; of two workers one gets it. While a (kind, key) runs, the next of the same key waits its turn.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, and_, delete, exists, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.base import Base
from models.states import JobState


class JobKind(StrEnum):
    """The kinds of work; the worker binds each to its step."""

    POLL = "poll"  # key: source name
    REREAD = "reread"  # key: thread id
    CLASSIFY = "classify"  # key: ""
    HEAT = "heat"  # key: ""
    CONSIDER = "consider"  # key: ""
    SHOW_CARD = "show_card"  # key: case id
    WATCH_SOURCES = "watch_sources"  # key: ""
    SHOW_ALARM = "show_alarm"  # key: alarm id
    RING_ALARM = "ring_alarm"  # key: alarm id, colon, number of a route that is not Slack
    PUBLISH = "publish"  # key: reply id
    GRADE_ALERTS = "grade_alerts"  # key: ""
    WEEKLY_REPORT = "weekly_report"  # key: ""
    NUDGE = "nudge"  # key: nudge id
    THREAD_POSTS = "thread_posts"  # key: case id
    WAKE_CASES = "wake_cases"  # key: ""
    CHECK_CLOSED = "check_closed"  # key: ""
    CALL_DUTY = "call_duty"  # key: case id
    MORNING_DIGEST = "morning_digest"  # key: ""
    ESCALATE = "escalate"  # key: case id
    HAND_OVER = "hand_over"  # key: ""
    OUTRAGE_CHANNEL = "outrage_channel"  # key: case id


class Job(Base):
    """One piece of work and how it went."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_waiting",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_job_state_run_at", "state", "run_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind]
    key: Mapped[str] = mapped_column(default="")
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    urgent: Mapped[bool] = mapped_column(default=False)  # goes before everything that is not
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


@dataclass(frozen=True)
class Claimed:
    """A job that is ours until its lease ends."""

    id: int
    kind: JobKind
    key: str
    attempts: int


def put(session: Session, kind: JobKind, key: str, run_at: datetime, *, urgent: bool = False) -> None:
    """Asks for work at `run_at`; where the same is already waiting, the earlier time and the greater urgency win."""
    waiting = and_(Job.kind == kind, Job.key == key, Job.state == JobState.WAITING)
    session.execute(update(Job).where(waiting, Job.run_at > run_at).values(run_at=run_at))
    if urgent:
        session.execute(update(Job).where(waiting).values(urgent=True))
    if not session.scalar(select(exists().where(waiting))):
        session.add(Job(kind=kind, key=key, run_at=run_at, urgent=urgent))
        session.flush()


def put_unless_waiting(session: Session, kind: JobKind, key: str, run_at: datetime, *, urgent: bool = False) -> None:
    """Asks for work at `run_at`; where the same waits already it keeps its own, perhaps later, time."""
    waiting = exists().where(Job.kind == kind, Job.key == key, Job.state == JobState.WAITING)
    if not session.scalar(select(waiting)):
        put(session, kind, key, run_at, urgent=urgent)


def due(session: Session, kinds: Collection[JobKind], now: datetime) -> bool:
    """Whether a claim might find something; a look that holds up nobody."""
    return bool(session.scalar(select(exists().where(Job.kind.in_(kinds), ready(now)))))


def claim(
    session: Session, kinds: Collection[JobKind], now: datetime, lease_s: float, *, only: int | None = None
) -> Claimed | None:
    """Takes the job that has waited longest among `kinds`, or the one of the id `only`; None when there is none.

    Expired leases count as waiting.
    """
    other = aliased(Job)
    busy = exists().where(
        other.kind == Job.kind,
        other.key == Job.key,
        other.id != Job.id,
        other.state == JobState.RUNNING,
        other.lease_until > now,
    )
    found = session.execute(
        select(Job.id, Job.state, Job.lease_until)
        .where(Job.kind.in_(kinds), ready(now), ~busy, *([Job.id == only] if only is not None else []))
        .order_by(Job.urgent.desc(), Job.run_at, Job.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    changed = session.execute(
        update(Job)
        .where(Job.id == found.id, Job.state == found.state, Job.lease_until.is_not_distinct_from(found.lease_until))
        .values(state=JobState.RUNNING, lease_until=now + timedelta(seconds=lease_s), attempts=Job.attempts + 1)
        .returning(Job.kind, Job.key, Job.attempts)
    ).first()
    return Claimed(found.id, changed.kind, changed.key, changed.attempts) if changed else None


def ready(now: datetime) -> ColumnElement[bool]:
    """Whether a job could be claimed, if none of its key runs."""
    return or_(
        and_(Job.state == JobState.WAITING, Job.run_at <= now),
        and_(Job.state == JobState.RUNNING, Job.lease_until <= now),
    )


def done(session: Session, job: Claimed) -> None:
    """The work is finished; finished jobs leave no row behind, the audit trail tells what happened."""
    session.execute(delete(Job).where(Job.id == job.id))


def postpone(session: Session, job: Claimed, run_at: datetime, error: str | None) -> None:
    """Puts the job back for `run_at`; where the same already waits, the two become one."""
    waiting = session.scalar(
        select(Job.id).where(Job.kind == job.kind, Job.key == job.key, Job.state == JobState.WAITING, Job.id != job.id)
    )
    if waiting is not None:
        session.execute(
            update(Job).where(Job.id == waiting).values(attempts=job.attempts, last_error=error, run_at=run_at)
        )
        session.execute(delete(Job).where(Job.id == job.id))
        return
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.RUNNING)
        .values(state=JobState.WAITING, run_at=run_at, lease_until=None, last_error=error)
    )


def give_up(session: Session, job: Claimed, error: str) -> None:
    """Stops trying; the job stays to be seen with its last error."""
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.RUNNING)
        .values(state=JobState.GIVEN_UP, lease_until=None, last_error=error)
    )


def release_all(session: Session) -> int:
    """Makes every running job wait again; for the start of the only worker, whose predecessor died."""
    running = session.scalars(select(Job).where(Job.state == JobState.RUNNING)).all()
    for job in running:
        claimed = Claimed(job.id, job.kind, job.key, job.attempts)
        postpone(session, claimed, job.run_at, job.last_error)
    return len(running)


def retry_all(session: Session, now: datetime) -> int:
    """Lets everything that gave up try again from `now` on; what already waits again is asked for once."""
    given_up = session.scalars(select(Job).where(Job.state == JobState.GIVEN_UP)).all()
    for job in given_up:
        kind, key, urgent = job.kind, job.key, job.urgent
        session.delete(job)
        session.flush()
        put(session, kind, key, now, urgent=urgent)
    return len(given_up)


def counts(session: Session) -> dict[JobState, int]:
    """How many jobs stand in each state."""
    rows = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    return {state: int(number) for state, number in rows}
