"""How often Slack lets us call, and which of the cards that wait goes next. Pure: values and `now` in, values out.

A limit is kept as one time a bucket: when its calls would have been evenly spaced. A call may go while that time is no
more than the bucket's burst ahead. Slack's own figures are at https://docs.slack.dev/apis/web-api/rate-limits; ours
stay a little below, because what leaves evenly does not arrive evenly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum

POST = "chat.postMessage"
UPDATE = "chat.update"
HISTORY = "conversations.history"
REPLIES = "conversations.replies"

MOST_FAVOURS = 3
"""So often in a row may something go before what has waited longer."""
LONGEST_PAUSE_S = 30.0
"""While Slack does not answer, one call in so many seconds asks whether it does again."""


@dataclass(frozen=True)
class Call:
    """One call of the Web API; `channel` counts for posts only."""

    method: str
    channel: str = ""


@dataclass(frozen=True)
class Rate:
    """One call each `every_s` seconds in the long run, and up to `burst` at once."""

    every_s: float
    burst: int = 1

    @property
    def leeway(self) -> timedelta:
        return timedelta(seconds=self.every_s * (self.burst - 1))


EVERYTHING = Call("")
"""The bucket of all that we send by ourselves; closed while Slack does not answer."""

# Slack: one message a second a channel, several hundred a minute for the workspace.
_A_CHANNEL = Rate(1.1)
_WORKSPACE = Rate(0.3, 6)
# Slack's tiers, a minute and method: 20 and more, 50, 100. Burst and flow together stay below in any minute.
_TIER_2 = Rate(60 / 15, 4)
_TIER_3 = Rate(60 / 43, 5)
_TIER_4 = Rate(60 / 85, 12)
_METHODS = {
    UPDATE: _TIER_3,
    HISTORY: _TIER_3,
    REPLIES: _TIER_3,
    "conversations.list": _TIER_2,
    "conversations.info": _TIER_3,
    "views.publish": _TIER_4,
}


@dataclass(frozen=True)
class Allowance:
    """What has been spent: `ahead` is each bucket's time, `closed` until when Slack shut it; `favours` counts turns.

    In a played world, `speed` times as fast as life, so many times as many calls are allowed.
    """

    ahead: Mapping[Call, datetime] = field(default_factory=dict)
    closed: Mapping[Call, datetime] = field(default_factory=dict)
    favours: Mapping[Call, int] = field(default_factory=dict)
    failures: int = 0
    speed: float = 1.0


class Rank(IntEnum):
    """What goes first."""

    NEW_FIRE = 0  # the first message about an alert; nothing else is ever taken before it
    FIRE = 1  # an alert's card, redrawn; an alarm
    ASKED = 2  # somebody acted and looks at the card, or a message that carries a risk
    NEW = 3  # a customer's first card
    REDRAW = 4  # a card that stands


@dataclass(frozen=True)
class Waiting:
    """A piece of work that could go now, the calls it makes, and since when it waits."""

    id: int
    rank: Rank
    since: datetime
    calls: tuple[Call, ...]


def bucket_of(call: Call) -> Call:
    """The narrowest bucket of a call: a post's is its channel's, any other's its method's."""
    return call if call.method == POST else Call(call.method)


def opens_at(allowance: Allowance, call: Call, now: datetime, spare: int = 0) -> datetime:
    """When the call may go, `now` at the earliest; `spare` leaves so many posts of the workspace's to others."""
    at = max(now, allowance.closed.get(EVERYTHING, now), allowance.closed.get(bucket_of(call), now))
    for bucket, rate in _limits(call, allowance.speed):
        leeway = rate.leeway
        if bucket == Call(POST):
            leeway -= timedelta(seconds=rate.every_s * min(spare, rate.burst - 1))
        at = max(at, allowance.ahead.get(bucket, now) - leeway)
    return at


def spent(allowance: Allowance, call: Call, now: datetime) -> Allowance:
    """The call went at `now`."""
    ahead = dict(allowance.ahead)
    for bucket, rate in _limits(call, allowance.speed):
        ahead[bucket] = max(ahead.get(bucket, now), now) + timedelta(seconds=rate.every_s)
    return replace(allowance, ahead={bucket: at for bucket, at in ahead.items() if at > now})


def told_to_wait(allowance: Allowance, call: Call, until: datetime) -> Allowance:
    """Slack refused the call until then (its Retry-After); others are not held up."""
    bucket = bucket_of(call)
    later = max(until, allowance.closed.get(bucket, until))
    return replace(allowance, closed={**allowance.closed, bucket: later})


def no_answer(allowance: Allowance, now: datetime) -> Allowance:
    """A call failed for a reason that is not its own; from the second in a row on all wait, longer and longer."""
    failures = allowance.failures + 1
    if failures < 2:
        return replace(allowance, failures=failures)
    pause = timedelta(seconds=min(LONGEST_PAUSE_S, 2.0 ** min(failures - 2, 10)))
    return replace(allowance, failures=failures, closed={**allowance.closed, EVERYTHING: now + pause})


def answered(allowance: Allowance) -> Allowance:
    """Slack answers."""
    if not allowance.failures:
        return allowance
    closed = {bucket: until for bucket, until in allowance.closed.items() if bucket != EVERYTHING}
    return replace(allowance, failures=0, closed=closed)


def choose(
    waiting: Sequence[Waiting], allowance: Allowance, now: datetime, spare: int = 0
) -> tuple[Waiting | None, Allowance]:
    """What goes next of what may go now, and the turns counted; None when nothing may.

    By rank, then by age. What is passed over gets its turn all the same: after MOST_FAVOURS that went before older
    ones, in one bucket or among buckets, the oldest goes. A new fire alone is before every turn.
    """
    open_now: dict[Call, list[Waiting]] = {}
    for one in waiting:
        if all(opens_at(allowance, call, now, spare) <= now for call in one.calls):
            open_now.setdefault(bucket_of(one.calls[-1]), []).append(one)
    if not open_now:
        return None, allowance
    firsts = {bucket: _first(group, allowance.favours.get(bucket, 0)) for bucket, group in open_now.items()}
    chosen = _first(list(firsts.values()), allowance.favours.get(EVERYTHING, 0))
    bucket = bucket_of(chosen.calls[-1])
    favours = dict(allowance.favours)
    for key, group in ((bucket, open_now[bucket]), (EVERYTHING, list(firsts.values()))):
        passed_over = any(_age(one) < _age(chosen) for one in group)
        favours[key] = favours.get(key, 0) + 1 if passed_over else 0
    return chosen, replace(allowance, favours={key: count for key, count in favours.items() if count})


def _first(group: Sequence[Waiting], favours: int) -> Waiting:
    best = min(group, key=lambda one: (one.rank, _age(one)))
    if best.rank is Rank.NEW_FIRE or favours < MOST_FAVOURS:
        return best
    return min(group, key=_age)


def _age(one: Waiting) -> tuple[datetime, int]:
    return one.since, one.id


def _limits(call: Call, speed: float) -> Iterator[tuple[Call, Rate]]:
    if call.method == POST:
        yield call, _faster(_A_CHANNEL, speed)
        yield Call(POST), _faster(_WORKSPACE, speed)
    elif call.method in _METHODS:
        yield Call(call.method), _faster(_METHODS[call.method], speed)


def _faster(rate: Rate, speed: float) -> Rate:
    return replace(rate, every_s=rate.every_s / speed)
