"""What the engine says when heat changes, and the reasons it gives, in numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from classifier.heat.brand import Brand, BrandReading
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.threads import Thread, ThreadReading
from classifier.heat.windows import LONGEST, WINDOWS
from models.reasons import Reason


class Subject(StrEnum):
    THREAD = "thread"
    TOPIC = "topic"  # one complaint from many, wherever they write
    BRAND = "brand"


class Turn(StrEnum):
    """What happened to the level."""

    RISEN = "risen"
    HOTTER = "hotter"  # the same level, a clearly higher score
    COOLED = "cooled"


@dataclass(frozen=True, slots=True)
class HeatChange:
    """A thread's or a brand's heat after a post, told because its level or score moved.

    `thread_id` of a brand's change is its hottest thread, None when no thread stands out. `at` is the time of the
    newest post used. `probability` is a fixed rising map of the score, laid by eye below what simulated brands show
    (their outrages are far denser than life): an order of concern, not a frequency. `reasons` come strongest first.
    """

    brand: str
    subject: Subject
    channel: str | None
    thread_id: str | None
    at: datetime
    turn: Turn
    level: Level
    previous: Level
    score: float
    probability: float
    reasons: tuple[Reason, ...]
    topic: str | None = None  # of a topic's change: JudgedPost.topic


def probability_of(score: float, policy: HeatPolicy) -> float:
    """The chance that this becomes an outrage, by a logistic map of the score (see HeatChange for what it is worth)."""
    power = -policy.probability_slope * (score - policy.probability_even)
    return 1 / (1 + math.exp(min(power, 50.0)))


def change_of(
    brand: Brand,
    subject: Subject,
    thread: Thread | None,
    turn: Turn,
    level: Level,
    previous: Level,
    score: float,
    reasons: tuple[Reason, ...],
    policy: HeatPolicy,
) -> HeatChange:
    """The change as of the brand's newest post."""
    return HeatChange(
        brand=brand.name,
        subject=subject,
        channel=thread.channel if thread else None,
        thread_id=thread.thread_id if thread else None,
        at=datetime.fromtimestamp(brand.newest, UTC),
        turn=turn,
        level=level,
        previous=previous,
        score=score,
        probability=probability_of(score, policy),
        reasons=reasons,
    )


def thread_reasons(brand: Brand, thread: Thread, reading: ThreadReading, policy: HeatPolicy) -> tuple[Reason, ...]:
    """Why the thread has its level, strongest first."""
    now, window = brand.clock, WINDOWS[reading.window]
    minutes = min(window, thread.negatives.spread(window, now))
    said, people = thread.negatives.last(window, now), thread.people.last(window, now)
    usual = math.expm1(brand.thread_peaks[reading.window].usual)
    found = [(reading.pace + 2, Reason("thread_pace", {"posts": said, "people": people, "minutes": minutes,
                                                       "usual_people": round(usual, 1)}))]  # fmt: skip
    if reading.reach >= policy.reach_followers:
        found.append((3.0, Reason("reach", {"followers": reading.reach})))
    if reading.unanswered_minutes >= policy.unanswered_said_minutes:
        found.append(
            (1.0 + reading.unanswered_minutes / 30, Reason("unanswered", {"minutes": reading.unanswered_minutes}))
        )
    found.append((reading.share, Reason("thread_share", {"percent": round(100 * reading.share)})))
    found += _heated(thread.heated.last(LONGEST, now), thread.negatives.last(LONGEST, now))
    found += _copies(thread.copies.last(LONGEST, now))
    return _ordered(found, brand, policy)


def brand_reasons(brand: Brand, reading: BrandReading, policy: HeatPolicy) -> tuple[Reason, ...]:
    """Why the brand has its level, strongest first."""
    now, window = brand.clock, WINDOWS[reading.window]
    count, usual = brand.negative.counts.last(window, now), brand.negative.expected(now)[reading.window]
    hour = brand.negative.counts.last(60, now)
    spoken = hour + brand.others.last(60, now)
    found = [(reading.pace + 2, Reason("brand_pace", {"people": count, "minutes": window, "usual": round(usual, 1)}))]
    if spoken:
        numbers = {"percent": round(100 * hour / spoken), "usual_percent": round(100 * brand.share.value)}
        found.append((reading.share_z / 3, Reason("brand_share", numbers)))
    found += _heated(brand.heated.counts.last(LONGEST, now), brand.negative.counts.last(LONGEST, now))
    found += _copies(brand.copies.last(LONGEST, now))
    return _ordered(found, brand, policy)


def _heated(heated: int, negatives: int) -> list[tuple[float, Reason]]:
    if heated < 3 or heated < 0.3 * negatives:
        return []
    return [(1.5 * heated / negatives, Reason("heated", {"posts": heated, "of": negatives}))]


def _copies(copies: int) -> list[tuple[float, Reason]]:
    return [(0.2, Reason("copies", {"posts": copies}))] if copies >= 3 else []


def _ordered(found: list[tuple[float, Reason]], brand: Brand, policy: HeatPolicy) -> tuple[Reason, ...]:
    """Strongest first; what makes the whole reading less sure comes last."""
    reasons = [reason for _, reason in sorted(found, key=lambda pair: -pair[0])]
    if brand.gap_hours and brand.clock - brand.gap_minute < LONGEST:
        reasons.append(Reason("gap", {"hours": brand.gap_hours}))
    if brand.history_hours < policy.little_history_hours:
        reasons.append(Reason("little_history", {"hours": brand.history_hours}))
    return tuple(reasons)
