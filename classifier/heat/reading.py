"""What every file of heat is read with: its lines, times and the words for what is wrong in them."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO, Any

from classifier.outputs import BadInput

_YEARS = range(1970, 2200)  # a clock may be wrong, but not so that no calendar can follow it


@dataclass(frozen=True)
class FileReport:
    """How a run over a file went; `oddities` counts odd times."""

    lines_in: int
    lines_out: int
    oddities: Mapping[str, int]


@contextmanager
def opened(path: Path) -> Iterator[Iterator[str]]:
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


def _decoded(lines: IO[str], path: Path) -> Iterator[str]:
    number = 0
    try:
        for number, line in enumerate(lines, 1):  # noqa: B007 - the number is for what breaks off
            yield line
    except UnicodeDecodeError:
        raise BadInput(
            f"{path}, after line {number}: the text is not UTF-8. Save the file as UTF-8 and try again."
        ) from None
    except (OSError, EOFError, zlib.error):
        raise BadInput(
            f"{path}, after line {number}: the file breaks off or is damaged. Fetch or compress it again."
        ) from None


def time_of(text: str, zone_needed: bool = False, zone: tzinfo = UTC) -> datetime:
    """A time in ISO 8601, of the years 1970 to 2199; one without a zone is of `zone`. Raises ValueError for others."""
    at = datetime.fromisoformat(text)
    if at.year not in _YEARS:
        raise ValueError(text)
    if at.tzinfo is None:
        if zone_needed:
            raise ValueError(text)
        at = at.replace(tzinfo=zone)
    return at


def short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
