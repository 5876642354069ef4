"""Reading a source: page, cursor and next jobs are kept together, once, whatever the posts look like."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from listener.posts import Author, Page, Place, Post, Replyable
from listener.steps import poll_source
from models.base import Sessions
from models.errors import SignInAgain, TryLater
from models.jobs import Job, JobKind
from models.mentions import SourceCursor, Thread
from tests.builders import ME, NOON, US, a_comment, a_dm, a_post, from_us, mentions, minutes
from tests.fakes import FakeSource


def poll(store: Sessions, *pages: Page | Exception, at: object = NOON) -> FakeSource:
    source = FakeSource(list(pages))  # type: ignore[arg-type]
    for _ in pages:
        poll_source(source=source, sessions=store, now=NOON, wall=NOON, interval_s=60)
    return source


def a_page(*posts: Post, at: str = "1", **named: object) -> Page:
    return Page(posts, {"since": at}, **named)  # type: ignore[arg-type]


def jobs(store: Sessions) -> dict[JobKind, float]:
    """The waiting jobs, and in how many seconds each runs."""
    with store() as session:
        return {job.kind: (job.run_at - NOON).total_seconds() for job in session.scalars(select(Job))}


def cursor(store: Sessions) -> SourceCursor:
    with store() as session:
        return session.get_one(SourceCursor, "x:mentions")


def test_a_page_its_cursor_and_the_next_jobs_are_kept_together(store: Sessions) -> None:
    poll(store, a_page(a_post(), a_post(), at="42"))
    assert len(mentions(store)) == 2
    assert (cursor(store).position, cursor(store).read_at, cursor(store).heard_at) == ({"since": "42"}, NOON, NOON)
    assert jobs(store) == {JobKind.POLL: 60, JobKind.CLASSIFY: 0}


def test_a_page_that_cannot_be_committed_leaves_nothing_behind(store: Sessions) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError

    with store.begin() as session:
        engine = session.get_bind()
    event.listen(engine, "commit", fail)
    with pytest.raises(ConnectionError):
        poll(store, a_page(a_post()))
    event.remove(engine, "commit", fail)
    with store() as session:
        session.rollback()
        assert session.get(SourceCursor, "x:mentions") is None
    assert mentions(store) == []
    assert jobs(store) == {}


def test_the_cursor_of_one_page_asks_for_the_next(store: Sessions) -> None:
    source = poll(store, a_page(a_post(), at="1", more=True), a_page(a_post(), at="2"))
    assert source.asked == [{}, {"since": "1"}]


def test_more_pages_are_read_at_once_and_a_tired_platform_later(store: Sessions) -> None:
    poll(store, a_page(more=True))
    assert jobs(store) == {JobKind.POLL: 0}
    with store.begin() as session:
        session.query(Job).delete()
    poll(store, a_page(wait_s=600))
    assert jobs(store) == {JobKind.POLL: 600}


def test_a_page_delivered_twice_is_a_page_delivered_once(store: Sessions) -> None:
    page = a_page(a_post("yksi"), a_post("kaksi"))
    poll(store, page, page)
    assert sorted(mention.text for mention in mentions(store)) == ["kaksi", "yksi"]


def test_an_overlap_brings_only_what_is_new(store: Sessions) -> None:
    first, second, third = a_post(), a_post(), a_post()
    poll(store, a_page(second, first))
    before = mentions(store)
    poll(store, a_page(third, second))
    assert len(mentions(store)) == 3
    assert [mention.id for mention in mentions(store)][:2] == [mention.id for mention in before]


def test_a_post_twice_on_one_page_is_kept_once(store: Sessions) -> None:
    post = a_post()
    poll(store, a_page(post, post))
    assert len(mentions(store)) == 1


def test_a_post_that_brings_nothing_new_asks_nobody_to_judge(store: Sessions) -> None:
    poll(store, a_page())
    assert jobs(store) == {JobKind.POLL: 60}
    assert cursor(store).heard_at is None


def test_our_own_words_are_heard_at_once(store: Sessions) -> None:
    poll(store, a_page(from_us("Se on matkalla!")))
    assert jobs(store) == {JobKind.POLL: 60, JobKind.CLASSIFY: 0, JobKind.CONSIDER: 0}


def test_the_same_id_in_two_accounts_is_two_posts(store: Sessions) -> None:
    poll(store, a_page(a_post(external_id="5"), a_post(external_id="5", account="other")))
    assert len(mentions(store)) == 2


def test_our_own_posts_are_kept_as_context(store: Sessions) -> None:
    ours = a_comment("Syysale alkoi!", external_id="p1", parent_id=None, place=Place.OWN_POST, author=US)
    answer = a_comment("Tutkimme asiaa.", author=US, from_us=True, created_at=NOON + minutes(2))
    poll(store, a_page(ours, a_comment("Missä on?"), answer))
    assert [mention.from_us for mention in mentions(store)] == [True, False, True]


def test_our_own_words_answer_a_thread_but_our_own_post_does_not(store: Sessions) -> None:
    poll(store, a_page(a_comment("Ale!", external_id="p1", parent_id=None, place=Place.OWN_POST, author=US)))
    with store() as session:
        assert session.scalars(select(Thread)).one().answered_at is None
    later = NOON + minutes(7)
    poll(store, a_page(a_comment("Katsomme.", author=US, from_us=True, created_at=later)))
    poll(store, a_page(a_comment("Vanha vastaus.", author=US, from_us=True, created_at=NOON)))
    with store() as session:
        assert session.scalars(select(Thread)).one().answered_at == later


def test_a_thread_knows_its_first_and_last_post_in_whatever_order_they_come(store: Sessions) -> None:
    for offset in (5, 1, 9, 3):
        poll(store, a_page(a_comment(created_at=NOON + minutes(offset))))
    with store() as session:
        thread = session.scalars(select(Thread)).one()
        assert (thread.first_at, thread.last_at) == (NOON + minutes(1), NOON + minutes(9))
        assert (thread.in_own_channel, thread.is_private) == (True, False)


def test_direct_messages_are_a_private_thread(store: Sessions) -> None:
    poll(store, a_page(a_dm(), a_dm("Haloo?")))
    with store() as session:
        assert session.scalars(select(Thread)).one().is_private


def test_a_search_hit_that_turns_out_to_name_us_becomes_a_mention(store: Sessions) -> None:
    hit = a_post(external_id="77", place=Place.SEARCH, replyable=Replyable.NOT_SUMMONED)
    poll(store, a_page(hit))
    poll(store, a_page(a_post(external_id="77")))
    [mention] = mentions(store)
    assert (mention.place, mention.replyable) == ("mention", "yes")
    poll(store, a_page(hit))
    assert mentions(store)[0].place == "mention"


ODD = {
    "lone surrogates": ("\ud800 hei \udfff", "\ufffd hei \ufffd"),
    "a NUL": ("ab\x00cd", "ab\ufffdcd"),
    "zero width": ("hei\u200b\u200d\ufeff", "hei\u200b\u200d\ufeff"),
    "right to left": ("\u202eمرحبا أين طلبي؟", "\u202eمرحبا أين طلبي؟"),
    "only emoji": ("😡😡👨\u200d👩\u200d👧", "😡😡👨\u200d👩\u200d👧"),
    "nothing": ("", ""),
    "no end": ("ä" * 100_000, "ä" * 100_000),
}


@pytest.mark.parametrize(("text", "kept"), ODD.values(), ids=ODD)
def test_an_odd_text_is_kept_and_never_fails_its_page(store: Sessions, text: str, kept: str) -> None:
    poll(store, a_page(a_post("ennen"), a_post(text, author=Author("1", text or "x", text or None)), a_post("jälkeen")))
    texts = [mention.text for mention in mentions(store)]
    assert texts == ["ennen", kept, "jälkeen"]
    assert mentions(store)[1].author_name == (kept or "x")


def test_a_post_without_author_and_one_whose_parent_is_gone_are_kept(store: Sessions) -> None:
    poll(store, a_page(a_comment("kuka?", author=None), a_comment("vastaus", parent_id="poistettu")))
    nobody, orphan = mentions(store)
    assert (nobody.author_id, nobody.author_name, nobody.author_handle) == (None, None, None)
    assert orphan.parent_external_id == "poistettu"


def test_a_failing_source_is_noted_once_and_its_recovery_too(store: Sessions, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    poll(store, a_page(a_post(), at="7"))
    caplog.clear()
    source = FakeSource([SignInAgain("token_expired", "Renew it."), TryLater("rate_limited", "Wait.")])
    for hour in range(2):
        with pytest.raises((SignInAgain, TryLater)):
            poll_source(
                source=source, sessions=store, now=NOON + timedelta(hours=hour), wall=NOON, interval_s=60
            )  # fmt: skip
    assert (cursor(store).failing_since, cursor(store).problem) == (NOON, "rate_limited")
    assert cursor(store).position == {"since": "7"}
    poll(store, a_page(at="8"))
    assert (cursor(store).failing_since, cursor(store).problem, cursor(store).position) == (None, None, {"since": "8"})
    said = [record.getMessage() for record in caplog.records]
    assert said == ["source fails source=x:mentions code=token_expired", "source reads again source=x:mentions"]


def test_a_source_that_fails_before_its_first_page_is_noted_too(store: Sessions) -> None:
    with pytest.raises(TryLater):
        poll(store, TryLater("unreachable", "Check the network."))
    assert (cursor(store).position, cursor(store).problem) == ({}, "unreachable")


def test_what_we_said_on_x_is_ours_whatever_the_place(store: Sessions) -> None:
    poll(store, a_page(from_us("@ainok paketti tulee huomenna", thread_id="1", parent_id="1")))
    [mention] = mentions(store)
    assert (mention.from_us, mention.author_id) == (True, ME)
