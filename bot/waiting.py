"""Behind `palovahti jobs`: what waits, what gave up and why."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bot.clocks import wall
from bot.settings import read_settings
from bot.wiring import open_store
from models.jobs import Job, retry_all
from responders.delivery import slack_health


def show_jobs(path: Path, console: Console, *, retry: bool, as_json: bool) -> int:
    """Prints the jobs; with `retry`, those that gave up wait again from now on."""
    engine, sessions = open_store(read_settings(path).store.url)
    with sessions.begin() as session:
        if retry:
            retry_all(session, wall())
        jobs = session.scalars(select(Job).order_by(Job.state, Job.run_at)).all()
        health = slack_health(session, wall())
        rows = [
            {
                "id": job.id,
                "kind": str(job.kind),
                "key": job.key,
                "state": str(job.state),
                "run_at": job.run_at.isoformat(timespec="seconds"),
                "attempts": job.attempts,
                "last_error": job.last_error,
            }
            for job in jobs
        ]
    engine.dispose()
    if as_json:
        waiting = {"waiting": health.waiting, "cases_without_card": health.unposted}
        console.print_json(json.dumps({"jobs": rows, "slack": waiting}))
        return 0
    table = Table("id", "kind", "key", "state", "next try", "tries", "last error")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    console.print(table if rows else "No work waits.")
    if health.waiting:
        console.print(f"{health.waiting} cards and alarms wait for Slack; {health.unposted} cases have no card yet.")
    return 0
