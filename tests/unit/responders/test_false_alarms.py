"""A false alarm cools and closes with that for a reason, unless somebody's complaint would be lost with it."""

from __future__ import annotations

from models.base import Sessions
from models.states import CaseState, ReplyState
from responders.grading import Grading
from responders.roles import Role, Roles
from responders.slack.actions import Outcome
from tests.builders import (
    ANNA,
    MIKAEL,
    NOON,
    a_comment,
    case_deeds,
    cases,
    consider,
    heat,
    minutes,
    replies,
    store_posts,
)
from tests.fakes import FakeRoles

STAFF = FakeRoles({"U0ANNA": Role.VIEWER, "U0MIKAEL": Role.APPROVER})


def grade(store: Sessions, right: bool = False, who: object = MIKAEL, roles: Roles = STAFF) -> Outcome:
    at = NOON + minutes(30)
    grading = Grading(sessions=store, clock=lambda: at, wall=lambda: at, roles=roles, language="sv")
    return grading.grade(cases(store, "alert")[0].id, right, who)  # type: ignore[arg-type]


def an_alert(store: Sessions, *texts: str) -> None:
    for number, text in enumerate(texts):
        store_posts(store, a_comment(text, external_id=f"c{number}"))
    heat(store, 1, "warning")
    consider(store)


def test_a_false_alarm_is_cooled_and_closed_with_that_for_a_reason(store: Sessions) -> None:
    heat(store, None, "warning", brand=True)
    consider(store)
    assert grade(store) == Outcome(True)
    [case] = cases(store)
    assert (case.level, case.state, case.closed_reason, case.closed_by) == (
        "watch", CaseState.CLOSED, "Falskt larm", "U0MIKAEL",
    )  # fmt: skip
    assert grade(store, who=ANNA).code == "already_graded"


def test_while_a_complaint_waits_in_its_thread_it_stays_open_and_says_so(store: Sessions) -> None:
    an_alert(store, "Surkea kauppa!", "Kiitos!")
    assert grade(store) == Outcome(True, "complaints_wait")
    [alert] = cases(store, "alert")
    assert (alert.level, alert.state) == ("watch", CaseState.OPEN)
    assert [one.state for one in replies(store)] == [ReplyState.DRAFTED]


def test_once_they_are_answered_it_closes(store: Sessions) -> None:
    an_alert(store, "Surkea kauppa!")
    case_deeds(store, NOON + minutes(9)).answered_by_hand(cases(store, "alert")[0].id, MIKAEL)
    assert grade(store) == Outcome(True)
    assert cases(store, "alert")[0].state is CaseState.CLOSED


def test_who_may_only_read_grades_and_settles_nothing(store: Sessions) -> None:
    heat(store, None, "warning", brand=True)
    consider(store)
    assert grade(store, who=ANNA) == Outcome(True)
    assert (cases(store)[0].level, cases(store)[0].state) == ("warning", CaseState.OPEN)
    assert grade(store, roles=FakeRoles()).code == "not_allowed"


def test_a_right_alarm_settles_nothing(store: Sessions) -> None:
    heat(store, None, "warning", brand=True)
    consider(store)
    assert grade(store, right=True) == Outcome(True)
    assert cases(store)[0].state is CaseState.OPEN
