"""Claims jobs, runs the step each kind is bound to, and settles them; one reaction for each kind of error."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy.orm import Session

from models import jobs
from models.base import Sessions
from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater
from models.jobs import Claimed, JobKind

logger = logging.getLogger(__name__)

Handler = Callable[[str], None]
"""Does the work of one job key; returns when it is done."""
Choose = Callable[[Session, datetime], int | None]
"""Names the due job that should run next, by its id; None when none may run now."""


@dataclass(frozen=True)
class Retry:
    """How long to wait before the next try. Waits double from `first_s` up to `longest_s`, with jitter.

    `patient` work is given up for faults of ours and for a refusal only, never because the platform puts it off.
    """

    first_s: float = 1.0
    longest_s: float = 300.0
    tries: int | None = None  # None: never give up
    patient: bool = False

    def wait_s(self, attempts: int, asked_s: float | None) -> float:
        """Seconds until the next try; the platform's own word counts more than ours."""
        own = min(self.longest_s, self.first_s * 2.0 ** min(attempts - 1, 20))
        jittered = own * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
        return jittered if asked_s is None else max(asked_s, self.first_s)

    def is_over(self, attempts: int, error: Exception) -> bool:
        """Whether this failure was the last try."""
        if self.tries is None or attempts < self.tries:
            return False
        return not (self.patient and isinstance(error, PlatformError))


@dataclass(frozen=True)
class Work:
    """What a kind of job runs, and how it is tried again."""

    handler: Handler
    retry: Retry = Retry()


class Worker:
    """Runs lanes of job kinds, a thread each, so that slow reading never holds up an approved reply.

    A lane among `chosen` runs what its function names; any other what has waited longest. A lane named twice has two
    threads.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        work: Mapping[JobKind, Work],
        lanes: Sequence[frozenset[JobKind]],
        wall: Callable[[], datetime],
        chosen: Mapping[frozenset[JobKind], Choose] = MappingProxyType({}),
        lease_s: float = 120.0,
        idle_s: float = 0.25,
    ) -> None:
        self._sessions = sessions
        self._work = work
        self._lanes = lanes
        self._chosen = chosen
        self._wall = wall
        self._lease_s = lease_s
        self._idle_s = idle_s
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Takes over what a dead predecessor left running, then starts every lane."""
        with self._sessions.begin() as session:
            orphans = jobs.release_all(session)
        if orphans:
            logger.info("jobs taken over count=%d", orphans)
        for number, kinds in enumerate(self._lanes):
            thread = threading.Thread(target=self._run_lane, args=(kinds,), name=f"lane-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout_s: float = 15.0) -> None:
        """Lets every lane finish the job in hand, then returns."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=timeout_s)

    def run_until_idle(self) -> int:
        """Runs everything that is due now, in this thread, and returns how many jobs ran; for replays and tests."""
        kinds = frozenset().union(*self._lanes)
        ran = 0
        while not self._stop.is_set() and self._run_next(kinds):
            ran += 1
        return ran

    def _run_lane(self, kinds: frozenset[JobKind]) -> None:
        while not self._stop.is_set():
            try:
                ran = self._run_next(kinds)
            except Exception:
                logger.exception("the store does not answer; trying again")
                ran = False
            if not ran:
                self._stop.wait(self._idle_s)

    def _run_next(self, kinds: frozenset[JobKind]) -> bool:
        choose, only = self._chosen.get(kinds), None
        with self._sessions() as session:
            if not jobs.due(session, kinds, self._wall()):
                return False
            if choose is not None:
                only = choose(session, self._wall())
                if only is None:
                    return False
        with self._sessions.begin() as session:
            job = jobs.claim(session, kinds, self._wall(), self._lease_s, only=only)
        if job is None:
            return False
        self._run(job)
        return True

    def _run(self, job: Claimed) -> None:
        work = self._work[job.kind]
        try:
            work.handler(job.key)
        except TryLater as error:
            self._again(job, work.retry, error, error.code, error.retry_after_s)
        except (SignInAgain, OutcomeUnknown) as error:
            self._again(job, work.retry, error, error.code, None)
        except Refused as error:
            self._settle_refused(job, error)
        except Exception as error:
            logger.exception("job failed kind=%s key=%s attempts=%d", job.kind, job.key, job.attempts)
            self._again(job, work.retry, error, type(error).__name__, None)
        else:
            with self._sessions.begin() as session:
                jobs.done(session, job)

    def _again(self, job: Claimed, retry: Retry, error: Exception, code: str, asked_s: float | None) -> None:
        if retry.is_over(job.attempts, error):
            logger.error("job gives up kind=%s key=%s code=%s", job.kind, job.key, code)
            with self._sessions.begin() as session:
                jobs.give_up(session, job, code)
            return
        # What rules of its own choose is soon there to be chosen again: they know when to call, and what goes first.
        chosen = any(job.kind in kinds for kinds in self._chosen)
        soon = chosen and isinstance(error, TryLater) and asked_s is None
        wait_s = retry.first_s if soon else retry.wait_s(job.attempts, asked_s)
        with self._sessions.begin() as session:
            jobs.postpone(session, job, self._wall() + timedelta(seconds=wait_s), code)

    def _settle_refused(self, job: Claimed, error: PlatformError) -> None:
        """A refusal is final for a card or a reply; a source is asked again in a while, for plans and pages change."""
        if self._work[job.kind].retry.tries is None:
            self._again(job, Retry(first_s=300.0), error, error.code, None)
            return
        logger.error("job refused kind=%s key=%s code=%s", job.kind, job.key, error.code)
        with self._sessions.begin() as session:
            jobs.give_up(session, job, error.code)
