"""Whether Slack's presses still reach us over Socket Mode, and what to do about it. Pure.

A connection can look alive, pings and all, and bring nothing. So we cause an event of our own that has to come back on
it, a beat: when it does not within a deadline the client is thrown away and a new one made, sooner at first and then
ever more seldom. Anything that comes in shows that the line hears; only a beat shows that beats come back here at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

DEAF = "deaf"
"""The code of a line that looks open and brings nothing."""


class Do(StrEnum):
    """What the watch does next."""

    WAIT = "wait"
    BEAT = "beat"
    RENEW = "renew"


@dataclass(frozen=True)
class Rhythm:
    """When beats are sent and lines made anew, in seconds."""

    every_s: float = 60.0  # after the last thing heard
    settle_s: float = 1.0  # from a new line to its first beat
    deadline_s: float = 20.0  # for a beat to come back
    first_wait_s: float = 5.0  # between two new lines, doubling
    longest_wait_s: float = 300.0
    alarm_s: float = 300.0  # deaf for so long, people are told
    unproven_tries: int = 3  # new lines without any beat ever: then it is not the line


USUAL = Rhythm()


@dataclass(frozen=True)
class Line:
    """What is known of the line. `renewals` counts the new lines since anything was heard.

    `beat_at` is when the beat on its way was sent; `deaf_since` from when on nothing has come in though it should have.
    """

    opened_at: datetime
    heard_at: datetime | None = None
    beat_at: datetime | None = None
    proven: bool = False
    renewals: int = 0
    deaf_since: datetime | None = None
    code: str | None = None
    told: bool = False  # people know that it is deaf


def what_next(line: Line, now: datetime, rhythm: Rhythm) -> Do:
    """One thing at a time; nothing where no beat ever came back and new lines did not help."""
    if line.beat_at is not None:
        if now < line.beat_at + _s(rhythm.deadline_s) or now < line.opened_at + _s(_wait_s(line, rhythm)):
            return Do.WAIT
        if not line.proven and line.renewals >= rhythm.unproven_tries:
            return Do.BEAT if now >= line.beat_at + _s(rhythm.longest_wait_s) else Do.WAIT
        return Do.RENEW
    quiet_since = line.opened_at if line.heard_at is None else max(line.heard_at, line.opened_at)
    pause = rhythm.settle_s if line.heard_at is None or line.renewals or line.code else rhythm.every_s
    return Do.BEAT if now >= quiet_since + _s(pause) else Do.WAIT


def beat_sent(line: Line, now: datetime) -> Line:
    """A beat is on its way."""
    return replace(line, beat_at=now)


def beat_failed(line: Line, code: str, now: datetime) -> Line:
    """No beat could be sent, because Slack does not answer calls either: a new line would not help."""
    since = line.deaf_since or line.heard_at or line.opened_at
    return replace(line, beat_at=None, opened_at=now, deaf_since=since if line.proven else None, code=code)


def renewed(line: Line, now: datetime) -> Line:
    """The beat did not come back in time, and the client was made anew, or could not be."""
    since = line.deaf_since or line.heard_at or line.opened_at
    return replace(
        line,
        opened_at=now,
        beat_at=None,
        renewals=line.renewals + 1,
        deaf_since=since if line.proven else None,
        code=DEAF,
    )


def heard(line: Line, now: datetime, *, beat: bool) -> Line:
    """Something came in; `beat` when it was ours."""
    return Line(line.opened_at, now, None, line.proven or beat, told=line.told)


def should_tell(line: Line, now: datetime, rhythm: Rhythm) -> bool:
    """Whether people have to be told now: that it is deaf, or, once they know, that it hears again."""
    if line.deaf_since is None:
        return line.told
    return not line.told and now >= line.deaf_since + _s(rhythm.alarm_s)


def told(line: Line) -> Line:
    """People know how the line is now."""
    return replace(line, told=line.deaf_since is not None)


def _wait_s(line: Line, rhythm: Rhythm) -> float:
    """How long a line is given before the next is made."""
    if not line.renewals:
        return 0.0
    return min(rhythm.longest_wait_s, rhythm.first_wait_s * 2.0 ** min(line.renewals - 1, 20))


def _s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
