"""The declarative base, the UTC column and the engine: how every table is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

_READS_ONLY = "palovahti_reads_only"
KEPT_CONNECTIONS = 32

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, with its zone on both sides, also on SQLite which keeps none. Refuses naive times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored; pass UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table. A table that holds a person's words names its retention class in `info["retention"]`."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it off the class
        datetime: UtcDateTime,
        # Kept as the plain words of the enum, which partial indexes and people at a SQL prompt can read.
        StrEnum: Enum(StrEnum, native_enum=False, length=20, values_callable=lambda kind: [str(one) for one in kind]),
    }


def open_engine(url: str | URL) -> Engine:
    """An engine for the store: SQLite in WAL mode. Writers take their turn at BEGIN, and do not fail in the middle."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    # A file's connections are kept, one for each lane and each press at work: making one costs more than a query.
    kept = {"pool_size": KEPT_CONNECTIONS} if parsed.database and parsed.database != ":memory:" else {}
    engine = create_engine(parsed, connect_args={"timeout": 30}, **kept)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we write BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a committed approval survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        reads = connection.get_execution_options().get(_READS_ONLY)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


class Sessions:
    """Makes sessions: `with sessions.begin() as session:` is one transaction that writes; `with sessions() as session:`
    reads.

    Readers see the store as it was when they began and hold up nobody.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # SQLite's own waiting sleeps longer and longer; threads of one process wake each other at once instead.
        self._turn = _Turn() if engine.dialect.name == "sqlite" else None
        self._writing = sessionmaker(engine, expire_on_commit=False)
        self._reading = sessionmaker(engine.execution_options(**{_READS_ONLY: True}), expire_on_commit=False)

    def __call__(self) -> Session:
        return self._reading()

    @contextmanager
    def begin(self, *, hurry: bool = False) -> Iterator[Session]:
        """Commits when the block ends well, and undoes everything when it does not. Not to be nested.

        Who is in a `hurry`, because a person waits, goes before others that wait; keep it to a row or two.
        """
        with self._turn.taken(hurry) if self._turn else nullcontext(), self._writing.begin() as session:
            yield session


class _Turn:
    """One writer at a time, those in a hurry first."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._held = False
        self._hurried = 0

    @contextmanager
    def taken(self, hurry: bool) -> Iterator[None]:
        with self._free:
            self._hurried += hurry
            while self._held or (self._hurried and not hurry):
                self._free.wait()
            self._hurried -= hurry
            self._held = True
        try:
            yield
        finally:
            with self._free:
                self._held = False
                self._free.notify_all()


def open_sessions(engine: Engine) -> Sessions:
    """The sessions of a store."""
    return Sessions(engine)


def insert_new(session: Session, kind: type[Base], rows: Sequence[dict[str, Any]], key: Sequence[str]) -> list[int]:
    """Inserts the rows whose unique `key` is new and returns their ids; known rows are left as they are."""
    if not rows:
        return []
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    table = cast(Table, kind.__table__)
    statement = insert(table).on_conflict_do_nothing(index_elements=list(key)).returning(table.c.id)
    return list(session.execute(statement, list(rows)).scalars())
