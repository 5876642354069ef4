"""The audit trail: what changed, when, by whom; written in the transaction that made the change, and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class AuditEntry(Base):
    """One change. `detail` holds ids, codes and numbers, never a post's text."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]  # "palovahti", or the Slack id of a person
    action: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(index=True)
    reply_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


OURSELVES = "palovahti"


def record(
    session: Session,
    at: datetime,
    action: str,
    *,
    actor: str = OURSELVES,
    case_id: int | None = None,
    reply_id: int | None = None,
    **detail: Any,
) -> None:
    """Adds one line to the trail, in the caller's transaction."""
    session.add(AuditEntry(at=at, actor=actor, action=action, case_id=case_id, reply_id=reply_id, detail=detail))
