"""When an author's account was opened; the words of a text, and its key anew, so that old rows agree with new ones."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AT_ONCE = 1000
_MENTION = sa.table(
    "mention",
    *(sa.column(name) for name in ("id", "channel", "external_id", "text", "text_key", "words")),
)

# The key as it was made on the day of this migration; what a later release does to it is that release's migration.
_LINKS_AND_HANDLES = re.compile(
    r"https?://\S+|\bwww\.\S+|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,24}/\S*|\brt\s+@\w+|[@#]\w+",
    re.IGNORECASE,
)


def upgrade() -> None:
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.add_column(sa.Column("author_created_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("words", sa.Integer(), server_default="0", nullable=False))
    connection, done = op.get_bind(), 0
    while rows := connection.execute(
        sa.select(_MENTION).where(_MENTION.c.id > done).order_by(_MENTION.c.id).limit(AT_ONCE)
    ).all():
        for row in rows:
            words = _words(row.text)
            source = " ".join(words) or f"{row.channel}/{row.external_id}"
            key = hashlib.blake2b(source.encode(), digest_size=12).hexdigest()
            connection.execute(
                sa.update(_MENTION).where(_MENTION.c.id == row.id).values(text_key=key, words=len(words))
            )
        done = rows[-1].id


def downgrade() -> None:
    with op.batch_alter_table("mention", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("words")
        batch_op.drop_column("author_created_at")


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", _LINKS_AND_HANDLES.sub(" ", text)).casefold()
    seen = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Me", "Mn"))
    words = re.sub(r"([^\W\d_])\1{2,}", r"\1\1", re.sub(r"[\W_]+", " ", seen)).split()
    first, last = 0, len(words)
    while last and any(map(str.isdigit, words[last - 1])):
        last -= 1
    while first < last and any(map(str.isdigit, words[first])):
        first += 1
    return words[first:last] if last - first >= 5 else words
