"""Presses that are written down before they are acknowledged, and whether Slack's line hears."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "press",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", models.base.UtcDateTime(), nullable=False),
        sa.Column("done_at", models.base.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press")),
        sa.UniqueConstraint("key", name=op.f("uq_press_key")),
    )
    op.create_table(
        "slack_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beat_channel", sa.String(), nullable=True),
        sa.Column("beat_ts", sa.String(), nullable=True),
        sa.Column("beat_posting_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("proven_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("heard_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("deaf_since", models.base.UtcDateTime(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_line")),
    )


def downgrade() -> None:
    op.drop_table("slack_line")
    op.drop_table("press")
