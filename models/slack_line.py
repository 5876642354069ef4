"""Whether Slack's presses reach us: what the heartbeat last saw, for everybody who tells people about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

ONLY = 1
SOURCE = "slack:presses"
"""The name of this line among the alarms of sources."""


class SlackLine(Base):
    """The one line of Socket Mode: where its heartbeat's message stands, and what came back."""

    __tablename__ = "slack_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    beat_channel: Mapped[str | None]
    beat_ts: Mapped[str | None]
    beat_posting_at: Mapped[datetime | None]  # written before the post, so that a crash looks before posting again
    proven_at: Mapped[datetime | None]  # when a beat last came back
    heard_at: Mapped[datetime | None]  # when anything last came in
    deaf_since: Mapped[datetime | None]
    code: Mapped[str | None]  # why: deaf, or the code of the call that failed


@dataclass(frozen=True)
class LineHealth:
    """`hears` is None while it is not known: at the start, behind the HTTP door, or where no beat ever came back."""

    hears: bool | None
    heard_at: datetime | None = None
    since: datetime | None = None
    code: str | None = None


def line_health(session: Session) -> LineHealth:
    """What is known of the line now."""
    line = session.get(SlackLine, ONLY)
    if line is None:
        return LineHealth(None)
    if line.deaf_since is not None:
        return LineHealth(False, line.heard_at, line.deaf_since, line.code)
    return LineHealth(True if line.proven_at else None, line.heard_at)


def the_line(session: Session) -> SlackLine:
    """The row, made when it is not there yet; to be written in the caller's transaction."""
    line = session.get(SlackLine, ONLY)
    if line is None:
        line = SlackLine(id=ONLY)
        session.add(line)
        session.flush()
    return line
