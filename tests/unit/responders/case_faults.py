"""How things go wrong in the small shop: commits that die, a platform that does as it likes, two people at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from models.base import Sessions
from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from responders.ports import Outgoing, Published
from responders.slack.actions import Person


class Killed(BaseException):
    """The process died here."""


class FaultySessions(Sessions):
    """A store whose transactions die at their commit when told to."""

    dies_at: int | None = None  # how many commits from now

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with super().begin() as session:
            yield session
            if self.dies_at is not None:
                self.dies_at -= 1
                if self.dies_at < 0:
                    self.dies_at = None
                    raise Killed


@dataclass
class Platform:
    """Takes replies, refuses them, loses its answer, or sees us die in the middle of a call."""

    channel: str
    next: str = "takes"
    posted: Counter[int] = field(default_factory=Counter)

    def publish(self, outgoing: Outgoing) -> Published:
        does, self.next = self.next, "takes"
        if does == "busy":
            raise TryLater("busy", "wait")
        if does == "token":
            raise SignInAgain("token", "renew")
        if does == "refuses":
            raise Refused("duplicate", "no")
        if does == "silent_lost":
            raise OutcomeUnknown("no_answer", "look")
        if does == "we_die_before":
            raise Killed
        self.posted[outgoing.reply_id] += 1
        if does == "we_die_after":
            raise Killed
        if does == "silent_done":
            raise OutcomeUnknown("no_answer", "look")
        return Published(f"ours-{outgoing.reply_id}", None)

    def find(self, outgoing: Outgoing) -> Published | None:
        does, self.next = self.next, "takes"
        if does == "busy":
            raise TryLater("busy", "wait")
        return Published(f"ours-{outgoing.reply_id}", None) if self.posted[outgoing.reply_id] else None


PLATFORM_DOES = ("takes", "busy", "token", "refuses", "silent_lost", "silent_done", "we_die_before", "we_die_after")


def at_once(deed: Callable[[Person], Any], *people: Person) -> None:
    """Every one of them does it at the same moment, each in a thread; raises what went wrong in one."""
    barrier, failed = threading.Barrier(len(people)), []

    def act(who: Person) -> None:
        barrier.wait()
        try:
            deed(who)
        except Exception as error:  # told by the thread that started us
            failed.append(error)

    threads = [threading.Thread(target=act, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
