"""Why heat rose: the reasons of a thread's, a topic's or a brand's level, in numbers, strongest first."""

from __future__ import annotations

import math

from classifier.heat.brand import Brand
from classifier.heat.changes import Subject
from classifier.heat.followed import Followed, Pace
from classifier.heat.policy import HeatPolicy
from classifier.heat.windows import BRAND_WINDOWS, LONGEST, WINDOWS
from models.reasons import Reason

_Found = list[tuple[float, Reason]]


def followed_reasons(brand: Brand, followed: Followed, pace: Pace, policy: HeatPolicy) -> tuple[Reason, ...]:
    """Why the thread or topic has its level, strongest first."""
    now, window = brand.clock, WINDOWS[pace.window]
    minutes = min(window, followed.negatives.spread(window, now))
    said, people = followed.negatives.last(window, now), followed.people.last(window, now)
    usual = round(math.expm1(brand.usual_peaks[followed.subject][pace.window].usual), 1)
    numbers = {"posts": said, "people": people, "minutes": minutes, "usual_people": usual}
    code = "topic_pace" if followed.subject is Subject.TOPIC else "thread_pace"
    found: _Found = [(pace.mean + 2, Reason(code, numbers))]
    reach = followed.reach_now(now, policy)
    if reach >= policy.reach_followers:
        found.append((3.0, Reason("reach", {"followers": reach})))
    unanswered = followed.unanswered_minutes(now)
    if unanswered >= policy.unanswered_said_minutes:
        found.append((1.0 + unanswered / 30, Reason("unanswered", {"minutes": unanswered})))
    if followed.subject is Subject.THREAD:
        found.append((pace.share, Reason("thread_share", {"percent": round(100 * pace.share)})))
    found += _heated(followed.heated_last(LONGEST, now), followed.negatives.last(LONGEST, now))
    if followed.called is not None and (calls := followed.called.last(LONGEST, now)) >= policy.calls_said:
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
    hour, spoken = negative.counts.last(60, now), brand.spoken.counts.last(60, now)
    if spoken:
        shares = {"percent": round(100 * hour / spoken), "usual_percent": round(100 * brand.share.value)}
        found.append((brand.share.z(hour, spoken) / 3, Reason("brand_share", shares)))
    found += _heated(brand.heated.counts.last(LONGEST, now), negative.counts.last(LONGEST, now))
    return _ordered(found, brand, policy)


def _heated(heated: int, negatives: int) -> _Found:
    if heated < 3 or heated < 0.3 * negatives:
        return []
    return [(1.5 * heated / negatives, Reason("heated", {"posts": heated, "of": negatives}))]


def _ordered(found: _Found, brand: Brand, policy: HeatPolicy) -> tuple[Reason, ...]:
    """Strongest first; then what looks organised; what makes the whole reading less sure comes last."""
    reasons = [reason for _, reason in sorted(found, key=lambda pair: -pair[0])]
    copies = brand.copies.last(LONGEST, brand.clock)
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
