"""The schema's history; `upgrade` brings a store to today's shape."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent


def config_for(connection: Connection) -> Config:
    """Alembic's configuration for this folder, on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Runs the migrations that the store has not seen yet, all or none."""
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "head")
