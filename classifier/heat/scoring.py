"""How hot it is, as a score that levels go by: the forecast's log-odds, and the few plain rules that stand beside it.

Every rule is bounded; docs/heat.md says what each is for, classifier/heat/policy.py what it weighs.
"""

from __future__ import annotations

import math

from classifier.heat.brand import Brand
from classifier.heat.carried import Far
from classifier.heat.followed import Pace
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.signals import mean_pace

COLD = -9.0  # log-odds of what is not worth a forecast


def followed_score(
    odds: float, crowd: bool, pace: Pace, far: Far | None, waited: int, brand: Brand, policy: HeatPolicy
) -> float:
    """The score of a thread or topic; `crowd`: it is worth a forecast, `waited`: minutes without our answer."""
    score, people = odds, pace.people[2]
    if crowd:
        score -= _among_many(brand, policy)
        if pace.share >= policy.plain_share:
            usual = brand.negative.expected(brand.clock)[2]
            if people >= policy.plain_part * usual:  # so many people are news, however calmly they put it
                score = max(score, policy.plain_odds + pace.mean - policy.thread_pace)
        if far is not None:
            score += carried_further(far, policy)
    if people > 1:
        score += policy.unanswered_weight * min(1.0, waited / policy.unanswered_full_minutes)
    if people < policy.least_people:
        score = min(score, policy.warning - 0.01)
    if people < policy.outrage_people:
        score = min(score, policy.outrage - 0.01)
    return score


def brand_score(odds: float, row: list[float], brand: Brand, people: int, policy: HeatPolicy) -> float:
    """The score of a brand whose talk is negative in kind; `people`: so many more than usual are negative."""
    score = odds
    if odds > COLD:
        score -= _among_many(brand, policy)
        if brand.history_hours >= policy.little_history_hours:
            score = max(score, policy.plain_odds + mean_pace(row) - policy.brand_pace)
        score += carried_further(brand.far(brand.clock), policy)
    if brand.history_hours < policy.brand_from_hours:
        score = min(score, policy.warning - 0.01)
    if people < policy.outrage_people:
        score = min(score, policy.outrage - 0.01)
    return score


def _among_many(brand: Brand, policy: HeatPolicy) -> float:
    """How much less a score says where so much is said that something always looks like a fire."""
    return policy.many_weight * math.log10(max(1.0, brand.spoken.usual.level / policy.many_from))


def carried_further(far: Far, policy: HeatPolicy) -> float:
    """What shares and replies, readers, newcomers and channels add beyond what this brand is used to."""
    added = policy.newcomers_weight * _from_nought(far.newcomers_z)
    added += policy.traffic_weight * _from_nought(far.traffic_above)
    added += policy.readers_weight * _from_nought(far.readers_above)
    added += policy.channels_weight * min(2, max(0, far.abroad.channels - 1))
    return min(added, policy.carried_most)


def one_step_up(level: Level, score: float, far: Far, policy: HeatPolicy) -> Level:
    """The level with a widely read author in it.

    A watch becomes a warning only where it is no faint one, and where more people read it than the brand's most read
    thread of an ordinary day: to a large brand, authors with many followers write every day.
    """
    if level is Level.WATCH and (score < policy.reach_from or far.readers_above < policy.reach_above):
        return level
    return Level(min(level + 1, Level.OUTRAGE))


def _from_nought(spreads: float) -> float:
    return min(3.0, max(0.0, spreads))
