"""What is kept of a brand: its negative people against their own normal, its usual shares, its threads and topics."""

from __future__ import annotations

import math

from classifier.heat.ageing import Ageing
from classifier.heat.carried import CARRIED_KINDS, QUICK, Carried, CarriedPeaks, Far, far_of, usual_carried
from classifier.heat.changes import Subject
from classifier.heat.channels import Channels
from classifier.heat.coordination import CopyWaves
from classifier.heat.due import Due
from classifier.heat.followed import Followed, Key, Peaks, usual_peaks
from classifier.heat.known_authors import KnownAuthors
from classifier.heat.lately import drop_old
from classifier.heat.levels import HeldLevel
from classifier.heat.normal import Clockwork, DailyPeak
from classifier.heat.policy import HeatPolicy
from classifier.heat.track import Track
from classifier.heat.usual_share import UsualShare
from classifier.heat.windows import BRAND_WINDOWS, LONGEST, WINDOWS, MinuteCounts

_NEGATIVE, _HEATED, _SPOKEN, _COPIES = range(CARRIED_KINDS, CARRIED_KINDS + 4)

_SURPRISE_GUESS = math.log1p(2.5)  # an ordinary day's highest surprise, seen from the first day on
_SURPRISE_FLOOR = math.log1p(1.5)


class Brand:
    """What is kept of one brand."""

    __slots__ = (
        "ageing",
        "authors",
        "carried",
        "carried_peaks",
        "clock",
        "clockwork",
        "counts",
        "due",
        "evidence",
        "followed",
        "gap_hours",
        "gap_minute",
        "heated",
        "heated_peaks",
        "heated_share",
        "held",
        "history_hours",
        "hottest",
        "hour",
        "hour_newcomers",
        "known_authors",
        "last_heard",
        "name",
        "negative",
        "negative_peaks",
        "new_share",
        "newest",
        "read_at",
        "reading",
        "share",
        "spoken",
        "texts",
        "too_old",
        "usual_carried",
        "usual_peaks",
        "warm",
        "waves",
    )

    def __init__(self, name: str, minute: int, policy: HeatPolicy, clockwork: Clockwork) -> None:
        self.name, self.clockwork = name, clockwork
        self.clock = self.last_heard = minute
        self.hour = minute // 60
        self.newest = 0.0  # seconds since 1970 of the newest post
        self.counts = MinuteCounts(BRAND_WINDOWS[-1], kinds=_COPIES + 1)
        self.negative = Track(self.counts, _NEGATIVE, clockwork, policy.prior_rate_per_hour, policy)
        self.heated = Track(self.counts, _HEATED, clockwork, policy.prior_rate_per_hour / 4, policy)
        self.spoken = Track(self.counts, _SPOKEN, clockwork, policy.prior_rate_per_hour * 4, policy)
        self.negative_peaks = _surprise_peaks()
        self.heated_peaks = _surprise_peaks()
        self.share = UsualShare(policy.usual_share, policy.usual_share_posts)
        self.heated_share = UsualShare(policy.usual_heated, policy.usual_share_posts / 2)
        self.waves = CopyWaves()
        self.known_authors = KnownAuthors()
        self.new_share = UsualShare(policy.usual_new, policy.usual_share_posts / 2)
        self.hour_newcomers = 0  # of the negative people
        self.carried = Carried(self.counts, Channels(learns=True))
        self.carried_peaks = usual_carried(*policy.brand_carried_usual)
        self.history_hours = 0
        self.gap_hours, self.gap_minute = 0, minute
        self.too_old = 0
        self.authors: dict[str, int] = {}  # author, with a mark for the side -> minute counted
        self.texts: dict[str, int] = {}
        self.followed: dict[Key, Followed] = {}
        self.ageing = Ageing()
        self.warm: dict[Key, Followed] = {}  # of them, those that were told to be hot
        self.hottest: Followed | None = None  # the thread with most negative people of the last hours
        self.held = HeldLevel()
        self.due = Due()
        self.usual_peaks: dict[Subject, Peaks] = {
            Subject.THREAD: usual_peaks(policy.thread_people_usual, policy),
            Subject.TOPIC: usual_peaks(policy.topic_people_usual, policy),
        }
        self.usual_carried: dict[Subject, CarriedPeaks] = {
            subject: usual_carried(*policy.thread_carried_usual) for subject in self.usual_peaks
        }
        self.evidence: list[str] = []
        self.reading: list[float] = []  # the latest signals
        self.read_at = -1

    def seen(self, now: int) -> list[list[int]]:
        """How many negative posts, heated ones of them, and posts in all there were in each of BRAND_WINDOWS."""
        return self.counts.in_each(BRAND_WINDOWS, now, _NEGATIVE, _HEATED, _SPOKEN)

    def hear_copy(self, minute: int) -> None:
        self.counts.add(minute, _COPIES)

    def copies(self, window: int, now: int) -> int:
        """How many posts of the window said what somebody had said before."""
        return self.counts.last(window, now, _COPIES)

    def set_back(self, minute: int) -> None:
        """Starts the windows anew at an earlier minute; what was learned stays."""
        self.clock = self.last_heard = minute
        self.hour, self.newest = minute // 60, 0.0
        self.counts.clear()
        for track in (self.negative, self.heated, self.spoken):
            track.restart()
        self.waves = CopyWaves()
        self.authors, self.texts, self.followed, self.warm, self.hottest = {}, {}, {}, {}, None
        self.ageing = Ageing()
        self.hour_newcomers = 0
        self.carried.restart()
        self.read_at = -1

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
            self.share.learn(self.negative.hour_count, self.spoken.hour_count)
            self.heated_share.learn(self.heated.hour_count, self.negative.hour_count)
            self.new_share.learn(self.hour_newcomers, self.negative.hour_count)
            self.hour_newcomers = 0
            if self.carried.channels is not None:
                self.carried.channels.close_hour()
            for track in (self.negative, self.heated, self.spoken):
                track.close_hour(hour)
            for peaks in (self.negative_peaks, self.heated_peaks, *self.usual_peaks.values()):
                for peak in peaks:
                    peak.close(day)
            for furthest in (self.carried_peaks, *self.usual_carried.values()):
                furthest.close(day)
            self.history_hours += 1
        self.hour = until
        return gap

    def forget(self, policy: HeatPolicy) -> None:
        """Drops what is too old to matter, and the oldest of what is too much."""
        now = self.clock
        drop_old(self.texts, now - policy.copy_minutes, policy.most_texts)
        drop_old(self.authors, now - policy.same_author_minutes, policy.most_texts)
        idle = self._idle(policy)
        too_many = len(self.followed) - len(idle) > policy.most_threads
        if too_many:
            idle = sorted(self.followed, key=lambda key: self.followed[key].last_heard)[: -policy.most_threads]
        for key in idle:
            del self.followed[key]
            self.warm.pop(key, None)
        if too_many:
            self.ageing = Ageing()
            for key, followed in self.followed.items():
                self._look_when_old(key, followed, policy)
        if self.hottest is not None and now - self.hottest.last_heard >= policy.late_minutes:
            self.hottest = None

    def follow(self, key: Key, followed: Followed, policy: HeatPolicy) -> None:
        """Keeps a new thread or topic, until nobody has spoken of it for a day."""
        self.followed[key] = followed
        self._look_when_old(key, followed, policy)

    def _look_when_old(self, key: Key, followed: Followed, policy: HeatPolicy) -> None:
        self.ageing.look_in(max((followed.last_heard + policy.thread_idle_minutes) // 60, self.hour + 1), key)

    def _idle(self, policy: HeatPolicy) -> list[Key]:
        """Those to drop: nobody spoke of them for a day, and nobody was told that they are hot."""
        idle: list[Key] = []
        for key in self.ageing.take(self.hour):
            followed = self.followed[key]
            if self.clock - followed.last_heard >= policy.thread_idle_minutes and key not in self.warm:
                idle.append(key)
            else:
                self._look_when_old(key, followed, policy)
        return idle

    def far(self, now: int) -> Far:
        """How far the brand's negative talk is carried now, against its own ordinary days."""
        usual = self.negative.expected(now)[WINDOWS.index(LONGEST)]
        posts, people = self.negative.last(QUICK, now), self.negative.last(LONGEST, now)
        return far_of(self.carried, posts, people, now, self.carried_peaks, self.new_share, usual)

    def note_far(self, now: int) -> None:
        """Lets its ordinary days learn how far it is carried."""
        day = self.clockwork.slot_and_day(self.hour)[1]
        traffic = self.negative.last(QUICK, now) + self.carried.shares(now)
        self.carried_peaks.traffic.see(day, math.log1p(traffic))
        self.carried_peaks.readers.see(day, math.log1p(self.carried.readers(now)))


def _surprise_peaks() -> tuple[DailyPeak, ...]:
    return tuple(DailyPeak(_SURPRISE_GUESS, 0.3, 3.0, _SURPRISE_FLOOR, 0.2) for _ in BRAND_WINDOWS)
