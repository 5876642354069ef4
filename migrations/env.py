"""Alembic's entry: runs on the connection that `migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from models import (
    alarms,
    audit,
    cases,
    corrections,
    escalations,
    intake,
    interruptions,
    jobs,
    mentions,
    mutes,
    notices,
    numbering,
    presses,
    reports,
    slack_line,
    verdicts,
)
from models.base import Base

TABLES = (
    alarms,
    audit,
    cases,
    corrections,
    escalations,
    intake,
    interruptions,
    jobs,
    mentions,
    mutes,
    notices,
    numbering,
    presses,
    reports,
    slack_line,
    verdicts,
)  # imported, so the metadata knows them all


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
