"""`palovahti heat --series`: a count series in, the same rows with their anomaly scores out, streaming."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from classifier.heat.reading import FileReport, opened, short, time_of
from classifier.heat.series import SeriesScorer
from classifier.outputs import BadInput, written_whole


def score_series(input: Path, output: Path) -> FileReport:
    """Reads `timestamp,value` (CSV) and writes `timestamp,value,anomaly_score`, scores 0..1, row by row."""
    scorer = SeriesScorer()
    rows = 0
    with opened(input) as lines, written_whole(output, input) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["timestamp", "value", "anomaly_score"])
        for at, value, row in _measured(lines, input):
            writer.writerow([*row, f"{scorer.score(at, value):.6f}"])
            rows += 1
    return FileReport(rows, rows, dict(scorer.oddities))


def _measured(lines: Iterator[str], path: Path) -> Iterator[tuple[datetime, float, list[str]]]:
    table = csv.reader(lines)
    try:
        header = next(table, [])
        for name in ("timestamp", "value"):
            if name not in header:
                raise BadInput(f"{path}, line 1: there is no column '{name}'. The first line must be: timestamp,value")
        when, what = header.index("timestamp"), header.index("value")
        for row in filter(None, table):
            where = f"{path}, line {table.line_num}"
            if len(row) != len(header):
                raise BadInput(
                    f"{where}: {len(row)} fields where the first line names {len(header)}. Mend or remove the line."
                )
            try:
                at = time_of(row[when])
            except ValueError:
                raise BadInput(
                    f"{where}, field 'timestamp': {short(row[when])} is not a time. "
                    "Write it as 2026-01-20 14:05:00 or 2026-01-20T14:05:00Z."
                ) from None
            yield at, _value(row[what], where), [row[when], row[what]]
    except csv.Error as error:
        raise BadInput(f"{path}, line {table.line_num}: not readable as CSV ({error}). Mend or remove it.") from None


def _value(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise BadInput(
            f"{where}, field 'value': {short(text)} is not a count. Give a number, 0 or more; leave "
            "out rows that were not measured."
        )
    return value
