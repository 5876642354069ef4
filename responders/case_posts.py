"""The posts that a case is about: of what they speak, where and since when, how many they are, and the last of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from models.cases import Case
from models.mentions import Mention, Thread
from models.verdicts import VerdictRow
from responders.slack.views import CardPost, Counts, Subject
from responders.topic_posts import in_topic, topic_channel, topic_since

LAST_POSTS = 5


def subject_of(case: Case, thread: Thread | None) -> Subject:
    """What an alert is about: a topic, the whole brand, or one thread."""
    if case.topic_id is not None:
        return Subject.TOPIC
    return Subject.BRAND if thread is None or case.matter.startswith("alert:brand:") else Subject.THREAD


def channel_of(session: Session, case: Case, mention: Mention | None, thread: Thread | None) -> str:
    """The channel where the posts stand; empty where they are in several, or in none."""
    if case.topic_id is not None:
        return topic_channel(session, case)
    return mention.channel if mention else (thread.channel if thread else "")


def since_of(session: Session, case: Case, thread: Thread | None, mention: Mention | None) -> datetime:
    """Since when the customer waits, or the first of what burns was said."""
    if case.kind == "contact" and mention is not None:
        return mention.created_at
    if case.topic_id is not None:
        return topic_since(session, case)
    if thread is not None and case.matter.startswith("alert:thread:"):
        first = session.scalar(
            select(func.min(Mention.created_at))
            .join(VerdictRow, VerdictRow.mention_id == Mention.id)
            .where(Mention.thread_id == thread.id, VerdictRow.label == "negative")
        )
        return first or thread.first_at
    return case.alerted_at or case.opened_at


def in_alert(case: Case, thread: Thread | None) -> Sequence[ColumnElement[bool]]:
    """Which mentions an alert is about: its thread's or topic's, or what was said of the brand since it was raised."""
    if case.topic_id is not None:
        return in_topic(case)
    if thread is not None and case.matter.startswith("alert:thread:"):
        return Mention.from_us.is_(False), Mention.thread_id == thread.id
    return Mention.from_us.is_(False), Mention.created_at >= case.opened_at


def counts_of(session: Session, case: Case, thread: Thread | None) -> Counts:
    """How many posts an alert is about, how many of them are negative, and from how many people."""
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(sql_case((VerdictRow.label == "negative", 1), else_=0)), 0),
            func.count(func.distinct(Mention.author_id)),
        )
        .select_from(Mention)
        .join(VerdictRow, VerdictRow.mention_id == Mention.id, isouter=True)
        .where(*in_alert(case, thread))
    ).one()
    return Counts(int(row[0]), int(row[1]), int(row[2]))


def last_posts(session: Session, case: Case, thread: Thread | None, mention: Mention | None) -> Iterable[CardPost]:
    """The last posts of the conversation, or around a customer's comment; a topic and a brand have no conversation."""
    if thread is None or subject_of(case, thread) is not Subject.THREAD:
        return
    query = select(Mention, VerdictRow.label).join(VerdictRow, VerdictRow.mention_id == Mention.id, isouter=True)
    query = query.where(Mention.thread_id == thread.id)
    if case.kind == "contact" and not thread.is_private and mention is not None:
        query = query.where(_around(mention))
    newest = session.execute(query.order_by(Mention.created_at.desc(), Mention.id.desc()).limit(LAST_POSTS)).all()
    for mention, label in reversed(newest):
        yield CardPost(
            author=mention.author_name or "",
            text=mention.text,
            at=mention.created_at,
            from_us=mention.from_us,
            sentiment=label,
            permalink=mention.permalink,
        )


def _around(mention: Mention) -> ColumnElement[bool]:
    """What the customer said in a public thread, what they answered to, and what was answered to them."""
    wanted = [
        Mention.external_id.in_((mention.external_id, mention.parent_external_id)),
        Mention.parent_external_id == mention.external_id,
    ]
    if mention.author_id is not None:
        wanted.append(Mention.author_id == mention.author_id)
    return or_(*wanted)
