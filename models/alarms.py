"""What tells whether a source still hears: when it heard somebody, and the times people were told that it does not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.states import AlarmKind


class HeardQuarter(Base):
    """A quarter of an hour in which somebody wrote what this source brought: its own normal is learnt from these."""

    __tablename__ = "heard_quarter"
    __table_args__ = (UniqueConstraint("source", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    quarter: Mapped[datetime]  # its beginning


class SourceAlarm(Base):
    """One time that a source did not hear, with one card; at most one open alarm a source and kind."""

    __tablename__ = "source_alarm"
    __table_args__ = (
        Index(
            "uq_source_alarm_open",
            "source",
            "kind",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    kind: Mapped[AlarmKind]
    code: Mapped[str]  # of the error, or "quiet"
    since: Mapped[datetime]  # from when on it does not hear
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    card_channel: Mapped[str | None]
    card_ts: Mapped[str | None]
    card_posting_at: Mapped[datetime | None]  # written before the post, so that a crash looks before posting again
