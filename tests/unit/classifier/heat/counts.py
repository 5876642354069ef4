"""Made-up counts of a brand's mentions: Poisson around a day and a week, repeatable from a seed."""

import math
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
Rate = Callable[[float], float]


def mentions(
    days: float, an_hour: Rate, minutes: int = 15, start: datetime = MONDAY, zone: tzinfo = UTC, seed: int = 1
) -> Iterator[tuple[datetime, float]]:
    """Rows of `minutes`; `an_hour(day)` is the level, high in the afternoon of `zone` and lower at its weekends."""
    chance = random.Random(seed)
    for i in range(int(days * 1440 / minutes)):
        at = start + timedelta(minutes=i * minutes)
        local = at.astimezone(zone)
        shape = 1 + 0.6 * math.cos(2 * math.pi * (local.hour + local.minute / 60 - 15) / 24)
        weekend = 0.65 if local.weekday() >= 5 else 1.0
        rate = an_hour(i * minutes / 1440) * shape * weekend * minutes / 60
        yield at, float(max(0, round(chance.gauss(rate, math.sqrt(1.5 * rate)))))
