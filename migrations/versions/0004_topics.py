"""Topics: the same complaint from many; each verdict's embedding, and the topic it was counted in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("centroid", sa.LargeBinary(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        info={"retention": "customer_text"},
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index("ix_topic_brand_newest_at", ["brand", "newest_at"], unique=False)
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("embedding", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("topic_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_verdict_topic_id"), ["topic_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_verdict_topic_id_topic"), "topic", ["topic_id"], ["id"])
    with op.batch_alter_table("heat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topic_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_heat_topic_id_topic"), "topic", ["topic_id"], ["id"])
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topic_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_case_topic_id_topic"), "topic", ["topic_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_case_topic_id_topic"), type_="foreignkey")
        batch_op.drop_column("topic_id")
    with op.batch_alter_table("heat", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_heat_topic_id_topic"), type_="foreignkey")
        batch_op.drop_column("topic_id")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_verdict_topic_id_topic"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_verdict_topic_id"))
        batch_op.drop_column("topic_id")
        batch_op.drop_column("embedding")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index("ix_topic_brand_newest_at")
    op.drop_table("topic")
