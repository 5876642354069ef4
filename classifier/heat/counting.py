"""What one judged post adds to a brand's memory, and which of its threads and topics are worth a look for it."""

from __future__ import annotations

from classifier.heat.brand import Brand
from classifier.heat.changes import Subject
from classifier.heat.followed import CALLS, HEATED, OTHERS, Followed, Key
from classifier.heat.lately import counted_before, counted_lately
from classifier.heat.policy import HeatPolicy
from classifier.heat.posts import JudgedPost
from classifier.heat.windows import LONGEST

_EVIDENCE = 8  # comments that a change of the brand links to

Heard = tuple[tuple[Followed, ...], bool, bool]
"""The threads and topics to look at; whether at once; whether the brand too."""

_NOTHING: Heard = ((), False, False)


def count(brand: Brand, post: JudgedPost, minute: int, said: float, policy: HeatPolicy) -> Heard:
    """Counts the post at its minute; `said` is the same in seconds since 1970."""
    negative = post.negative >= policy.negative_from
    thread = brand.followed.get((Subject.THREAD, post.channel, post.thread_id))
    if thread is not None:
        if minute > thread.last_heard:
            thread.last_heard = minute
        thread.replied = thread.replied or post.brand_replied
        if post.calls_to_act:
            thread.counts.add(minute, CALLS)
    if not (post.short or post.is_share):
        brand.waves.hear(said, post.text_key, post.author_id, post.author_created_at)
    may_be_copy = post.is_share or not post.short  # "Hävytöntä!" comes to many by itself
    if may_be_copy and counted_before(brand.texts, post.text_key, minute, policy.copy_minutes):
        brand.hear_copy(minute)
        if not negative:
            return _NOTHING
        return _passed_on(brand, thread, post, minute, policy)
    known = post.author_id is not None and counted_before(
        brand.authors, ("-" if negative else "+") + post.author_id, minute, policy.same_author_minutes
    )
    newcomer = False
    if not known:
        brand.spoken.add(minute)
        brand.spoken.hour_count += minute // 60 == brand.hour
        if post.author_id is not None:
            newcomer = brand.known_authors.meet(post.author_id, minute)
    if negative:
        return _complaint(brand, thread, post, minute, newcomer, policy, counted=known)
    if thread is not None:
        thread.counts.add(minute, OTHERS)
    return _NOTHING


def _passed_on(brand: Brand, thread: Followed | None, post: JudgedPost, minute: int, policy: HeatPolicy) -> Heard:
    """A copy is no new voice; who shares it carries it to new readers."""
    if thread is None:
        return _NOTHING
    wide = thread.note_reach(post.author_followers, minute, policy)
    if post.is_share:
        author, followers = post.author_id, post.author_followers
        for followed in (thread, thread.about):
            if followed is not None:
                followed.carried.hear_share(
                    author, followers, minute, policy, counted=followed.has_counted(author, minute, policy)
                )
        counted = author is not None and counted_lately(brand.authors, "-" + author, minute, policy.same_author_minutes)
        brand.carried.hear_share(author, followers, minute, policy, counted=counted)
    return ((thread,), True, False) if wide else _NOTHING


def _complaint(
    brand: Brand,
    thread: Followed | None,
    post: JudgedPost,
    minute: int,
    newcomer: bool,
    policy: HeatPolicy,
    *,
    counted: bool,
) -> Heard:
    """`counted`: the brand has counted this person lately."""
    if thread is None:
        key: Key = (Subject.THREAD, post.channel, post.thread_id)
        thread = Followed(key, minute, in_own_channel=post.in_own_channel, replied=post.brand_replied)
        brand.follow(key, thread, policy)
        if post.calls_to_act:
            thread.counts.add(minute, CALLS)
    heated = post.arousal >= policy.heated_from
    about: tuple[Followed, ...] = (thread,)
    if post.topic is not None:
        thread.about = _topic(brand, post.topic, minute, policy)
        about = (thread, thread.about)
    wide = False
    for followed in about:
        if followed.hear_negative(post.author_id, post.external_id, minute, policy):
            followed.carried.hear_person(post.author_id, post.author_followers, newcomer, post.channel, minute, policy)
        if heated:
            followed.counts.add(minute, HEATED)
        wide = followed.note_reach(post.author_followers, minute, policy)
    _note_hottest(brand, thread)
    if not counted:
        same_hour = minute // 60 == brand.hour
        brand.negative.add(minute)
        brand.negative.hour_count += same_hour
        if heated:
            brand.heated.add(minute)
            brand.heated.hour_count += same_hour
        brand.carried.hear_person(post.author_id, post.author_followers, newcomer, post.channel, minute, policy)
        brand.hour_newcomers += newcomer and same_hour
        brand.evidence.append(post.external_id)
        del brand.evidence[:-_EVIDENCE]
    return about, wide, not counted


def _topic(brand: Brand, name: str, minute: int, policy: HeatPolicy) -> Followed:
    key: Key = (Subject.TOPIC, "", name)
    topic = brand.followed.get(key)
    if topic is None:
        topic = Followed(key, minute, in_own_channel=False, replied=False)
        brand.follow(key, topic, policy)
    topic.last_heard = max(topic.last_heard, minute)
    return topic


def _note_hottest(brand: Brand, thread: Followed) -> None:
    hottest, now = brand.hottest, brand.clock
    if hottest is None or (hottest is not thread and thread.people(LONGEST, now) >= hottest.people(LONGEST, now)):
        brand.hottest = thread
