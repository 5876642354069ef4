"""Why heat rose: the reasons of a thread's, a topic's or a brand's level, in numbers, strongest first."""

from __future__ import annotations

import math

from classifier.heat.brand import Brand
from classifier.heat.carried import QUICK, CarriedPeaks, Far
from classifier.heat.changes import Subject
from classifier.heat.followed import CALLS, HEATED, NEGATIVES, Followed, Pace
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.windows import BRAND_WINDOWS, LONGEST, WINDOWS
from models.reasons import Reason

_Found = list[tuple[float, Reason]]

_CODES = {
    Subject.THREAD: ("thread_traffic", "thread_readers"),
    Subject.TOPIC: ("topic_traffic", "readers"),
    Subject.BRAND: ("brand_traffic", "readers"),
}
"""What shares and replies, and readers, are called in each."""


def followed_reasons(
    brand: Brand, followed: Followed, pace: Pace, far: Far | None, step: Level, policy: HeatPolicy
) -> tuple[Reason, ...]:
    """Why the thread or topic has its level, strongest first; `step`: the level that a widely read author made it."""
    now, window = brand.clock, WINDOWS[pace.window]
    minutes = min(window, followed.counts.spread(window, now, NEGATIVES))
    said, people = followed.counts.last(window, now, NEGATIVES), followed.people(window, now)
    usual = round(math.expm1(brand.usual_peaks[followed.subject][pace.window].usual), 1)
    numbers = {"posts": said, "people": people, "minutes": minutes, "usual_people": usual}
    code = "topic_pace" if followed.subject is Subject.TOPIC else "thread_pace"
    found: _Found = [(pace.mean + 2, Reason(code, numbers))]
    reach = followed.reach_now(now, policy)
    if reach >= policy.reach_followers:
        found.append((3.0, Reason("reach", {"followers": reach, "step": int(step)})))
    if far is not None:
        found += _carried(far, brand.usual_carried[followed.subject], brand, _CODES[followed.subject], reach, policy)
    unanswered = followed.unanswered_minutes(now)
    if unanswered >= policy.unanswered_said_minutes:
        found.append((1.0 + unanswered / 30, Reason("unanswered", {"minutes": unanswered})))
    if followed.subject is Subject.THREAD:
        found.append((pace.share, Reason("thread_share", {"percent": round(100 * pace.share)})))
    found += _heated(followed.counts.last(LONGEST, now, HEATED), followed.counts.last(LONGEST, now, NEGATIVES))
    if (calls := followed.counts.last(LONGEST, now, CALLS)) >= policy.calls_said:
        found.append((1.0 + calls / 5, Reason("calls_to_act", {"posts": calls})))
    return _ordered(found, brand, policy)


def brand_reasons(brand: Brand, policy: HeatPolicy) -> tuple[Reason, ...]:
    """Why the brand has its level, strongest first."""
    now, negative = brand.clock, brand.negative
    counts, usual = negative.seen(now), negative.expected(now)
    above = [(count - expected) / math.sqrt(expected + 1) for count, expected in zip(counts, usual, strict=True)]
    most = max(range(len(BRAND_WINDOWS)), key=above.__getitem__)
    numbers = {"people": counts[most], "minutes": BRAND_WINDOWS[most], "usual": round(usual[most], 1)}
    found: _Found = [(above[most] + 2, Reason("brand_pace", numbers))]
    hour, spoken = negative.last(60, now), brand.spoken.last(60, now)
    if spoken:
        shares = {"percent": round(100 * hour / spoken), "usual_percent": round(100 * brand.share.value)}
        found.append((brand.share.z(hour, spoken) / 3, Reason("brand_share", shares)))
    found += _carried(brand.far(now), brand.carried_peaks, brand, _CODES[Subject.BRAND], 0, policy)
    found += _heated(brand.heated.last(LONGEST, now), negative.last(LONGEST, now))
    return _ordered(found, brand, policy)


def _carried(
    far: Far, usual: CarriedPeaks, brand: Brand, codes: tuple[str, str], reach: int, policy: HeatPolicy
) -> _Found:
    """How far it is carried, where that is more than the brand is used to; `reach` is told already."""
    traffic, readers = codes
    found: _Found = []
    if far.shares >= policy.shares_said and far.traffic_above >= policy.carried_said:
        numbers = {
            "posts": far.posts,
            "shares": far.shares,
            "minutes": QUICK,
            "usual": round(math.expm1(usual.traffic.usual)),
        }
        found.append((min(3.0, far.traffic_above), Reason(traffic, numbers)))
    if far.readers_above >= policy.carried_said and far.readers >= max(policy.readers_said, 1.5 * reach):
        numbers = {"followers": far.readers, "usual": _two_figures(math.expm1(usual.readers.usual))}
        found.append((min(3.0, far.readers_above), Reason(readers, numbers)))
    if far.of >= policy.least_people and far.newcomers_z >= policy.newcomers_said:
        numbers = {"new": far.newcomers, "of": far.of, "usual_percent": round(100 * brand.new_share.value)}
        found.append((min(3.0, far.newcomers_z / 2), Reason("newcomers", numbers)))
    if (abroad := far.abroad).channels > 1:
        numbers = {"channels": abroad.channels, "people": abroad.people, "most": abroad.most}
        found.append((float(abroad.channels), Reason("channels", numbers)))
    return found


def _two_figures(number: float) -> int:
    """What is learned of followers carries no further."""
    digits = max(0, len(str(int(number))) - 2)
    return int(round(number, -digits))


def _heated(heated: int, negatives: int) -> _Found:
    if heated < 3 or heated < 0.3 * negatives:
        return []
    return [(1.5 * heated / negatives, Reason("heated", {"posts": heated, "of": negatives}))]


def _ordered(found: _Found, brand: Brand, policy: HeatPolicy) -> tuple[Reason, ...]:
    """Strongest first; then what looks organised; what makes the whole reading less sure comes last."""
    reasons = [reason for _, reason in sorted(found, key=lambda pair: -pair[0])]
    copies = brand.copies(LONGEST, brand.clock)
    organised = brand.waves.reading(brand.newest)
    if organised is not None:
        reasons += organised.reasons()
    elif copies >= 3:
        reasons.append(Reason("copies", {"posts": copies}))
    if brand.gap_hours and brand.clock - brand.gap_minute < LONGEST:
        reasons.append(Reason("gap", {"hours": brand.gap_hours}))
    if brand.history_hours < policy.little_history_hours:
        reasons.append(Reason("little_history", {"hours": brand.history_hours}))
    return tuple(reasons)
