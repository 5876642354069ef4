"""People's decisions: whoever comes first decides, whoever comes second is told, and one reply leaves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from listener.posts import Place, Replyable
from migrations import upgrade
from models.audit import AuditEntry
from models.base import Sessions, open_engine, open_sessions
from models.jobs import Job, JobKind
from models.states import CaseState, ReplyState
from responders.approvals import Approvals
from responders.roles import NamedRoles, Role
from responders.routes import Abilities
from responders.slack.actions import Outcome, Person
from tests.builders import (
    ANNA,
    MIKAEL,
    NOON,
    a_comment,
    a_dm,
    a_draft,
    a_post,
    approvals,
    cases,
    minutes,
    put_reply,
    the_reply,
    trail,
)


def publish_jobs(store: Sessions) -> int:
    with store() as session:
        return len(session.scalars(select(Job).where(Job.kind == JobKind.PUBLISH)).all())


def test_an_approval_names_the_person_and_asks_for_the_sending(store: Sessions) -> None:
    draft = a_draft(store)
    assert approvals(store, NOON + minutes(3)).approve(draft.id, 1, ANNA) == Outcome(True)
    reply = the_reply(store, draft.id)
    assert (reply.state, reply.decided_by, reply.decided_by_name) == (ReplyState.APPROVED, "U0ANNA", "Anna Virta")
    assert reply.decided_at == NOON + minutes(3)
    assert publish_jobs(store) == 1
    with store() as session:
        line = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (line.action, line.actor, line.reply_id) == ("reply.approved", "U0ANNA", draft.id)


def test_the_second_to_approve_is_told_who_was_first(store: Sessions) -> None:
    draft = a_draft(store)
    desk = approvals(store)
    assert desk.approve(draft.id, 1, ANNA).ok
    assert desk.approve(draft.id, 1, MIKAEL) == Outcome(
        False, "already_approved", by="Anna Virta", by_id="U0ANNA", at=NOON
    )
    assert publish_jobs(store) == 1


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Sessions]:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


Deed = Callable[[Approvals, int, Person], Outcome]

DEEDS: dict[str, Deed] = {
    "approve": lambda desk, id, who: desk.approve(id, 1, who),
    "edit": lambda desk, id, who: desk.edit(id, 1, f"Hei, t. {who.name}", who),
    "edit and approve": lambda desk, id, who: desk.edit_and_approve(id, 1, f"Hei, t. {who.name}", who),
    "reject": lambda desk, id, who: desk.reject(id, 1, "Roskaa", who),
    "by hand": lambda desk, id, who: desk.by_hand(id, 1, who),
}


def at_once(desk: Approvals, reply_id: int, deeds: list[Deed]) -> list[Outcome]:
    barrier = threading.Barrier(len(deeds))
    outcomes: list[Outcome] = []

    def act(number: int, deed: Deed) -> None:
        barrier.wait()
        outcomes.append(deed(desk, reply_id, Person(f"U{number}", f"Henkilö {number}")))

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_of_six_people_at_once_one_decides(on_disk: Sessions, deed: Deed) -> None:
    draft = a_draft(on_disk)
    outcomes = at_once(approvals(on_disk), draft.id, [deed] * 6)
    assert sorted(outcome.ok for outcome in outcomes) == [False] * 5 + [True]
    assert all(outcome.code for outcome in outcomes if not outcome.ok)
    assert publish_jobs(on_disk) <= 1


def test_of_people_who_want_different_things_at_once_one_decides(on_disk: Sessions) -> None:
    draft = a_draft(on_disk)
    outcomes = at_once(approvals(on_disk), draft.id, list(DEEDS.values()))
    assert sum(outcome.ok for outcome in outcomes) == 1


def test_edited_words_wait_for_an_approval_of_their_own(store: Sessions) -> None:
    draft = a_draft(store)
    desk = approvals(store)
    assert desk.edit(draft.id, 1, "  Hei Aino, katson heti!  ", ANNA).ok
    reply = the_reply(store, draft.id)
    assert (reply.state, reply.text, reply.version, reply.edited_by) == (
        ReplyState.DRAFTED, "Hei Aino, katson heti!", 2, "Anna Virta",
    )  # fmt: skip
    assert desk.approve(draft.id, 1, MIKAEL).code == "changed"
    assert desk.approve(draft.id, 2, MIKAEL).ok
    assert trail(store)[-2:] == ["reply.edited", "reply.approved"]


def test_edit_and_approve_is_both_or_neither(store: Sessions) -> None:
    post = a_post(place=Place.SEARCH, text="Surkea Nuotiopuoti", replyable=Replyable.NOT_SUMMONED)
    draft = a_draft(store, post)
    assert approvals(store).edit_and_approve(draft.id, 1, "Hei!", ANNA).code == "not_reachable"
    assert (the_reply(store, draft.id).text, the_reply(store, draft.id).version) == (draft.text, 1)
    reachable = a_draft(store)
    assert approvals(store).edit_and_approve(reachable.id, 1, "Hei Aino!", ANNA).ok
    assert (the_reply(store, reachable.id).text, the_reply(store, reachable.id).version) == ("Hei Aino!", 2)
    assert the_reply(store, reachable.id).state is ReplyState.APPROVED


@pytest.mark.parametrize(
    ("text", "code", "limit", "field"),
    [
        ("", "empty", None, None),
        (" \n ", "empty", None, None),
        ("ä" * 281, "over_length", 280, "1"),
        ("Soita {phone}", "unfilled_slot", 280, "{phone}"),
    ],
)
def test_words_that_cannot_go_out_are_not_taken(
    store: Sessions, text: str, code: str, limit: int | None, field: str | None
) -> None:
    draft = a_draft(store)
    desk = approvals(store)
    for outcome in (desk.edit(draft.id, 1, text, ANNA), desk.edit_and_approve(draft.id, 1, text, ANNA)):
        assert outcome == Outcome(False, code, limit=limit, field=field)
    assert the_reply(store, draft.id).version == 1
    assert publish_jobs(store) == 0


def test_a_draft_that_cannot_go_out_is_not_approved(store: Sessions) -> None:
    long = a_draft(store, text="ä" * 300)
    assert approvals(store).approve(long.id, 1, ANNA).code == "over_length"
    blank = a_draft(store, text="Hei {first_name}")
    assert approvals(store).approve(blank.id, 1, ANNA).code == "unfilled_slot"


def test_other_goes_round_all_suggestions(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini on? Se on rikki."))
    desk = approvals(store)
    seen = [draft.text]
    for version in range(1, 12):
        assert desk.other(draft.id, version, ANNA).ok
        seen.append(the_reply(store, draft.id).text)
        if seen[-1] == seen[0]:
            break
    assert seen[-1] == seen[0]
    assert len(set(seen[:-1])) == len(seen) - 1 > 1
    assert desk.other(draft.id, 1, ANNA).code == "changed"


def test_other_after_an_edit_gives_up_the_edit(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini on? Se on rikki."))
    desk = approvals(store)
    desk.edit(draft.id, 1, "Omat sanat", ANNA)
    assert desk.other(draft.id, 2, ANNA).ok
    assert the_reply(store, draft.id).edited_by is None


def test_a_rejection_needs_a_written_reason_and_closes_the_case(store: Sessions) -> None:
    draft = a_draft(store)
    desk = approvals(store)
    assert desk.reject(draft.id, 1, "  ", ANNA) == Outcome(False, "empty", field="reason")
    assert cases(store)[0].state is CaseState.OPEN
    assert desk.reject(draft.id, 1, " Asiaton viesti ", ANNA).ok
    [case] = cases(store)
    assert (case.state, case.closed_reason) == (CaseState.CLOSED, "Asiaton viesti")
    assert the_reply(store, draft.id).reason == "Asiaton viesti"
    assert desk.approve(draft.id, 1, MIKAEL).code == "already_rejected"
    assert trail(store)[-2:] == ["reply.rejected", "case.closed"]


def test_whoever_answered_by_hand_says_so(store: Sessions) -> None:
    draft = a_draft(store, a_post(place=Place.SEARCH, text="Surkea kauppa", replyable=Replyable.NOT_SUMMONED))
    assert approvals(store).by_hand(draft.id, 1, ANNA).ok
    assert cases(store)[0].state is CaseState.ANSWERED
    assert approvals(store).by_hand(draft.id, 1, MIKAEL).code == "already_by_hand"


@pytest.mark.parametrize(
    "post",
    [
        a_post("Surkea Nuotiopuoti", place=Place.SEARCH, replyable=Replyable.NOT_SUMMONED),
        a_comment(replyable=Replyable.NO),
        a_post(channel="replay", replyable=Replyable.RECORDED),
        a_dm(channel="facebook", created_at=NOON - timedelta(hours=25)),
    ],
    ids=["found by search", "comments closed", "recorded", "window closed"],
)
def test_who_cannot_be_reached_is_never_approved_for(store: Sessions, post: object) -> None:
    draft = a_draft(store, post)  # type: ignore[arg-type]
    assert approvals(store).approve(draft.id, 1, ANNA).code == "not_reachable"
    assert the_reply(store, draft.id).state is ReplyState.DRAFTED


def test_metas_grant_keeps_the_door_open_for_seven_days(store: Sessions) -> None:
    draft = a_draft(store, a_dm(channel="facebook", created_at=NOON - timedelta(hours=25)))
    granted = approvals(store, abilities=Abilities(human_agent=True))
    assert granted.approve(draft.id, 1, ANNA).ok


def test_only_approvers_decide_where_the_shop_names_them(store: Sessions) -> None:
    draft = a_draft(store)
    desk = approvals(store, roles=NamedRoles({Role.APPROVER: frozenset({"U0MIKAEL"})}, Role.VIEWER))
    for deed in DEEDS.values():
        assert deed(desk, draft.id, ANNA) == Outcome(False, "not_allowed")
    assert desk.approve(draft.id, 1, MIKAEL).ok


def test_nobody_can_decide_about_a_reply_that_does_not_exist(store: Sessions) -> None:
    desk = approvals(store)
    for deed in (*DEEDS.values(), lambda desk, id, who: desk.other(id, 1, who)):
        assert deed(desk, 404, ANNA) == Outcome(False, "not_found")
    assert desk.draft(404) is None


def test_who_saw_our_reply_in_the_thread_settles_it(store: Sessions) -> None:
    draft = a_draft(store)
    put_reply(store, draft.id, ReplyState.UNCONFIRMED, problem="no_answer", decided_by_name="Anna Virta")
    assert approvals(store).confirm_sent(draft.id, 1, MIKAEL).ok
    reply = the_reply(store, draft.id)
    assert (reply.state, reply.problem, reply.decided_by_name) == (ReplyState.SENT, None, "Anna Virta")
    assert cases(store)[0].state is CaseState.ANSWERED
    assert approvals(store).send_again(draft.id, 1, ANNA).code == "already_sent"
    assert publish_jobs(store) == 0


def test_who_did_not_see_it_sends_it_again_once(store: Sessions) -> None:
    draft = a_draft(store)
    put_reply(store, draft.id, ReplyState.UNCONFIRMED, problem="no_answer", read_backs=3)
    desk = approvals(store)
    assert desk.send_again(draft.id, 1, MIKAEL).ok
    reply = the_reply(store, draft.id)
    assert (reply.state, reply.read_backs, reply.decided_by, reply.version) == (ReplyState.APPROVED, 0, "U0MIKAEL", 2)
    assert desk.send_again(draft.id, 1, ANNA).code == "already_approved"
    assert desk.confirm_sent(draft.id, 1, ANNA).code == "already_approved"
    assert publish_jobs(store) == 1


def test_nothing_is_confirmed_or_sent_again_that_was_not_in_doubt(store: Sessions) -> None:
    draft = a_draft(store)
    desk = approvals(store)
    assert not desk.confirm_sent(draft.id, 1, ANNA).ok
    assert not desk.send_again(draft.id, 1, ANNA).ok
    assert the_reply(store, draft.id).state is ReplyState.DRAFTED


def test_a_refused_reply_is_edited_back_to_a_draft_or_laid_aside(store: Sessions) -> None:
    draft = a_draft(store)
    desk = approvals(store)
    put_reply(store, draft.id, ReplyState.REFUSED, problem="duplicate")
    assert desk.approve(draft.id, 1, ANNA).code == "changed"
    assert desk.edit(draft.id, 1, "Hei taas, Aino!", ANNA).ok
    assert (the_reply(store, draft.id).state, the_reply(store, draft.id).problem) == (ReplyState.DRAFTED, None)
    put_reply(store, draft.id, ReplyState.REFUSED)
    assert desk.by_hand(draft.id, 2, ANNA).ok


def test_the_edit_window_gets_text_limit_and_warnings(store: Sessions) -> None:
    draft = a_draft(store, text="Soitamme numeroosi 040 123 4567, Aino.")
    shown = approvals(store).draft(draft.id)
    assert shown is not None
    assert (shown.limit, shown.used, shown.public, shown.version) == (280, len(shown.text), True, 1)
    private = approvals(store).draft(a_draft(store, a_dm("Moi")).id)
    assert private is not None
    assert (private.limit, private.public) == (10_000, False)


def test_every_decision_that_went_well_redraws_the_card_and_no_other_does(store: Sessions) -> None:
    draft = a_draft(store)
    with store.begin() as session:
        session.query(Job).delete()
    approvals(store).reject(draft.id, 1, "", ANNA)
    approvals(store).approve(draft.id, 9, ANNA)
    with store() as session:
        assert session.scalars(select(Job)).all() == []
    approvals(store).approve(draft.id, 1, ANNA)
    with store() as session:
        assert {job.kind for job in session.scalars(select(Job))} == {JobKind.SHOW_CARD, JobKind.PUBLISH}


def test_the_edit_window_warns_in_the_language_of_who_opened_it(store: Sessions) -> None:
    draft = a_draft(store, text="Valitat turhaan, Aino.")
    said = [approvals(store).draft(draft.id, language) for language in ("fi", "sv", "en")]
    assert all(one is not None and one.warnings for one in said)
    assert len({one.warnings for one in said if one is not None}) == 3
    assert approvals(store).draft(draft.id) == said[0]  # the shop's
