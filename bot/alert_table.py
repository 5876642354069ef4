"""The report on alerts as tables, sentences, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from bot.alert_report import AlertReport, Shop, report_on
from bot.clocks import wall
from bot.settings import read_settings
from bot.wiring import open_store
from classifier.heat.honesty import ENOUGH, Effect, Reliability, Told, Week, lead_of, monday_of, precision_of
from models.states import Grade

_ACROSS = 8  # weeks side by side
_GRADES = {
    Grade.EARLY: "early: before a tenth",
    Grade.RIGHT: "right: before half",
    Grade.LATE: "late: after half",
    Grade.BENIGN: "benign: no outrage",
    Grade.FALSE: "false: nothing",
}
_ROWS = (
    "alerts",
    *(f"  {words}" for words in _GRADES.values()),
    "  not yet known",
    "precision",
    "outrages",
    "  missed",
    "lead to half",
)


def show_alerts(path: Path, console: Console, *, weeks: int, as_json: bool) -> int:
    """Prints a line a week, what the chances were worth, and what another setting had done; 0 also without alerts."""
    shop, now = Shop.of(settings := read_settings(path)), wall()
    last = monday_of(now, shop.zone)
    engine, sessions = open_store(settings.store.url)
    try:
        report = report_on(sessions, shop, last - timedelta(weeks=weeks - 1), last, now)
    finally:
        engine.dispose()
    if as_json:
        console.print_json(json.dumps(_body(report)))
        return 0
    _show_weeks(console, report.weeks)
    for sentence in _sentences(report):
        console.print(sentence, markup=False, soft_wrap=True)
    if report.reliability is not None:
        console.print(_reliability(report.reliability))
    return 0


def _show_weeks(console: Console, weeks: Sequence[Week]) -> None:
    """A column a week, and one for all of them after the last."""
    for first in range(0, len(weeks), _ACROSS):
        across = weeks[first : first + _ACROSS]
        columns = [(week.name[-3:], _figures(week.told, week.fires, week.missed)) for week in across]
        if first + _ACROSS >= len(weeks):
            told = [one for week in weeks for one in week.told]
            fires, missed = sum(week.fires for week in weeks), sum(week.missed for week in weeks)
            columns.append(("all", _figures(told, fires, missed)))
        table = Table(Column("week", no_wrap=True), box=SIMPLE, padding=(0, 1, 0, 0))
        for name, _ in columns:
            table.add_column(name, justify="right", no_wrap=True)
        for row, name in enumerate(_ROWS):
            table.add_row(name, *(figures[row] for _, figures in columns))
        console.print(table)


def _figures(told: Sequence[Told], fires: int, missed: int) -> list[str]:
    """One for each of `_ROWS`."""
    counts = [sum(one.grade is grade for one in told) for grade in (*_GRADES, None)]
    return [
        str(len(told)),
        *(str(count) for count in counts),
        _percent(precision_of(told)),
        str(fires),
        str(missed),
        _span(lead_of(told)),
    ]


def _sentences(report: AlertReport) -> Iterable[str]:
    if report.reliability is None:
        known = sum(one.grade is not None for week in report.weeks for one in week.told)
        yield f"Chances: too few to say ({known} graded alerts; {ENOUGH} are needed)."
    else:
        found = report.reliability
        yield (
            f"Chances at the first call, {found.alerts} alerts: Brier score {found.brier:.3f} (0 is perfect; always "
            f"saying the usual share gives {found.base_rate_brier:.3f})."
        )
    if not report.effects:
        yield "Settings: too little history to try another one; two weeks of mentions come before the first alert."
        return
    current = report.effects[report.current]
    yield f'Settings, over the same weeks: sensitivity = "{report.current}" gives {_did(current)}.'
    for name, effect in report.effects.items():
        if name != report.current:
            yield f'sensitivity = "{name}" had given {_did(effect)}: {_difference(effect, current)}.'
    if report.better is None:
        yield f'Proposal: keep "{report.current}". None had cost less; a missed outrage counts as five needless alerts.'
    else:
        effect = report.effects[report.better]
        yield f'Proposal: sensitivity = "{report.better}", with {_difference(effect, current)}.'


def _did(effect: Effect) -> str:
    alerts = f"{effect.alerts} alert{'' if effect.alerts == 1 else 's'}"
    return f"{alerts}, {effect.needless} of them needless (benign or false), and {effect.missed} missed"


def _difference(effect: Effect, current: Effect) -> str:
    """How another setting had differed: 3 fewer needless alerts, as many missed."""
    needless, missed = effect.needless - current.needless, effect.missed - current.missed
    return f"{_more(needless)} needless alert{'' if abs(needless) == 1 else 's'}, {_more(missed)} missed"


def _more(count: int) -> str:
    return "as many" if count == 0 else f"{abs(count)} {'fewer' if count < 0 else 'more'}"


def _reliability(found: Reliability) -> Table:
    table = Table(Column("chance said", no_wrap=True), box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("alerts", "said, mean", "came true"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in found.bins:
        table.add_row(f"{one.low:.0%} to {one.high:.0%}", str(one.alerts), f"{one.said:.0%}", f"{one.happened:.0%}")
    return table


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _span(lead: timedelta | None) -> str:
    if lead is None:
        return "-"
    minutes = round(abs(lead) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    said = f"{hours}h{rest:02d}" if hours else f"{rest} min"
    return f"-{said}" if lead < timedelta(0) and minutes else said


def _body(report: AlertReport) -> dict[str, Any]:
    return {
        "weeks": [_week_body(week) for week in report.weeks],
        "reliability": None
        if report.reliability is None
        else {
            "alerts": report.reliability.alerts,
            "brier": round(report.reliability.brier, 4),
            "base_rate_brier": round(report.reliability.base_rate_brier, 4),
            "bins": [
                {
                    "from": one.low,
                    "to": one.high,
                    "alerts": one.alerts,
                    "said": round(one.said, 4),
                    "happened": round(one.happened, 4),
                }
                for one in report.reliability.bins
            ],
        },
        "sensitivity": report.current,
        "effects": {
            name: {"alerts": effect.alerts, "needless": effect.needless, "missed": effect.missed}
            for name, effect in report.effects.items()
        },
        "proposal": report.better,
    }


def _week_body(week: Week) -> dict[str, Any]:
    return {
        "week": week.name,
        "monday": week.monday.isoformat(),
        "alerts": len(week.told),
        "grades": {str(grade): week.graded(grade) for grade in Grade},
        "not_yet_known": week.waiting,
        "by_a_person": sum(one.by_a_person for one in week.told),
        "precision": None if week.precision is None else round(week.precision, 4),
        "outrages": week.fires,
        "missed": week.missed,
        "median_lead_minutes": None if week.lead is None else round(week.lead / timedelta(minutes=1)),
    }
