"""What calling people about a fire leaves behind: escalations with their rings, duties taken, notices, channels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit import OURSELVES, record
from models.base import Base
from models.states import Ending, EscalationState, RingState, check_escalation_move


class Escalation(Base):
    """One chain at work on one case, at most one that has not ended a case; `move_escalation` changes its state."""

    __tablename__ = "escalation"
    __table_args__ = (
        Index(
            "uq_escalation_live_case",
            "case_id",
            unique=True,
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    level: Mapped[str]
    chain: Mapped[str]  # its name in the settings
    state: Mapped[EscalationState] = mapped_column(default=EscalationState.RINGING)
    opened_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(default=1)  # grows each time the chain begins anew
    begun_at: Mapped[datetime]  # when this round began
    looked_at: Mapped[datetime | None]  # up to when this round's steps have been looked for
    held_by_id: Mapped[str | None]  # Slack id of who has it; None while the case is snoozed
    held_by_name: Mapped[str | None]
    held_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]

    @property
    def key(self) -> str:
        """What PagerDuty and Opsgenie know this round by: a new round is a new incident, and rings there anew."""
        return f"palovahti-escalation-{self.id}-{self.round}"


class EscalationRing(Base):
    """One step of a chain at one due time, made once."""

    __tablename__ = "escalation_ring"
    __table_args__ = (UniqueConstraint("escalation_id", "round", "step", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalation.id"), index=True)
    round: Mapped[int]
    step: Mapped[int]
    due_at: Mapped[datetime]
    by: Mapped[str]  # how: a value of responders.oncall.By
    person: Mapped[str | None]  # their name in the settings, where it goes to a person
    state: Mapped[RingState] = mapped_column(default=RingState.DUE)
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    again_at: Mapped[datetime | None]  # when a call that did not happen may be tried again
    problem: Mapped[str | None]  # the error's code
    key: Mapped[str]  # what the other side knows it by
    service: Mapped[str | None]  # the address at PagerDuty or Opsgenie, to acknowledge and resolve it there
    settled: Mapped[str | None]  # what was told there last: acknowledged or resolved
    card_channel: Mapped[str | None]
    card_ts: Mapped[str | None]
    shown: Mapped[str | None]  # what its Slack message says, so that it is redrawn only when that changes


class DutyOverride(Base):
    """Somebody took the duty, or was given it, while the product ran; of two that hold, the newer counts."""

    __tablename__ = "duty_override"

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule: Mapped[str]
    person: Mapped[str]  # their name in the settings
    begins: Mapped[datetime]
    ends: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime]


class DutyNotice(Base):
    """One message to one person about one hand-over."""

    __tablename__ = "duty_notice"
    __table_args__ = (UniqueConstraint("schedule", "at", "person", "comes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule: Mapped[str]
    at: Mapped[datetime]  # of the hand-over
    person: Mapped[str]
    comes: Mapped[bool]  # on duty; False: goes off
    state: Mapped[RingState]
    problem: Mapped[str | None]


class OutrageChannel(Base):
    """The Slack channel of one outrage, with its pinned summary and who does what in it."""

    __tablename__ = "outrage_channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    name: Mapped[str]
    opened_at: Mapped[datetime]
    channel: Mapped[str | None]  # its id, once it is there
    ready_at: Mapped[datetime | None]  # people invited, topic set, summary pinned
    summary_ts: Mapped[str | None]
    summary_wished_at: Mapped[datetime | None]
    shown: Mapped[str | None]  # what the summary says, so that it is redrawn only when that changes
    lead_id: Mapped[str | None]
    lead_name: Mapped[str | None]
    writer_id: Mapped[str | None]
    writer_name: Mapped[str | None]
    watcher_id: Mapped[str | None]
    watcher_name: Mapped[str | None]
    updated_at: Mapped[datetime]  # when a person last wrote in it
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


def move_escalation(
    session: Session,
    escalation: Escalation,
    new: EscalationState,
    *,
    at: datetime,
    actor: str = OURSELVES,
    why: str | None = None,
    **values: Any,
) -> bool:
    """True when this call made the move; False when it had moved on since `escalation` was read.

    `values` are further columns set with it; what is said of the holder is taken back unless it is among them. Raises
    NotAllowed for a move the table does not have.
    """
    check_escalation_move(escalation.state, new)
    holder = dict.fromkeys(("held_by_id", "held_by_name", "held_at", "held_until"))
    moved = session.execute(
        update(Escalation)
        .where(Escalation.id == escalation.id, Escalation.state == escalation.state)
        .where(Escalation.round == escalation.round)
        .values(**({"state": new} | (holder if new is EscalationState.RINGING else {}) | values))
        .returning(Escalation.id)
    ).first()
    if moved is None:
        return False
    record(
        session,
        at,
        f"escalation.{new}",
        actor=actor,
        case_id=escalation.case_id,
        escalation=escalation.id,
        was=escalation.state,
        round=escalation.round,
        why=why,
    )
    session.refresh(escalation)
    return True
