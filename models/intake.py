"""What people took in by hand because no API sees it: where it was found, and its counts over time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.states import Found

MANUAL = "manual"
"""The channel of everything taken in by hand."""


class TakenIn(Base):
    """A mention that a person brought; its words are the mention's, and go when that goes.

    `key` names it exactly once: its link, the Slack message it was, or, of a call or a letter, the form it came in.
    `message` is the Slack message where there was one, so that a link written otherwise makes no second case.
    """

    __tablename__ = "taken_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    message: Mapped[str | None] = mapped_column(unique=True)
    found_on: Mapped[Found]
    by_id: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime]


class ManualCount(Base):
    """What a person read beside a post at one time; None for what it does not show.

    A form counts once, however often Slack delivers it.
    """

    __tablename__ = "manual_count"
    __table_args__ = (
        UniqueConstraint("mention_id", "form"),
        Index("ix_manual_count_mention_id_at", "mention_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"))
    form: Mapped[str]  # the window it was written in
    at: Mapped[datetime]
    comments: Mapped[int | None]
    reactions: Mapped[int | None]
    shares: Mapped[int | None]
    by_id: Mapped[str]
    by_name: Mapped[str]
