"""What every test stands on: a clean environment and a real store."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from bot.logs import OUR_PACKAGES
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions

settings.register_profile("patient", settings.default, deadline=None)  # how long a test takes is no test
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the person who runs the tests reaches them."""
    for name in list(os.environ):
        if name.startswith("PALOVAHTI_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A test that sets up logs, as the command line does, leaves no trace in the next."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in OUR_PACKAGES}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    logging.captureWarnings(False)


@pytest.fixture
def store() -> Iterator[Sessions]:
    """An empty, migrated SQLite store in memory."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()
