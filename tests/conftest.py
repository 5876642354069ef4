"""What every test stands on: a clean environment and a real store."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the person who runs the tests reaches them."""
    for name in list(os.environ):
        if name.startswith("PALOVAHTI_"):
            monkeypatch.delenv(name)


@pytest.fixture
def store() -> Iterator[Sessions]:
    """An empty, migrated SQLite store in memory."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()
