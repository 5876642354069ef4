"""Alerts are graded from the store, once, when their outcome can be told; a person's word stands above it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from classifier.grading import grade_alerts, raised
from classifier.heat.outcome import OutrageRule
from listener.posts import Author, Post
from models.audit import AuditEntry
from models.base import Sessions
from models.cases import OUTCOME, Alert, Case
from models.jobs import Job, JobKind
from models.mentions import Thread
from models.numbering import next_case_number
from responders.grading import Grading
from responders.roles import Everybody
from tests.builders import ANNA, NOON, a_comment, cases, judge_all, minutes, store_posts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGAN = NOON - 3 * DAY
RULE = OutrageRule()


def people(count: int, began: datetime, every: timedelta, thread: str) -> Iterable[Post]:
    for place in range(count):
        who = Author(f"{thread}-{place}", "Somebody", None, 10)
        yield a_comment(f"{thread} {place}", author=who, thread_id=thread, created_at=began + place * every)


def a_past(store: Sessions, *, angry: bool = True) -> int:
    """A quiet fortnight, then a thread that sixty people join within three hours; returns the thread's id."""
    store_posts(store, *people(40, BEGAN - 14 * DAY, 8 * HOUR, "quiet"))
    judge_all(store, negative=0.1)
    store_posts(store, *people(60, BEGAN, minutes(3), "fire"))
    judge_all(store, negative=0.9 if angry else 0.1)
    with store() as session:
        return session.scalars(select(Thread.id).order_by(Thread.id.desc())).first() or 0


def an_alert(store: Sessions, at: datetime, matter: str, thread_id: int | None = None) -> int:
    with store.begin() as session:
        case = Case(
            number=next_case_number(session), matter=f"{matter}#1", kind="alert", brand="Nuotiopuoti",
            thread_id=thread_id, level="warning", opened_at=at,
            changed_at=at, reasons=[],
        )  # fmt: skip
        session.add(case)
        session.flush()
        session.add(Alert(case_id=case.id, level="warning", score=2.0, probability=0.6, reasons=[], at=at))
        return case.id


def graded(store: Sessions, now: datetime = NOON) -> int:
    return grade_alerts(sessions=store, brand="Nuotiopuoti", rule=RULE, now=now, wall=now, again_s=3600)


def the_alert(store: Sessions) -> Alert:
    with store() as session:
        return session.scalars(select(Alert)).one()


def jobs(store: Sessions) -> dict[JobKind, tuple[str, datetime]]:
    with store() as session:
        return {job.kind: (job.key, job.run_at) for job in session.scalars(select(Job))}


def test_an_alert_in_time_is_right_and_its_lead_is_kept(store: Sessions) -> None:
    thread = a_past(store)
    case = an_alert(store, BEGAN + minutes(30), f"alert:thread:{thread}", thread)
    assert graded(store) == 1
    alert = the_alert(store)
    assert (alert.grade, alert.outcome, alert.grade_by, alert.graded_at) == ("right", "right", OUTCOME, NOON)
    assert alert.lead_minutes is not None
    assert 50 <= alert.lead_minutes <= 65
    with store() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "alert.graded")).one()
    assert (line.actor, line.case_id, line.detail["grade"]) == ("palovahti", case, "right")
    assert jobs(store)[JobKind.SHOW_CARD] == (str(case), NOON)
    assert jobs(store)[JobKind.GRADE_ALERTS] == ("", NOON + HOUR)


def test_an_alert_about_much_talk_is_benign_and_one_about_nothing_is_false(store: Sessions) -> None:
    a_past(store, angry=False)
    an_alert(store, BEGAN + minutes(30), "alert:brand:Nuotiopuoti")
    assert graded(store) == 1
    assert (the_alert(store).grade, the_alert(store).lead_minutes) == ("benign", None)


def test_a_thread_that_has_nothing_to_do_with_it_is_false(store: Sessions) -> None:
    thread = a_past(store, angry=False)
    an_alert(store, BEGAN - 5 * DAY, f"alert:thread:{thread - 1}", thread - 1)
    assert graded(store) == 1
    assert the_alert(store).grade == "false"


def test_before_a_day_is_over_nothing_is_said(store: Sessions) -> None:
    a_past(store)
    an_alert(store, BEGAN + minutes(30), "alert:brand:Nuotiopuoti")
    assert graded(store, BEGAN + DAY) == 0
    assert the_alert(store).outcome is None
    assert graded(store, BEGAN + DAY + minutes(30)) == 1


def test_grading_twice_changes_nothing(store: Sessions) -> None:
    a_past(store)
    an_alert(store, BEGAN + minutes(30), "alert:brand:Nuotiopuoti")
    assert graded(store) == 1
    first = the_alert(store).graded_at
    assert graded(store, NOON + DAY) == 0
    assert the_alert(store).graded_at == first
    with store() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "alert.graded")).all()) == 1


def test_a_persons_word_stands_and_the_outcome_is_kept_beside_it(store: Sessions) -> None:
    a_past(store)
    case = an_alert(store, BEGAN + minutes(30), "alert:brand:Nuotiopuoti")
    said = Grading(
        sessions=store, clock=lambda: BEGAN + HOUR, wall=lambda: NOON, roles=Everybody(), language="fi"
    ).grade(case, False, ANNA)
    assert said.ok
    assert graded(store) == 1
    alert = the_alert(store)
    assert (alert.grade, alert.grade_by, alert.graded_at) == ("false", ANNA.id, BEGAN + HOUR)
    assert alert.outcome == "right"
    assert alert.lead_minutes is not None


def test_many_weeks_are_graded_a_week_at_a_time(store: Sessions) -> None:
    a_past(store)
    for back in (30, 20, 10):
        an_alert(store, NOON - back * DAY, f"alert:thread:{back}")
    assert graded(store) == 1
    assert jobs(store)[JobKind.GRADE_ALERTS] == ("", NOON)  # at once
    assert [graded(store), graded(store), graded(store)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ("alert:brand:Nuotio: puoti #1", ("brand", "Nuotio: puoti #1")),
        ("alert:topic:17", ("topic", "17")),
        ("alert:thread:99", ("thread", None)),
    ],
)
def test_what_an_alert_is_about_is_read_from_its_matter(
    store: Sessions, matter: str, expected: tuple[str, str | None]
) -> None:
    an_alert(store, NOON, matter)
    with store() as session:
        (found,) = raised(session, NOON, NOON)
    assert (found.subject, found.key) == expected


def test_a_threads_alert_names_it_as_the_fires_do(store: Sessions) -> None:
    thread = a_past(store)
    an_alert(store, NOON, f"alert:thread:{thread}", thread)
    with store() as session:
        (found,) = raised(session, NOON, NOON)
    assert found.key == f"facebook {thread}"
    assert cases(store)[0].id == found.case_id
