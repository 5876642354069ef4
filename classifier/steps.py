"""Reads waiting mentions with the judge, then moves heat: each verdict is written once and counted once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classifier.counted import passed_on
from classifier.heat.changes import HeatChange, Subject, Turn
from classifier.heat.engine import HeatEngine
from classifier.heat.policy import HeatPolicy
from classifier.heat.trust import trust_of
from classifier.history import judged_post, judged_rows
from classifier.sorting import TopicSorter
from classifier.verdict import Judge, Verdict
from models.base import Sessions, insert_new
from models.cases import Alert
from models.jobs import JobKind, put, put_unless_waiting
from models.mentions import Mention, Thread
from models.states import Grade
from models.verdicts import Heat, VerdictRow

logger = logging.getLogger(__name__)

TRUST_EVERY = timedelta(hours=6)
"""How often the forecast is put right by how this shop's alerts turned out."""

HISTORY = timedelta(days=28)
"""How far back heat is rebuilt from: four of each weekday."""


def classify_waiting(*, sessions: Sessions, judge: Judge, now: datetime, wall: datetime, batch: int = 64) -> int:
    """Judges the next batch of unread mentions, newest conversations included as they come; returns how many.

    The judge runs outside any transaction. A mention that somebody else judged meanwhile keeps its first verdict.
    """
    with sessions() as session:
        waiting = session.execute(
            select(Mention.id, Mention.text, Thread.is_private)
            .join(Thread, Thread.id == Mention.thread_id)
            .where(Mention.judged_at.is_(None), Mention.from_us.is_(False))
            .order_by(Mention.id)
            .limit(batch)
        ).all()
    if not waiting:
        return 0
    verdicts = judge.judge([row.text for row in waiting])
    ids = [row.id for row in waiting]
    with sessions.begin() as session:
        rows = [
            _verdict_row(row.id, verdict, judge.version, now, private=row.is_private)
            for row, verdict in zip(waiting, verdicts, strict=True)
        ]
        insert_new(session, VerdictRow, rows, ("mention_id",))
        session.execute(update(Mention).where(Mention.id.in_(ids), Mention.judged_at.is_(None)).values(judged_at=now))
        put(session, JobKind.HEAT, "", wall)
        if len(waiting) == batch:
            put(session, JobKind.CLASSIFY, "", wall)
    return len(waiting)


def _verdict_row(mention_id: int, verdict: Verdict, version: str, now: datetime, *, private: bool) -> dict[str, object]:
    complaint = verdict.negative >= HeatPolicy.negative_from and not private  # nothing else is sorted into topics
    return {
        "mention_id": mention_id,
        "judge_version": version,
        "language": verdict.language,
        "label": str(verdict.label),
        "negative": verdict.negative,
        "neutral": verdict.neutral,
        "positive": verdict.positive,
        "arousal": verdict.arousal,
        "abstained": verdict.abstained,
        "abstention": str(verdict.abstention) if verdict.abstention is not None else None,
        "reasons": _rounded(verdict.reasons),
        "flags": _rounded(verdict.flags),
        "truncated": verdict.truncated,
        "judged_at": now,
        "embedding": verdict.embedding if complaint else None,
    }


def _rounded(said: Mapping[str, float]) -> dict[str, float]:
    return {str(name): round(probability, 4) for name, probability in said.items()}


class HeatKeeper:
    """Keeps one brand's heat and its topics: the engine in memory, its readings in the store.

    The engine only remembers what the store already knows; whenever a transaction fails, or a process starts, it is
    rebuilt from the store. Not for use from two threads at once.
    """

    def __init__(self, *, brand: str, sessions: Sessions, policy: HeatPolicy, tick_s: float = 20.0) -> None:
        self._brand = brand
        self._sessions = sessions
        self._policy = policy
        self._tick_s = tick_s
        self._engine: HeatEngine | None = None
        self._sorter = TopicSorter(brand)
        self._answers_seen: datetime | None = None
        self._counts_seen = 0
        self._trusted_at: datetime | None = None

    def refresh(self, *, now: datetime, wall: datetime, batch: int = 200) -> int:
        """Takes in newly judged mentions and the passing of time; writes what changed; returns how many were new."""
        try:
            return self._refresh(now, wall, batch)
        except BaseException:
            self._engine = None  # it may have seen what the store has not kept
            self._sorter = TopicSorter(self._brand)
            raise

    def _refresh(self, now: datetime, wall: datetime, batch: int) -> int:
        engine = self._engine or self._rebuild(now)
        with self._sessions.begin() as session:
            waiting = select(Mention.id).where(Mention.judged_at.is_not(None), Mention.heated_at.is_(None))
            in_order = (Mention.created_at, Mention.id)
            ids = session.scalars(waiting.order_by(*in_order).limit(batch)).all()
            self._sorter.sort(session, ids, now)
            changes: list[HeatChange] = []
            for row in session.execute(judged_rows().where(Mention.id.in_(ids)).order_by(*in_order)):
                if row.is_private:
                    continue  # what is said in private does not spread
                changes += engine.observe(judged_post(self._brand, row), now)
            self._hear_answers(session, engine, now)
            self._learn_trust(session, engine, now)
            changes += engine.tick(self._brand, now)
            changes += self._hear_counts(session, engine, now)
            for change in changes:
                _write(session, change)
                _ask_to_reread(session, change, wall)
            session.execute(update(Mention).where(Mention.id.in_(ids)).values(heated_at=now))
            more = len(ids) == batch
            put(session, JobKind.HEAT, "", wall + timedelta(seconds=0 if more else self._tick_s))
            if ids or changes:
                put(session, JobKind.CONSIDER, "", wall)
        self._engine = engine
        return len(ids)

    def _rebuild(self, now: datetime) -> HeatEngine:
        engine = HeatEngine(self._policy)
        self._trusted_at = None
        known = (
            judged_rows()
            .where(Mention.heated_at.is_not(None), Mention.created_at >= now - HISTORY, Thread.is_private.is_(False))
            .order_by(Mention.heated_at, Mention.created_at, Mention.id)
        )
        with self._sessions() as session:
            rows = session.execute(known.execution_options(yield_per=1000))
            engine.warm(judged_post(self._brand, row) for row in rows)
        self._answers_seen = None
        self._counts_seen = 0
        return engine

    def _hear_answers(self, session: Session, engine: HeatEngine, now: datetime) -> None:
        since = self._answers_seen or now - HISTORY
        answered = session.execute(
            select(Thread.id, Thread.channel, Thread.answered_at).where(Thread.answered_at >= since)
        ).all()
        for row in answered:
            engine.answered(self._brand, row.channel, str(row.id))
        self._answers_seen = max([since, *(row.answered_at for row in answered)])

    def _hear_counts(self, session: Session, engine: HeatEngine, now: datetime) -> list[HeatChange]:
        changes: list[HeatChange] = []
        for seen in passed_on(session, self._counts_seen, now):
            changes += engine.passed_on(self._brand, seen.channel, seen.thread_id, seen.times, seen.at)
            self._counts_seen = seen.count_id
        return changes

    def _learn_trust(self, session: Session, engine: HeatEngine, now: datetime) -> None:
        """Lets the forecast be put right, every few hours, by how this shop's alerts turned out."""
        if self._trusted_at is not None and now - self._trusted_at < TRUST_EVERY:
            return
        graded = session.execute(select(Alert.odds, Alert.grade)).all()
        known = [(odds, Grade(said).is_hit) for odds, said in graded if odds is not None and said is not None]
        engine.trust = trust_of(known)
        self._trusted_at = now


def _ask_to_reread(session: Session, change: HeatChange, wall: datetime) -> None:
    """A thread that heats up is read again at once; whoever reads it goes on while it is hot."""
    if change.subject is Subject.THREAD and change.turn is Turn.RISEN and change.thread_id is not None:
        put_unless_waiting(session, JobKind.REREAD, change.thread_id, wall, urgent=True)


def _write(session: Session, change: HeatChange) -> None:
    """Keeps the latest reading of a thread, a topic or the brand and asks for a decision about it."""
    thread_id = int(change.thread_id) if change.thread_id is not None else None
    topic_id = int(change.topic) if change.topic is not None else None
    named = {Subject.THREAD: thread_id, Subject.TOPIC: topic_id, Subject.BRAND: change.brand}
    session.merge(
        Heat(
            subject=f"{change.subject}:{named[change.subject]}",
            thread_id=thread_id,
            topic_id=topic_id,
            brand=change.brand,
            level=change.level.word,
            score=change.score,
            probability=change.probability,
            odds=change.odds,
            forecast=change.forecast.to_json() if change.forecast is not None else None,
            evidence=[int(mention) for mention in change.evidence],
            reasons=[reason.to_json() for reason in change.reasons],
            at=change.at,
            pending=True,
        )
    )
