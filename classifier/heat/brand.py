"""How hot a whole brand is: negative pace against its own normal, let through only when the share is unusual too."""

from __future__ import annotations

import math
from dataclasses import dataclass

from classifier.heat.levels import HeldLevel
from classifier.heat.normal import Clockwork, DailyPeak, Usual
from classifier.heat.policy import HeatPolicy
from classifier.heat.threads import Thread, thread_peaks
from classifier.heat.windows import WINDOWS, MinuteCounts

_SHARE_KEPT = 0.5 ** (1 / (7 * 24))  # an hour's weight in the usual share halves in a week
_SHARE_OPEN_HOURS = 6  # the first hours are taken as they are: there is nothing yet to clip them by
_SURPRISE_GUESS = math.log1p(2.5)  # an ordinary day's highest surprise, seen from the first day on
_SURPRISE_FLOOR = math.log1p(1.5)


def surprise(count: float, usual: float) -> float:
    """How surprising a count is: log(1 + z) of its square-root (Anscombe) residual, 0 at or below the usual."""
    return math.log1p(max(0.0, 2 * (math.sqrt(count + 0.375) - math.sqrt(usual + 0.375))))


class Track:
    """One series of the brand against its own normal: counts, what is usual, and how high ordinary days go."""

    __slots__ = ("_expected", "_expected_at", "counts", "hour_count", "peaks", "usual")

    def __init__(self, clockwork: Clockwork, prior_rate: float, policy: HeatPolicy) -> None:
        self.counts = MinuteCounts()
        self.usual = Usual(clockwork, prior_rate, policy.prior_hours)
        self.peaks = [DailyPeak(_SURPRISE_GUESS, 0.3, 3.0, _SURPRISE_FLOOR, 0.2) for _ in WINDOWS]
        self.hour_count = 0
        self._expected, self._expected_at = (0.0, 0.0, 0.0), -1

    def expected(self, now: int) -> tuple[float, float, float]:
        """What is usual in each window that ends now."""
        if self._expected_at != now:
            usual = self.usual
            self._expected = (usual.in_minutes(15, now), usual.in_minutes(60, now), usual.in_minutes(180, now))
            self._expected_at = now
        return self._expected

    def above(self, now: int) -> list[float]:
        """Spreads above the usual daily peak, for each window."""
        counts, expected = self.counts.counts(now), self.expected(now)
        return [self.peaks[i].above(surprise(counts[i], expected[i])) for i in range(len(WINDOWS))]

    def see(self, now: int, day: int, unusual_share: bool) -> None:
        """Notes this moment for the day's peak; a burst that is not negative in kind counts no higher than usual."""
        counts, expected = self.counts.counts(now), self.expected(now)
        for peak, count, usual in zip(self.peaks, counts, expected, strict=True):
            value = surprise(count, usual)
            peak.see(day, value if unusual_share else min(value, peak.usual))

    def restart(self) -> None:
        self.counts, self.hour_count, self._expected_at = MinuteCounts(), 0, -1

    def close_hour(self, hour: int, day: int) -> None:
        self.usual.learn(hour, self.hour_count)
        self.hour_count = 0
        self._expected_at = -1
        for peak in self.peaks:
            peak.close(day)


class UsualShare:
    """The negative share of this brand's posts on ordinary days, from hours of which none weighs too much."""

    __slots__ = ("_all", "_guess", "_hour", "_hours", "_negative", "_worth")

    def __init__(self, guess: float, worth: float) -> None:
        self._guess, self._worth = guess, worth
        self._negative = self._all = self._hour = 0.0  # `_hour` is an hour's usual number of posts
        self._hours = 0

    @property
    def value(self) -> float:
        return (self._negative + self._guess * self._worth) / (self._all + self._worth)

    def z(self, negative: int, spoken: int) -> float:
        """How far a window's share lies above the usual one, in widened binomial spreads."""
        share = self.value
        return (negative - spoken * share) / math.sqrt(1.5 * spoken * share * (1 - share) + 0.25)

    def learn(self, negative: int, spoken: int) -> None:
        worth = min(float(spoken), 3 * self._hour + 10)
        weight = worth / spoken if spoken else 1.0
        share = self.value
        if self._hours < _SHARE_OPEN_HOURS:
            share = negative / spoken if spoken else share
        most = worth * share + math.sqrt(worth * share * (1 - share)) + 1
        self._hours = min(self._hours + 1, 48)
        self._hour += (worth - self._hour) / self._hours
        self._negative = self._negative * _SHARE_KEPT + min(negative * weight, most)
        self._all = self._all * _SHARE_KEPT + worth


@dataclass(frozen=True, slots=True)
class BrandReading:
    """A brand's score at one moment, with the numbers that its reasons need."""

    score: float
    pace: float
    window: int
    share_z: float


class Brand:
    """What is kept of one brand."""

    __slots__ = (
        "authors",
        "clock",
        "clockwork",
        "copies",
        "gap_hours",
        "gap_minute",
        "heated",
        "held",
        "history_hours",
        "hottest",
        "hour",
        "hour_spoken",
        "last_heard",
        "name",
        "negative",
        "newest",
        "others",
        "share",
        "texts",
        "thread_peaks",
        "threads",
        "too_old",
        "warm",
    )  # fmt: skip

    def __init__(self, name: str, minute: int, policy: HeatPolicy, clockwork: Clockwork) -> None:
        self.name, self.clockwork = name, clockwork
        self.clock = self.last_heard = minute
        self.hour = minute // 60
        self.newest = 0.0  # seconds since 1970 of the newest post
        self.negative = Track(clockwork, policy.prior_rate_per_hour, policy)
        self.heated = Track(clockwork, policy.prior_rate_per_hour / 4, policy)
        self.others = MinuteCounts()
        self.copies = MinuteCounts()
        self.share = UsualShare(policy.usual_share, policy.usual_share_posts)
        self.hour_spoken = 0
        self.history_hours = 0
        self.gap_hours, self.gap_minute = 0, minute
        self.too_old = 0
        self.authors: dict[str, int] = {}  # author, with a mark for the side -> minute counted
        self.texts: dict[str, int] = {}
        self.threads: dict[tuple[str, str], Thread] = {}
        self.warm: dict[tuple[str, str], Thread] = {}  # the threads that were told to be hot
        self.hottest: Thread | None = None
        self.held = HeldLevel()
        self.thread_peaks = thread_peaks(policy)

    def read(self, now: int, policy: HeatPolicy) -> BrandReading:
        """Scores the brand: the windows' mean, anger weighed in, held down unless the negative share is unusual."""
        above = self.negative.above(now)
        heated = self.heated.above(now)
        pace = sum(above) / 3
        score = (1 - policy.heated_weight) * pace + policy.heated_weight * sum(heated) / 3
        _, hour, long = self.negative.counts.counts(now)
        share_z = max(
            self.share.z(hour, hour + self.others.last(60, now)),
            self.share.z(long, long + self.others.last(180, now)),
        )
        if share_z <= policy.share_z:
            score = min(score, policy.watch / 2)
        elif self.history_hours < policy.brand_from_hours:
            score = min(score, policy.warning - 0.01)
        return BrandReading(score, pace, max(range(len(WINDOWS)), key=above.__getitem__), share_z)

    def set_back(self, minute: int) -> None:
        """Starts the windows anew at an earlier minute; what was learned stays."""
        self.clock = self.last_heard = minute
        self.hour, self.newest = minute // 60, 0.0
        self.negative.restart()
        self.heated.restart()
        self.others, self.copies, self.hour_spoken = MinuteCounts(), MinuteCounts(), 0
        self.authors, self.texts, self.threads, self.warm, self.hottest = {}, {}, {}, {}, None

    def close_hours(self, until: int, policy: HeatPolicy) -> bool:
        """Learns every hour that ended before hour `until`; True when a gap in listening was left out."""
        silent = until - self.last_heard // 60
        learned_until = until
        gap = silent > policy.quiet_hours
        if gap:
            self.gap_hours, self.gap_minute = silent, until * 60
            learned_until = min(until, self.hour + 1)
        for hour in range(self.hour, learned_until):
            _, day = self.clockwork.slot_and_day(hour + 1)
            self.share.learn(self.negative.hour_count, self.hour_spoken)
            self.hour_spoken = 0
            self.negative.close_hour(hour, day)
            self.heated.close_hour(hour, day)
            for peak in self.thread_peaks:
                peak.close(day)
            self.history_hours += 1
        self.hour = until
        return gap
