"""A topic as its card tells it: which mentions it is about, since when, where, and the words that mark it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.mentions import Mention
from models.verdicts import VerdictRow
from responders.topic_words import characteristic_words

BEFORE = timedelta(hours=24)
"""A topic may have lived for weeks; what burns is what was said from a day before the alert on."""

MOST_TEXTS = 100
USUAL_TEXTS = 300


def in_topic(case: Case) -> Sequence[ColumnElement[bool]]:
    """Which mentions, joined with their verdicts, a topic's alert is about."""
    return VerdictRow.topic_id == case.topic_id, Mention.created_at > case.opened_at - BEFORE


def topic_since(session: Session, case: Case) -> datetime:
    """When the first of them was said."""
    query = select(func.min(Mention.created_at)).join(VerdictRow, VerdictRow.mention_id == Mention.id)
    return session.scalar(query.where(*in_topic(case))) or case.opened_at


def topic_channel(session: Session, case: Case) -> str:
    """The one channel where they stand; nothing where it is several."""
    query = select(Mention.channel).distinct().join(VerdictRow, VerdictRow.mention_id == Mention.id)
    channels = session.scalars(query.where(*in_topic(case))).all()
    return channels[0] if len(channels) == 1 else ""


def topic_words(session: Session, case: Case) -> tuple[str, ...]:
    """The words that mark them, against what was said of the brand in public before."""
    texts = select(func.min(Mention.text)).join(VerdictRow, VerdictRow.mention_id == Mention.id)
    said = texts.where(*in_topic(case)).group_by(Mention.text_key).order_by(func.max(Mention.created_at).desc())
    usual = (
        select(Mention.text)
        .join(VerdictRow, VerdictRow.mention_id == Mention.id)
        .where(
            Mention.created_at < topic_since(session, case),
            Mention.place != "dm",
            Mention.is_share.is_(False),
            or_(VerdictRow.topic_id.is_(None), VerdictRow.topic_id != case.topic_id),
        )
        .order_by(Mention.created_at.desc(), Mention.id.desc())
    )
    return characteristic_words(
        session.scalars(said.limit(MOST_TEXTS)).all(), session.scalars(usual.limit(USUAL_TEXTS)).all()
    )
