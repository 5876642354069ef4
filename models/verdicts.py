"""What the judge and the heat say: a verdict a mention, topics of like complaints, a heat a thread, topic or brand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class VerdictRow(Base):
    """What the judge read in one mention's text, and which judge it was.

    `embedding` is kept for complaints only: it is made from a person's words and goes when they go. Queries leave it
    out unless they ask for it.
    """

    __tablename__ = "verdict"
    __table_args__ = ({"info": {"retention": "customer_text"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), unique=True)
    judge_version: Mapped[str]
    language: Mapped[str]
    label: Mapped[str]
    negative: Mapped[float]
    neutral: Mapped[float]
    positive: Mapped[float]
    arousal: Mapped[float]
    abstained: Mapped[bool]
    abstention: Mapped[str | None]  # why it abstained; unknown for what was judged before reasons were kept
    reasons: Mapped[dict[str, float]] = mapped_column(JSON, default=dict, server_default="{}")  # contact reasons
    flags: Mapped[dict[str, float]] = mapped_column(JSON, default=dict, server_default="{}")  # risks
    truncated: Mapped[bool]
    judged_at: Mapped[datetime]
    embedding: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # as the judge gave it
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)  # the complaint it is one of


class Topic(Base):
    """Complaints that are alike, from anybody and anywhere: the mean of their embeddings, and when the newest came.

    `space` names the network that made the embeddings: those of two networks cannot be compared.
    """

    __tablename__ = "topic"
    __table_args__ = (
        Index("ix_topic_brand_newest_at", "brand", "newest_at"),
        {"info": {"retention": "customer_text"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str]
    space: Mapped[str]
    centroid: Mapped[bytes] = mapped_column(LargeBinary)
    weight: Mapped[float]  # how many complaints it stands for, older ones counting less
    newest_at: Mapped[datetime]


class Heat(Base):
    """How hot one thread, one topic or the whole brand is now; `pending` until somebody decided about it."""

    __tablename__ = "heat"
    __table_args__ = (Index("ix_heat_pending", "pending"),)

    subject: Mapped[str] = mapped_column(primary_key=True)  # "thread:17", "topic:17" or "brand:Nuotiopuoti"
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    brand: Mapped[str]
    level: Mapped[str]
    score: Mapped[float]
    probability: Mapped[float]
    odds: Mapped[float | None]  # log-odds as learnt, before the shop's own history put them right
    forecast: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # None where too little is known to say
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    evidence: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")  # mentions behind it
    at: Mapped[datetime]
    pending: Mapped[bool] = mapped_column(default=True)
