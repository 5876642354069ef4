"""A person's word on an alert: the first counts, for every alert of the card, and the card tells it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from migrations import upgrade
from models.audit import AuditEntry
from models.base import Sessions, open_engine, open_sessions
from models.cases import OUTCOME, Alert
from models.jobs import Job, JobKind
from models.states import Grade
from responders.grading import Grading, grade_of
from responders.roles import Everybody
from responders.slack.actions import Outcome, Person
from responders.slack.views import GradeView
from tests.builders import ANNA, MIKAEL, NOON, cases, consider, drawing, heat, minutes, trail

LATER = NOON + minutes(5)


def grading(store: Sessions) -> Grading:
    return Grading(sessions=store, clock=lambda: LATER, wall=lambda: LATER, roles=Everybody(), language="fi")


def a_case(store: Sessions) -> int:
    """A brand's alert that was raised and then grew worse."""
    for level in ("warning", "outrage"):
        heat(store, None, level, brand=True)
        consider(store)
    return cases(store)[0].id


def alerts(store: Sessions) -> list[Alert]:
    with store() as session:
        return list(session.scalars(select(Alert).order_by(Alert.id)))


def the_grade(store: Sessions, case: int) -> GradeView | None:
    with store() as session:
        return grade_of(session, case)


def put_grades(store: Sessions, *grades: str, lead: int | None = None) -> None:
    with store.begin() as session:
        for alert, grade in zip(session.scalars(select(Alert).order_by(Alert.id)), grades, strict=True):
            alert.grade = alert.outcome = grade
            alert.grade_by, alert.graded_at, alert.lead_minutes = OUTCOME, NOON, lead


@pytest.mark.parametrize(("right", "grade"), [(True, "right"), (False, "false")])
def test_one_click_grades_every_alert_of_the_card(store: Sessions, right: bool, grade: str) -> None:
    case = a_case(store)
    assert grading(store).grade(case, right, ANNA) == Outcome(True)
    for alert in alerts(store):
        assert (alert.grade, alert.grade_by, alert.grade_by_name) == (grade, "U0ANNA", "Anna Virta")
        assert alert.graded_at == LATER
        assert alert.outcome is None
    with store() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "alert.graded")).one()
        job = session.scalars(select(Job).where(Job.kind == JobKind.SHOW_CARD, Job.key == str(case))).one()
    assert (line.actor, line.case_id, line.at, line.detail) == ("U0ANNA", case, LATER, {"grade": grade})
    assert job.urgent
    assert the_grade(store, case) == GradeView(Grade(grade), LATER, "Anna Virta")


def test_the_second_click_changes_nothing_and_is_told_who_was_first(store: Sessions) -> None:
    case = a_case(store)
    assert grading(store).grade(case, True, ANNA).ok
    told = Outcome(False, "already_graded", by="Anna Virta", by_id="U0ANNA", at=LATER)
    for right, who in ((False, MIKAEL), (True, ANNA), (False, ANNA)):
        assert grading(store).grade(case, right, who) == told
    assert {alert.grade for alert in alerts(store)} == {"right"}
    assert trail(store).count("alert.graded") == 1


def test_a_persons_word_beats_what_looking_back_said(store: Sessions) -> None:
    case = a_case(store)
    put_grades(store, "false", "benign")
    assert grading(store).grade(case, True, ANNA).ok
    assert {(alert.grade, alert.grade_by) for alert in alerts(store)} == {("right", "U0ANNA")}
    assert [alert.outcome for alert in alerts(store)] == ["false", "benign"]


def test_an_alert_raised_after_the_word_leaves_it_standing(store: Sessions) -> None:
    case = a_case(store)
    assert grading(store).grade(case, False, ANNA).ok
    with store.begin() as session:
        session.add(
            Alert(case_id=case, level="outrage", score=5, probability=0.9, reasons=[], at=LATER, grade="right",
                  grade_by=OUTCOME, graded_at=LATER, outcome="right")
        )  # fmt: skip
    assert the_grade(store, case) == GradeView(Grade.FALSE, LATER, "Anna Virta")
    assert grading(store).grade(case, True, MIKAEL).code == "already_graded"


def test_of_several_outcomes_the_best_is_shown(store: Sessions) -> None:
    case = a_case(store)
    assert the_grade(store, case) is None
    put_grades(store, "false", "late", lead=-30)
    assert the_grade(store, case) == GradeView(Grade.LATE, NOON, None, -30)


def test_a_card_that_is_no_alert_cannot_be_graded(store: Sessions) -> None:
    assert grading(store).grade(99, True, ANNA) == Outcome(False, "alert_not_found")
    assert trail(store) == []


def test_the_card_shows_it(store: Sessions) -> None:
    case = a_case(store)
    assert grading(store).grade(case, True, ANNA).ok
    with store() as session:
        card = drawing().draw(session, cases(store)[0], LATER)
    assert "Anna Virta merkitsi: oikea hälytys" in str(card.blocks)


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Sessions]:
    engine = open_engine(f"sqlite:///{tmp_path}/shop.db")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


def test_of_two_people_at_once_one_is_first(file_store: Sessions) -> None:
    case = a_case(file_store)
    start, outcomes = threading.Barrier(2), []

    def click(right: bool, who: Person) -> None:
        start.wait()
        outcomes.append(grading(file_store).grade(case, right, who))

    clicks = [threading.Thread(target=click, args=one) for one in ((True, ANNA), (False, MIKAEL))]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert sorted(outcome.code for outcome in outcomes) == ["", "already_graded"]
    assert len({(alert.grade, alert.grade_by) for alert in alerts(file_store)}) == 1
    assert trail(file_store).count("alert.graded") == 1
