"""How each alert turned out, and the weekly report about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.add_column(sa.Column("grade", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("grade_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("grade_by_name", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("lead_minutes", sa.Integer(), nullable=True))
    op.create_table(
        "weekly_report",
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("card_channel", sa.String(), nullable=True),
        sa.Column("card_ts", sa.String(), nullable=True),
        sa.Column("card_posting_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("monday", name=op.f("pk_weekly_report")),
    )


def downgrade() -> None:
    op.drop_table("weekly_report")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        for column in ("lead_minutes", "outcome", "graded_at", "grade_by_name", "grade_by", "grade"):
            batch_op.drop_column(column)
