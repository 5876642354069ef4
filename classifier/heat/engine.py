"""The heat engine: judged posts go in one by one, changes of heat come out, from the past alone.

Strictly causal and deterministic: what is said after a post depends on the posts up to it and on nothing else. All its
memory can be rebuilt by `warm` from the last weeks' posts; nothing of it is stored.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from classifier.heat.brand import Brand
from classifier.heat.carried import Far
from classifier.heat.changes import HeatChange, Subject, Turn
from classifier.heat.counting import count
from classifier.heat.followed import Followed, Pace, pace_of
from classifier.heat.forecast import Forecast, Forecaster, chance, shipped_forecaster
from classifier.heat.levels import HeldLevel
from classifier.heat.normal import Clockwork
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.posts import JudgedPost
from classifier.heat.scoring import COLD, brand_score, followed_score, one_step_up
from classifier.heat.signals import brand_signals, followed_signals, hottest_signals, unusual
from classifier.heat.trust import Trust
from classifier.heat.whys import brand_reasons, followed_reasons
from classifier.heat.windows import LONGEST
from models.reasons import Reason

_SETTLE_MINUTES = 5  # how often what nobody writes to any more is looked at again
_NOTE_MINUTES = 30  # how often a quiet brand is read all the same, for the day's peak
_SELDOM = 4  # what is only watched is looked at again every so many times
_FEW = 3  # people of three hours, below which a thread is not worth one


class HeatEngine:
    """Follows any number of brands. `now`, where the caller knows it, guards against posts from the future."""

    def __init__(
        self, policy: HeatPolicy | None = None, forecaster: Forecaster | None = None, trust: Trust | None = None
    ) -> None:
        self.policy = policy or HeatPolicy()
        self._forecaster = forecaster or shipped_forecaster()
        self.trust = trust or Trust()
        self._clockwork = Clockwork(self.policy.zone)
        self._brands: dict[str, Brand] = {}
        self._oddities: Counter[str] = Counter()

    @property
    def oddities(self) -> Mapping[str, int]:
        """How often a time was odd: `late`, `too_late`, `ahead`, `gap`, `clock_set_back`."""
        return self._oddities

    def warm(self, posts: Iterable[JudgedPost]) -> None:
        """Rebuilds the memory from posts already told about; says nothing."""
        for post in posts:
            self.observe(post)

    def observe(self, post: JudgedPost, now: datetime | None = None) -> tuple[HeatChange, ...]:
        """Takes one post in; returns what changed in its thread, its topic and its brand."""
        policy = self.policy
        said = post.created_at.timestamp()
        if now is not None and said > now.timestamp() + 60 * policy.ahead_minutes:
            self._oddities["ahead"] += 1
            said = now.timestamp()
        minute = int(said) // 60
        brand = self._brands.get(post.brand)
        if brand is None:
            brand = self._brands[post.brand] = Brand(post.brand, minute, policy, self._clockwork)
        changes: list[HeatChange] = []
        if minute > brand.clock or minute // 60 > brand.hour:
            self._advance(brand, max(minute, brand.clock), changes)
        elif minute < brand.clock and not self._accept_late(brand, minute, now):
            return ()
        if said > brand.newest:
            brand.newest = said
        brand.too_old = 0
        brand.last_heard = brand.clock
        about, at_once, brand_too = count(brand, post, minute, said, policy)
        if brand_too:
            self._judge_brand(brand, changes)
        for followed in about:
            self._judge_followed(brand, followed, changes, at_once=at_once)
        return tuple(changes)

    def tick(self, brand_name: str, now: datetime) -> tuple[HeatChange, ...]:
        """Lets time pass without a post: heat cools, and silence on our own page begins to weigh. Teaches nothing."""
        brand, changes = self._brands.get(brand_name), list[HeatChange]()
        minute = int(now.timestamp()) // 60
        if brand is not None and minute > brand.clock:
            brand.clock, brand.newest = minute, now.timestamp()
            self._settle(brand, changes)
            for key, followed in brand.followed.items():
                if (
                    key not in brand.warm
                    and followed.unanswered_minutes(minute)
                    and followed.people(LONGEST, minute) > 1
                ):
                    self._judge_followed(brand, followed, changes)
        return tuple(changes)

    def answered(self, brand_name: str, channel: str, thread_id: str) -> None:
        """Notes that the brand has answered in the thread."""
        brand = self._brands.get(brand_name)
        thread = brand.followed.get((Subject.THREAD, channel, thread_id)) if brand else None
        if thread is not None:
            thread.replied = True

    def passed_on(
        self, brand_name: str, channel: str, thread_id: str, times: int, at: datetime
    ) -> tuple[HeatChange, ...]:
        """Notes that somebody counted so many shares and replies within the last quarter of an hour before `at`.

        They weigh as shares do: on the thread, on what it complains of, and on the brand. A thread in which nobody was
        negative has none that count.
        """
        brand = self._brands.get(brand_name)
        thread = brand.followed.get((Subject.THREAD, channel, thread_id)) if brand else None
        if brand is None or thread is None or times < 1:
            return ()
        minute, changes = min(int(at.timestamp()) // 60, brand.clock), list[HeatChange]()
        for carried in (thread.carried, thread.about.carried if thread.about else None, brand.carried):
            if carried is not None:
                carried.hear_counted(times, minute)
        self._judge_brand(brand, changes)
        for followed in (thread, thread.about):
            if followed is not None:
                self._judge_followed(brand, followed, changes, at_once=True)
        return tuple(changes)

    def _accept_late(self, brand: Brand, minute: int, now: datetime | None) -> bool:
        """True when a late post can still be counted at its own minute."""
        if brand.clock - minute < self.policy.late_minutes:
            self._oddities["late"] += 1
            return True
        brand.too_old += 1
        if now is None and brand.too_old >= self.policy.set_back_after:
            self._oddities["clock_set_back"] += 1
            brand.set_back(minute)
            return True
        self._oddities["too_late"] += 1
        return False

    def _advance(self, brand: Brand, minute: int, changes: list[HeatChange]) -> None:
        settle = brand.clock // _SETTLE_MINUTES != minute // _SETTLE_MINUTES
        brand.clock = minute
        if minute // 60 != brand.hour:
            if brand.close_hours(minute // 60, self.policy):
                self._oddities["gap"] += 1
            brand.forget(self.policy)
        if settle and (brand.warm or brand.held.told):
            self._settle(brand, changes)

    def _signals(self, brand: Brand) -> list[float]:
        """The brand's row of signals, without its hottest thread; a row of this very count is not read twice."""
        if not brand.reading or brand.read_at != brand.clock:
            brand.reading, brand.read_at = brand_signals(brand, brand.clock, self.policy), brand.clock
        return brand.reading

    def _judge_followed(
        self, brand: Brand, followed: Followed, changes: list[HeatChange], *, at_once: bool = False
    ) -> None:
        """Scores a thread or topic and tells when its level moved."""
        now, policy, peaks = brand.clock, self.policy, brand.usual_peaks[followed.subject]
        if not followed.due.is_due(now, followed.people(60, now)) and not at_once:
            return
        pace, reach = pace_of(followed, now, peaks, policy), followed.reach_now(now, policy)
        crowd = pace.share >= policy.thread_share and pace.people[2] >= _FEW
        far = followed.far(now, brand.usual_carried[followed.subject], brand.new_share) if crowd or reach else None
        if pace.share >= policy.thread_share:
            self._learn_peaks(brand, followed, pace, far)
        odds, row = COLD, list[float]()
        if crowd:
            row = followed_signals(brand, followed, pace, self._signals(brand), now, policy)
            odds = self._forecaster.odds(followed.subject, row)
        elif reach:
            odds = policy.reach_odds
        score = followed_score(odds, crowd, pace, far, followed.unanswered_minutes(now), brand, policy)
        level, step = followed.held.follow(score, now, policy), Level.NONE
        if reach and far is not None:
            before, level = level, one_step_up(level, score, far, policy)
            if level > before or (level is Level.WATCH and not crowd):
                step = level
        turn = _turn(followed.held, level, score, policy)
        if turn is None:
            return
        changes.append(
            self._change(
                brand,
                followed,
                turn,
                level,
                score,
                odds,
                followed_reasons(brand, followed, pace, far, step, policy),
                self._ahead(brand, followed.subject, row, pace.people[2]),
            )
        )
        if level > Level.NONE:
            brand.warm[followed.key] = followed
        else:
            brand.warm.pop(followed.key, None)

    def _learn_peaks(self, brand: Brand, followed: Followed, pace: Pace, far: Far | None) -> None:
        """Notes how high it goes, for what is usual on this brand's days."""
        day = self._clockwork.slot_and_day(brand.hour)[1]
        for peak, people in zip(brand.usual_peaks[followed.subject], pace.logs, strict=True):
            peak.see(day, people)
        if far is not None:
            brand.usual_carried[followed.subject].see(day, far)

    def _judge_brand(self, brand: Brand, changes: list[HeatChange]) -> None:
        now, policy = brand.clock, self.policy
        if not self._worth_reading(brand, now) or not brand.due.is_due(now, brand.negative.last(60, now)):
            return
        brand.read_at = -1
        row, odds = self._signals(brand), COLD
        if unusual(row, policy):
            odds = self._forecaster.odds(Subject.BRAND, [*row, *hottest_signals(brand, now, policy)])
        people = max(round(brand.negative.seen(now)[-1] - brand.negative.expected(now)[-1]), 0)
        score = brand_score(odds, row, brand, people, policy)
        brand.note_far(now)
        turn = _turn(brand.held, brand.held.follow(score, now, policy), score, policy)
        if turn is not None:
            changes.append(
                self._change(
                    brand,
                    None,
                    turn,
                    brand.held.level,
                    score,
                    odds,
                    brand_reasons(brand, policy),
                    self._ahead(brand, Subject.BRAND, [*row, *hottest_signals(brand, now, policy)], people),
                )
            )

    def _worth_reading(self, brand: Brand, now: int) -> bool:
        """Cheap: whether the last hours hold more negative people than usual, or the day's peak is due for a note."""
        if brand.held.told or now - brand.read_at >= _NOTE_MINUTES:
            return True
        hour, long = brand.negative.last(60, now), brand.negative.last(180, now)
        expected = brand.negative.expected(now)
        return hour > expected[1] + math.sqrt(expected[1]) or long > expected[2] + math.sqrt(expected[2])

    def _ahead(self, brand: Brand, subject: Subject, row: Sequence[float], people: int) -> Forecast | None:
        """What comes, or None where too little is known to say."""
        if not row or brand.history_hours < self.policy.little_history_hours:
            return None
        return self._forecaster.ahead(subject, row, people, self.trust)

    def _change(
        self,
        brand: Brand,
        followed: Followed | None,
        turn: Turn,
        level: Level,
        score: float,
        odds: float,
        reasons: tuple[Reason, ...],
        forecast: Forecast | None,
    ) -> HeatChange:
        """The change as of the brand's newest post, noted as told."""
        held = followed.held if followed is not None else brand.held
        known = self._forecaster.straightened(followed.subject if followed is not None else Subject.BRAND, odds)
        thread = followed
        if followed is None and brand.hottest is not None and brand.hottest.people(LONGEST, brand.clock) >= _FEW:
            thread = brand.hottest
        change = HeatChange(
            brand=brand.name,
            subject=followed.subject if followed is not None else Subject.BRAND,
            channel=(thread.channel or None) if thread is not None else None,
            thread_id=thread.thread_id if thread is not None else None,
            at=datetime.fromtimestamp(brand.newest, UTC),
            turn=turn,
            level=level,
            previous=held.told,
            score=score,
            probability=chance(self.trust(known)),
            odds=known,
            reasons=reasons,
            topic=followed.topic if followed is not None else None,
            forecast=forecast,
            evidence=followed.evidence if followed is not None else tuple(brand.evidence),
        )
        held.told, held.told_score = level, score
        return change

    def _settle(self, brand: Brand, changes: list[HeatChange]) -> None:
        """Looks again at everything that was told to be hot."""
        seldom = brand.clock // _SETTLE_MINUTES % _SELDOM == 0
        for followed in list(brand.warm.values()):
            if seldom or followed.held.told > Level.WATCH:
                self._judge_followed(brand, followed, changes)
        if brand.held.told > Level.NONE:
            self._judge_brand(brand, changes)


def _turn(held: HeldLevel, level: Level, score: float, policy: HeatPolicy) -> Turn | None:
    if level > held.told:
        return Turn.RISEN
    if level < held.told:
        return Turn.COOLED
    if level > Level.NONE and score >= held.told_score + policy.hotter_step:
        return Turn.HOTTER
    return None
