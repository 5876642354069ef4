"""Contact reasons, risk flags and the reason of an abstention, beside each verdict."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("abstention", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reasons", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("flags", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_column("flags")
        batch_op.drop_column("reasons")
        batch_op.drop_column("abstention")
