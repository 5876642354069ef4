"""Case numbers are handed out in order, never twice, also to many at once, and kept over a migration."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic import command
from sqlalchemy import text

from migrations import config_for, upgrade
from models.base import Sessions, open_engine, open_sessions
from models.numbering import FIRST, next_case_number


def test_a_number_is_not_used_again_by_whoever_comes_after(store: Sessions) -> None:
    with store.begin() as session:
        taken = [next_case_number(session) for _ in range(3)]
    with store.begin() as session:
        assert [*taken, next_case_number(session)] == [FIRST, FIRST + 1, FIRST + 2, FIRST + 3]


def test_many_who_ask_at_once_get_numbers_of_their_own(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/store.db")
    upgrade(engine)
    sessions = open_sessions(engine)

    def ask(_: int) -> list[int]:
        taken = []
        for _ in range(25):
            with sessions.begin() as session:
                taken.append(next_case_number(session))
        return taken

    with ThreadPoolExecutor(8) as pool:
        numbers = [number for taken in pool.map(ask, range(8)) for number in taken]
    assert sorted(numbers) == list(range(FIRST, FIRST + 200))
    engine.dispose()


def test_cases_from_before_numbers_get_theirs_in_the_order_they_were_opened() -> None:
    engine = open_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0007")
        for id in (1, 2):
            connection.execute(
                text(
                    'INSERT INTO "case" (id, matter, kind, brand, reasons, state, opened_at, changed_at) VALUES '
                    f"({id}, 'contact:{id}#1', 'contact', 'N', '[]', 'open', '2026-11-10 12:00', '2026-11-10 12:00')"
                )
            )
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.execute(text('SELECT number FROM "case" ORDER BY id')).scalars().all() == [1001, 1002]
    with open_sessions(engine).begin() as session:
        assert next_case_number(session) == 1003
    engine.dispose()
