"""What heat foretells, and the comments behind it, beside each heat, alert and case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("heat", "case"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("forecast", sa.JSON(), nullable=True))
            batch_op.add_column(sa.Column("evidence", sa.JSON(), server_default="[]", nullable=False))
    for table in ("heat", "alert"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("odds", sa.Double(), nullable=True))


def downgrade() -> None:
    for table in ("alert", "heat"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("odds")
    for table in ("case", "heat"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("evidence")
            batch_op.drop_column("forecast")
