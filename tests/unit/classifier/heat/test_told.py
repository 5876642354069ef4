"""Who is told of heat: the rule of the backtest and that of the product are one."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from classifier.heat.changes import HeatChange, Subject, Turn
from classifier.heat.policy import Level
from classifier.heat.told import Alert, Call, Teller, Telling
from migrations import upgrade
from models.base import open_engine, open_sessions
from models.cases import Alert as ToldAlert
from models.cases import Case
from models.mentions import Thread
from responders.alerting import LEVELS, AlertPolicy
from tests.builders import NOON, considering, heat

BRAND = "Nuotiopuoti"


def a_change(subject: Subject, level: Level, at: datetime = NOON, thread: int | None = 1) -> HeatChange:
    return HeatChange(
        brand=BRAND,
        subject=subject,
        channel="x" if thread else None,
        thread_id=str(thread) if thread else None,
        at=at,
        turn=Turn.RISEN,
        level=level,
        previous=Level.NONE,
        score=1.0,
        probability=0.5,
        odds=0.0,
        reasons=(),
        topic="7" if subject is Subject.TOPIC else None,
    )


def alerts_of(changes: list[HeatChange]) -> list[Alert]:
    teller = Teller(Telling())
    for change in changes:
        teller.told(change)
    return teller.alerts()


def test_the_same_levels_and_the_same_silence() -> None:
    assert Telling().least.word == AlertPolicy().least_level
    assert Telling().silence == AlertPolicy().silence
    assert [level.word for level in Level] == list(LEVELS)


def test_a_matter_is_told_once_and_again_when_it_grows_worse() -> None:
    hour = timedelta(hours=1)
    levels = [Level.WATCH, Level.WARNING, Level.WARNING, Level.OUTRAGE, Level.WARNING, Level.OUTRAGE]
    changes = [a_change(Subject.THREAD, level, NOON + place * hour) for place, level in enumerate(levels)]
    (alert,) = alerts_of(changes)
    assert alert.calls == (Call(NOON + hour, Level.WARNING), Call(NOON + 3 * hour, Level.OUTRAGE))
    assert (alert.at, alert.level) == (NOON + hour, Level.OUTRAGE)
    assert (alert.subject, alert.key) == (Subject.THREAD, "x 1")


def test_a_topic_and_the_brand_are_matters_of_their_own() -> None:
    changes = [a_change(subject, Level.WARNING, thread=None) for subject in (Subject.TOPIC, Subject.BRAND)]
    assert [(alert.subject, alert.key) for alert in alerts_of(changes)] == [
        (Subject.TOPIC, "7"),
        (Subject.BRAND, BRAND),
    ]


moments = st.tuples(
    st.sampled_from([Subject.THREAD, Subject.BRAND]),
    st.sampled_from([1, 2, None]),
    st.sampled_from(Level),
    st.sampled_from([0.5, 3.0, 11.9, 12.0, 13.0]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(moments, max_size=12))
def test_the_product_calls_people_at_the_same_times(past: list[tuple[Subject, int | None, Level, float]]) -> None:
    engine = open_engine("sqlite://")
    upgrade(engine)
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        session.add_all(
            Thread(channel="x", account="me", external_id=str(id), first_at=NOON, last_at=NOON) for id in (1, 2)
        )
    at, changes = NOON, []
    for subject, thread, level, hours in past:
        at += timedelta(hours=hours)
        thread = thread or (None if subject is Subject.BRAND else 1)
        changes.append(a_change(subject, level, at, thread))
        heat(sessions, thread, level.word, at, brand=subject is Subject.BRAND)
        considering().consider_waiting(sessions=sessions, now=at, wall=at)
    with sessions() as session:
        told = session.execute(
            select(Case.id, ToldAlert.at, ToldAlert.level).join(ToldAlert).order_by(ToldAlert.id)
        ).all()
    engine.dispose()
    calls = sorted(
        (call.at, number, call.level.word) for number, alert in enumerate(alerts_of(changes), 1) for call in alert.calls
    )
    assert calls == [(row.at, row.id, row.level) for row in told]
