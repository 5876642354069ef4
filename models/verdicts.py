"""What the judge and the heat say: one verdict a mention, one heat a thread or brand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class VerdictRow(Base):
    """What the judge read in one mention's text, and which judge it was."""

    __tablename__ = "verdict"

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


class Heat(Base):
    """How hot one thread, or the brand as a whole, is now; `pending` until somebody decided about it."""

    __tablename__ = "heat"
    __table_args__ = (Index("ix_heat_pending", "pending"),)

    subject: Mapped[str] = mapped_column(primary_key=True)  # "thread:17" or "brand:Nuotiopuoti"
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"))
    brand: Mapped[str]
    level: Mapped[str]
    score: Mapped[float]
    probability: Mapped[float]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime]
    pending: Mapped[bool] = mapped_column(default=True)
