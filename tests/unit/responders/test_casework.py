"""Who has a case, and what the staff write down about it: who is second is told, and a double click does nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from migrations import upgrade
from models.audit import AuditEntry
from models.base import Sessions, open_engine, open_sessions
from models.cases import CaseNote, Nudge
from models.jobs import Job, JobKind
from models.states import NoteKind, NudgeKind
from responders.casework import CaseDeeds
from responders.roles import Role
from responders.slack.actions import Outcome, Person
from responders.slack.casework import Closing
from tests.builders import ANNA, MIKAEL, NOON, a_draft, case_deeds, cases, minutes, trail
from tests.fakes import FakeRoles

DAN = Person("U0DAN", "Dan Luoto")
SAID = "Asiakas odottaa soittoa, puh. 040 123 4567"


@pytest.fixture
def case(store: Sessions) -> int:
    return a_draft(store).case_id


def notes(store: Sessions) -> list[CaseNote]:
    with store() as session:
        return list(session.scalars(select(CaseNote).order_by(CaseNote.id)))


def nudges(store: Sessions) -> list[tuple[NudgeKind, str]]:
    with store() as session:
        return [(one.kind, one.to_id) for one in session.scalars(select(Nudge).order_by(Nudge.id))]


def test_a_case_is_taken_and_the_card_is_asked_for(store: Sessions, case: int) -> None:
    with store.begin() as session:
        session.query(Job).delete()
    assert case_deeds(store).take(case, ANNA) == Outcome(True)
    brief = case_deeds(store).brief(case)
    assert brief is not None
    assert (brief.owner_id, brief.owner_name) == ("U0ANNA", "Anna Virta")
    with store() as session:
        assert [(job.kind, job.key) for job in session.scalars(select(Job))] == [(JobKind.SHOW_CARD, str(case))]


def test_who_takes_a_case_twice_does_nothing(store: Sessions, case: int) -> None:
    deeds = case_deeds(store)
    deeds.take(case, ANNA)
    before = trail(store)
    again = deeds.take(case, ANNA)
    assert (again.code, again.by_id) == ("already_assigned", "U0ANNA")
    assert trail(store) == before


def test_who_takes_it_at_the_same_moment_is_told_who_was_first(store: Sessions, case: int) -> None:
    case_deeds(store).take(case, ANNA)
    second = case_deeds(store, NOON + timedelta(seconds=5)).take(case, MIKAEL)
    assert second == Outcome(False, "already_assigned", by="Anna Virta", by_id="U0ANNA", at=NOON)


def test_later_it_is_taken_over_by_who_may_give_cases_out_and_both_are_told(store: Sessions, case: int) -> None:
    roles = FakeRoles({"U0ANNA": Role.APPROVER, "U0MIKAEL": Role.APPROVER, "U0DAN": Role.DRAFTER})
    case_deeds(store, roles=roles).take(case, ANNA)
    later = case_deeds(store, NOON + minutes(5), roles=roles)
    assert later.take(case, DAN).code == "already_assigned"
    assert later.take(case, MIKAEL) == Outcome(True, "taken_from", by="Anna Virta", by_id="U0ANNA")
    assert nudges(store) == [(NudgeKind.TAKEN, "U0ANNA")]


def test_a_case_is_given_to_a_colleague_who_is_told(store: Sessions, case: int) -> None:
    deeds = case_deeds(store)
    assert deeds.assign(case, MIKAEL, "Varasto", ANNA).ok
    brief = deeds.brief(case)
    assert brief is not None
    assert (brief.owner_id, brief.team) == ("U0MIKAEL", "Varasto")
    assert nudges(store) == [(NudgeKind.GIVEN, "U0MIKAEL")]
    assert deeds.assign(case, MIKAEL, "Varasto", ANNA).by_id == "U0ANNA"  # the same press
    assert deeds.assign(case, None, "Laskutus", DAN).code == "already_assigned"  # at the same moment
    assert case_deeds(store, NOON + minutes(5)).assign(case, None, "Laskutus", DAN).ok
    with store() as session:
        line = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert line is not None
    assert (line.action, line.actor, line.detail["was"], line.detail["team"]) == (
        "case.assigned", "U0DAN", "U0MIKAEL", "Laskutus",
    )  # fmt: skip


def test_a_case_is_given_to_nobody_who_could_not_work_on_it(store: Sessions, case: int) -> None:
    roles = FakeRoles({"U0ANNA": Role.APPROVER, "U0MIKAEL": Role.VIEWER})
    deeds = case_deeds(store, roles=roles)
    assert deeds.assign(case, MIKAEL, None, ANNA) == Outcome(False, "owner_may_not", by="Mikael Öst")
    assert deeds.assign(case, None, "Keittiö", ANNA).code == "unknown_team"
    assert deeds.ask(case, DAN, "Tiedätkö?", ANNA) == Outcome(False, "colleague_may_not", by="Dan Luoto")


def test_notes_and_calls_are_kept_once_however_often_slack_delivers_them(store: Sessions, case: int) -> None:
    deeds = case_deeds(store)
    for _ in range(2):
        assert deeds.note(case, f" {SAID} ", ANNA).ok
        assert deeds.log_call(case, 7, "", ANNA).ok
    assert deeds.note(case, SAID, MIKAEL).ok
    kept = [(one.kind, one.text, one.by_id, one.minutes) for one in notes(store)]
    assert kept == [
        (NoteKind.NOTE, SAID, "U0ANNA", None),
        (NoteKind.CALL, "", "U0ANNA", 7),
        (NoteKind.NOTE, SAID, "U0MIKAEL", None),
    ]
    assert case_deeds(store, NOON + minutes(11)).note(case, SAID, ANNA).ok
    assert len(notes(store)) == 4


@pytest.mark.parametrize(
    ("text", "code"), [("  ", "empty"), ("x" * 3001, "over_length")], ids=["empty", "longer than Slack's field"]
)
def test_what_cannot_be_a_note_is_said(store: Sessions, case: int, text: str, code: str) -> None:
    deeds = case_deeds(store)
    assert deeds.note(case, text, ANNA).code == code
    assert deeds.ask(case, MIKAEL, text, ANNA).code == code
    assert deeds.log_call(case, 0, text, ANNA).code == code
    assert deeds.log_call(case, -1, "Soitto", ANNA).code == "too_far"
    assert notes(store) == []


def test_a_question_reaches_the_colleague_and_its_answer_who_asked(store: Sessions, case: int) -> None:
    deeds = case_deeds(store, roles=FakeRoles({"U0ANNA": Role.DRAFTER, "U0MIKAEL": Role.VIEWER, "U0DAN": Role.VIEWER}))
    assert deeds.ask(case, MIKAEL, "Onko hyvitetty?", ANNA).ok
    [question] = notes(store)
    assert deeds.answer(question.id, "On", DAN).code == "not_allowed"
    assert deeds.answer(question.id, "On, eilen", MIKAEL).ok  # who was asked may, whatever their role
    assert deeds.answer(question.id, "On, eilen", MIKAEL).by_id == "U0MIKAEL"
    second = deeds.answer(question.id, "Ei", ANNA)
    assert second == Outcome(False, "already_answered", by="Mikael Öst", by_id="U0MIKAEL", at=NOON)
    assert nudges(store) == [(NudgeKind.QUESTION, "U0MIKAEL"), (NudgeKind.ANSWER, "U0ANNA")]
    brief = deeds.brief(case)
    assert brief is not None
    assert [(one.kind, one.text, one.answers) for one in brief.notes] == [
        (NoteKind.QUESTION, "Onko hyvitetty?", None), (NoteKind.ANSWER, "On, eilen", question.id),
    ]  # fmt: skip
    assert deeds.answer(404, "?", ANNA).code == "not_found"


def test_the_trail_holds_no_word_of_what_people_wrote(store: Sessions, case: int) -> None:
    deeds = case_deeds(store)
    deeds.note(case, SAID, ANNA)
    deeds.log_call(case, 3, SAID, ANNA)
    deeds.ask(case, MIKAEL, SAID, ANNA)
    deeds.close(case, Closing(True, True, False, SAID), ANNA)
    with store() as session:
        lines = session.scalars(select(AuditEntry)).all()
    assert not [line for line in lines if "040" in str(line.detail) or "Virta" in str(line.detail)]
    assert trail(store)[-4:] == ["case.call_logged", "case.asked", "reply.superseded", "case.closed"]


DEEDS: dict[str, Callable[[CaseDeeds, int, Person], Outcome]] = {
    "take": lambda deeds, case, who: deeds.take(case, who),
    "assign": lambda deeds, case, who: deeds.assign(case, who, None, who),
    "note": lambda deeds, case, who: deeds.note(case, SAID, who),
    "call": lambda deeds, case, who: deeds.log_call(case, 3, SAID, who),
    "ask": lambda deeds, case, who: deeds.ask(case, ANNA, SAID, who),
    "snooze": lambda deeds, case, who: deeds.snooze(case, NOON + minutes(60), who),
    "wake": lambda deeds, case, who: deeds.wake(case, who),
    "close": lambda deeds, case, who: deeds.close(case, Closing(True, None, None, "Hoidettu"), who),
    "reopen": lambda deeds, case, who: deeds.reopen(case, who),
    "link": lambda deeds, case, who: deeds.link(case, 1001, who),
    "write": lambda deeds, case, who: deeds.write(case, "Hei!", who),
    "by hand": lambda deeds, case, who: deeds.answered_by_hand(case, who),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_who_was_taken_out_may_do_nothing_from_then_on(
    store: Sessions, case: int, deed: Callable[[CaseDeeds, int, Person], Outcome]
) -> None:
    roles = FakeRoles({"U0ANNA": Role.ADMIN, "U0MIKAEL": Role.ADMIN})
    deeds = case_deeds(store, roles=roles)
    deeds.take(case, MIKAEL)
    del roles.given["U0MIKAEL"]
    before = trail(store)
    assert deed(deeds, case, MIKAEL).code in ("not_allowed", "owner_may_not")
    roles.unknown = True
    assert deed(deeds, case, ANNA).code in ("role_unknown", "owner_may_not", "colleague_may_not")
    assert trail(store) == before


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_a_case_that_is_not_there_is_said(store: Sessions, deed: Callable[[CaseDeeds, int, Person], Outcome]) -> None:
    assert deed(case_deeds(store), 404, ANNA).code == "not_found"
    assert case_deeds(store).brief(404) is None
    assert case_deeds(store).numbered(404) is None


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Sessions]:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


@pytest.mark.parametrize("name", ["take", "snooze", "close", "link", "by hand"])
def test_of_six_people_at_once_one_does_it(on_disk: Sessions, name: str) -> None:
    a_draft(on_disk)
    case = a_draft(on_disk).case_id
    number = cases(on_disk)[0].number
    deeds, barrier, outcomes = case_deeds(on_disk), threading.Barrier(6), []

    def act(who: Person) -> None:
        barrier.wait()
        outcomes.append(deeds.link(case, number, who) if name == "link" else DEEDS[name](deeds, case, who))

    threads = [threading.Thread(target=act, args=(Person(f"U{n}", f"Henkilö {n}"),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.ok for outcome in outcomes) == [False] * 5 + [True]
    assert all(outcome.code.startswith("already_") and outcome.by for outcome in outcomes if not outcome.ok)
