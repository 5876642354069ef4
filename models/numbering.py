"""The numbers by which people call their cases: in order, and none ever used again."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningUpdate

from models.base import Base, insert_new

FIRST = 1001
"""Four figures from the first case on: easy to say on the telephone, and not taken for a date or a quantity."""


class Counter(Base):
    """The next number of one kind."""

    __tablename__ = "counter"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    next: Mapped[int]


def next_case_number(session: Session) -> int:
    """A number that no case ever had, in the caller's transaction: of two at once the second waits."""
    taken = session.scalar(_take())
    if taken is None:
        insert_new(session, Counter, [{"name": "case", "next": FIRST}], ["name"])
        taken = session.scalar(_take())
    assert taken is not None  # the row is there now, ours or another's
    return taken


def _take() -> ReturningUpdate[int]:
    return update(Counter).where(Counter.name == "case").values(next=Counter.next + 1).returning(Counter.next - 1)
