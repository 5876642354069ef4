"""Messages beside the cards that are sent once: calls of people on duty, morning digests, posts in a thread."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CallNotice(Base):
    """One level that a case reached, and the reply under its card that called those on duty; one a case and level.

    Without anybody in `called` nothing was posted: nobody is on duty, or all of them rest, or the alert is muted.
    """

    __tablename__ = "call_notice"
    __table_args__ = (UniqueConstraint("case_id", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    level: Mapped[str]
    at: Mapped[datetime]  # when it was decided who is called
    called: Mapped[list[str]] = mapped_column(JSON)  # Slack ids
    posting_at: Mapped[datetime | None]  # written before the post, so that a crash looks before posting again
    channel: Mapped[str | None]
    ts: Mapped[str | None]
    ended_at: Mapped[datetime | None]  # it no longer calls: the reply says so, and mentions nobody


class DigestNotice(Base):
    """One morning's digest in one place, a channel or a person, so that a restart neither forgets nor repeats it."""

    __tablename__ = "digest_notice"

    day: Mapped[date] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    posting_at: Mapped[datetime | None]  # written before the post
    card_channel: Mapped[str | None]
    card_ts: Mapped[str | None]  # None with `done`: there was nothing to say
    done: Mapped[bool] = mapped_column(default=False)


class ThreadPost(Base):
    """One message of a customer's that stands in their card's thread; posted once, as a card is."""

    __tablename__ = "thread_post"
    __table_args__ = (UniqueConstraint("case_id", "mention_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"))
    posting_at: Mapped[datetime]  # written before the post, so that a crash looks before posting again
    ts: Mapped[str | None]
