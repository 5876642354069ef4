"""A case's drafts: the best becomes the reply, those that lack a fact are told of, and a person's work is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from listener.posts import Author
from models.base import Sessions
from models.cases import Suggestion
from models.states import ReplyState
from responders.profile import ShopProfile
from responders.routes import limits
from responders.suggest import Suggester
from tests.builders import (
    ANNA,
    NOON,
    SHOP,
    VEIKKO,
    a_dm,
    a_draft,
    a_post,
    approvals,
    consider,
    judge_all,
    minutes,
    playbooks,
    put_reply,
    replies,
    store_posts,
)


def suggestions(store: Sessions) -> list[Suggestion]:
    with store() as session:
        return list(session.scalars(select(Suggestion).order_by(Suggestion.case_id, Suggestion.rank)))


def test_the_best_draft_becomes_the_reply_and_the_others_stay_to_choose_from(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini viipyy?"))
    rows = suggestions(store)
    assert [row.rank for row in rows] == list(range(len(rows)))
    assert (draft.text, draft.playbook_id, draft.suggestion_rank) == (rows[0].text, "not-arrived", 0)
    assert 2 <= len([row for row in rows if row.text]) <= 4
    assert all(row.why for row in rows)


def test_a_draft_is_in_the_customers_language_or_in_the_shops_first(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini on?"))
    assert draft.language == "fi"


def test_earlier_words_of_the_same_person_help_to_understand_the_last(store: Sessions) -> None:
    store_posts(store, a_dm("Paketti tuli rikki"), a_dm("Haloo?", created_at=NOON + minutes(1)))
    consider(store)
    assert any("earlier:" in why for row in suggestions(store) for why in row.why)


def test_what_the_judge_heard_chooses_where_no_words_do(store: Sessions) -> None:
    store_posts(store, a_dm("Viikko mennyt ja yhä kädet tyhjinä"))
    judge_all(store, reasons={"delivery": 0.9}, flags={"legal": 0.8})
    consider(store)
    whys = {row.playbook_id: row.why for row in suggestions(store)}
    assert whys["not-arrived"] == ["reason:delivery"]
    assert whys["legal-threat"] == ["flag:legal"]


def test_somebody_elses_words_do_not(store: Sessions) -> None:
    store_posts(store, a_post("Paketti tuli rikki", author=VEIKKO, thread_id="1"))
    store_posts(store, a_post("Haloo?", thread_id="1", created_at=NOON + minutes(1)))
    consider(store)
    mine = replies(store)[-1]
    assert not any("earlier:" in why for row in suggestions(store) if row.case_id == mine.case_id for why in row.why)


def test_drafting_again_leaves_no_old_suggestions_behind(store: Sessions) -> None:
    a_draft(store, a_dm("Missä pakettini on?"))
    later = NOON + minutes(3)
    store_posts(store, a_dm("En pääse kirjautumaan tilille", created_at=later), at=later)
    consider(store, later)
    rows = suggestions(store)
    assert len({row.rank for row in rows}) == len(rows)
    assert rows[0].playbook_id == "site-trouble"


def test_the_same_words_again_change_no_version(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini on?"))
    store_posts(store, a_dm("Missä pakettini on?", created_at=NOON + minutes(1)))
    consider(store, NOON + minutes(1))
    assert [reply.version for reply in replies(store)] == [draft.version]


@pytest.mark.parametrize("state", [ReplyState.REFUSED, ReplyState.APPROVED])
def test_a_reply_that_is_no_draft_is_left_alone(store: Sessions, state: ReplyState) -> None:
    draft = a_draft(store, a_dm("Moi"))
    put_reply(store, draft.id, state)
    store_posts(store, a_dm("Paketti tuli rikki", created_at=NOON + minutes(1)))
    consider(store, NOON + minutes(1))
    assert [(reply.text, reply.state) for reply in replies(store)] == [(draft.text, state)]


def test_what_would_fit_better_had_the_shop_given_a_fact_is_kept_without_a_text(store: Sessions) -> None:
    bare = Suggester(playbooks(), ShopProfile(name="Nuotiopuoti"), limits())
    store_posts(store, a_dm("Mihin asti ootte tänään auki?"))
    consider(store, suggester=bare)
    lacking = [row for row in suggestions(store) if row.missing]
    assert [(row.playbook_id, row.text, row.missing) for row in lacking] == [("opening-hours", "", ["opening_hours"])]
    assert replies(store)[0].text
    approvals(store).other(replies(store)[0].id, 1, ANNA)
    assert replies(store)[0].text


def test_without_a_draft_that_can_be_sent_the_reply_is_empty_and_waits_for_a_persons_words(store: Sessions) -> None:
    needy = tuple(
        replace(playbook, needs=("opening_hours",)) for playbook in playbooks() if playbook.id == "opening-hours"
    )
    store_posts(store, a_dm("Mihin asti ootte tänään auki?", author=Author("1", "Aino")))
    consider(store, suggester=Suggester(needy, replace(SHOP, opening_hours={}), limits()))
    [reply] = replies(store)
    assert (reply.text, reply.playbook_id) == ("", "")
    assert approvals(store).approve(reply.id, 1, ANNA).code == "empty"
    assert approvals(store).edit_and_approve(reply.id, 1, "Olemme auki kuuteen.", ANNA).ok
