"""What people are told: one card a matter, new drafts only where nobody has begun, and nothing about our own words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from listener.posts import Author, Place, Post
from models.audit import AuditEntry
from models.base import Sessions
from models.cases import Alert, Case
from models.jobs import Job, JobKind
from models.mentions import Mention
from models.states import CaseState, ReplyState
from tests.builders import (
    ANNA,
    NOON,
    US,
    VEIKKO,
    a_comment,
    a_dm,
    a_draft,
    a_post,
    approvals,
    cases,
    consider,
    considering,
    heat,
    judge_all,
    minutes,
    put_reply,
    replies,
    store_posts,
    trail,
)


def cards_asked_for(store: Sessions) -> dict[str, float]:
    """The cases whose card is to be drawn, and in how many seconds."""
    with store() as session:
        found = session.scalars(select(Job).where(Job.kind == JobKind.SHOW_CARD)).all()
        return {job.key: (job.run_at - NOON).total_seconds() for job in found}


def alerts(store: Sessions) -> list[str]:
    with store() as session:
        return list(session.scalars(select(Alert.level).order_by(Alert.id)))


def a_hot_thread(store: Sessions) -> None:
    store_posts(
        store,
        a_comment("Surkeaa palvelua!", external_id="c1"),
        a_comment("Minäkin odotan, surkeaa!", external_id="c2", author=VEIKKO, created_at=NOON + minutes(5)),
    )
    judge_all(store)


# alerts


def test_a_hot_thread_gets_one_alert_one_case_one_draft_and_one_card(store: Sessions) -> None:
    a_hot_thread(store)
    heat(store, 1, "warning")
    consider(store)
    [case] = cases(store, "alert")
    assert (case.matter, case.level, case.alerted_at) == ("alert:thread:1#1", "warning", NOON)
    assert alerts(store) == ["warning"]
    [draft] = [reply for reply in replies(store) if reply.case_id == case.id]
    with store() as session:
        assert session.get_one(Mention, draft.mention_id).external_id == "c1"
    assert cards_asked_for(store)[str(case.id)] == 0
    assert trail(store)[:2] == ["alert.raise", "reply.drafted"]


def test_the_card_of_a_hot_thread_stands_for_its_comments(store: Sessions) -> None:
    a_hot_thread(store)
    heat(store, 1, "warning")
    consider(store)
    assert cases(store, "contact") == []


def test_growing_heat_escalates_on_the_same_card(store: Sessions) -> None:
    a_hot_thread(store)
    for level in ("warning", "outrage", "outrage"):
        heat(store, 1, level)
        consider(store)
    assert [case.level for case in cases(store, "alert")] == ["outrage"]
    assert alerts(store) == ["warning", "outrage"]
    assert len(replies(store)) == 1


def test_an_alert_that_cooled_says_so_quietly(store: Sessions) -> None:
    a_hot_thread(store)
    heat(store, 1, "warning")
    consider(store)
    with store.begin() as session:
        session.query(Job).delete()
    heat(store, 1, "none")
    consider(store)
    [case] = cases(store, "alert")
    assert case.level == "watch"
    assert cards_asked_for(store) == {str(case.id): 3}
    assert "alert.cooled" in trail(store)
    assert alerts(store) == ["warning"]


def test_fire_after_a_long_silence_is_a_new_matter(store: Sessions) -> None:
    a_hot_thread(store)
    heat(store, 1, "warning")
    consider(store)
    tomorrow = NOON + timedelta(hours=20)
    heat(store, 1, "warning", at=tomorrow)
    consider(store, tomorrow)
    assert [case.matter for case in cases(store, "alert")] == ["alert:thread:1#1", "alert:thread:1#2"]


def test_a_brand_that_is_hot_because_of_one_thread_makes_no_second_card(store: Sessions) -> None:
    a_hot_thread(store)
    heat(store, 1, "warning")
    consider(store)
    heat(store, 1, "warning", at=NOON + minutes(1), brand=True)
    consider(store, NOON + minutes(1))
    assert len(cases(store, "alert")) == 1


def test_a_brand_hot_all_over_has_its_own_card_without_a_draft(store: Sessions) -> None:
    heat(store, None, "warning", brand=True)
    consider(store)
    assert [case.matter for case in cases(store)] == ["alert:brand:Nuotiopuoti#1"]
    assert replies(store) == []


def test_watch_is_recorded_and_tells_nobody(store: Sessions) -> None:
    a_hot_thread(store)
    heat(store, 1, "watch")
    considering().consider_waiting(sessions=store, now=NOON, wall=NOON, batch=1)
    assert cases(store, "alert") == []


# contacts


@pytest.mark.parametrize(
    ("post", "told"),
    [
        (a_post("@nuotiopuoti missä pakettini on?"), True),
        (a_post("Surkeaa, ei ikinä enää"), True),
        (a_post("Kiitos, mahtava kauppa"), False),
        (a_post("Nuotiopuoti on surkea", place=Place.SEARCH), True),
        (a_post("Onko Nuotiopuoti hyvä?", place=Place.SEARCH), False),
        (a_dm("kuva tulossa"), True),
        (a_dm("👍"), False),
        (a_dm("Kiitos paljon!"), False),
        (a_comment("Missä tilaukseni viipyy?"), True),
        (a_post("Surkeaa, jaan tämän", is_share=True), False),
    ],
    ids=lambda value: value.text[:20] if isinstance(value, Post) else "",
)
def test_who_waits_for_an_answer_gets_a_card(store: Sessions, post: Post, told: bool) -> None:
    store_posts(store, post)
    consider(store)
    assert len(cases(store)) == len(replies(store)) == int(told)
    assert (trail(store)[:1] == ["case.opened"]) == told


@pytest.mark.parametrize("flag", ["safety", "legal", "boycott", "discrimination", "press", "abuse"])
@pytest.mark.parametrize(
    "post",
    [a_post("Tuli perille."), a_post("Nuotiopuoti.", place=Place.SEARCH), a_comment("Niin."), a_dm("Kiitos!")],
    ids=lambda post: post.place,
)
def test_a_risk_opens_a_card_whatever_the_sentiment_and_before_the_others(
    store: Sessions, post: Post, flag: str
) -> None:
    store_posts(store, post)
    judge_all(store, flags={flag: 0.5, "personal_data": 0.99})
    consider(store)
    [case] = cases(store, "contact")
    with store() as session:
        job = session.scalars(select(Job).where(Job.kind == JobKind.SHOW_CARD)).one()
        opened = session.scalars(select(AuditEntry).where(AuditEntry.action == "case.opened")).one()
    assert (job.key, job.urgent) == (str(case.id), True)
    assert opened.detail == {"place": post.place, "flags": [flag]}


@pytest.mark.parametrize("flags", [{"personal_data": 0.99}, {"safety": 0.49}, {}])
def test_personal_data_or_a_risk_that_is_unlikely_opens_none(store: Sessions, flags: dict[str, float]) -> None:
    store_posts(store, a_post("Tilaus 104233 tuli."), a_post("Nuotiopuoti.", place=Place.SEARCH))
    judge_all(store, flags=flags)
    consider(store)
    assert cases(store) == []


def test_a_plain_question_is_not_urgent(store: Sessions) -> None:
    store_posts(store, a_post())
    consider(store)
    with store() as session:
        assert not session.scalars(select(Job).where(Job.kind == JobKind.SHOW_CARD)).one().urgent


def test_a_risk_among_the_entries_of_our_giveaway_and_in_our_own_words_stays_quiet(store: Sessions) -> None:
    ours = a_comment("Arvonta! Voita reppu.", external_id="p1", parent_id=None, place=Place.OWN_POST, author=US)
    store_posts(store, ours, a_comment("Onnea matkaan"), a_comment("Niin.", author=US, from_us=True))
    judge_all(store, flags={"abuse": 0.9})
    consider(store)
    assert cases(store) == []


def test_the_card_of_a_hot_thread_stands_for_its_risks(store: Sessions) -> None:
    a_hot_thread(store)
    heat(store, 1, "warning")
    consider(store)
    store_posts(store, a_comment("Boikottiin tämä kauppa.", author=VEIKKO, created_at=NOON + minutes(9)))
    judge_all(store, flags={"boycott": 0.9})
    consider(store)
    assert cases(store, "contact") == []


def test_a_mention_is_decided_about_once(store: Sessions) -> None:
    store_posts(store, a_post())
    assert consider(store) == 1
    assert consider(store) == 0
    assert len(cases(store)) == 1


def test_a_mention_waits_until_its_heat_is_counted(store: Sessions) -> None:
    store_posts(store, a_post())
    judge_all(store)
    with store.begin() as session:
        session.scalars(select(Mention)).one().heated_at = None
    assert considering().consider_waiting(sessions=store, now=NOON, wall=NOON) == 0


def test_entries_to_our_giveaway_stay_quiet_but_a_complaint_among_them_does_not(store: Sessions) -> None:
    ours = a_comment("Arvonta! Voita reppu.", external_id="p1", parent_id=None, place=Place.OWN_POST, author=US)
    people = [Author(str(number), f"Kävijä {number}") for number in range(5)]
    store_posts(store, ours, *(a_comment("Olisiko tämä minun?", author=who) for who in people))
    consider(store)
    assert cases(store) == []
    store_posts(store, a_comment("Surkeaa palvelua, en saanut tilaustani", author=VEIKKO))
    consider(store)
    assert len(cases(store)) == 1


def test_two_people_in_one_thread_are_two_matters_and_one_person_is_one(store: Sessions) -> None:
    store_posts(
        store,
        a_comment("Missä on?"),
        a_comment("Missä minun?", author=VEIKKO, created_at=NOON + minutes(1)),
        a_comment("Haloo, missä?", created_at=NOON + minutes(2)),
    )
    consider(store)
    assert len(cases(store)) == 2


def test_people_whose_names_are_withheld_are_a_matter_each(store: Sessions) -> None:
    store_posts(store, a_comment("Missä on?", author=None), a_comment("Ja minun?", author=None))
    consider(store)
    assert len(cases(store)) == 2


def test_a_new_message_rewrites_an_untouched_draft_and_whoever_read_the_old_one_is_told(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Moi"))
    later = NOON + minutes(5)
    store_posts(store, a_dm("Paketti tuli rikki, laatikko rutussa", created_at=later), at=later)
    consider(store, later)
    [reply] = replies(store)
    assert (reply.id, reply.version, reply.state) == (draft.id, 2, ReplyState.DRAFTED)
    assert reply.text != draft.text
    assert trail(store)[-1] == "reply.redrafted"
    outcome = approvals(store, later).approve(draft.id, 1, ANNA)
    assert (outcome.ok, outcome.code) == (False, "changed")
    assert approvals(store, later).approve(draft.id, 2, ANNA).ok


def test_a_new_message_leaves_a_persons_own_words_alone(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Moi"))
    approvals(store).edit(draft.id, 1, "Hei Aino, tutkin asiaa!", ANNA)
    later = NOON + minutes(5)
    store_posts(store, a_dm("Paketti tuli rikki", created_at=later), at=later)
    consider(store, later)
    [reply] = replies(store)
    assert (reply.text, reply.version) == ("Hei Aino, tutkin asiaa!", 2)


@pytest.mark.parametrize("state", [ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED])
def test_a_new_message_waits_for_the_reply_in_flight_and_is_not_forgotten(store: Sessions, state: ReplyState) -> None:
    draft = a_draft(store, a_dm("Moi"))
    put_reply(store, draft.id, state)
    later = NOON + minutes(5)
    store_posts(store, a_dm("Ja vielä toinen asia, missä kuitti?", created_at=later), at=later)
    assert consider(store, later) == 0
    with store() as session:
        job = session.scalars(select(Job).where(Job.kind == JobKind.CONSIDER)).one()
        assert job.run_at == later + timedelta(seconds=5)
    put_reply(store, draft.id, ReplyState.SENT)
    with store.begin() as session:
        session.scalars(select(Case)).one().state = CaseState.ANSWERED
    assert consider(store, later) == 1
    assert [reply.state for reply in replies(store)] == [ReplyState.SENT, ReplyState.DRAFTED]
    assert [case.state for case in cases(store)] == [CaseState.OPEN]
    assert "case.open" in trail(store)


def test_those_who_wait_for_a_reply_in_flight_never_hold_up_the_others(store: Sessions) -> None:
    people = [Author(str(number), f"Kävijä {number}") for number in range(3)]
    for who in people:
        draft = a_draft(store, a_dm("Moi", author=who, thread_id=f"dm{who.external_id}"))
        put_reply(store, draft.id, ReplyState.UNCONFIRMED)
    store_posts(
        store,
        *(a_dm("Haloo?", author=who, thread_id=f"dm{who.external_id}") for who in people),
        a_post("Missä pakettini on?", created_at=NOON + minutes(1)),
    )
    judge_all(store)
    assert considering().consider_waiting(sessions=store, now=NOON, wall=NOON, batch=3) == 1


def test_a_closed_matter_opens_again_when_the_customer_writes_again(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Moi"))
    approvals(store).reject(draft.id, 1, "Roskaa", ANNA)
    later = NOON + minutes(5)
    store_posts(store, a_dm("Miksi ette vastaa?", created_at=later), at=later)
    consider(store, later)
    assert [case.state for case in cases(store)] == [CaseState.OPEN]
    assert [reply.state for reply in replies(store)] == [ReplyState.REJECTED, ReplyState.DRAFTED]


def test_a_comment_in_a_thread_with_an_alert_redraws_its_card(store: Sessions) -> None:
    a_hot_thread(store)
    heat(store, 1, "warning")
    consider(store)
    with store.begin() as session:
        session.query(Job).delete()
    store_posts(store, a_comment("Sama täällä.", author=VEIKKO))
    consider(store)
    assert cards_asked_for(store) == {"1": 3}


def test_what_one_pass_decides_is_kept_whole_or_not_at_all(store: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    store_posts(store, a_post())
    judge_all(store)
    step = considering()

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(type(step.ground.suggester), "draft", fail)
    with pytest.raises(MemoryError):
        step.consider_waiting(sessions=store, now=NOON, wall=NOON)
    assert (cases(store), trail(store)) == ([], [])
    monkeypatch.undo()
    assert step.consider_waiting(sessions=store, now=NOON, wall=NOON) == 1
