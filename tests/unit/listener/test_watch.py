"""Every source is watched: failures that last and silences that are not normal raise one alarm, and clear it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from listener.posts import Page
from listener.steps import poll_source, store_page
from listener.watch import watch_sources
from models.alarms import HeardQuarter, SourceAlarm
from models.base import Sessions
from models.errors import PlatformError, Refused, SignInAgain, TryLater
from models.jobs import Job, JobKind
from models.states import AlarmKind
from tests.builders import NOON, a_post, from_us, minutes, trail
from tests.fakes import FakeSource

SOURCE = "x:mentions"
DOWN = TryLater("x_down", "")
EXPIRED = SignInAgain("token_refused", "")


def fail(store: Sessions, error: PlatformError, at: datetime) -> None:
    source = FakeSource([error])
    with pytest.raises(type(error)):
        poll_source(source=source, sessions=store, now=at, wall=at, interval_s=60)


def read(store: Sessions, at: datetime, *written: datetime) -> None:
    page = Page(tuple(a_post(created_at=one) for one in written), {})
    poll_source(source=FakeSource([page]), sessions=store, now=at, wall=at, interval_s=60)


def watch(store: Sessions, at: datetime, *sources: str) -> None:
    watch_sources(
        sources=sources or (SOURCE,), sessions=store, zone=ZoneInfo("Europe/Helsinki"), now=at, wall=at, again_s=60
    )


def alarms(store: Sessions) -> list[SourceAlarm]:
    with store() as session:
        return list(session.scalars(select(SourceAlarm).order_by(SourceAlarm.id)))


def jobs(store: Sessions) -> list[tuple[JobKind, str]]:
    with store() as session:
        rows = session.scalars(select(Job).where(Job.kind.in_((JobKind.WATCH_SOURCES, JobKind.SHOW_ALARM))))
        return sorted((row.kind, row.key) for row in rows)


def days_of_talk(store: Sessions, until: datetime, days: int = 10) -> None:
    """Somebody wrote every twenty minutes between eight and ten in Finnish winter time, and all of it was read."""
    first = (until - timedelta(days=days)).replace(hour=0, minute=0)
    times = [first + minutes(20 * number) for number in range(days * 72 + 72)]
    read(store, until, *(one for one in times if 6 <= one.hour < 20 and one <= until))


@pytest.mark.parametrize(
    ("error", "failures", "expected"),
    [
        (DOWN, (0, 9), []),
        (DOWN, (0, 5, 10), ["x_down"]),
        (DOWN, (0,), []),  # one failure, however long ago, is one failure
        (Refused("plan_lacks_this", ""), (0, 5, 10), ["plan_lacks_this"]),
        (EXPIRED, (0,), []),
        (EXPIRED, (0, 0.1), ["token_refused"]),
        (TryLater("rate_limited", ""), (0, 15), []),
        (TryLater("rate_limited", ""), (0, 15, 60), ["rate_limited"]),
        (TryLater("spending_limit", ""), (0,), ["spending_limit"]),
    ],
)
def test_failures_that_last_raise_an_alarm(
    store: Sessions, error: PlatformError, failures: tuple[float, ...], expected: list[str]
) -> None:
    for minute in failures:
        fail(store, error, NOON + minutes(minute))
    watch(store, NOON + minutes(90))
    assert [(alarm.code, alarm.kind, alarm.since) for alarm in alarms(store)] == [
        (code, AlarmKind.FAILING, NOON) for code in expected
    ]
    assert trail(store) == ["alarm.raised"] * len(expected)
    assert (JobKind.SHOW_ALARM, "1") in jobs(store) or not expected
    assert (JobKind.WATCH_SOURCES, "") in jobs(store)


def test_a_page_that_cannot_be_kept_is_a_failure_too(store: Sessions) -> None:
    broken = Page((a_post(created_at=NOON.replace(tzinfo=None)),), {})
    for minute in (0, 10):
        source = FakeSource([broken])
        with pytest.raises(StatementError):
            poll_source(source=source, sessions=store, now=NOON + minutes(minute), wall=NOON, interval_s=60)
    watch(store, NOON + minutes(10))
    assert [alarm.code for alarm in alarms(store)] == ["fault"]


def test_one_alarm_however_often_it_is_looked_at_and_cleared_when_it_reads_again(store: Sessions) -> None:
    for minute in (0, 10, 11, 12):
        fail(store, DOWN, NOON + minutes(minute))
        watch(store, NOON + minutes(minute))
    assert len(alarms(store)) == 1
    read(store, NOON + minutes(20))
    watch(store, NOON + minutes(20))
    watch(store, NOON + minutes(21))
    [alarm] = alarms(store)
    assert (alarm.since, alarm.raised_at, alarm.cleared_at) == (NOON, NOON + minutes(10), NOON + minutes(20))
    assert trail(store) == ["alarm.raised", "alarm.cleared"]
    fail(store, DOWN, NOON + minutes(30))
    fail(store, DOWN, NOON + minutes(40))
    watch(store, NOON + minutes(40))
    assert [alarm.cleared_at is None for alarm in alarms(store)] == [False, True]


def test_when_the_cause_changes_the_same_alarm_says_so(store: Sessions) -> None:
    for minute, error in ((0, DOWN), (10, DOWN)):
        fail(store, error, NOON + minutes(minute))
    watch(store, NOON + minutes(10))
    fail(store, EXPIRED, NOON + minutes(11))
    watch(store, NOON + minutes(11))
    assert [alarm.code for alarm in alarms(store)] == ["token_refused"]


def test_a_source_that_was_never_read_can_fail_too_and_others_are_left_alone(store: Sessions) -> None:
    fail(store, EXPIRED, NOON)
    fail(store, EXPIRED, NOON + minutes(1))
    watch(store, NOON + minutes(1), "facebook:feed")
    assert alarms(store) == []
    watch(store, NOON + minutes(1), "facebook:feed", SOURCE)
    assert [alarm.source for alarm in alarms(store)] == [SOURCE]


def test_a_silence_that_is_not_normal_raises_an_alarm_and_the_next_words_clear_it(store: Sessions) -> None:
    days_of_talk(store, NOON)
    for hour in range(1, 8):
        read(store, NOON + timedelta(hours=hour))
        watch(store, NOON + timedelta(hours=hour))
    [alarm] = alarms(store)
    assert (alarm.kind, alarm.code, alarm.since) == (AlarmKind.SILENT, "quiet", NOON + minutes(15))
    assert alarm.cleared_at is None
    spoke = NOON + timedelta(hours=8)
    read(store, spoke, spoke)
    watch(store, spoke)
    assert [one.cleared_at for one in alarms(store)] == [spoke]
    assert trail(store) == ["alarm.raised", "alarm.cleared"]


def test_a_source_that_nobody_read_is_not_silent(store: Sessions) -> None:
    days_of_talk(store, NOON)
    watch(store, NOON + timedelta(days=2))  # the machine slept
    fail(store, DOWN, NOON + timedelta(days=2))
    watch(store, NOON + timedelta(days=2))
    assert alarms(store) == []


def test_our_own_words_do_not_break_a_silence(store: Sessions) -> None:
    days_of_talk(store, NOON)
    evening = NOON + timedelta(hours=7)
    with store.begin() as session:
        store_page(session, SOURCE, Page((from_us("Iltaa!", created_at=evening),), {}), evening)
    watch(store, evening)
    assert [alarm.kind for alarm in alarms(store)] == [AlarmKind.SILENT]


def test_what_another_source_brought_first_is_heard_all_the_same(store: Sessions) -> None:
    post = a_post(created_at=NOON)
    with store.begin() as session:
        for source in ("x:search", SOURCE, SOURCE):
            store_page(session, source, Page((post,), {}), NOON)
    with store() as session:
        heard = session.scalars(select(HeardQuarter).order_by(HeardQuarter.id)).all()
    assert [(one.source, one.quarter) for one in heard] == [("x:search", NOON), (SOURCE, NOON)]


def test_what_was_heard_a_month_ago_is_forgotten(store: Sessions) -> None:
    read(store, NOON, NOON - timedelta(days=30), NOON)
    watch(store, NOON)
    with store() as session:
        assert session.scalars(select(HeardQuarter.quarter)).all() == [NOON]
