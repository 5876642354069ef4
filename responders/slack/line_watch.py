"""Watches Slack's line: sends beats, makes the client anew when none comes back, and keeps what people should know."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from models.errors import PlatformError
from responders.slack.line import (
    USUAL,
    Do,
    Line,
    Rhythm,
    beat_failed,
    beat_sent,
    heard,
    renewed,
    should_tell,
    told,
    what_next,
)

logger = logging.getLogger(__name__)


class Beats(Protocol):
    """Causes an event that must come back, and knows it again."""

    def send(self) -> None: ...

    def is_ours(self, envelope: Mapping[str, Any]) -> bool: ...


class News(Protocol):
    """Keeps how the line is, and tells people when that has to be."""

    def last(self) -> tuple[datetime | None, bool, bool]:
        """When something was last heard, whether a beat ever came back, and whether people know of a deaf line."""
        ...

    def keep(self, line: Line) -> None: ...

    def tell(self, line: Line) -> None: ...


class LineWatch:
    """A thread beside the door. `renew` makes the client anew and raises PlatformError when Slack does not let us."""

    def __init__(
        self,
        renew: Callable[[], None],
        beats: Beats,
        news: News,
        clock: Callable[[], datetime],
        rhythm: Rhythm = USUAL,
        look_s: float = 1.0,
    ) -> None:
        self._renew = renew
        self._beats = beats
        self._news = news
        self._clock = clock
        self._rhythm = rhythm
        self._look_s = look_s
        self._lock = threading.Lock()
        self._line = Line(clock())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-line-watch", daemon=True)

    def start(self) -> None:
        """To be called when the door is open for the first time."""
        heard_at, proven, people_know = self._news.last()
        now = self._clock()
        with self._lock:
            self._line = Line(now, proven=proven, told=people_know, deaf_since=heard_at if people_know else None)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def heard(self, envelope: Mapping[str, Any]) -> None:
        """Something came in; called from the client's threads."""
        ours = self._beats.is_ours(envelope)
        with self._lock:
            was, self._line = self._line, heard(self._line, self._clock(), beat=ours)
        if was.deaf_since is not None:
            logger.info("slack line hears again")

    def look(self) -> None:
        """Does the next thing, if there is one, and keeps what is known now."""
        with self._lock:
            line = self._line
        step = what_next(line, self._clock(), self._rhythm)
        if step is Do.BEAT:
            self._send_beat()
        elif step is Do.RENEW:
            self._make_anew()
        with self._lock:
            line = self._line
            tell = should_tell(line, self._clock(), self._rhythm)
            if tell:
                self._line = told(line)
        if tell:
            self._news.tell(line)
        self._news.keep(line)

    def _send_beat(self) -> None:
        # Written before the call: the beat may be back before the call's own answer.
        with self._lock:
            self._line = beat_sent(self._line, self._clock())
        try:
            self._beats.send()
        except PlatformError as error:
            logger.warning("slack heartbeat not sent code=%s", error.code)
            with self._lock:
                self._line = beat_failed(self._line, error.code, self._clock())

    def _make_anew(self) -> None:
        with self._lock:
            if self._line.beat_at is None:
                return  # it came back just now
            self._line = renewed(self._line, self._clock())
            line = self._line
        logger.warning("slack line deaf renewals=%d proven=%s", line.renewals, line.proven)
        try:
            self._renew()
        except PlatformError as error:
            logger.warning("slack line not opened anew code=%s", error.code)

    def _run(self) -> None:
        while not self._stop.wait(self._look_s):
            try:
                self.look()
            except Exception as error:  # the watch outlives a store that does not answer
                logger.error("slack line watch failed kind=%s", type(error).__name__)
