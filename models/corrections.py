"""What people put right in a verdict: every correction is kept, and the last one of a mention counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit import record
from models.base import Base
from models.mentions import Mention
from models.verdicts import VerdictRow


class Correction(Base):
    """What one person said of one mention after reading it, beside what the judge had said (`before`).

    A later correction of the same mention has the same `before`, also where the first has taken the verdict's place.
    """

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_mention_id_id", "mention_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"))
    channel: Mapped[str]
    judge_version: Mapped[str]  # of the verdict that was put right
    language: Mapped[str]
    label: Mapped[str]
    high_arousal: Mapped[bool]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    flags: Mapped[list[str]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str]  # the Slack id of the person
    at: Mapped[datetime]


NOT_SAID = frozenset({"id", "mention_id", "judge_version", "judged_at"})
"""Columns of a verdict that are about it; the others are what it says."""


def store_correction(
    session: Session,
    mention_id: int,
    *,
    label: str,
    high_arousal: bool,
    reasons: Collection[str],
    flags: Collection[str],
    by: str,
    at: datetime,
    language: str | None = None,
    case_id: int | None = None,
) -> Correction:
    """Keeps what a person says of a mention, with an audit line, in the caller's transaction; returns the row.

    Channel, judge and what the verdict said are taken from the store; so is the language, unless the person names
    another. Raises sqlalchemy.exc.NoResultFound for a mention that has no verdict yet.
    """
    mention, verdict = session.execute(
        select(Mention, VerdictRow)
        .join(VerdictRow, VerdictRow.mention_id == Mention.id)
        .where(Mention.id == mention_id)
    ).one()
    correction = Correction(
        mention_id=mention_id,
        channel=mention.channel,
        judge_version=verdict.judge_version,
        language=language or verdict.language,
        label=label,
        high_arousal=high_arousal,
        reasons=sorted(set(reasons)),
        flags=sorted(set(flags)),
        before=_first_word(session, mention_id) or what_it_said(verdict),
        by=by,
        at=at,
    )
    session.add(correction)
    session.flush()
    record(session, at, "verdict.corrected", actor=by, case_id=case_id, mention=mention_id, correction=correction.id)
    return correction


def _first_word(session: Session, mention_id: int) -> dict[str, Any] | None:
    first = select(Correction.before).where(Correction.mention_id == mention_id).order_by(Correction.id).limit(1)
    return session.scalar(first)


def what_it_said(verdict: VerdictRow) -> dict[str, Any]:
    """A stored verdict as JSON, without what is only about it."""
    columns = VerdictRow.__table__.columns
    return {name: getattr(verdict, name) for name in columns.keys() if name not in NOT_SAID}  # noqa: SIM118


def latest_corrections(session: Session) -> Sequence[Correction]:
    """The correction that counts of each corrected mention, oldest first."""
    last = select(func.max(Correction.id)).group_by(Correction.mention_id)
    return session.scalars(select(Correction).where(Correction.id.in_(last)).order_by(Correction.id)).all()
