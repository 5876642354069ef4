"""Posts and days to feed the engine with: defaults plus what the test names."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from classifier.heat.changes import HeatChange
from classifier.heat.engine import HeatEngine
from classifier.heat.posts import JudgedPost

MORNING = datetime(2026, 11, 17, 5, 0, tzinfo=UTC)  # a Tuesday, 07:00 in Helsinki
_numbers = itertools.count()


def a_post(minutes: float = 0, negative: float = 0.05, start: datetime = MORNING, **named: object) -> JudgedPost:
    number = next(_numbers)
    post = JudgedPost(
        brand="nuotiopuoti",
        channel="facebook",
        external_id=f"p{number}",
        thread_id=f"t{number}",
        author_id=f"a{number}",
        author_followers=200,
        created_at=start + timedelta(minutes=minutes),
        text_key=f"x{number}",
        is_share=False,
        negative=negative,
        arousal=0.2,
        in_own_channel=False,
        brand_replied=False,
    )
    return replace(post, **named)  # type: ignore[arg-type]


def ordinary_day(days: int = 1, per_hour: int = 6, start: datetime = MORNING) -> list[JudgedPost]:
    """Fourteen waking hours a day; every fifth post is negative, each in its own thread."""
    return [
        a_post(day * 1440 + hour * 60 + slot * 60 / per_hour, 0.9 if (hour * per_hour + slot) % 5 == 0 else 0.1, start)
        for day in range(days)
        for hour in range(14)
        for slot in range(per_hour)
    ]


def a_fire(start_minute: float, size: int = 40, every: float = 3.0, **named: object) -> list[JudgedPost]:
    """A complaint that others join: one in ten comments is not negative."""
    return [
        a_post(start_minute + i * every, 0.1 if i % 10 == 9 else 0.92, **{"thread_id": "fire", **named})  # type: ignore[arg-type]
        for i in range(size)
    ]


def changes_of(posts: list[JudgedPost], engine: HeatEngine | None = None) -> list[HeatChange]:
    engine = engine or HeatEngine()
    ordered = sorted(posts, key=lambda post: post.created_at)
    return [change for post in ordered for change in engine.observe(post)]
