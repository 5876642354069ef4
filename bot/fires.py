"""Behind `palovahti fires`: the threads on our own ground that burn unanswered, the one to answer first on top."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from bot.clocks import Clock
from bot.clocks import wall as machine_time
from bot.settings import read_settings
from bot.wiring import open_store
from responders.unanswered import Fire, rank
from responders.waiting_threads import waiting_threads


def show_fires(path: Path, console: Console, *, as_json: bool, clock: Clock = machine_time) -> int:
    """Prints the list; 0 also where nothing burns."""
    settings = read_settings(path)
    target, now = timedelta(minutes=settings.heat.answer_within_minutes), clock()
    engine, sessions = open_store(settings.store.url)
    with sessions() as session:
        fires = rank(waiting_threads(session, now), now, target)
    engine.dispose()
    if as_json:
        body = {"target_minutes": settings.heat.answer_within_minutes, "fires": [_body(fire) for fire in fires]}
        console.print_json(json.dumps(body))
    elif not fires:
        console.print("Nothing burns unanswered on your own pages.")
    else:
        _show(console, fires, settings.heat.answer_within_minutes)
    return 0


def _body(fire: Fire) -> dict[str, Any]:
    return {
        "thread_id": fire.thread.thread_id,
        "channel": fire.thread.channel,
        "permalink": fire.thread.permalink,
        "level": fire.thread.level,
        "people": fire.thread.people,
        "people_an_hour": round(fire.people_an_hour, 1),
        "followers": fire.thread.followers,
        "unanswered_since": fire.thread.since.isoformat(timespec="seconds"),
        "unanswered_minutes": fire.minutes,
        "past_target": fire.late,
        "urgency": round(fire.urgency, 1),
    }


def _show(console: Console, fires: list[Fire], target: int) -> None:
    """A narrow table, and under it the links, which must not be cut."""
    late = sum(fire.late for fire in fires)
    console.print(f"{len(fires)} of your own threads burn unanswered, {late} for longer than {target} min.")
    numbers = ("unanswered", "negative people", "people an hour", "followers")
    table = Table("", *(Column(name, justify="right") for name in numbers), "heat", box=SIMPLE)
    for number, fire in enumerate(fires, 1):
        table.add_row(
            str(number),
            f"{fire.minutes} min",
            str(fire.thread.people),
            f"{fire.people_an_hour:.0f}",
            str(fire.thread.followers),
            fire.thread.level,
            style="red" if fire.late else None,
        )
    console.print(table)
    for number, fire in enumerate(fires, 1):
        link = fire.thread.permalink or f"thread {fire.thread.thread_id} on {fire.thread.channel}, no link"
        console.print(f"{number}  {link}", markup=False, soft_wrap=True)
