"""Numbers, owners and outcomes of cases, the staff's notes, and every version of a reply's text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE_FIRST = 1000  # cases that are there already get the numbers from 1001 on, in the order they were opened


def upgrade() -> None:
    counter = op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("name", name=op.f("uq_counter_name")),
    )
    _add_to_case()
    last = op.get_bind().execute(sa.text('SELECT coalesce(max(id), 0) FROM "case"')).scalar_one()
    case = sa.table("case", sa.column("id", sa.Integer()), sa.column("number", sa.Integer()))
    op.execute(case.update().values(number=case.c.id + BEFORE_FIRST))
    op.bulk_insert(counter, [{"name": "case", "next": last + BEFORE_FIRST + 1}])
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_case_number"), ["number"])
        batch_op.create_index(op.f("ix_case_owner_id"), ["owner_id"])
        batch_op.create_index(op.f("ix_case_team"), ["team"])
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.String(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answers"], ["case_note.id"], name=op.f("fk_case_note_answers_case_note")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_note_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index(op.f("ix_case_note_case_id"), "case_note", ["case_id"])
    op.create_table(
        "reply_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_text_reply_id_reply")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_text")),
        sa.UniqueConstraint("reply_id", "version", name=op.f("uq_reply_text_reply_id_version")),
    )
    op.create_index(op.f("ix_reply_text_reply_id"), "reply_text", ["reply_id"])


def _add_to_case() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        for text in ("owner_id", "owner_name", "team", "closed_by", "closed_by_name"):
            batch_op.add_column(sa.Column(text, sa.String(), nullable=True))
        for moment in ("snoozed_until", "closed_at"):
            batch_op.add_column(sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
        for answer in ("handled", "justified", "compensated"):
            batch_op.add_column(sa.Column(answer, sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("same_as", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_case_same_as_case"), "case", ["same_as"], ["id"])


def downgrade() -> None:
    op.drop_table("reply_text")
    op.drop_table("case_note")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_case_team"))
        batch_op.drop_index(op.f("ix_case_owner_id"))
        batch_op.drop_constraint(op.f("uq_case_number"), type_="unique")
        batch_op.drop_constraint(op.f("fk_case_same_as_case"), type_="foreignkey")
        for column in (
            "number", "owner_id", "owner_name", "team", "snoozed_until", "same_as", "closed_by", "closed_by_name",
            "closed_at", "handled", "justified", "compensated",
        ):  # fmt: skip
            batch_op.drop_column(column)
    op.drop_table("counter")
