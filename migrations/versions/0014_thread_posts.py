"""Customers' messages that stand in their card's thread."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thread_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("posting_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_thread_post_case_id_case")),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name=op.f("fk_thread_post_mention_id_mention")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_post")),
        sa.UniqueConstraint("case_id", "mention_id", name=op.f("uq_thread_post_case_id_mention_id")),
    )


def downgrade() -> None:
    op.drop_table("thread_post")
