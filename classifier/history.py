"""Judged mentions as heat reads them, out of the store: for the engine's memory, and for looking back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from classifier.heat.coordination import LEAST_WORDS
from classifier.heat.posts import JudgedPost
from classifier.verdict import LIKELY, RiskFlag
from models.base import Sessions
from models.mentions import Mention, Thread
from models.verdicts import VerdictRow


def judged_rows() -> Select[*tuple[Any, ...]]:
    """The mentions that were judged, with what `judged_post` needs and nothing of their texts; unordered."""
    return (
        select(
            Mention.id,
            Mention.channel,
            Mention.author_id,
            Mention.author_followers,
            Mention.author_created_at,
            Mention.created_at,
            Mention.text_key,
            Mention.words,
            Mention.is_share,
            VerdictRow.negative,
            VerdictRow.arousal,
            VerdictRow.flags,
            VerdictRow.topic_id,
            Thread.id.label("thread_id"),
            Thread.in_own_channel,
            Thread.is_private,
            Thread.answered_at,
        )
        .join(VerdictRow, VerdictRow.mention_id == Mention.id)
        .join(Thread, Thread.id == Mention.thread_id)
    )


def judged_post(brand: str, row: Row[*tuple[Any, ...]]) -> JudgedPost:
    """One of `judged_rows` as heat reads it."""
    return JudgedPost(
        brand=brand,
        channel=row.channel,
        external_id=str(row.id),  # it comes back as the evidence of a change
        thread_id=str(row.thread_id),
        author_id=row.author_id,
        author_followers=row.author_followers or 0,
        created_at=row.created_at,
        text_key=row.text_key,
        is_share=row.is_share,
        negative=row.negative,  # also where the judge abstains: many half-sure complaints are a fire
        arousal=row.arousal,
        in_own_channel=row.in_own_channel,
        brand_replied=row.answered_at is not None and row.answered_at <= row.created_at,
        topic=str(row.topic_id) if row.topic_id is not None else None,
        author_created_at=row.author_created_at,
        calls_to_act=row.flags.get(RiskFlag.BOYCOTT, 0.0) >= LIKELY,
        short=row.words < LEAST_WORDS,
    )


def public_posts(session: Session, brand: str, since: datetime, until: datetime) -> Iterator[JudgedPost]:
    """What was said in public from `since` to before `until`, in order of time."""
    said = (
        judged_rows()
        .where(Thread.is_private.is_(False), Mention.created_at >= since, Mention.created_at < until)
        .order_by(Mention.created_at, Mention.id)
    )
    for row in session.execute(said.execution_options(yield_per=1000)):
        yield judged_post(brand, row)


@dataclass(frozen=True)
class PublicPosts:
    """The same, read anew from the store each time they are gone through; nothing of them is kept."""

    sessions: Sessions
    brand: str
    since: datetime
    until: datetime

    def __iter__(self) -> Iterator[JudgedPost]:
        with self.sessions() as session:
            yield from public_posts(session, self.brand, self.since, self.until)
