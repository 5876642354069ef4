"""What people took in by hand with its counts, mutes, and the indexes that App Home's lists are read by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CASE_INDEXES = {
    "ix_case_state_opened_at": ["state", "opened_at"],
    "ix_case_opened_at": ["opened_at"],
    "ix_case_mention_id": ["mention_id"],
}
REPLY_INDEXES = {
    "ix_reply_state_edited_by": ["state", "edited_by"],
    "ix_reply_sent_at": ["sent_at"],
    "ix_reply_decided_at": ["decided_at"],
}


def upgrade() -> None:
    op.create_table(
        "taken_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("found_on", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_taken_in_case_id_case")),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name=op.f("fk_taken_in_mention_id_mention")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_in")),
        sa.UniqueConstraint("mention_id", name=op.f("uq_taken_in_mention_id")),
        sa.UniqueConstraint("key", name=op.f("uq_taken_in_key")),
        sa.UniqueConstraint("message", name=op.f("uq_taken_in_message")),
    )
    op.create_index(op.f("ix_taken_in_case_id"), "taken_in", ["case_id"])
    op.create_table(
        "manual_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=True),
        sa.Column("reactions", sa.Integer(), nullable=True),
        sa.Column("shares", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name=op.f("fk_manual_count_mention_id_mention")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_count")),
        sa.UniqueConstraint("mention_id", "form", name=op.f("uq_manual_count_mention_id_form")),
    )
    op.create_index("ix_manual_count_mention_id_at", "manual_count", ["mention_id", "at"])
    op.create_table(
        "mute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
    )
    op.create_index(op.f("ix_mute_until"), "mute", ["until"])
    for name, columns in CASE_INDEXES.items():
        op.create_index(name, "case", columns)
    for name, columns in REPLY_INDEXES.items():
        op.create_index(name, "reply", columns)


def downgrade() -> None:
    for name in REPLY_INDEXES:
        op.drop_index(name, "reply")
    for name in CASE_INDEXES:
        op.drop_index(name, "case")
    op.drop_table("mute")
    op.drop_table("manual_count")
    op.drop_table("taken_in")
