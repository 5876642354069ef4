"""How cases rest, end, are opened again and stand for each other: a complaint never ends in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from listener.posts import Author
from models.base import Sessions
from models.cases import Case, Nudge, Reply
from models.jobs import Job, JobKind
from models.mentions import Mention
from models.replies import move_case
from models.states import CaseState, NudgeKind, ReplyState
from responders.casework_resting import wake_cases
from responders.closed_check import check_closed, next_check
from responders.complaints import closed_unanswered
from responders.slack.actions import Outcome
from responders.slack.casework import CaseBrief, Closing
from tests.builders import (
    ANNA,
    MIKAEL,
    NOON,
    a_comment,
    a_dm,
    a_draft,
    a_post,
    approvals,
    case_deeds,
    cases,
    consider,
    drawing,
    heat,
    mentions,
    minutes,
    put_reply,
    replies,
    store_posts,
    the_reply,
    trail,
)

SURKEA = "Surkea kauppa, missä pakettini on?"
KERTTU = Author("7003", "Kerttu Aalto", "kerttua", 40)
SILENT = Closing(handled=True, justified=True, compensated=False)
HOUR = timedelta(hours=1)


def brief(store: Sessions, case: int) -> CaseBrief:
    found = case_deeds(store).brief(case)
    assert found is not None
    return found


def a_complaint(store: Sessions, text: str = SURKEA, **named: object) -> Reply:
    return a_draft(store, a_post(text, **named))


# Closing ------------------------------------------------------------------------------------------------------------


def test_a_complaint_that_nobody_answered_ends_only_with_a_written_reason(store: Sessions) -> None:
    draft = a_complaint(store)
    deeds = case_deeds(store)
    assert brief(store, draft.case_id).complaint
    assert deeds.close(draft.case_id, SILENT, ANNA) == Outcome(False, "needs_reason", field="reason")
    reasoned = Closing(handled=False, justified=None, compensated=None, reason=" Sama henkilö pilailee ")
    assert deeds.close(draft.case_id, reasoned, ANNA).ok
    [case] = cases(store)
    assert (case.state, case.closed_reason, case.closed_by, case.closed_at) == (
        CaseState.CLOSED, "Sama henkilö pilailee", "U0ANNA", NOON,
    )  # fmt: skip
    assert (case.handled, case.justified, case.compensated) == (False, None, None)
    assert the_reply(store, draft.id).state is ReplyState.SUPERSEDED
    assert deeds.close(draft.case_id, reasoned, MIKAEL) == Outcome(
        False, "already_closed", by="Anna Virta", by_id="U0ANNA", at=NOON
    )


def test_one_that_was_answered_ends_without_a_reason_and_its_three_answers_are_kept_apart(store: Sessions) -> None:
    draft = a_complaint(store)
    deeds = case_deeds(store)
    assert deeds.answered_by_hand(draft.case_id, ANNA).ok
    assert deeds.close(draft.case_id, Closing(True, False, True), ANNA).ok
    [case] = cases(store)
    assert (case.handled, case.justified, case.compensated, case.closed_reason) == (True, False, True, None)
    assert brief(store, case.id).answered


def test_a_plain_question_ends_without_a_reason(store: Sessions) -> None:
    draft = a_draft(store, a_post("Onko tätä koossa 42?"))
    assert not brief(store, draft.case_id).complaint
    assert case_deeds(store).close(draft.case_id, SILENT, ANNA).ok


def test_what_the_customer_writes_after_an_answer_needs_another(store: Sessions) -> None:
    draft = a_draft(store, a_dm(SURKEA))
    case_deeds(store).answered_by_hand(draft.case_id, ANNA)
    store_posts(store, a_dm("Eikö tähän vastata?", created_at=NOON + HOUR), at=NOON + HOUR)
    consider(store, NOON + HOUR)
    assert case_deeds(store).close(draft.case_id, SILENT, ANNA).code == "needs_reason"


@pytest.mark.parametrize("state", [ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED])
def test_nothing_ends_while_a_reply_is_on_its_way(store: Sessions, state: ReplyState) -> None:
    draft = a_complaint(store)
    other = a_complaint(store)
    put_reply(store, draft.id, state)
    deeds, reason = case_deeds(store), Closing(True, None, None, "Hoidettu")
    assert deeds.close(draft.case_id, reason, ANNA).code == "reply_in_flight"
    assert deeds.link(draft.case_id, cases(store)[1].number, ANNA).code == "reply_in_flight"
    assert deeds.link(other.case_id, cases(store)[0].number, ANNA).code == "reply_in_flight"
    assert deeds.write(draft.case_id, "Hei!", ANNA).code == "reply_in_flight"
    assert deeds.answered_by_hand(draft.case_id, ANNA).code == "reply_in_flight"


def test_a_case_that_is_opened_again_waits_with_a_draft(store: Sessions) -> None:
    draft = a_complaint(store)
    deeds = case_deeds(store)
    deeds.close(draft.case_id, Closing(True, None, None, "Hoidettu"), ANNA)
    assert deeds.reopen(draft.case_id, MIKAEL).ok
    assert deeds.reopen(draft.case_id, MIKAEL).code == "already_open"
    assert brief(store, draft.case_id).state is CaseState.OPEN
    assert [one.state for one in replies(store)] == [ReplyState.SUPERSEDED, ReplyState.DRAFTED]
    assert deeds.close(draft.case_id, SILENT, ANNA).code == "needs_reason"  # the old reason was for then


def test_the_nightly_look_finds_what_was_closed_in_silence(store: Sessions, caplog: pytest.LogCaptureFixture) -> None:
    draft = a_complaint(store)
    zone = drawing().zone
    assert check_closed(sessions=store, zone=zone, wall=NOON) == []
    with store.begin() as session:  # as no door of the product allows
        move_case(session, session.get_one(Case, draft.case_id), CaseState.CLOSED, at=NOON)
    number = cases(store)[0].number
    assert check_closed(sessions=store, zone=zone, wall=NOON) == [number]
    assert f"numbers=[{number}]" in caplog.text
    with store() as session:
        [job] = session.scalars(select(Job).where(Job.kind == JobKind.CHECK_CLOSED))
        assert job.run_at == next_check(NOON, zone)
        assert closed_unanswered(session) == [number]


# Resting ------------------------------------------------------------------------------------------------------------


def test_a_snoozed_case_wakes_by_itself_and_who_put_it_off_is_told(store: Sessions) -> None:
    draft = a_complaint(store)
    assert case_deeds(store).snooze(draft.case_id, NOON + HOUR, ANNA).ok
    assert brief(store, draft.case_id).snoozed_until == NOON + HOUR
    assert wake_cases(sessions=store, now=NOON + minutes(59), wall=NOON) == 0
    with store() as session:
        [job] = session.scalars(select(Job).where(Job.kind == JobKind.WAKE_CASES))
        assert job.run_at == NOON + minutes(1)
    with store.begin() as session:
        session.query(Job).delete()
    assert wake_cases(sessions=store, now=NOON + HOUR, wall=NOON) == 1
    assert brief(store, draft.case_id).snoozed_until is None
    with store() as session:
        assert {job.kind for job in session.scalars(select(Job))} == {JobKind.SHOW_CARD, JobKind.NUDGE}
        assert [(one.kind, one.to_id) for one in session.scalars(select(Nudge))] == [(NudgeKind.WOKEN, "U0ANNA")]


def test_a_new_message_wakes_it_at_once(store: Sessions) -> None:
    draft = a_draft(store, a_dm(SURKEA))
    case_deeds(store).snooze(draft.case_id, NOON + HOUR, ANNA)
    store_posts(store, a_dm("Haloo?", created_at=NOON + minutes(5)))
    consider(store, NOON + minutes(5))
    assert brief(store, draft.case_id).snoozed_until is None
    assert "case.woken" in trail(store)


def test_an_alert_that_grows_wakes_and_an_outrage_is_not_put_off(store: Sessions) -> None:
    heat(store, None, "warning", brand=True)
    consider(store)
    [case] = cases(store)
    deeds = case_deeds(store)
    assert deeds.snooze(case.id, NOON + HOUR, ANNA).ok
    heat(store, None, "outrage", brand=True)
    consider(store)
    assert brief(store, case.id).snoozed_until is None
    assert deeds.snooze(case.id, NOON + HOUR, ANNA).code == "outrage"


def test_who_snoozes_second_is_told_and_anybody_may_change_it_later(store: Sessions) -> None:
    draft = a_complaint(store)
    deeds = case_deeds(store)
    assert deeds.snooze(draft.case_id, NOON, ANNA).code == "not_future"
    assert deeds.snooze(draft.case_id, NOON + timedelta(days=61), ANNA).code == "too_far"
    deeds.snooze(draft.case_id, NOON + HOUR, ANNA)
    told = Outcome(False, "already_snoozed", by="Anna Virta", by_id="U0ANNA", at=NOON)
    assert deeds.snooze(draft.case_id, NOON + 2 * HOUR, MIKAEL) == told
    assert case_deeds(store, NOON + minutes(2)).snooze(draft.case_id, NOON + 2 * HOUR, MIKAEL).ok
    assert deeds.wake(draft.case_id, ANNA).ok
    assert deeds.wake(draft.case_id, ANNA).code == "already_open"


def test_an_answer_ends_the_rest(store: Sessions) -> None:
    draft = a_complaint(store)
    case_deeds(store).snooze(draft.case_id, NOON + HOUR, ANNA)
    approvals(store).by_hand(draft.id, 1, ANNA)
    assert brief(store, draft.case_id).snoozed_until is None


# The same matter -----------------------------------------------------------------------------------------------------


@pytest.fixture
def two(store: Sessions) -> tuple[Case, Case]:
    """Kerttu on X and Aino in private complain of the same."""
    a_draft(store, a_post(SURKEA, author=KERTTU, external_id="k1"))
    a_draft(store, a_dm(SURKEA))
    first, second = cases(store)
    return first, second


def test_a_linked_case_ends_and_both_numbers_find_it(store: Sessions, two: tuple[Case, Case]) -> None:
    first, second = two
    deeds = case_deeds(store)
    deeds.note(second.id, "Sama perhe", ANNA)
    assert deeds.link(second.id, first.number, ANNA).ok
    linked = deeds.numbered(second.number)
    assert linked is not None
    assert (linked.state, linked.same_as) == (CaseState.CLOSED, first.number)
    head = deeds.numbered(first.number)
    assert head is not None
    assert [one.text for one in head.notes] == ["Sama perhe"]
    assert [one.state for one in replies(store)] == [ReplyState.DRAFTED, ReplyState.SUPERSEDED]
    assert deeds.link(second.id, first.number, MIKAEL) == Outcome(
        False, "already_linked", by="Anna Virta", by_id="U0ANNA", at=NOON
    )


def test_what_its_customer_writes_goes_to_the_other(store: Sessions, two: tuple[Case, Case]) -> None:
    first, second = two
    case_deeds(store).link(second.id, first.number, ANNA)
    case_deeds(store).answered_by_hand(first.id, ANNA)
    store_posts(store, a_dm("Surkeaa, ei vieläkään mitään", created_at=NOON + HOUR), at=NOON + HOUR)
    consider(store, NOON + HOUR)
    head, linked = cases(store)
    assert (head.state, linked.state) == (CaseState.OPEN, CaseState.CLOSED)
    assert head.mention_id == mentions(store)[-1].id
    [draft] = [one for one in replies(store) if one.state is ReplyState.DRAFTED]
    assert (draft.case_id, draft.mention_id) == (first.id, head.mention_id)
    assert len(cases(store)) == 2


def test_a_link_to_a_linked_case_goes_to_its_head_and_never_round(store: Sessions, two: tuple[Case, Case]) -> None:
    first, second = two
    third = a_complaint(store, author=Author("7009", "Olli", "olli")).case_id
    deeds = case_deeds(store)
    deeds.link(second.id, first.number, ANNA)
    assert deeds.link(third, second.number, ANNA).ok
    assert [case.same_as for case in cases(store)] == [None, first.id, first.id]
    assert deeds.link(first.id, second.number, ANNA).code == "same_case"
    assert deeds.link(first.id, first.number, ANNA).code == "same_case"
    assert deeds.link(first.id, 404, ANNA).code == "unknown_case"


def test_a_complaint_that_waits_opens_the_settled_case_that_stands_for_it(
    store: Sessions, two: tuple[Case, Case]
) -> None:
    first, second = two
    deeds = case_deeds(store)
    deeds.answered_by_hand(first.id, ANNA)
    deeds.close(first.id, SILENT, ANNA)
    assert deeds.link(second.id, first.number, ANNA).ok
    assert brief(store, first.id).state is CaseState.OPEN
    assert deeds.close(first.id, SILENT, ANNA).code == "needs_reason"
    with store() as session:
        assert closed_unanswered(session) == []


def test_a_question_left_to_a_settled_case_lets_it_rest(store: Sessions) -> None:
    first = a_draft(store, a_post(SURKEA, author=KERTTU)).case_id
    second = a_draft(store, a_post("Onko tätä koossa 42?")).case_id
    deeds = case_deeds(store)
    deeds.answered_by_hand(first, ANNA)
    assert deeds.link(second, cases(store)[0].number, ANNA).ok
    assert brief(store, first).state is CaseState.ANSWERED


@pytest.fixture
def answered_under_a_closed_question(store: Sessions) -> int:
    """A question was closed; a complaint that has its answer is linked to it."""
    question = a_draft(store, a_post("Onko tätä koossa 42?", author=KERTTU)).case_id
    complaint = a_draft(store, a_dm(SURKEA)).case_id
    deeds = case_deeds(store)
    assert deeds.close(question, SILENT, ANNA).ok
    assert deeds.answered_by_hand(complaint, ANNA).ok
    assert deeds.link(complaint, cases(store)[0].number, ANNA).ok
    return question


def test_a_complaint_that_has_its_answer_lets_the_closed_case_rest(
    store: Sessions, answered_under_a_closed_question: int
) -> None:
    assert brief(store, answered_under_a_closed_question).state is CaseState.CLOSED
    with store() as session:
        assert closed_unanswered(session) == []


def test_who_complains_again_under_another_case_is_not_left_in_silence(
    store: Sessions, answered_under_a_closed_question: int
) -> None:
    store_posts(store, a_dm("Surkeaa, ei vieläkään mitään", created_at=NOON + HOUR), at=NOON + HOUR)
    consider(store, NOON + HOUR)
    assert brief(store, answered_under_a_closed_question).state is CaseState.OPEN
    assert case_deeds(store).close(answered_under_a_closed_question, SILENT, ANNA).code == "needs_reason"


def test_a_case_that_is_opened_again_stands_for_itself(store: Sessions, two: tuple[Case, Case]) -> None:
    first, second = two
    deeds = case_deeds(store)
    deeds.link(second.id, first.number, ANNA)
    assert deeds.reopen(second.id, ANNA).ok
    assert brief(store, second.id).same_as is None
    assert brief(store, second.id).state is CaseState.OPEN


def test_an_alert_never_stands_under_one_customers_case(store: Sessions) -> None:
    contact = a_complaint(store).case_id
    heat(store, None, "warning", brand=True)
    consider(store)
    alert = cases(store, "alert")[0]
    deeds = case_deeds(store)
    assert deeds.link(alert.id, cases(store)[0].number, ANNA).code == "alert_under_contact"
    assert deeds.link(contact, alert.number, ANNA).ok


def test_heat_of_a_linked_alert_reaches_the_one_that_stands_for_it_only_when_it_grows(store: Sessions) -> None:
    for number, thread in enumerate(("p1", "p2")):
        store_posts(store, a_comment(SURKEA, thread_id=thread, parent_id=thread, external_id=f"c{number}"))
        consider(store)
        heat(store, mentions(store)[-1].thread_id, "warning")
        consider(store)
    first, second = cases(store, "alert")
    case_deeds(store).link(second.id, first.number, ANNA)
    heat(store, second.thread_id, "warning", at=NOON + minutes(5))
    consider(store, NOON + minutes(5))
    assert [case.state for case in cases(store, "alert")] == [CaseState.OPEN, CaseState.CLOSED]
    heat(store, second.thread_id, "outrage", at=NOON + minutes(9))
    consider(store, NOON + minutes(9))
    assert [case.level for case in cases(store, "alert")] == ["outrage", "warning"]


def test_a_colleagues_answer_in_the_linked_conversation_settles_the_head(
    store: Sessions, two: tuple[Case, Case]
) -> None:
    first, second = two
    case_deeds(store).link(second.id, first.number, ANNA)
    case_deeds(store).answered_by_hand(first.id, ANNA)
    store_posts(store, a_dm("Surkeaa, haloo", created_at=NOON + HOUR), at=NOON + HOUR)
    consider(store, NOON + HOUR)
    ours = a_dm("Hei, katson!", from_us=True, created_at=NOON + 2 * HOUR)
    store_posts(store, ours, at=NOON + 2 * HOUR)
    consider(store, NOON + 2 * HOUR)
    assert brief(store, first.id).state is CaseState.ANSWERED
    with store() as session:
        thread = session.get_one(Mention, mentions(store)[-1].id).thread_id
    assert thread == second.thread_id
