"""What the engine says when heat changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from classifier.heat.forecast import Forecast
from classifier.heat.policy import Level
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
    """The heat of a thread, a topic or a brand, told because its level or score moved.

    `thread_id` of a brand's change is its hottest thread, None when no thread stands out. `at` is the time of the
    newest post used. `probability` is the chance that this is, or becomes, an outrage, by the shop's own history where
    there is enough of it; `odds` are its log-odds before that. `score` is what levels go by: the odds, or more where so
    many people are news by themselves, or less where there are too few. `forecast` is None where there is too little
    history to say more. `reasons` come strongest first; `evidence` are external ids of comments behind them, newest
    last.
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
    odds: float
    reasons: tuple[Reason, ...]
    topic: str | None = None  # of a topic's change: JudgedPost.topic
    forecast: Forecast | None = None
    evidence: tuple[str, ...] = ()
