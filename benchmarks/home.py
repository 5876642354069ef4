"""How long App Home takes to be published, with thousands of open cases. `python -m benchmarks.home [--json]`.

The product's own listeners, a Slack stand-in over sockets and a SQLite file, all in this process.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from models.base import Base, Sessions
from models.cases import Case, Reply
from models.mentions import Mention, Thread
from models.states import CaseState, ReplyState
from models.verdicts import VerdictRow
from responders.homes import HomeReader
from responders.queue_order import Filters
from responders.roles import Everybody
from responders.routes import Abilities
from tests.unit.responders.slack.side import ANNA, Side, a_side

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
TEXT = "Tilasin kolme viikkoa sitten eikä pakettia näy, asiakaspalvelu ei vastaa & olen todella vihainen teille"


@dataclass(frozen=True)
class Measured:
    """Seconds from opening, or pressing, until the view stands in Slack; of it the processor's for reading the store.

    `blocks` and `characters` are the largest view's.
    """

    open: int
    closed: int
    openings: int
    opened_p50_s: float
    opened_p95_s: float
    pressed_p50_s: float
    pressed_p95_s: float
    found_by_name_p50_s: float
    reading_cpu_s: float
    blocks: int
    characters: int


def fill(sessions: Sessions, open_cases: int, closed: int) -> None:
    """Customers' cases on two channels, a third of them private, each with its verdict and draft."""
    numbers = range(1, open_cases + closed + 1)
    kinds: list[tuple[type[Base], Callable[[int], dict[str, Any]]]] = [
        (Thread, _thread),
        (Mention, _mention),
        (VerdictRow, _verdict),
        (Case, lambda number: _case(number, number > closed)),
        (Reply, lambda number: _reply(number, number > closed)),
    ]
    for kind, row in kinds:
        rows = iter(map(row, numbers))
        while batch := list(islice(rows, 2000)):
            with sessions.begin() as session:
                session.execute(insert(kind), batch)


def measure(side: Side, times: int) -> tuple[list[float], list[float], list[float], int, int]:
    opened, pressed, found = [], [], []
    blocks = characters = 0
    for _ in range(times):
        opened.append(_timed(lambda: side.open_home(ANNA)))
        for action, value in (("home_scope", "all"), ("home_next", None), ("home_scope", "overview")):
            pressed.append(_timed(lambda action=action, value=value: side.press_home(action, value)))  # type: ignore[misc]
        view = side.room.slack.workspace.home_of(ANNA)
        assert view is not None
        blocks, characters = max(blocks, len(view["blocks"])), max(characters, len(json.dumps(view["blocks"])))
        found.append(_timed(lambda: side.ask("tapaus makinen")))
    return opened, pressed, found, blocks, characters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=5000)
    parser.add_argument("--closed", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, a_side(Path(folder)) as side:
        fill(side.sessions, options.open, options.closed)
        opened, pressed, found, blocks, characters = measure(side, options.times)
        reading = [_read(side) for _ in range(options.times)]
    result = Measured(
        open=options.open,
        closed=options.closed,
        openings=options.times,
        opened_p50_s=round(median(opened), 3),
        opened_p95_s=round(quantiles(opened, n=20)[18], 3),
        pressed_p50_s=round(median(pressed), 3),
        pressed_p95_s=round(quantiles(pressed, n=20)[18], 3),
        found_by_name_p50_s=round(median(found), 3),
        reading_cpu_s=round(median(reading), 3),
        blocks=blocks,
        characters=characters,
    )
    print(json.dumps(asdict(result), indent=None if options.json else 2))


def _read(side: Side) -> float:
    """Processor seconds of one look at the store."""
    homes = HomeReader(
        sessions=side.sessions,
        clock=side.clock,
        zone=ZoneInfo("Europe/Helsinki"),
        roles=Everybody(),
        teams={},
        abilities=Abilities(),
        answer_within=timedelta(minutes=20),
    )
    begun = time.thread_time()
    homes.home(ANNA, Filters())
    return time.thread_time() - begun


def _timed(act: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def _at(number: int) -> datetime:
    return NOW - timedelta(minutes=number % 40_000)


def _thread(number: int) -> dict[str, Any]:
    private = number % 3 == 0
    return {
        "id": number, "channel": _channel(number), "account": "us", "external_id": f"t{number}", "is_private": private,
        "in_own_channel": not private, "first_at": _at(number), "last_at": _at(number),
    }  # fmt: skip


def _mention(number: int) -> dict[str, Any]:
    return {
        "id": number, "thread_id": number, "channel": _channel(number), "account": "us", "external_id": f"m{number}",
        "place": "dm" if number % 3 == 0 else "mention", "author_id": f"a{number}", "author_handle": f"asiakas{number}",
        "author_name": "Aino Mäkinen" if number % 1000 == 0 else f"Asiakas {number}", "text": TEXT, "text_key": "k",
        "replyable": "yes", "created_at": _at(number), "received_at": _at(number), "judged_at": _at(number),
        "heated_at": _at(number), "considered_at": _at(number),
    }  # fmt: skip


def _verdict(number: int) -> dict[str, Any]:
    return {
        "id": number, "mention_id": number, "judge_version": "b", "language": ("fi", "sv", "en")[number % 3],
        "label": ("negative", "neutral")[number % 2], "negative": 0.6, "neutral": 0.3, "positive": 0.1, "arousal": 0.5,
        "abstained": False, "truncated": False, "judged_at": NOW, "reasons": {"delivery": 0.9},
        "flags": {"legal": 0.7} if number % 20 == 0 else {"safety": 0.01, "legal": 0.02, "boycott": 0.01},
    }  # fmt: skip


def _case(number: int, is_open: bool) -> dict[str, Any]:
    return {
        "id": number, "number": 1000 + number, "matter": f"contact:{number}:a#1", "kind": "contact", "brand": "N",
        "thread_id": number, "mention_id": number, "reasons": [], "evidence": [], "opened_at": _at(number),
        "state": CaseState.OPEN if is_open else CaseState.CLOSED, "changed_at": _at(number),
        "owner_id": (ANNA, "U0SARA", None)[number % 3] if is_open else None, "owner_name": "Joku",
        "card_channel": "C0ASIAKAS", "card_ts": f"17{number:08d}.000100",
    }  # fmt: skip


def _reply(number: int, is_open: bool) -> dict[str, Any]:
    return {
        "id": number, "case_id": number, "mention_id": number, "playbook_id": "not-arrived", "language": "fi",
        "text": "Hei! Selvitämme asian.", "state": ReplyState.DRAFTED if is_open else ReplyState.SENT,
        "drafted_at": _at(number), "sent_at": None if is_open else _at(number),
        "edited_by": "Mikael Öst" if is_open and number % 50 == 0 else None,
    }  # fmt: skip


def _channel(number: int) -> str:
    return "facebook" if number % 2 else "x"


if __name__ == "__main__":
    main()
