"""Answers that begin with a person, what is kept of their words, and drafts that wait for somebody who may send."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.base import Sessions
from models.cases import Case, ReplyText
from models.mentions import Thread
from models.states import CaseState, ReplyState
from responders.reply_texts import texts_of
from responders.roles import Role
from responders.slack.actions import Batch, Outcome, Person
from tests.builders import (
    ANNA,
    MIKAEL,
    NOON,
    a_comment,
    a_draft,
    a_post,
    approvals,
    case_deeds,
    cases,
    consider,
    heat,
    mentions,
    minutes,
    put_reply,
    replies,
    store_posts,
    the_reply,
    trail,
)
from tests.fakes import FakeRoles

DAN = Person("U0DAN", "Dan Luoto")
STAFF = FakeRoles({"U0ANNA": Role.APPROVER, "U0MIKAEL": Role.LEAD, "U0DAN": Role.DRAFTER})
SURKEA = "Surkea kauppa, missä pakettini on?"
LINK = "https://x.com/nuotiopuoti/status/42"


def history(store: Sessions, reply_id: int) -> list[tuple[int, str, str | None]]:
    with store() as session:
        return [(one.version, one.text, one.by_id) for one in texts_of(session, reply_id)]


def test_every_version_of_a_text_is_kept_with_who_wrote_it(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    desk = approvals(store)
    assert desk.other(draft.id, 1, ANNA).ok
    assert desk.edit(draft.id, 2, "Hei Aino!", MIKAEL).ok
    assert desk.restore(draft.id, 3, 1, ANNA).ok
    swapped = history(store, draft.id)[1][1]
    assert history(store, draft.id) == [
        (1, draft.text, None), (2, swapped, None), (3, "Hei Aino!", "U0MIKAEL"), (4, draft.text, None),
    ]  # fmt: skip
    assert the_reply(store, draft.id).text == draft.text
    assert desk.restore(draft.id, 4, 9, ANNA).code == "not_found"


def test_the_edit_window_gets_the_playbooks_words_beside_the_persons(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    desk = approvals(store)
    desk.edit(draft.id, 1, "Hei Aino!", ANNA)
    shown = desk.draft(draft.id)
    assert shown is not None
    assert (shown.text, shown.base) == ("Hei Aino!", draft.text)


def test_an_edit_that_did_not_happen_leaves_no_version(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    assert approvals(store).edit(draft.id, 7, "Hei!", ANNA).code == "changed"
    assert approvals(store).edit_and_approve(draft.id, 1, "x" * 300, ANNA).code == "over_length"
    assert [version for version, _, _ in history(store, draft.id)] == [1]


def test_who_comes_too_late_to_edit_is_told_who_was_first(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    approvals(store).edit(draft.id, 1, "Hei Aino!", ANNA)
    told = approvals(store).edit(draft.id, 1, "Moi!", MIKAEL)
    assert told == Outcome(False, "changed", by="Anna Virta", by_id="U0ANNA", at=NOON)


def test_own_words_take_the_place_of_a_suggestion_but_not_of_a_colleagues_words(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    deeds = case_deeds(store)
    assert deeds.write(draft.case_id, " Hei Aino! ", ANNA).ok
    assert deeds.write(draft.case_id, "Hei Aino!", ANNA).ok  # the same press
    assert (the_reply(store, draft.id).text, the_reply(store, draft.id).version) == ("Hei Aino!", 2)
    assert deeds.write(draft.case_id, "Moi!", MIKAEL) == Outcome(False, "changed", by="Anna Virta")
    assert deeds.write(draft.case_id, "x" * 300, ANNA).code == "over_length"
    assert deeds.write(draft.case_id, "  ", ANNA).code == "empty"


def test_one_more_answer_is_written_where_none_waits(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    case_deeds(store).answered_by_hand(draft.case_id, ANNA)
    assert case_deeds(store).write(draft.case_id, "Vielä yksi asia.", ANNA).ok
    new = replies(store)[-1]
    assert (new.state, new.text, new.version, new.edited_by) == (
        ReplyState.DRAFTED,
        "Vielä yksi asia.",
        2,
        "Anna Virta",
    )
    assert history(store, new.id) == [(2, "Vielä yksi asia.", "U0ANNA")]
    assert cases(store)[0].state is CaseState.OPEN
    assert approvals(store).approve(new.id, 2, ANNA).ok


def test_a_refused_reply_is_written_anew(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    put_reply(store, draft.id, ReplyState.REFUSED, problem="duplicate")
    assert case_deeds(store).write(draft.case_id, "Toisin sanoin.", ANNA).ok
    reply = the_reply(store, draft.id)
    assert (reply.state, reply.text, reply.problem) == (ReplyState.DRAFTED, "Toisin sanoin.", None)


# By hand -------------------------------------------------------------------------------------------------------------


def test_an_answer_by_hand_is_kept_with_its_link_also_where_no_draft_waits(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    with store.begin() as session:
        session.query(ReplyText).delete()
        session.delete(session.get_one(type(draft), draft.id))
    deeds = case_deeds(store)
    assert deeds.answered_by_hand(draft.case_id, ANNA, f" {LINK} ").ok
    [reply] = replies(store)
    assert (reply.state, reply.permalink, reply.decided_by) == (ReplyState.BY_HAND, LINK, "U0ANNA")
    second = deeds.answered_by_hand(draft.case_id, MIKAEL)
    assert second == Outcome(False, "already_by_hand", by="Anna Virta", by_id="U0ANNA", at=NOON)
    with store() as session:
        assert session.get_one(Thread, mentions(store)[0].thread_id).answered_at == NOON


@pytest.mark.parametrize(
    "link", ["x.com/status", "javascript:alert(1)", "https://x", "https://x.com/a b", "https://x.com/<!a|b>"]
)
def test_what_is_no_link_is_said(store: Sessions, link: str) -> None:
    draft = a_draft(store, a_post(SURKEA))
    told = Outcome(False, "bad_link", field="link")
    assert case_deeds(store).answered_by_hand(draft.case_id, ANNA, link) == told
    assert approvals(store).by_hand(draft.id, 1, ANNA, link) == told
    assert approvals(store).by_hand(draft.id, 1, ANNA, LINK).ok
    assert the_reply(store, draft.id).permalink == LINK


def test_the_statement_on_an_alert_about_the_brand_answers_the_newest_post_behind_it(store: Sessions) -> None:
    store_posts(store, a_post("Surkea kauppa", external_id="s1"))
    heat(store, None, "warning", brand=True)
    consider(store)
    [alert] = cases(store, "alert")
    deeds = case_deeds(store)
    assert deeds.answered_by_hand(alert.id, ANNA, LINK).code == "nothing_to_answer"
    with store.begin() as session:
        session.get_one(Case, alert.id).evidence = [mentions(store)[0].id]
    assert deeds.answered_by_hand(alert.id, ANNA, LINK).ok
    assert [case.state for case in cases(store, "alert")] == [CaseState.ANSWERED]


def test_a_hot_thread_is_answered_by_hand_once_more_when_others_wait_in_it(store: Sessions) -> None:
    store_posts(store, a_comment(SURKEA))
    heat(store, 1, "warning")
    consider(store)
    alert = cases(store, "alert")[0]
    assert case_deeds(store).answered_by_hand(alert.id, ANNA).ok
    assert case_deeds(store).answered_by_hand(alert.id, MIKAEL).code == "already_by_hand"
    store_posts(store, a_comment("Surkeaa!", external_id="c9", created_at=NOON + minutes(5)))
    consider(store, NOON + minutes(5))
    assert case_deeds(store, NOON + minutes(6)).answered_by_hand(alert.id, MIKAEL).ok


# Drafters ------------------------------------------------------------------------------------------------------------


def test_what_a_drafter_writes_waits_for_somebody_who_may_send(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    desk = approvals(store, roles=STAFF)
    assert desk.edit(draft.id, 1, "Hei Aino!", DAN).ok
    assert desk.approve(draft.id, 2, DAN).code == "not_allowed"
    [waiting] = desk.waiting()
    assert (waiting.reply_id, waiting.version, waiting.text, waiting.by_id, waiting.by_name, waiting.at) == (
        draft.id, 2, "Hei Aino!", "U0DAN", "Dan Luoto", NOON,
    )  # fmt: skip
    assert (waiting.about, waiting.number) == (SURKEA, cases(store)[0].number)
    assert desk.edit(draft.id, 2, "Hei, Aino!", ANNA).ok  # now it is an approver's own
    assert desk.waiting() == []


def test_a_drafter_who_takes_another_suggestion_offers_nothing_of_their_own(store: Sessions) -> None:
    draft = a_draft(store, a_post(SURKEA))
    desk = approvals(store, roles=STAFF)
    desk.edit(draft.id, 1, "Hei Aino!", DAN)
    assert desk.other(draft.id, 2, DAN).ok
    assert desk.waiting() == []


def test_a_lead_approves_many_at_once_and_each_is_told(store: Sessions) -> None:
    drafts = [a_draft(store, a_post(SURKEA)) for _ in range(3)]
    for draft in drafts:
        case_deeds(store, roles=STAFF).write(draft.case_id, "Hei Aino!", DAN)
    desk = approvals(store, roles=STAFF)
    chosen = [(one.reply_id, one.version) for one in desk.waiting()]
    assert len(chosen) == 3
    desk.edit(drafts[1].id, 2, "Moi Aino!", ANNA)
    assert desk.approve_many(chosen, ANNA) == Batch("not_allowed")
    assert desk.approve_many([], MIKAEL) == Batch("empty")
    done = desk.approve_many(chosen, MIKAEL)
    assert (done.code, done.approved) == ("some", 2)
    assert [outcome.code for _, outcome in done.outcomes] == ["", "changed", ""]
    assert [one.state for one in replies(store)] == [ReplyState.APPROVED, ReplyState.DRAFTED, ReplyState.APPROVED]
    assert desk.approve_many(chosen, MIKAEL).code == "none"
    assert trail(store).count("reply.approved") == 2


def test_a_version_is_kept_for_every_reply_that_is_suggested(store: Sessions) -> None:
    for _ in range(2):
        a_draft(store, a_post(SURKEA))
    with store() as session:
        kept = session.scalars(select(ReplyText)).all()
    assert [one.text for one in kept] == [one.text for one in replies(store)]
