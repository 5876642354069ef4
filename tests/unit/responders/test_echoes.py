"""Our own words as the platforms give them back: echoes settle replies, a colleague's answer takes a draft's place."""

from __future__ import annotations

from typing import Any

import pytest

from listener.posts import Place, Post
from models.base import Sessions
from models.cases import Reply
from models.states import CaseState, ReplyState
from tests.builders import (
    NOON,
    US,
    VEIKKO,
    a_comment,
    a_dm,
    a_draft,
    a_post,
    cases,
    consider,
    mentions,
    minutes,
    put_reply,
    replies,
    store_posts,
    the_reply,
    trail,
)


def we_say(store: Sessions, post: Post, minute: float = 5) -> None:
    """Our account says it on the platform, and the product hears it."""
    at = NOON + minutes(minute)
    store_posts(store, post, at=at)
    consider(store, at)


def an_answer(text: str, draft: Reply, store: Sessions, minute: float = 5, **named: Any) -> Post:
    [asked] = [mention for mention in mentions(store) if mention.id == draft.mention_id]
    maker = a_comment if asked.channel == "facebook" else a_post
    plain: dict[str, Any] = {
        "thread_id": asked.external_id if asked.channel == "x" else "p1",
        "parent_id": asked.external_id, "author": US, "from_us": True, "created_at": NOON + minutes(minute),
    }  # fmt: skip
    return maker(text, **(plain | named))


def test_the_echo_of_a_sent_reply_is_no_mention_and_changes_nothing(store: Sessions) -> None:
    draft = a_draft(store)
    put_reply(store, draft.id, ReplyState.SENT, external_id="9999")
    before = trail(store)
    we_say(store, an_answer("whatever the platform made of it", draft, store, external_id="9999"))
    assert trail(store) == before
    assert len(cases(store)) == 1
    assert mentions(store)[-1].from_us


@pytest.mark.parametrize("state", [ReplyState.APPROVED, ReplyState.SENDING])
def test_an_echo_that_comes_before_the_answer_is_left_to_the_publisher(store: Sessions, state: ReplyState) -> None:
    draft = a_draft(store)
    put_reply(store, draft.id, state)
    we_say(store, an_answer(draft.text.replace(" ", "  "), draft, store))
    assert the_reply(store, draft.id).state is state
    assert [case.state for case in cases(store)] == [CaseState.OPEN]


def test_an_echo_settles_a_reply_that_nobody_could_confirm(store: Sessions) -> None:
    draft = a_draft(store)
    put_reply(store, draft.id, ReplyState.UNCONFIRMED, problem="no_answer")
    we_say(store, an_answer(f"@ainok {draft.text}", draft, store, external_id="9999"))
    reply = the_reply(store, draft.id)
    assert (reply.state, reply.external_id, reply.problem) == (ReplyState.SENT, "9999", None)
    assert reply.sent_at == NOON + minutes(5)
    assert [case.state for case in cases(store)] == [CaseState.ANSWERED]
    assert trail(store)[-2:] == ["reply.sent", "case.answered"]


def test_the_same_words_in_another_thread_settle_nothing(store: Sessions) -> None:
    draft = a_draft(store)
    put_reply(store, draft.id, ReplyState.UNCONFIRMED)
    we_say(store, an_answer(draft.text, draft, store, thread_id="other"))
    assert the_reply(store, draft.id).state is ReplyState.UNCONFIRMED


def test_a_colleagues_answer_takes_the_drafts_place(store: Sessions) -> None:
    draft = a_draft(store, a_comment("Missä pakettini on?"))
    we_say(store, an_answer("Hei, se on jo matkalla!", draft, store))
    assert the_reply(store, draft.id).state is ReplyState.SUPERSEDED
    assert [case.state for case in cases(store)] == [CaseState.ANSWERED]
    assert trail(store)[-3:] == ["reply.superseded", "case.answered", "case.answered_on_platform"]


def test_a_colleagues_message_answers_the_whole_conversation(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini on?"))
    we_say(store, a_dm("Se on jo matkalla!", author=US, from_us=True, created_at=NOON + minutes(5)))
    assert the_reply(store, draft.id).state is ReplyState.SUPERSEDED


def test_a_colleagues_answer_to_one_leaves_the_others_waiting(store: Sessions) -> None:
    aino = a_draft(store, a_comment("Missä pakettini on?"))
    veikko = a_draft(store, a_comment("Ja minun?", author=VEIKKO))
    we_say(store, an_answer("Veikko, se on jo matkalla!", veikko, store))
    assert the_reply(store, aino.id).state is ReplyState.DRAFTED
    assert the_reply(store, veikko.id).state is ReplyState.SUPERSEDED


def test_our_own_comment_beside_everybodys_answers_nobody(store: Sessions) -> None:
    draft = a_draft(store, a_comment("Missä pakettini on?"))
    we_say(store, a_comment("Muistakaa ale!", author=US, from_us=True, created_at=NOON + minutes(5)))
    assert the_reply(store, draft.id).state is ReplyState.DRAFTED


def test_an_answer_in_the_same_sub_thread_answers_the_reply_that_asked(store: Sessions) -> None:
    draft = a_draft(store, a_comment("Missä minun?", parent_id="c1"))
    answer = a_comment("Matkalla!", parent_id="c1", author=US, from_us=True, created_at=NOON + minutes(5))
    we_say(store, answer)
    assert the_reply(store, draft.id).state is ReplyState.SUPERSEDED


def test_an_old_answer_heard_late_does_not_take_the_place_of_a_draft_for_newer_words(store: Sessions) -> None:
    first = a_draft(store, a_dm("Moi"))
    later = NOON + minutes(60)
    store_posts(store, a_dm("Paketti tuli rikki, laatikko rutussa", created_at=later), at=later)
    consider(store, later)
    we_say(store, a_dm("Moi moi", author=US, from_us=True, created_at=NOON + minutes(30)), minute=61)
    assert the_reply(store, first.id).state is ReplyState.DRAFTED


def test_an_approved_reply_is_never_superseded(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini on?"))
    put_reply(store, draft.id, ReplyState.APPROVED)
    we_say(store, a_dm("Se on jo matkalla!", author=US, from_us=True, created_at=NOON + minutes(5)))
    assert the_reply(store, draft.id).state is ReplyState.APPROVED


def test_our_own_posts_and_words_never_open_a_case(store: Sessions) -> None:
    we_say(store, a_comment("Kuka voittaa?", external_id="p1", parent_id=None, place=Place.OWN_POST, author=US))
    we_say(store, a_comment("Surkea sää, eikö?", author=US, from_us=True))
    assert (cases(store), replies(store)) == ([], [])
    assert all(mention.considered_at for mention in mentions(store))


def test_a_question_that_a_colleague_had_answered_before_we_heard_it_needs_no_card(store: Sessions) -> None:
    asked = a_dm("Missä pakettini on?")
    answered = a_dm("Se on jo matkalla!", author=US, from_us=True, created_at=NOON + minutes(5))
    store_posts(store, asked, answered, at=NOON + minutes(60))
    consider(store, NOON + minutes(60))
    assert cases(store) == []
    assert trail(store) == ["mention.answered_on_platform"]


def test_an_automatic_greeting_is_no_answer(store: Sessions) -> None:
    greeting = a_dm("Kiitos viestistäsi, palaamme asiaan.", author=US, from_us=True, created_at=NOON + minutes(1))
    store_posts(store, a_dm("Missä pakettini on?"), greeting, at=NOON + minutes(60))
    consider(store, NOON + minutes(60))
    assert [case.state for case in cases(store)] == [CaseState.OPEN]
    draft = a_draft(store, a_comment("Entä minun?"))
    we_say(store, an_answer("Moi, kurkkaa inbox!", draft, store, created_at=NOON + minutes(1)))
    assert the_reply(store, draft.id).state is ReplyState.DRAFTED
