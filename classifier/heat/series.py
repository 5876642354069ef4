"""How unusual each row of a plain count series is, from the series' own past alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, tzinfo

from classifier.heat.episodes import Episodes
from classifier.heat.many_settings import DRAW, ManySettings
from classifier.heat.radar import Radar, Row

HISTORY_HOURS = 48  # below this a score rests on guesses about brands in general
_GAP_MINUTES = 24 * 60  # a longer hole in the rows teaches nothing
_LITTLE_LATE_MINUTES, _LATE_IN_A_ROW = 180, 5
_HALF_HOUR = 30.0


class SeriesScorer:
    """Scores rows in order of time; each score depends on the rows up to it and on nothing else.

    Hours, weekends and days are those of `zone`. `oddities` counts rows older than their forerunner (`late`, taken at
    its time), rows with its very time (`same_time`), holes of more than a day (`gap`), and clocks that were far ahead
    and came back (`clock_set_back`: after five rows more than three hours late the windows start anew).
    """

    def __init__(self, zone: tzinfo = UTC, draw: int = DRAW) -> None:
        self.oddities: Counter[str] = Counter()
        self._zone = zone
        self._radar = Radar(ManySettings.drawn(draw))
        self._episodes = Episodes()
        self._newest: datetime | None = None
        self._step = float("inf")  # the smallest distance of two rows, in minutes
        self._late_in_a_row = 0
        self._known_minutes = 0.0

    @property
    def history_hours(self) -> float:
        """How much of the series was seen, without its holes."""
        return self._known_minutes / 60

    def score(self, at: datetime, value: float) -> float:
        """The anomaly score of the next row, 0 to 1; from 0.5 on it is an alert, of which an episode has one."""
        passed = self._move_clock(at)
        covered = passed
        if passed > max(_GAP_MINUTES, 2 * self._step):
            self.oddities["gap"] += 1
            covered = min(self._step, _GAP_MINUTES)
        elif passed > 0:
            self._step = min(self._step, passed)
        self._known_minutes += covered
        assert self._newest is not None
        local = self._newest.astimezone(self._zone)
        minute = self._newest.timestamp() / 60
        row = Row(
            value=value,
            minute=minute,
            passed=passed,
            covered=covered,
            # a row of an hour's length is read in its middle
            hour=local.hour + (0.5 if covered >= _HALF_HOUR else local.minute / 60 + local.second / 3600),
            weekend=local.weekday() >= 5,
            day=local.toordinal(),
        )
        return self._episodes.score(self._radar.above(row), minute)

    def _move_clock(self, at: datetime) -> float:
        """Minutes since the row before."""
        newest = self._newest
        if newest is None:
            self._newest = at
            return 0.0
        passed = (at - newest).total_seconds() / 60
        self._late_in_a_row = self._late_in_a_row + 1 if passed < -_LITTLE_LATE_MINUTES else 0
        if passed < 0:
            self.oddities["late"] += 1
        elif passed == 0:
            self.oddities["same_time"] += 1
        else:
            self._newest = at
        if self._late_in_a_row == _LATE_IN_A_ROW:
            self.oddities["clock_set_back"] += 1
            self._newest, self._late_in_a_row = at, 0
            self._radar.restart()
            self._episodes.restart()
        return max(passed, 0.0)
