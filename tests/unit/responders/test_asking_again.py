"""Who writes a third time without an answer is repeating themselves; an answer of ours begins the count anew."""

from __future__ import annotations

from models.base import Sessions
from models.cases import Case
from responders.asking_again import unanswered_messages
from tests.builders import ANNA, NOON, a_comment, a_dm, a_draft, case_deeds, consider, minutes, store_posts


def test_the_third_message_without_an_answer_is_a_repetition(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini on?"))
    for number in (1, 2):
        assert not case_deeds(store).brief(draft.case_id).asks_again  # type: ignore[union-attr]
        store_posts(store, a_dm("Haloo?", created_at=NOON + minutes(number)))
        consider(store, NOON + minutes(number))
    assert case_deeds(store).brief(draft.case_id).asks_again  # type: ignore[union-attr]
    case_deeds(store, NOON + minutes(5)).answered_by_hand(draft.case_id, ANNA)
    assert not case_deeds(store).brief(draft.case_id).asks_again  # type: ignore[union-attr]


def test_what_others_write_in_the_same_thread_is_not_theirs(store: Sessions) -> None:
    draft = a_draft(store, a_comment("Surkea kauppa"))
    for number in range(3):
        store_posts(store, a_comment("Surkeaa!", author=None, external_id=f"o{number}"))
    with store() as session:
        assert unanswered_messages(session, session.get_one(Case, draft.case_id)) == 1
