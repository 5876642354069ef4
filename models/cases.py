"""What people work on: cases with one live card each, alerts, suggestions and replies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.states import LIVE_REPLY_STATES, CaseState, NoteKind, NudgeKind, ReplyState


class Case(Base):
    """One matter. `matter` names it, so that the same matter never opens twice:

    "alert:thread:17", "alert:topic:17", "alert:brand:Nuotiopuoti", or "contact:<thread>:<author>".
    """

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_state_opened_at", "state", "opened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)  # what people call it; from models.numbering, never used again
    matter: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # "alert" or "contact"
    brand: Mapped[str]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mention.id"), index=True)  # the one to answer
    level: Mapped[str | None]
    score: Mapped[float | None]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    forecast: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # an alert's; None where too little is known to say
    evidence: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")  # the mentions behind it
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN)
    owner_id: Mapped[str | None] = mapped_column(index=True)  # Slack id of who has it
    owner_name: Mapped[str | None]
    team: Mapped[str | None] = mapped_column(index=True)  # a team of the settings, by name
    assigned_by: Mapped[str | None]  # who last gave it to the owner or the team
    assigned_by_name: Mapped[str | None]
    assigned_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None] = mapped_column(index=True)
    snoozed_by: Mapped[str | None]
    snoozed_by_name: Mapped[str | None]
    snoozed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # when we answered what the customer last said; None while that waits
    same_as: Mapped[int | None] = mapped_column(ForeignKey("case.id"))  # closed, because that case is the same matter
    closed_reason: Mapped[str | None]
    closed_by: Mapped[str | None]
    closed_by_name: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    handled: Mapped[bool | None]  # how it ended, in three answers that do not hang on each other
    justified: Mapped[bool | None]
    compensated: Mapped[bool | None]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]
    alerted_at: Mapped[datetime | None]
    card_channel: Mapped[str | None]
    card_ts: Mapped[str | None]
    card_posting_at: Mapped[datetime | None]  # written before the post, so that a crash looks before posting again
    carded_at: Mapped[datetime | None]  # when the first card stood in Slack


class CaseNote(Base):
    """What the staff wrote down about a case; the customer never sees it."""

    __tablename__ = "case_note"
    __table_args__ = ({"info": {"retention": "case"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[NoteKind]
    text: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    minutes: Mapped[int | None]  # how long a call took
    to_id: Mapped[str | None]  # the colleague a question went to
    answers: Mapped[int | None] = mapped_column(ForeignKey("case_note.id"))  # the question that this answers


class Nudge(Base):
    """One message about a case to one of the staff alone; posted once, as a card is."""

    __tablename__ = "nudge"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[NudgeKind]
    to_id: Mapped[str]
    note_id: Mapped[int | None] = mapped_column(ForeignKey("case_note.id"))  # the question, or its answer
    by_id: Mapped[str]  # who did what is told, or "palovahti"
    by_name: Mapped[str]
    at: Mapped[datetime]
    channel: Mapped[str | None]  # where the message is
    ts: Mapped[str | None]
    posting_at: Mapped[datetime | None]  # written before the post, so that a crash looks before posting again


OUTCOME = "outcome"
"""In the place of a person's id, where looking back gave an alert its grade."""


class Alert(Base):
    """One raise or escalation, with its reasons, and how it turned out.

    `grade` is the word that counts: `outcome`'s, until a person says otherwise. Both are Grade values.
    """

    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    level: Mapped[str]
    score: Mapped[float]
    probability: Mapped[float]
    odds: Mapped[float | None]  # the same as learnt, before the shop's own history put it right: log-odds
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime]
    grade: Mapped[str | None]
    grade_by: Mapped[str | None]  # OUTCOME, or the Slack id of a person
    grade_by_name: Mapped[str | None]
    graded_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # what looking back said, also where a person said otherwise; None until it is known
    lead_minutes: Mapped[int | None]  # from the alert to half of its outrage, negative when late; None without one


class Suggestion(Base):
    """A drafted answer with the words that spoke for it; `rank` 0 fits best."""

    __tablename__ = "suggestion"
    __table_args__ = ({"info": {"retention": "case"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    rank: Mapped[int]
    playbook_id: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    why: Mapped[list[str]] = mapped_column(JSON)
    hand_over: Mapped[bool] = mapped_column(default=False)  # somebody who may decide reads it first
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)  # facts the shop has not given; then text is empty


_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE_REPLY_STATES))


class Reply(Base):
    """An outgoing message. Only `models.replies.move_reply` changes its state; one live reply a case.

    `version` grows with every change of the text; an approval names the version that the person read.
    """

    __tablename__ = "reply"
    __table_args__ = (
        Index(
            "uq_reply_live_case",
            "case_id",
            unique=True,
            sqlite_where=text(f"state IN ({_LIVE})"),
            postgresql_where=text(f"state IN ({_LIVE})"),
        ),
        Index("ix_reply_state_edited_by", "state", "edited_by"),
        {"info": {"retention": "case"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"))
    playbook_id: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    suggestion_rank: Mapped[int] = mapped_column(default=0)
    state: Mapped[ReplyState] = mapped_column(default=ReplyState.DRAFTED, index=True)
    drafted_at: Mapped[datetime]
    edited_by: Mapped[str | None]
    offered_by: Mapped[str | None]  # who wrote this text and may not send it: it waits for somebody who may
    offered_by_name: Mapped[str | None]
    offered_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]  # the platform id of the person who approved, rejected or answered by hand
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    read_backs: Mapped[int] = mapped_column(default=0)
    external_id: Mapped[str | None]
    permalink: Mapped[str | None]
    problem: Mapped[str | None]  # code of the refusal or of what left the outcome unknown
    reason: Mapped[str | None]  # a person's written reason for a rejection


class ReplyText(Base):
    """One version of a reply's text, so that what a person changed can be seen afterwards."""

    __tablename__ = "reply_text"
    __table_args__ = (UniqueConstraint("reply_id", "version"), {"info": {"retention": "case"}})

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"), index=True)
    version: Mapped[int]
    text: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[str | None]  # None: a playbook's words
    by_name: Mapped[str | None]
