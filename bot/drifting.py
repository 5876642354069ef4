"""Behind `palovahti judge drift`: how the judge read, week by week, and what stands out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clocks import wall
from bot.settings import read_settings
from bot.wiring import open_store
from classifier.drift import LEAST_A_WEEK, LEAST_BEFORE, NO_REASON, Judged, Tally, Week, beginning, percent, weeks_of
from classifier.mixes import Counts, shares
from models.corrections import latest_corrections, what_it_said
from models.verdicts import VerdictRow

_TOP = 4  # languages, and contact reasons, that have a row
_ACROSS = 8  # weeks side by side


def show_drift(path: Path, console: Console, *, weeks: int, as_json: bool) -> int:
    """Prints a line a week and a sentence for each thing that stands out; 0 also where history is too short."""
    settings = read_settings(path)
    zone, now = settings.shop.zone, wall()
    engine, sessions = open_store(settings.store.url)
    with sessions() as session:
        found = weeks_of(_judged(session, beginning(zone, now, weeks)), zone, now, weeks)
    engine.dispose()
    enough = any(week.compared for week in found)
    if as_json:
        console.print_json(json.dumps({"enough_history": enough, "weeks": [_body(week) for week in found]}))
    else:
        _show(console, found, enough=enough)
    return 0


def _judged(session: Session, since: datetime) -> Iterator[Judged]:
    """The judge's own readings; where a person put one right, theirs stands in the store and the judge's beside it."""
    corrected = {one.mention_id: one for one in latest_corrections(session)}
    rows = select(VerdictRow).where(VerdictRow.judged_at >= since).execution_options(yield_per=1000)
    for verdict in session.scalars(rows):
        correction = corrected.get(verdict.mention_id)
        said = what_it_said(verdict) | (correction.before if correction else {})
        yield Judged(
            at=verdict.judged_at,
            judge_version=verdict.judge_version,
            language=said["language"],
            label=said["label"],
            confidence=said[said["label"]],
            abstained=said["abstained"],
            truncated=said["truncated"],
            reasons=said["reasons"],
            corrected_to=correction.label if correction else None,
        )


def _show(console: Console, weeks: Sequence[Week], *, enough: bool) -> None:
    for first in range(0, len(weeks), _ACROSS):
        console.print(_table(weeks[first : first + _ACROSS], weeks))
    remarks = [remark for week in weeks for remark in week.remarks]
    for remark in remarks:
        console.print(remark, markup=False, soft_wrap=True)
    if not enough:
        console.print(
            f"Too little history: a week is compared from {LEAST_A_WEEK} mentions on, with at least {LEAST_BEFORE} in "
            "the weeks before it. Look again later, or further back with --weeks.",
            markup=False,
            soft_wrap=True,
        )
    elif not remarks:
        console.print("No week stands out from those before it.", markup=False)


def _table(weeks: Sequence[Week], all_weeks: Sequence[Week]) -> Table:
    """A column a week; the languages and reasons are the commonest of all weeks, so that rows can be followed."""
    whole = sum((week.tally for week in all_weeks), Tally())
    rows: list[tuple[str, Callable[[Tally], str]]] = [
        ("mentions", lambda tally: str(tally.mentions)),
        *_shares_of("", ["negative"], lambda tally: tally.labels),
        ("abstained", lambda tally: _of(tally.abstained, tally.mentions)),
        ("cut for length", lambda tally: _of(tally.truncated, tally.mentions)),
        ("sure of its side", lambda tally: percent(tally.confidence) if tally.mentions else "-"),
        ("corrected", lambda tally: _of(tally.corrected, tally.mentions)),
        ("  side left as it was", lambda tally: _of(tally.agreed, tally.corrected)),
        *_shares_of("in ", _commonest(whole.languages), lambda tally: tally.languages),
        *_shares_of("about ", _commonest(whole.reasons), lambda tally: tally.reasons),
    ]
    columns = [Column(week.name[-3:], justify="right", no_wrap=True) for week in weeks]
    table = Table(Column("week", no_wrap=True), *columns, box=SIMPLE, padding=(0, 1, 0, 0))
    for name, figure in rows:
        table.add_row(name, *(figure(week.tally) for week in weeks))
    table.add_row("unlike before: sides", *(_distance(week.label_distance) for week in weeks))
    table.add_row("  contact reasons", *(_distance(week.reason_distance) for week in weeks))
    return table


def _shares_of(
    before: str, names: Sequence[str], counts: Callable[[Tally], Counts]
) -> list[tuple[str, Callable[[Tally], str]]]:
    def figure(name: str) -> Callable[[Tally], str]:
        return lambda tally: _of(counts(tally).get(name, 0), tally.mentions)

    return [(f"{before}{name}".replace("_", " "), figure(name)) for name in names]


def _commonest(counts: Counts) -> list[str]:
    named = [name for name in counts if name != NO_REASON]
    return sorted(named, key=lambda name: (-counts[name], name))[:_TOP]


def _of(count: int, whole: int) -> str:
    return percent(count / whole) if whole else "-"


def _distance(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _body(week: Week) -> dict[str, Any]:
    tally = week.tally
    return {
        "week": week.name,
        "monday": week.monday.isoformat(),
        "mentions": tally.mentions,
        "judges": sorted(tally.judges),
        "labels": _shares(tally.labels),
        "languages": _shares(tally.languages),
        "reasons": {name: round(count / tally.mentions, 4) for name, count in sorted(tally.reasons.items())},
        "abstained": _share(tally.abstained, tally.mentions),
        "truncated": _share(tally.truncated, tally.mentions),
        "confidence": round(tally.confidence, 4) if tally.mentions else None,
        "corrected": _share(tally.corrected, tally.mentions),
        "corrections": tally.corrected,
        "agreed": _share(tally.agreed, tally.corrected),
        "label_distance": None if week.label_distance is None else round(week.label_distance, 4),
        "reason_distance": None if week.reason_distance is None else round(week.reason_distance, 4),
        "remarks": list(week.remarks),
    }


def _shares(counts: Counts) -> dict[str, float]:
    return {name: round(share, 4) for name, share in sorted(shares(counts).items())}


def _share(count: int, whole: int) -> float | None:
    return round(count / whole, 4) if whole else None
