"""Topics: complaints that lie near each other come together, the same after any start anew."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from classifier.heat.topics import FADES_AFTER, Topic, Topics
from tests.builders import NOON, minutes


def embedding(*values: int) -> bytes:
    return bytes(value % 256 for value in (*values, 0, 0, 0)[:3])


LATE, BROKEN, RUDE = embedding(100), embedding(0, 100), embedding(0, 0, 100)


def sort(topics: Topics, said: bytes, minute: float, new: int) -> int | None:
    """The topic of a complaint, `new` where it begins one."""
    at = NOON + minutes(minute)
    if topics.too_late(at):
        return None
    id = topics.nearest(said, at) or new
    topics.join(id, said, at)
    return id


def test_complaints_that_are_alike_are_one_topic_and_others_are_not() -> None:
    topics = Topics()
    said = [LATE, BROKEN, embedding(90, 30), embedding(20, 90), RUDE, embedding(70, 40, 20)]
    assert [sort(topics, one, 0, number) for number, one in enumerate(said, 1)] == [1, 2, 1, 2, 5, 1]


def test_only_the_direction_of_an_embedding_counts() -> None:
    topics = Topics()
    assert [sort(topics, one, 0, number) for number, one in enumerate([LATE, embedding(1)], 1)] == [1, 1]


def test_a_topic_moves_with_what_joins_it() -> None:
    topics = Topics()
    topics.join(1, LATE, NOON)
    edge = embedding(45, 100)  # too far from the first complaint alone
    assert topics.nearest(edge, NOON) is None
    for _ in range(3):
        topics.join(1, embedding(80, 60), NOON)
    assert topics.nearest(edge, NOON) == 1


def test_older_complaints_count_less_in_the_middle_of_a_topic() -> None:
    topics = Topics()
    first = topics.join(1, LATE, NOON)
    assert first.weight == 1
    day_later = topics.join(1, LATE, NOON + timedelta(days=1))
    assert day_later.weight == 1.5
    late = topics.join(1, LATE, NOON)  # heard late: it counts as one of yesterday, and the topic stays as new as it was
    assert (late.weight, late.newest_at) == (2, NOON + timedelta(days=1))


def test_a_topic_that_nobody_speaks_of_fades_and_begins_anew() -> None:
    topics = Topics()
    two_days = FADES_AFTER / timedelta(minutes=1)
    assert [sort(topics, LATE, minute, new) for new, minute in enumerate((0, two_days, 2 * two_days + 1), 1)] == [
        1,
        1,
        3,
    ]
    assert len(topics) == 1


def test_what_is_older_than_everything_live_has_no_topic() -> None:
    topics = Topics()
    sort(topics, LATE, 0, 1)
    assert not topics.too_late(NOON - FADES_AFTER)
    assert topics.too_late(NOON - FADES_AFTER - minutes(1))


def test_the_one_unheard_for_longest_makes_room() -> None:
    topics = Topics(most=2)
    assert [sort(topics, one, minute, minute + 1) for minute, one in enumerate((LATE, BROKEN, RUDE))] == [1, 2, 3]
    assert len(topics) == 2
    assert topics.nearest(LATE, NOON + minutes(3)) is None
    assert topics.nearest(BROKEN, NOON + minutes(3)) == 2


SAID = st.tuples(
    st.tuples(*[st.integers(-127, 127)] * 3),
    st.integers(-600, 6000),  # minutes: some are heard late, some long after
    st.booleans(),  # whether the process starts anew before it
)


@given(st.lists(SAID, max_size=40), st.integers(1, 5))
def test_going_on_from_what_was_kept_gives_the_same_topics(
    said: list[tuple[tuple[int, ...], int, bool]], most: int
) -> None:
    whole, restarted = Topics(most=most), Topics(most=most)
    kept: dict[int, Topic] = {}
    for number, (values, minute, starts_anew) in enumerate(said, 1):
        one, at = embedding(*values), NOON + minutes(minute)
        if starts_anew:
            newest = sorted(kept.values(), key=lambda topic: (topic.newest_at, topic.id))[-most:]
            restarted = Topics(newest, most=most)
        assert whole.too_late(at) == restarted.too_late(at)
        if whole.too_late(at):
            continue
        found = whole.nearest(one, at)
        assert restarted.nearest(one, at) == found
        kept[found or number] = whole.join(found or number, one, at)
        assert restarted.join(found or number, one, at) == kept[found or number]
