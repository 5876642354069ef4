"""Which alert people already have of a fire: threads, topics and the brand may all be hot of one, and get one card."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import mul

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.mentions import Mention, Thread
from models.verdicts import Heat, Topic, VerdictRow
from responders.alerting import LEVELS
from responders.matters import live_alert, newest_alert, newest_case

LATELY = timedelta(hours=6)
"""What a fire is made of now: most of a topic's or a brand's complaints of so long."""

MOSTLY = 0.5

ALIKE = 0.45
"""Cosine of two topics' middles from which they are taken for one complaint: 11 of 18 pairs of its parts were as near,
and 12 of 482 pairs of different ones (benchmarks/topic-results.md)."""


def case_on_fire(session: Session, heat: Heat, now: datetime) -> Case | None:
    """The newest alert on what is hot, or on what makes it hot.

    A brand is hot because of its hottest thread, or of a topic that most of its complaints are about. A topic is
    nothing new where most of it stands in one thread, or beside a hot topic of nearly the same. While the brand itself
    burns, the fire has spread: every thread and topic that joins in is of it, and has the newest alert for its card.
    """
    found = [newest_case(session, f"alert:{heat.subject}"), *_others(session, heat, now)]
    told = [case for case in found if case is not None]
    return max(told, key=lambda case: case.alerted_at or case.opened_at, default=None)


def _others(session: Session, heat: Heat, now: datetime) -> Iterable[Case | None]:
    if heat.subject.startswith("brand:"):
        if heat.thread_id is not None:
            yield live_alert(session, heat.thread_id)
        topic_id = _main_topic(session, now)
        if topic_id is not None and _hot(session, f"topic:{topic_id}"):
            yield newest_case(session, f"alert:topic:{topic_id}")
        return
    if _burns(session, f"brand:{heat.brand}"):
        yield newest_alert(session, heat.brand)
    if heat.topic_id is not None and heat.subject.startswith("topic:"):
        thread_id = _main_thread(session, heat.topic_id, now)
        if thread_id is not None and _hot(session, f"thread:{thread_id}"):
            yield live_alert(session, thread_id)
        yield from (newest_case(session, f"alert:topic:{id}") for id in _alike(session, heat.topic_id))


def _burns(session: Session, subject: str) -> bool:
    heat = session.get(Heat, subject)
    return heat is not None and LEVELS.index(heat.level) >= LEVELS.index("warning")


def _hot(session: Session, subject: str) -> bool:
    heat = session.get(Heat, subject)
    return heat is not None and heat.level != "none"


def _alike(session: Session, topic_id: int) -> Iterable[int]:
    """The hot topics that are nearly the same as this one."""
    topic = session.get_one(Topic, topic_id)
    hot = select(Heat.topic_id).where(Heat.subject.startswith("topic:"), Heat.level != "none")
    others = select(Topic).where(
        Topic.id.in_(hot), Topic.id != topic.id, Topic.brand == topic.brand, Topic.space == topic.space
    )
    middle = array("f", topic.centroid)
    for other in session.scalars(others.order_by(Topic.id)):
        if sum(map(mul, middle, array("f", other.centroid))) >= ALIKE:
            yield other.id


def _main_thread(session: Session, topic_id: int, now: datetime) -> int | None:
    """The thread where at least half of a topic's latest complaints stand."""
    counts = session.execute(
        select(Mention.thread_id, func.count())
        .join(VerdictRow, VerdictRow.mention_id == Mention.id)
        .where(VerdictRow.topic_id == topic_id, Mention.created_at > now - LATELY)
        .group_by(Mention.thread_id)
    ).all()
    return _most_of([(row[0], int(row[1])) for row in counts])


def _main_topic(session: Session, now: datetime) -> int | None:
    """The topic that at least half of the brand's latest complaints are about."""
    counts = session.execute(
        select(VerdictRow.topic_id, func.count())
        .join(Mention, Mention.id == VerdictRow.mention_id)
        .join(Thread, Thread.id == Mention.thread_id)
        .where(VerdictRow.label == "negative", Thread.is_private.is_(False), Mention.created_at > now - LATELY)
        .group_by(VerdictRow.topic_id)
    ).all()
    return _most_of([(row[0], int(row[1])) for row in counts])


def _most_of(counts: list[tuple[int | None, int]]) -> int | None:
    id, most = max(counts, key=lambda one: one[1], default=(None, 0))
    return id if most >= MOSTLY * sum(count for _, count in counts) else None
