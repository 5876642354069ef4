"""A backtest as tables, sentences, and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from classifier.heat.backtest import Backtest, Span
from classifier.heat.outcome import Fire, OutrageRule
from models.states import Grade

_FIRES_SHOWN = 20
_GRADES = {
    Grade.EARLY: "early: before a tenth of an outrage",
    Grade.RIGHT: "right: before half of it",
    Grade.LATE: "late: after half of it",
    Grade.BENIGN: "benign: much talk, no outrage",
    Grade.FALSE: "false: nothing of note",
}


@dataclass(frozen=True)
class Answer:
    """What came of it, a run for each setting by its name; `sentence` says why there are none, if there are none."""

    rule: OutrageRule
    mentions: int = 0
    runs: Sequence[tuple[str, Backtest]] = ()
    sentence: str | None = None

    @property
    def spans(self) -> Mapping[str, Span]:
        return self.runs[0][1].spans

    @property
    def fires(self) -> Sequence[Fire]:
        return self.runs[0][1].fires


def print_answer(answer: Answer, zone: ZoneInfo, console: Console, *, as_json: bool) -> None:
    """Tables for a person, one object for a program."""
    if as_json:
        console.print_json(json.dumps(_body(answer), ensure_ascii=False))
    elif not answer.runs:
        console.print(answer.sentence, markup=False, soft_wrap=True)
    else:
        for sentence in _about(answer, zone):
            console.print(sentence, markup=False, soft_wrap=True)
        console.print(_figures(answer.runs))
        if answer.fires:
            console.print(_fires(answer, zone))


def _about(answer: Answer, zone: ZoneInfo) -> list[str]:
    spans, rule = answer.spans, answer.rule
    tested = {brand: span for brand, span in spans.items() if span.weeks}
    first = min(span.heard for span in spans.values())
    since, until = min(span.since for span in tested.values()), next(iter(spans.values())).until
    whose = f"of {next(iter(spans))}" if len(spans) == 1 else f"of {len(spans)} brands"
    said = [
        f"{answer.mentions:,} judged mentions {whose}, {_day(first, zone)} to {_day(until, zone)}. "
        f"Alerts count from {_day(since, zone)} on: at least the first two weeks teach what is usual.",
        f"An outrage is at least {rule.least_people} negative people more than usual within {rule.within_hours} hours, "
        f"and as many as {rule.times_hourly:g} usual hours have mentions.",
    ]
    if short := len(spans) - len(tested):
        said.append(f"{short} of {len(spans)} brands {'is' if short == 1 else 'are'} left out: too little history.")
    return said


def _figures(runs: Sequence[tuple[str, Backtest]]) -> Table:
    """A column for each setting, and how the second differs from the first."""
    table = Table(Column("setting", no_wrap=True), box=SIMPLE, padding=(0, 1, 0, 0))
    for name, _ in runs:
        table.add_column(name, justify="right", no_wrap=True)
    if len(runs) == 2:
        table.add_column("difference", justify="right", no_wrap=True)
    for what, figure, said in _ROWS:
        values = [figure(found) for _, found in runs]
        cells = ["-" if value is None else said(value) for value in values]
        if len(values) == 2:
            cells.append(_difference(values[0], values[1], said))
        table.add_row(what.format(fires=len(runs[0][1].fires)), *cells)
    return table


def _difference(one: float | None, other: float | None, said: Callable[[float], str]) -> str:
    if one is None or other is None:
        return "-"
    words = said(abs(other - one))
    if words == said(0):
        return "same"
    return f"{'+' if other > one else '-'}{words}"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _span(minutes: float) -> str:
    """3 h 10 min, and -25 min where people were called after half of it."""
    hours, rest = divmod(round(abs(minutes)), 60)
    words = f"{rest} min" if not hours else f"{hours} h {rest} min" if rest and hours < 24 else f"{hours} h"
    return f"-{words}" if round(minutes) < 0 else words


def _minutes(span: timedelta) -> float:
    return span / timedelta(minutes=1)


def _lead(part: str) -> Callable[[Backtest], float | None]:
    return lambda run: None if run.leads is None else _minutes(getattr(run.leads, part))


def _graded(grade: Grade) -> Callable[[Backtest], float]:
    return lambda run: run.grades[grade]


_ROWS: Sequence[tuple[str, Callable[[Backtest], float | None], Callable[[float], str]]] = (
    ("alerts a week", lambda run: run.alerts_a_week, lambda value: f"{value:.1f}"),
    ("  12 hours after any other", lambda run: run.episodes_a_week, lambda value: f"{value:.1f}"),
    ("alerts", lambda run: len(run.alerts), _count),
    ("  early: before a tenth of an outrage", _graded(Grade.EARLY), _count),
    ("  right: before half of it", _graded(Grade.RIGHT), _count),
    ("  late: after half of it", _graded(Grade.LATE), _count),
    ("  benign: much talk, no outrage", _graded(Grade.BENIGN), _count),
    ("  false: nothing of note", _graded(Grade.FALSE), _count),
    ("outrages caught, of {fires}", lambda run: run.caught, _count),
    ("  before half of it", lambda run: sum(fire.half > at for fire, at in run.told.items()), _count),
    ("outrages missed", lambda run: run.missed, _count),
    ("time from call to half of it, median", _lead("median"), _span),
    ("  lower quartile", _lead("lower"), _span),
    ("  upper quartile", _lead("upper"), _span),
)


def _fires(answer: Answer, zone: ZoneInfo) -> Table:
    """Each outrage, and how long before half of it each setting would have called; the largest, if there are many."""
    largest = sorted(answer.fires, key=lambda fire: -fire.people)[:_FIRES_SHOWN]
    told = f"Times are those of {zone.key}; under a setting, how long before half of it people are called."
    if len(largest) < len(answer.fires):
        told += f" The {_FIRES_SHOWN} largest of {len(answer.fires)}."
    table = Table(
        Column("outrage from", no_wrap=True), Column("half of it", no_wrap=True), Column("people", justify="right"),
        box=SIMPLE, padding=(0, 1, 0, 0), caption=told,
    )  # fmt: skip
    if len(answer.spans) > 1:
        table.add_column("brand")
    for name, _ in answer.runs:
        table.add_column(name, justify="right", no_wrap=True)
    for fire in sorted(largest, key=lambda fire: fire.began):
        cells = [_moment(fire.began, zone), _moment(fire.half, zone), f"{fire.people:,}"]
        if len(answer.spans) > 1:
            cells.append(fire.brand)
        leads = [found.lead(fire) for _, found in answer.runs]
        table.add_row(*cells, *("missed" if lead is None else _span(_minutes(lead)) for lead in leads))
    return table


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _body(answer: Answer) -> dict[str, Any]:
    body: dict[str, Any] = {"sentence": answer.sentence, "mentions": answer.mentions, "rule": asdict(answer.rule)}
    if answer.runs:
        body["brands"] = {
            brand: {"heard": _utc(span.heard), "since": _utc(span.since), "until": _utc(span.until)}
            | {"weeks": round(span.weeks, 3)}
            for brand, span in answer.spans.items()
        }
    body["settings"] = [{"sensitivity": name, **_run(found)} for name, found in answer.runs]
    return body


def _run(found: Backtest) -> dict[str, Any]:
    leads = found.leads
    return {
        "weeks": round(found.weeks, 3),
        "alerts_a_week": round(found.alerts_a_week, 3),
        "episodes_a_week": round(found.episodes_a_week, 3),
        "grades": {str(grade): count for grade, count in found.grades.items()},
        "caught": found.caught,
        "missed": found.missed,
        "lead_minutes": leads and {part: round(_minutes(span), 1) for part, span in vars(leads).items()},
        "alerts": [
            {
                "brand": alert.brand,
                "subject": str(alert.subject),
                "key": alert.key,
                "grade": str(graded.grade),
                "calls": [{"at": _utc(call.at), "level": call.level.word} for call in alert.calls],
            }
            for alert, graded in found.alerts
        ],
        "outrages": [
            {
                "brand": fire.brand,
                "began": _utc(fire.began),
                "half": _utc(fire.half),
                "ended": _utc(fire.ended),
                "people": fire.people,
                "called": _utc(found.told[fire]) if fire in found.told else None,
            }
            for fire in found.fires
        ],
    }


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
