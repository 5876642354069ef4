"""The weekly report to people: one message a week, so that a restart neither forgets nor repeats it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class WeeklyReport(Base):
    """The report about one week, named by its Monday, and where its message stands."""

    __tablename__ = "weekly_report"

    monday: Mapped[date] = mapped_column(primary_key=True)
    card_channel: Mapped[str | None]
    card_ts: Mapped[str | None]
    card_posting_at: Mapped[datetime | None]  # written before the post, so that a crash looks before posting again
