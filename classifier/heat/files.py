"""Heat over files: the two `palovahti heat` commands, streaming from plain or gzipped input."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from classifier.heat.changes import HeatChange, Turn
from classifier.heat.engine import HeatEngine
from classifier.heat.policy import HeatPolicy
from classifier.heat.posts import JudgedPost
from classifier.heat.series import SeriesScorer
from classifier.outputs import BadInput, written_whole
from models.reasons import say


@dataclass(frozen=True)
class FileReport:
    """How a run over a file went; `oddities` counts odd times (see HeatEngine.oddities)."""

    lines_in: int
    lines_out: int
    oddities: Mapping[str, int]


def score_events(input: Path, alerts: Path, policy: HeatPolicy | None = None) -> FileReport:
    """Reads judged posts (JSONL) and writes one JSON line for each rise of heat: brand, at, level, reasons, ..."""
    engine = HeatEngine(policy)
    read = written = 0
    with _opened(input) as lines, written_whole(alerts, input) as output:
        for post in _posts(lines, input):
            read += 1
            for change in engine.observe(post):
                if change.turn is not Turn.COOLED:
                    output.write(json.dumps(_alert(change), ensure_ascii=False) + "\n")
                    written += 1
    return FileReport(read, written, dict(engine.oddities))


def score_series(input: Path, output: Path) -> FileReport:
    """Reads `timestamp,value` (CSV) and writes `timestamp,value,anomaly_score`, scores 0..1, row by row."""
    scorer = SeriesScorer()
    rows = 0
    with _opened(input) as lines, written_whole(output, input) as out:
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
                at = _time(row[when])
            except ValueError:
                raise BadInput(
                    f"{where}, field 'timestamp': {_short(row[when])} is not a time. "
                    "Write it as 2026-01-20 14:05:00 or 2026-01-20T14:05:00Z."
                ) from None
            yield at, _value(row[what], where), [row[when], row[what]]
    except csv.Error as error:
        raise BadInput(f"{path}, line {table.line_num}: not readable as CSV ({error}). Mend or remove it.") from None


def _alert(change: HeatChange) -> dict[str, Any]:
    return {
        "brand": change.brand,
        "at": change.at.isoformat().replace("+00:00", "Z"),
        "level": change.level.word,
        "probability": round(change.probability, 4),
        "thread_id": change.thread_id,
        "score": round(change.score, 3),
        "subject": change.subject.value,
        "reasons": [{**reason.to_json(), "words": say(reason, "en")} for reason in change.reasons],
    }


def _posts(lines: Iterator[str], path: Path) -> Iterator[JudgedPost]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            body = json.loads(line)
        except (ValueError, RecursionError):
            raise BadInput(
                f"{path}, line {number}: this is not JSON. Each line must hold one judged post: mend or remove it."
            ) from None
        if not isinstance(body, dict):
            raise BadInput(f"{path}, line {number}: a JSON object was expected. Each line must hold one judged post.")
        yield _post(body, f"{path}, line {number}")


def _post(body: dict[str, Any], where: str) -> JudgedPost:
    sentiment = _field(body, "sentiment", where, "an object with 'negative'", lambda value: isinstance(value, dict))
    text: Callable[[object], bool] = lambda value: isinstance(value, str) and value != ""  # noqa: E731
    flag: Callable[[object], bool] = lambda value: isinstance(value, bool)  # noqa: E731
    author = body.get("author_id")
    if author is not None and not isinstance(author, str):
        raise BadInput(f"{where}, field 'author_id': {_short(author)} is not a text. Give the id in quotes, or null.")
    followers = body.get("author_followers") or 0
    if isinstance(followers, bool) or not isinstance(followers, int) or followers < 0:
        raise BadInput(
            f"{where}, field 'author_followers': {_short(followers)} is not a count. Give 0 or more, or null."
        )
    created = _field(body, "created_at", where, "a time such as 2026-01-20T14:05:00Z", text)
    try:
        created_at = _time(created, zone_needed=True)
    except ValueError:
        raise BadInput(
            f"{where}, field 'created_at': {_short(created)} is not a time with a zone. Write 2026-01-20T14:05:00Z."
        ) from None
    return JudgedPost(
        brand=_field(body, "brand", where, "a text", text),
        channel=_field(body, "channel", where, "a text", text),
        external_id=_field(body, "external_id", where, "a text", text),
        thread_id=_field(body, "thread_id", where, "a text", text),
        author_id=author,
        author_followers=followers,
        created_at=created_at,
        text_key=_field(body, "text_key", where, "a text", text),
        is_share=_field(body, "is_share", where, "true or false", flag),
        negative=_field(sentiment, "negative", where, "a number from 0 to 1", _is_part),
        arousal=_field(body, "arousal", where, "a number from 0 to 1", _is_part),
        in_own_channel=_field(body, "in_own_channel", where, "true or false", flag),
        brand_replied=_field(body, "brand_replied", where, "true or false", flag),
    )


def _is_part(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _field(body: dict[str, Any], name: str, where: str, wanted: str, fits: Callable[[object], bool]) -> Any:
    if name not in body:
        raise BadInput(f"{where}: the field '{name}' is missing. Give {wanted}.")
    if not fits(body[name]):
        raise BadInput(f"{where}, field '{name}': {_short(body[name])} does not fit. Give {wanted}.")
    return body[name]


def _time(text: str, zone_needed: bool = False) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        if zone_needed:
            raise ValueError(text)
        at = at.replace(tzinfo=UTC)
    return at


def _value(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise BadInput(
            f"{where}, field 'value': {_short(text)} is not a count. Give a number, 0 or more; leave "
            "out rows that were not measured."
        )
    return value


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _decoded(lines: IO[str], path: Path) -> Iterator[str]:
    try:
        yield from lines
    except UnicodeDecodeError:
        raise BadInput(f"{path}: the text is not UTF-8. Save the file as UTF-8 and try again.") from None
    except (OSError, EOFError, zlib.error):
        raise BadInput(f"{path}: the file breaks off or is damaged. Fetch or compress it again.") from None


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a plain or gzipped file."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}). Check the name and the rights.") from None
    with raw:
        packed = raw.peek(2)[:2] == b"\x1f\x8b"
        bytes_in: Any = gzip.GzipFile(fileobj=raw) if packed else raw
        with io.TextIOWrapper(bytes_in, encoding="utf-8-sig", newline="") as lines:
            yield _decoded(lines, path)
