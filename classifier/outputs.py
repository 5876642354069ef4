"""Writes an output file that is there whole or not at all, plain or .gz."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


class BadInput(ValueError):
    """A file cannot be used; the message names file, line and field, and says what to do."""


@contextmanager
def written_whole(path: Path, input: Path) -> Iterator[IO[str]]:
    """Takes the place of an older file only when everything was written; a pipe or terminal is written to as it comes.

    Raises BadInput when the place cannot be written, or is the input itself.
    """
    if path.exists() and path.samefile(input):
        raise BadInput(f"{path}: the output would overwrite the input. Choose another place.")
    in_place = path.exists() and not path.is_file()
    target = path if in_place else path.with_name(path.name + ".part")
    try:
        raw = target.open("wb")
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror}). Choose another place.") from None
    try:
        with raw:
            bytes_out: Any = gzip.GzipFile(fileobj=raw, mode="wb") if path.suffix == ".gz" else raw
            # A lone half of a surrogate pair, which JSON may name and UTF-8 cannot hold, becomes a question mark.
            with io.TextIOWrapper(bytes_out, encoding="utf-8", errors="replace", newline="") as output:
                yield output
        if not in_place:
            _move(target, path)
    finally:
        if not in_place:
            target.unlink(missing_ok=True)


def _move(written: Path, path: Path) -> None:
    try:
        written.replace(path)
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror}). Choose another place.") from None
