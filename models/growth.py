"""How fast the counts that people read beside a post grow. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Counted:
    """What somebody read beside a post at one time; None for what is not shown there."""

    at: datetime
    comments: int | None = None
    reactions: int | None = None
    shares: int | None = None

    @property
    def says_nothing(self) -> bool:
        return self.comments is None and self.reactions is None and self.shares is None


@dataclass(frozen=True)
class Growth:
    """How much a post grew within a quarter of an hour, on the average between its last two counts."""

    comments: float
    reactions: float
    shares: float


def growth(counts: Sequence[Counted]) -> Growth | None:
    """Between the last two counts, oldest first; None for a first look, or for two within the same minute.

    A count that fell (comments are taken away) has grown by nothing.
    """
    if len(counts) < 2:
        return None
    before, after = counts[-2], counts[-1]
    quarters = (after.at - before.at) / QUARTER
    if after.at - before.at < timedelta(minutes=1):
        return None
    return Growth(
        _grown(before.comments, after.comments, quarters),
        _grown(before.reactions, after.reactions, quarters),
        _grown(before.shares, after.shares, quarters),
    )


def _grown(before: int | None, after: int | None, quarters: float) -> float:
    return 0.0 if before is None or after is None else max(0, after - before) / quarters
