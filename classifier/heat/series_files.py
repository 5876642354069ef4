"""`palovahti heat --series`: a count series in, the same rows with their anomaly scores out, streaming."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from classifier.heat.reading import opened, short, time_of
from classifier.heat.series import HISTORY_HOURS, SeriesScorer
from classifier.outputs import BadInput, written_whole

_MOST = 1e12


@dataclass(frozen=True)
class SeriesReport:
    """How a run over a series went; `oddities` counts odd times (see SeriesScorer)."""

    rows: int
    history_hours: float
    history_from: str | None  # the time of the first row whose score rests on enough history, as the file writes it
    history_row: int
    oddities: Mapping[str, int]

    @property
    def on_history(self) -> str:
        """A sentence that says which scores rest on the series' own past."""
        if self.history_from is None:
            return (
                f"{self.rows} rows, {self.history_hours:.0f} hours: too little history, every score rests on guesses. "
                f"Give at least {HISTORY_HOURS} hours."
            )
        return (
            f"{self.rows} rows. From row {self.history_row} ({self.history_from}) on the scores rest on the series' "
            f"own past; those of the first {HISTORY_HOURS} hours rest on guesses."
        )


def score_series(input: Path, output: Path, zone: tzinfo = UTC) -> SeriesReport:
    """Reads `timestamp,value` (CSV) and writes `timestamp,value,anomaly_score`, scores 0..1, row by row.

    Times without a zone are of `zone`, whose hours and weekends are learned. Memory does not grow with the file.
    """
    scorer = SeriesScorer(zone)
    rows, history_row, history_from = 0, 0, None
    with opened(input) as lines, written_whole(output, input) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["timestamp", "value", "anomaly_score"])
        for at, value, row in _measured(lines, input, zone):
            writer.writerow([*row, f"{scorer.score(at, value):.6f}"])
            rows += 1
            if history_from is None and scorer.history_hours >= HISTORY_HOURS:
                history_row, history_from = rows, row[0]
    return SeriesReport(rows, scorer.history_hours, history_from, history_row, dict(scorer.oddities))


def _measured(lines: Iterator[str], path: Path, zone: tzinfo) -> Iterator[tuple[datetime, float, list[str]]]:
    table = csv.reader(lines)
    try:
        header = next(table, [])
        for name in ("timestamp", "value"):
            if name not in header:
                raise BadInput(f"{path}, line 1: there is no column '{name}'. The first line must be: timestamp,value")
            if header.count(name) > 1:
                raise BadInput(f"{path}, line 1: there are {header.count(name)} columns '{name}'. Leave one of them.")
        when, what = header.index("timestamp"), header.index("value")
        before = datetime.min.replace(tzinfo=UTC)
        for row in filter(None, table):
            where = f"{path}, line {table.line_num}"
            if len(row) != len(header):
                raise BadInput(
                    f"{where}: {len(row)} fields where the first line names {len(header)}. Mend or remove the line."
                )
            at = _when(row[when], where, zone, before)
            yield at, _value(row[what], where), [row[when], row[what]]
            before = at
    except csv.Error as error:
        raise BadInput(f"{path}, line {table.line_num}: not readable as CSV ({error}). Mend or remove it.") from None


def _when(text: str, where: str, zone: tzinfo, before: datetime) -> datetime:
    """The time in UTC; of the hour that a clock shows twice in autumn, the one that follows `before`."""
    try:
        at = time_of(text, zone=zone)
    except ValueError:
        raise BadInput(
            f"{where}, field 'timestamp': {short(text)} is not a time from 1970 to 2199. "
            "Write it as 2026-01-20 14:05:00 or 2026-01-20T14:05:00Z."
        ) from None
    first, second = at.astimezone(UTC), at.replace(fold=1).astimezone(UTC)
    return second if first <= before < second else first


def _value(text: str, where: str) -> float:
    try:
        value = float(text) if "_" not in text else math.nan  # which Python would read as 1000
    except ValueError:
        value = math.nan
    if not 0 <= value <= _MOST:
        raise BadInput(
            f"{where}, field 'value': {short(text)} is not a count. Give a number, 0 or more; leave "
            "out rows that were not measured."
        )
    return value
