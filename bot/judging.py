"""Behind `palovahti judge`: a file of texts in, a line with a verdict out for each, in the same order."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.judge_choice import judge_of
from bot.settings import JudgeSettings
from classifier.outputs import BadInput, written_whole
from classifier.verdict import Judge, Verdict

BATCH = 256
BATCH_CHARS = 4_000_000  # long texts are judged in smaller batches, so that memory stays flat
TEXT_LIMIT = 10_000_000
"""Characters of one text that are accepted; a post of a hundred thousand passes easily."""
LINE_LIMIT = 2 * TEXT_LIMIT
DELIMITERS = ",;\t"  # Excel writes the second where a comma is in prices

Row = tuple[Any, str]  # id and text


def judge_file(
    judge: Judge, source: Path, target: Path, text_column: str = "text", advance: Callable[[int], None] = lambda _: None
) -> int:
    """Writes a verdict for each line of `source` (CSV or JSONL, also .gz) to `target` as JSONL; returns how many.

    `id` is the line's own where it has one, else its number. A text that is missing, null or empty is judged as nothing
    to read; only a line that is no line of the file's form ends it. `target` appears only when everything is judged.
    One batch is read, judged and written before the next, so a slow disk slows the reading. `advance` is told how many
    texts were done. Raises BadInput with a sentence that names file, line and way out.
    """
    done = 0
    try:
        with written_whole(target, source) as out:
            for batch in _batches(_rows(source, text_column)):
                verdicts = judge.judge([text for _, text in batch])
                for (id, _), verdict in zip(batch, verdicts, strict=True):
                    out.write(json.dumps(verdict_line(id, verdict), ensure_ascii=False, allow_nan=False) + "\n")
                done += len(batch)
                advance(len(batch))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInput(f"{source}: the compressed file is damaged ({error}). Make it anew.") from None
    except OSError as error:
        raise BadInput(f"{error.filename or target}: {error.strerror or 'cannot be read or written'}.") from None
    return done


def verdict_line(id: Any, verdict: Verdict) -> dict[str, Any]:
    """One line of the output, as documented for the command."""
    return {
        "id": id,
        "language": verdict.language,
        "sentiment": {
            "negative": round(verdict.negative, 4),
            "neutral": round(verdict.neutral, 4),
            "positive": round(verdict.positive, 4),
        },
        "label": str(verdict.label),
        "arousal": round(verdict.arousal, 4),
        "reasons": {name: round(value, 4) for name, value in verdict.reasons.items()},
        "flags": {name: round(value, 4) for name, value in verdict.flags.items()},
        "abstained": verdict.abstained,
        "abstention": str(verdict.abstention) if verdict.abstention else None,
        "truncated": verdict.truncated,
    }


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    chars = 0
    for row in rows:
        batch.append(row)
        chars += len(row[1])
        if len(batch) == BATCH or chars >= BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _rows(source: Path, text_column: str) -> Iterator[Row]:
    name = source.name.removesuffix(".gz")
    if name.endswith(".csv"):
        yield from _csv_rows(source, text_column)
    elif name.endswith((".jsonl", ".ndjson")):
        yield from _jsonl_rows(source, text_column)
    else:
        raise BadInput(f"{source}: the name must end in .csv or .jsonl, with or without .gz, so that we know its form.")


def _csv_rows(source: Path, text_column: str) -> Iterator[Row]:
    csv.field_size_limit(TEXT_LIMIT)
    with _open_in(source) as file:
        reader = csv.DictReader(file, delimiter=_delimiter(source, text_column))
        try:
            if reader.fieldnames is None or text_column not in reader.fieldnames:
                has = ", ".join(reader.fieldnames or []) or "nothing"
                raise BadInput(
                    f'{source}, line 1: there is no column "{text_column}" (it has {has}). '
                    f"Name the column with --text-column."
                )
            for number, row in enumerate(reader, start=1):
                yield row.get("id") or number, row[text_column] or ""
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadInput(f"{source}, near line {reader.line_num + 1}: {error}. Save the file as UTF-8 CSV.") from None


def _delimiter(source: Path, text_column: str) -> str:
    """What parts the columns: the first of `DELIMITERS` with which the first line holds the text's column."""
    with _open_in(source) as file:
        try:
            first = file.readline(LINE_LIMIT)
            return next((one for one in DELIMITERS if text_column in next(csv.reader([first], delimiter=one))), ",")
        except (csv.Error, UnicodeDecodeError, StopIteration):
            return ","  # reading the file in earnest tells what is wrong, and where


def _jsonl_rows(source: Path, text_column: str) -> Iterator[Row]:
    with _open_in(source) as file:
        number = 0
        try:
            while line := file.readline(LINE_LIMIT):
                number += 1
                if len(line) == LINE_LIMIT:
                    raise BadInput(f"{source}, line {number}: longer than {LINE_LIMIT} characters. Mend or remove it.")
                body = _JSON.decode(line)
                if not isinstance(body, dict) or text_column not in body:
                    raise BadInput(
                        f'{source}, line {number}: a JSON object with "{text_column}" is expected. '
                        f"Mend the line, or name the field with --text-column."
                    )
                id = body.get("id")
                yield id if isinstance(id, str | int | float) else number, _text(body[text_column])
        except json.JSONDecodeError as error:
            raise BadInput(
                f"{source}, line {number}: this is not valid JSON ({error.msg}, column {error.colno}). "
                f"Mend or remove the line."
            ) from None
        except RecursionError:
            raise BadInput(f"{source}, line {number}: nested too deeply. Mend or remove the line.") from None
        except UnicodeDecodeError:
            raise BadInput(f"{source}, after line {number}: not UTF-8 text. Save the file as UTF-8.") from None


def _text(value: Any) -> str:
    """A text as it is, a number as its digits, and nothing to read for whatever else stands in a text's place."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


# NaN and numbers past all bounds, which Python writes for a missing text, are read as null: JSON knows neither.
_JSON = json.JSONDecoder(
    parse_constant=lambda _: None,
    parse_float=_finite,
    parse_int=lambda digits: int(digits) if len(digits) < 100 else digits,
)


def _open_in(source: Path) -> TextIO:
    if source.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(source, "rb"), encoding="utf-8-sig", newline="")
    return source.open(encoding="utf-8-sig", newline="")  # Excel begins its files with a mark


def judge_with_progress(settings: JudgeSettings, source: Path, target: Path, text_column: str, console: Console) -> int:
    """Judges the file with the chosen judge; a bar runs where a person watches, and nothing is said in a pipe."""
    if not source.is_file():
        raise BadInput(f"{source}: there is no such file. Check the name after --input.")
    judge = judge_of(settings)
    columns = (TextColumn("judged"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("", total=None)
        judge_file(judge, source, target, text_column, lambda count: progress.advance(bar, count))
    return 0
