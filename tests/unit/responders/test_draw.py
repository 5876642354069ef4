"""What a card is told: the newest words, who wrote them, where the reply stands, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from classifier.verdict import Abstention
from listener.posts import Place, Replyable
from models.base import Sessions
from models.cases import Case
from models.states import ReplyState
from models.verdicts import VerdictRow
from responders.slack.views import CaseView, Heard, Kind, Level, Subject, Way
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
    consider,
    drawing,
    heat,
    judge_all,
    minutes,
    put_reply,
    store_posts,
)


def view(store: Sessions, case_id: int = 1, language: str = "fi") -> CaseView:
    with store() as session:
        return drawing(language).view(session, session.get_one(Case, case_id), NOON)


def test_a_contact_shows_who_wrote_what_where_and_when(store: Sessions) -> None:
    draft = a_draft(store, a_post("Missä\n  pakettini   on?"))
    seen = view(store)
    assert (seen.kind, seen.channel, seen.place, seen.about) == (Kind.CONTACT, "x", "mention", "Missä pakettini on?")
    assert seen.who is not None
    assert (seen.who.name, seen.who.handle, seen.who.followers) == ("Aino Korpi", "ainok", 120)
    assert (seen.since, seen.route.way) == (NOON, Way.API)
    assert seen.permalink is not None
    assert seen.reply is not None
    assert (seen.reply.id, seen.reply.version, seen.reply.state, seen.reply.text) == (
        draft.id, 1, ReplyState.DRAFTED, draft.text,
    )  # fmt: skip
    assert (seen.counts, seen.level) == (None, None)


def test_a_withheld_name_is_left_out(store: Sessions) -> None:
    a_draft(store, a_post(author=None))
    assert view(store).who is None


def test_an_endless_post_is_told_by_its_first_words(store: Sessions) -> None:
    a_draft(store, a_dm("Missä on? " + "odotan yhä " * 9000))
    about = view(store).about
    assert about.startswith("Missä on? odotan yhä")
    assert about.endswith("odotan yhä …") or about.endswith("odotan …")
    assert len(about) <= 163


def test_the_conversations_last_five_come_oldest_first_with_ours_marked(store: Sessions) -> None:
    posts = [a_dm(f"Viesti {number}?", created_at=NOON + minutes(number)) for number in range(7)]
    ours = a_dm("Hei!", author=US, from_us=True, created_at=NOON + minutes(7))
    store_posts(store, *posts, ours)
    consider(store)
    seen = view(store).posts
    assert [post.text for post in seen] == ["Viesti 3?", "Viesti 4?", "Viesti 5?", "Viesti 6?", "Hei!"]
    assert [post.from_us for post in seen] == [False] * 4 + [True]
    assert [post.sentiment for post in seen] == ["neutral"] * 4 + [None]


def test_two_suggestions_are_shown_with_the_chosen_first_and_a_reason_each(store: Sessions) -> None:
    draft = a_draft(store, a_dm("Missä pakettini on? Se tuli rikki."))
    first, second = view(store).suggestions
    assert first.text == draft.text
    assert "asiakas kirjoittaa ”" in first.why
    approvals(store).other(draft.id, 1, ANNA)
    assert view(store).suggestions[0].text == second.text
    assert "the customer writes “" in view(store, language="en").suggestions[0].why


def test_an_alert_counts_posts_complaints_and_people(store: Sessions) -> None:
    store_posts(
        store,
        a_comment("Surkeaa!", created_at=NOON + minutes(1)),
        a_comment("Surkeaa taas!", created_at=NOON + minutes(2)),
        a_comment("Hei vaan", author=VEIKKO, created_at=NOON),
        a_comment("Pahoittelemme", author=US, from_us=True),
    )
    judge_all(store)
    heat(store, 1, "outrage")
    consider(store)
    seen = view(store)
    assert seen.counts is not None
    assert (seen.counts.posts, seen.counts.negatives, seen.counts.people) == (3, 2, 2)
    assert (seen.kind, seen.level, seen.subject) == (Kind.ALERT, Level.OUTRAGE, Subject.THREAD)
    assert seen.since == NOON + minutes(1)
    assert seen.who is not None
    assert seen.who.name == "Aino Korpi"


def test_a_brand_alert_has_no_answer_and_no_conversation(store: Sessions) -> None:
    store_posts(store, a_post("Surkea 1"), a_post("Surkea 2", author=VEIKKO), a_post("Kiitos"))
    judge_all(store)
    heat(store, None, "warning", brand=True)
    consider(store)
    seen = view(store)
    assert (seen.subject, seen.reply, seen.route.way) == (Subject.BRAND, None, Way.NONE)
    assert seen.posts == ()


@pytest.mark.parametrize(
    ("named", "way", "code"),
    [
        (
            {"place": Place.SEARCH, "replyable": Replyable.NOT_SUMMONED, "text": "Surkea kauppa"},
            Way.BY_HAND,
            "not_summoned",
        ),
        ({"replyable": Replyable.REPLIES_LIMITED}, Way.BY_HAND, "replies_limited"),
        ({"channel": "replay", "replyable": Replyable.RECORDED}, Way.NONE, "recorded"),
    ],
)
def test_the_way_to_the_customer_is_told_before_anybody_approves(
    store: Sessions, named: dict[str, object], way: Way, code: str
) -> None:
    a_draft(store, a_post(**named))  # type: ignore[arg-type]
    assert (view(store).route.way, view(store).route.code) == (way, code)


def test_a_messenger_window_tells_until_when(store: Sessions) -> None:
    a_draft(store, a_dm(channel="facebook"))
    assert view(store).route.until == NOON + timedelta(hours=24)


def test_what_is_wrong_with_a_draft_is_said_in_the_cards_language(store: Sessions) -> None:
    a_draft(store, text="Soitamme numeroosi 040 123 4567.")
    assert any("näkyy kaikille" in warning for warning in view(store).warnings)
    assert any("Everybody" in warning for warning in view(store, language="en").warnings)


def test_a_settled_reply_tells_who_when_and_what_became_of_it(store: Sessions) -> None:
    draft = a_draft(store)
    approvals(store).edit_and_approve(draft.id, 1, "Hei Aino!", ANNA)
    put_reply(store, draft.id, ReplyState.REFUSED, problem="duplicate")
    reply = view(store).reply
    assert reply is not None
    assert (reply.by, reply.edited_by, reply.problem, reply.at) == ("Anna Virta", "Anna Virta", "duplicate", NOON)
    put_reply(store, draft.id, ReplyState.SENT, sent_at=NOON + minutes(1), permalink="https://x.com/i/status/9")
    sent = view(store).reply
    assert sent is not None
    assert (sent.at, sent.permalink) == (NOON + minutes(1), "https://x.com/i/status/9")


# what the judge heard


def test_a_contact_says_what_it_is_about_the_clearest_first_and_its_risks(store: Sessions) -> None:
    store_posts(store, a_post())
    judge_all(
        store,
        reasons={"delivery": 0.6, "return_refund": 0.9, "praise": 0.4},
        flags={"personal_data": 0.99, "press": 0.5, "legal": 0.7, "abuse": 0.2},
    )
    consider(store)
    seen = view(store)
    assert names(seen.topics) == ["return_refund", "delivery"]
    assert [(risk.name, risk.calls) for risk in seen.risks] == [
        ("legal", True), ("press", True), ("personal_data", False),
    ]  # fmt: skip
    assert (seen.unsure, seen.risk_permalink) == (None, None)


def test_an_order_number_in_private_is_no_risk(store: Sessions) -> None:
    store_posts(store, a_dm("Tilaus 104233"))
    judge_all(store, flags={"personal_data": 0.99})
    consider(store)
    assert view(store).risks == ()


def test_what_the_customer_said_before_counts_until_the_case_is_settled(store: Sessions) -> None:
    store_posts(store, a_dm("Akku syttyi!"), a_dm("Muut", author=VEIKKO, thread_id="other"))
    judge_all(store, reasons={"product_fault": 0.9}, flags={"safety": 0.9})
    consider(store)
    later = NOON + minutes(5)
    store_posts(store, a_dm("Haloo?", created_at=later), at=later)
    judge_all(store, later, reasons={"service_experience": 0.6})
    consider(store, later)
    assert (names(view(store).topics), names(view(store).risks)) == (
        ["product_fault", "service_experience"],
        ["safety"],
    )
    approvals(store, later).by_hand(1, 2, ANNA)
    assert names(view(store).risks) == ["safety"]
    much_later = NOON + minutes(60)
    store_posts(store, a_dm("Onko teillä telttoja?", created_at=much_later), at=much_later)
    judge_all(store, much_later, reasons={"product_question": 0.9})
    consider(store, much_later)
    assert (names(view(store).topics), view(store).risks) == (["product_question"], ())


def test_people_whose_names_are_withheld_answer_for_their_own_words_only(store: Sessions) -> None:
    store_posts(store, a_comment("Teen rikosilmoituksen", author=None))
    judge_all(store, flags={"legal": 0.9})
    store_posts(store, a_comment("Missä pakettini?", author=None, created_at=NOON + minutes(1)))
    consider(store)
    assert (names(view(store, 1).risks), view(store, 2).risks) == (["legal"], ())


def test_an_alert_counts_in_how_many_posts_each_was_heard(store: Sessions) -> None:
    store_posts(store, *(a_comment(f"Surkeaa {number}!", author=VEIKKO) for number in range(3)))
    judge_all(store, reasons={"delivery": 0.9}, flags={"boycott": 0.6, "personal_data": 0.99})
    newest = a_comment("Surkeaa, soitan poliisille!", created_at=NOON + minutes(1))
    store_posts(store, newest, a_comment("Surkeaa", is_share=True, created_at=NOON + minutes(2)))
    judge_all(store, reasons={"delivery": 0.7, "payment_invoice": 0.8}, flags={"legal": 0.8})
    store_posts(store, a_comment("Surkea sää", created_at=NOON + minutes(3)), a_post("Muualla"))
    judge_all(store, reasons={"praise": 0.1})
    heat(store, 1, "warning")
    consider(store)
    seen = view(store)
    assert seen.kind is Kind.ALERT
    assert [(topic.name, topic.posts) for topic in seen.topics] == [("delivery", 4), ("payment_invoice", 1)]
    assert [(risk.name, risk.posts) for risk in seen.risks] == [("boycott", 3), ("legal", 1), ("personal_data", 3)]
    assert seen.risk_permalink == newest.permalink


def test_a_brands_alert_counts_what_is_said_in_public_since_it_was_raised(store: Sessions) -> None:
    heat(store, None, "warning", brand=True)
    consider(store)
    store_posts(store, a_post("Surkeaa"), a_dm("Surkeaa"))
    judge_all(store, flags={"safety": 0.9, "personal_data": 0.9})
    assert [(risk.name, risk.posts) for risk in view(store).risks] == [("safety", 1), ("personal_data", 1)]


def test_a_judge_that_gives_no_reasons_leaves_them_out(store: Sessions) -> None:
    a_draft(store)
    assert (view(store).topics, view(store).risks) == ((), ())


@pytest.mark.parametrize("why", Abstention)
def test_why_the_judge_does_not_know_is_told(store: Sessions, why: Abstention) -> None:
    store_posts(store, a_post())
    judge_all(store, abstention=why, language="et")
    consider(store)
    assert (view(store).unsure, view(store).language) == (why, "et")


def test_an_abstention_from_before_its_reason_was_kept_is_unsure(store: Sessions) -> None:
    a_draft(store)
    with store.begin() as session:
        session.scalars(select(VerdictRow)).one().abstained = True
    assert view(store).unsure == "unsure"


def names(heard: tuple[Heard, ...]) -> list[str]:
    return [one.name for one in heard]
