"""The migrations build exactly the tables the code describes."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session, sessionmaker

from models.base import Base


def test_a_migrated_store_is_what_the_tables_say(store: sessionmaker[Session]) -> None:
    with store() as session:
        differences = compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)
    assert differences == []


def test_every_table_that_holds_a_persons_words_names_its_retention() -> None:
    holding = {table.name for table in Base.metadata.tables.values() if "text" in table.c}
    assert holding == {"mention", "suggestion", "reply"}
    assert all(Base.metadata.tables[name].info.get("retention") for name in holding)
