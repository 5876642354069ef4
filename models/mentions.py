"""What was heard: threads, mentions, and where we stopped reading each source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Thread(Base):
    """A conversation: a post with its replies, or one customer's direct messages."""

    __tablename__ = "thread"
    __table_args__ = (UniqueConstraint("channel", "account", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    in_own_channel: Mapped[bool] = mapped_column(default=False)
    is_private: Mapped[bool] = mapped_column(default=False)  # direct messages
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # when our account last spoke in it


class Mention(Base):
    """A post as we keep it, exactly once: (channel, account, external id) is unique.

    `from_us` rows are context, never mentions to judge or count. Its way is written on it: `judged_at`, then
    `heated_at`, then `considered_at`; a null says which step has still to look.
    """

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("channel", "account", "external_id"),
        Index("ix_mention_judged_at_id", "judged_at", "id"),
        Index("ix_mention_heated_at_id", "heated_at", "id"),
        Index("ix_mention_considered_at_id", "considered_at", "id"),
        Index("ix_mention_thread_id_created_at", "thread_id", "created_at"),
        {"info": {"retention": "customer_text"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    channel: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    parent_external_id: Mapped[str | None]
    place: Mapped[str]
    author_id: Mapped[str | None] = mapped_column(index=True)
    author_name: Mapped[str | None]
    author_handle: Mapped[str | None]
    author_followers: Mapped[int | None]
    author_created_at: Mapped[datetime | None]  # when the account was opened, where the platform tells
    text: Mapped[str]
    text_key: Mapped[str]  # equal for copies of the same words
    words: Mapped[int] = mapped_column(default=0, server_default="0")  # how many words such copies have in common
    permalink: Mapped[str | None]
    is_share: Mapped[bool] = mapped_column(default=False)
    from_us: Mapped[bool] = mapped_column(default=False)
    replyable: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    received_at: Mapped[datetime]
    judged_at: Mapped[datetime | None]
    heated_at: Mapped[datetime | None]
    considered_at: Mapped[datetime | None]


class SourceCursor(Base):
    """Where we stopped reading one source, written in the same transaction as the page it belongs to."""

    __tablename__ = "source_cursor"

    source: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[dict[str, Any]] = mapped_column(JSON)
    read_at: Mapped[datetime]  # last page that came, with or without posts
    heard_at: Mapped[datetime | None]  # last page that brought something new
    failing_since: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]  # the last failure while failing
    sign_in_again: Mapped[bool] = mapped_column(default=False)  # whether a person has to renew the token
    problem: Mapped[str | None]  # code of the last error while failing
