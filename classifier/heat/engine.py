"""The heat engine: judged posts go in one by one, changes of heat come out, from the past alone.

Strictly causal and deterministic: what is said after a post depends on the posts up to it and on nothing else. All its
memory can be rebuilt by `warm` from the last weeks' posts; nothing of it is stored.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from classifier.heat.brand import Brand
from classifier.heat.changes import (
    HeatChange,
    Subject,
    Turn,
    brand_reasons,
    change_of,
    thread_reasons,
)
from classifier.heat.lately import counted_before, drop_old
from classifier.heat.levels import HeldLevel
from classifier.heat.normal import Clockwork
from classifier.heat.policy import HeatPolicy, Level
from classifier.heat.posts import JudgedPost
from classifier.heat.threads import Thread, ThreadReading, read_thread, shown_level
from classifier.heat.windows import LONGEST

_SETTLE_MINUTES = 5  # how often threads that nobody writes to any more are looked at again


class HeatEngine:
    """Follows any number of brands. `now`, where the caller knows it, guards against posts from the future."""

    def __init__(self, policy: HeatPolicy | None = None) -> None:
        self.policy = policy or HeatPolicy()
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
        """Takes one post in; returns what changed in its thread and its brand."""
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
        self._count(brand, post, minute, changes)
        return tuple(changes)

    def tick(self, brand_name: str, now: datetime) -> tuple[HeatChange, ...]:
        """Lets time pass without a post: heat cools, and silence on our own page begins to weigh. Teaches nothing."""
        brand, changes = self._brands.get(brand_name), list[HeatChange]()
        minute = int(now.timestamp()) // 60
        if brand is not None and minute > brand.clock:
            brand.clock, brand.newest = minute, now.timestamp()
            self._settle(brand, changes)
            for key, thread in brand.threads.items():
                if (
                    key not in brand.warm
                    and thread.unanswered_minutes(minute)
                    and thread.people.last(LONGEST, minute) > 1
                ):
                    self._judge_thread(brand, key, thread, changes)
        return tuple(changes)

    def answered(self, brand_name: str, channel: str, thread_id: str) -> None:
        """Notes that the brand has answered in the thread."""
        brand = self._brands.get(brand_name)
        thread = brand.threads.get((channel, thread_id)) if brand else None
        if thread is not None:
            thread.replied = True

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
            self._forget(brand)
        if settle and (brand.warm or brand.held.told):
            self._settle(brand, changes)

    def _count(self, brand: Brand, post: JudgedPost, minute: int, changes: list[HeatChange]) -> None:
        policy = self.policy
        negative = post.negative >= policy.negative_from
        key = (post.channel, post.thread_id)
        thread = brand.threads.get(key)
        if thread is not None:
            thread.last_heard = max(thread.last_heard, minute)
            thread.replied = thread.replied or post.brand_replied
        if post.is_share or counted_before(brand.texts, post.text_key, minute, policy.copy_minutes):
            brand.copies.add(minute)
            if thread is not None:
                thread.copies.add(minute)
                if negative and thread.note_reach(post.author_followers, minute, policy):
                    self._judge_thread(brand, key, thread, changes)
            return
        known = post.author_id is not None and counted_before(
            brand.authors, ("-" if negative else "+") + post.author_id, minute, policy.same_author_minutes
        )
        same_hour = minute // 60 == brand.hour
        if not negative:
            if thread is not None:
                thread.others.add(minute)
            if not known:
                brand.others.add(minute)
                brand.hour_spoken += same_hour
            return
        if thread is None:
            thread = brand.threads[key] = Thread(post.channel, post.thread_id, minute, post.in_own_channel)
            thread.replied = post.brand_replied
        heated = post.arousal >= policy.heated_from
        thread.negatives.add(minute)
        thread.hear_person(post.author_id, minute, policy)
        if heated:
            thread.heated.add(minute)
        thread.note_reach(post.author_followers, minute, policy)
        self._judge_thread(brand, key, thread, changes)
        if not known:
            brand.negative.counts.add(minute)
            brand.negative.hour_count += same_hour
            brand.hour_spoken += same_hour
            if heated:
                brand.heated.counts.add(minute)
                brand.heated.hour_count += same_hour
            self._judge_brand(brand, changes)

    def _judge_thread(
        self, brand: Brand, key: tuple[str, str], thread: Thread, changes: list[HeatChange]
    ) -> ThreadReading:
        now, policy, peaks = brand.clock, self.policy, brand.thread_peaks
        reading = read_thread(thread, now, peaks, policy)
        if reading.share >= policy.thread_share:
            day = self._clockwork.slot_and_day(brand.hour)[1]
            for peak, count in zip(peaks, thread.people.counts(now), strict=True):
                peak.see(day, math.log1p(count))
        level = shown_level(thread.held.follow(reading.score, now, policy), reading.reach, policy)
        if reading.score >= policy.watch:
            brand.hottest = thread
        turn = _turn(thread.held, level, reading.score, policy)
        if turn is not None:
            reasons = thread_reasons(brand, thread, reading, policy)
            changes.append(
                change_of(brand, Subject.THREAD, thread, turn, level, thread.held.told, reading.score, reasons, policy)
            )
            thread.held.told, thread.held.told_score = level, reading.score
            if level > Level.NONE:
                brand.warm[key] = thread
            else:
                brand.warm.pop(key, None)
        return reading

    def _judge_brand(self, brand: Brand, changes: list[HeatChange]) -> None:
        now, policy = brand.clock, self.policy
        reading = brand.read(now, policy)
        day = self._clockwork.slot_and_day(brand.hour)[1]
        unusual = reading.share_z > policy.share_z
        brand.negative.see(now, day, unusual)
        brand.heated.see(now, day, unusual)
        level = brand.held.follow(reading.score, now, policy)
        turn = _turn(brand.held, level, reading.score, policy)
        if turn is not None:
            reasons = brand_reasons(brand, reading, policy)
            hottest = brand.hottest
            changes.append(
                change_of(brand, Subject.BRAND, hottest, turn, level, brand.held.told, reading.score, reasons, policy)
            )
            brand.held.told, brand.held.told_score = level, reading.score

    def _settle(self, brand: Brand, changes: list[HeatChange]) -> None:
        """Looks again at everything that was told to be hot."""
        for key, thread in list(brand.warm.items()):
            self._judge_thread(brand, key, thread, changes)
        if brand.held.told > Level.NONE:
            self._judge_brand(brand, changes)

    def _forget(self, brand: Brand) -> None:
        """Drops what is too old to matter, and the oldest of what is too much."""
        now, policy = brand.clock, self.policy
        drop_old(brand.texts, now - policy.copy_minutes, policy.most_texts)
        drop_old(brand.authors, now - policy.same_author_minutes, policy.most_texts)
        idle = [
            key
            for key, thread in brand.threads.items()
            if now - thread.last_heard >= policy.thread_idle_minutes and key not in brand.warm
        ]
        if len(brand.threads) - len(idle) > policy.most_threads:
            idle = sorted(brand.threads, key=lambda key: brand.threads[key].last_heard)[: -policy.most_threads]
        for key in idle:
            del brand.threads[key]
            brand.warm.pop(key, None)
        if brand.hottest is not None and now - brand.hottest.last_heard >= policy.late_minutes:
            brand.hottest = None


def _turn(held: HeldLevel, level: Level, score: float, policy: HeatPolicy) -> Turn | None:
    if level > held.told:
        return Turn.RISEN
    if level < held.told:
        return Turn.COOLED
    if level > Level.NONE and score >= held.told_score + policy.hotter_step:
        return Turn.HOTTER
    return None
