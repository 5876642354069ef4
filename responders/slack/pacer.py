"""Keeps what we have spent of Slack's rates, for every thread that calls it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from models.errors import OutcomeUnknown, PlatformError, TryLater
from responders.pacing import (
    Allowance,
    Call,
    Waiting,
    answered,
    choose,
    no_answer,
    opens_at,
    spent,
    told_to_wait,
)

Answer = TypeVar("Answer")

SPARE = 2
"""Cards leave so many posts of the workspace's burst to whoever has to be called."""


class Pacer:
    """One for each token and process. After a start every bucket is full: Slack's word corrects us where that is wrong.

    `clock` is the machine's time; `speed` as in Allowance.
    """

    def __init__(self, clock: Callable[[], datetime], speed: float = 1.0) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._allowance = Allowance(speed=speed)

    def take(self, call: Call) -> None:
        """Spends the call. Raises TryLater with how long to wait when Slack's rate does not allow it now."""
        with self._lock:
            now = self._clock()
            at = opens_at(self._allowance, call, now)
            if at > now:
                wait_s = (at - now).total_seconds()
                raise TryLater("pacing", "Slack's rates allow no more calls of this kind for a moment.", wait_s)
            self._allowance = spent(self._allowance, call, now)

    def note(self, call: Call) -> None:
        """Spends the call whether or not the rate allows it: one that is made all the same, and seldom."""
        with self._lock:
            self._allowance = spent(self._allowance, call, self._clock())

    def next_of(self, waiting: Sequence[Waiting]) -> Waiting | None:
        """What may go now and should go next; None when nothing may."""
        with self._lock:
            chosen, self._allowance = choose(waiting, self._allowance, self._clock(), SPARE)
        return chosen

    def failed(self, call: Call, error: PlatformError) -> None:
        """What Slack's answer means for the calls to come."""
        with self._lock:
            now = self._clock()
            if isinstance(error, TryLater) and error.code == "rate_limited":
                wait = timedelta(seconds=error.retry_after_s if error.retry_after_s is not None else 30.0)
                self._allowance = told_to_wait(answered(self._allowance), call, now + wait)
            elif isinstance(error, TryLater | OutcomeUnknown):
                self._allowance = no_answer(self._allowance, now)
            else:
                self._allowance = answered(self._allowance)

    def worked(self) -> None:
        with self._lock:
            self._allowance = answered(self._allowance)


def paced(pacer: Pacer | None, call: Call, ask: Callable[[], Answer]) -> Answer:
    """What `ask` answers, within Slack's rates. Raises what `ask` raises, or TryLater ("pacing") without asking."""
    if pacer is None:
        return ask()
    pacer.take(call)
    try:
        answer = ask()
    except PlatformError as error:
        pacer.failed(call, error)
        raise
    pacer.worked()
    return answer
