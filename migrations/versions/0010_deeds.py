"""Who gave, snoozed and answered a case, drafts that wait for an approver, messages to one of the staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CASE_TEXTS = ("assigned_by", "assigned_by_name", "snoozed_by", "snoozed_by_name")
_CASE_MOMENTS = ("assigned_at", "snoozed_at", "answered_at")


def upgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        for text in _CASE_TEXTS:
            batch_op.add_column(sa.Column(text, sa.String(), nullable=True))
        for moment in _CASE_MOMENTS:
            batch_op.add_column(sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(op.f("ix_case_snoozed_until"), ["snoozed_until"])
    # A case that waits has no answer, whatever was sent before its customer wrote again.
    op.execute(
        'UPDATE "case" SET answered_at = coalesce((SELECT max(coalesce(reply.sent_at, reply.decided_at)) FROM reply '
        "WHERE reply.case_id = \"case\".id AND reply.state IN ('sent', 'by_hand')), "
        "CASE WHEN state = 'answered' THEN changed_at END) WHERE state <> 'open'"
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("offered_by_name", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(  # of what people have changed already nobody knows what it was before
        "INSERT INTO reply_text (reply_id, version, text, at) "
        "SELECT id, version, text, drafted_at FROM reply WHERE edited_by IS NULL"
    )
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("to_id", sa.String(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("posting_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_nudge_case_id_case")),
        sa.ForeignKeyConstraint(["note_id"], ["case_note.id"], name=op.f("fk_nudge_note_id_case_note")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
    )
    op.create_index(op.f("ix_nudge_case_id"), "nudge", ["case_id"])


def downgrade() -> None:
    op.drop_table("nudge")
    with op.batch_alter_table("reply", schema=None) as batch_op:
        for column in ("offered_by", "offered_by_name", "offered_at"):
            batch_op.drop_column(column)
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_case_snoozed_until"))
        for column in (*_CASE_TEXTS, *_CASE_MOMENTS):
            batch_op.drop_column(column)
