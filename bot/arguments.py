"""What is taken for a number, a day, a file and the like on the command line, and what is said of anything else."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo


def zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone; give one such as Europe/Helsinki") from None


def positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1_000_000:
        raise argparse.ArgumentTypeError("give a number above 0, such as 120")
    return value


def count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError("give a whole number from 1 up")
    return value


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write it as 2026-10-01") from None


def moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a time; write it as 2026-12-24T21:00") from None
    if not 2000 <= at.year < 2200:
        raise argparse.ArgumentTypeError("give a time between the years 2000 and 2199")
    return at


def picture(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (".png", ".svg"):
        raise argparse.ArgumentTypeError(f"{text} is no kind of picture we draw; end its name in .svg or .png")
    return path


def weeks(text: str) -> int:
    value = int(text)
    if not 2 <= value <= 104:
        raise argparse.ArgumentTypeError("give a whole number from 2 to 104")
    return value


def port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError("give a port from 0 to 65535")
    return value
