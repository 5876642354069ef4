"""Calls of people on duty, the morning's digest, and every interruption of somebody of the staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interruption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("means", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("rest", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interruption")),
    )
    op.create_index(op.f("ix_interruption_at"), "interruption", ["at"])
    op.create_index(op.f("ix_interruption_user_id"), "interruption", ["user_id"])
    op.create_table(
        "call_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called", sa.JSON(), nullable=False),
        sa.Column("posting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_call_notice_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_notice")),
        sa.UniqueConstraint("case_id", "level", name=op.f("uq_call_notice_case_id_level")),
    )
    op.create_table(
        "digest_notice",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("posting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_channel", sa.String(), nullable=True),
        sa.Column("card_ts", sa.String(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "place", name=op.f("pk_digest_notice")),
    )


def downgrade() -> None:
    op.drop_table("digest_notice")
    op.drop_table("call_notice")
    op.drop_index(op.f("ix_interruption_user_id"), table_name="interruption")
    op.drop_index(op.f("ix_interruption_at"), table_name="interruption")
    op.drop_table("interruption")
