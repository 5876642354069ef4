"""What may teach the judge: the shop's own channels, and never a text from X, whatever else is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from classifier.lessons import LeftOut, lessons_of
from classifier.verdict import ContactReason, Label, RiskFlag
from listener.posts import Post
from models.base import Sessions
from models.corrections import Correction, store_correction
from tests.builders import ANNA, NOON, a_comment, a_dm, a_post, judge_all, mentions, store_posts


def ours(text: str, **named: Any) -> Post:
    """A comment on our own page, where Facebook gave it."""
    return a_comment(text, **({"permalink": None} | named))


def put_right(store: Sessions, post: Post, **said: Any) -> int:
    """Keeps the post and a correction of its verdict; returns the mention's id."""
    store_posts(store, post)
    judge_all(store)
    mention = mentions(store)[-1].id
    correct(store, mention, **said)
    return mention


def correct(store: Sessions, mention: int, **said: Any) -> Correction:
    plain = {"label": "positive", "high_arousal": False, "reasons": ["praise"], "flags": [], "by": ANNA.id, "at": NOON}
    with store.begin() as session:
        return store_correction(session, mention, **(plain | said))


def learnt(store: Sessions) -> tuple[list[str], dict[LeftOut, int]]:
    with store() as session:
        lessons = lessons_of(session)
    return [lesson.text for lesson in lessons.usable], dict(lessons.left_out)


def test_a_text_of_the_shops_own_page_teaches_what_a_person_said_of_it(store: Sessions) -> None:
    put_right(store, ours("Kamiina hehkuu"), reasons=["praise", "delivery"], flags=["safety"], high_arousal=True)
    with store() as session:
        lesson = lessons_of(session).usable[0]
    assert lesson.text == "Kamiina hehkuu"
    assert lesson.labels.sentiment is Label.POSITIVE
    assert lesson.labels.high_arousal
    assert lesson.labels.reasons == {ContactReason.PRAISE, ContactReason.DELIVERY}
    assert lesson.labels.flags == {RiskFlag.SAFETY}


@pytest.mark.parametrize(
    "post",
    [
        a_post("Mainittu"), a_dm("Yksityinen"), a_post("Kerrattu", channel="twitter"), a_post("Iso", channel="X"),
        ours("Linkki", permalink="https://x.com/i/status/1"), ours("Vanha", permalink="https://mobile.twitter.com/a/1"),
    ],
    ids=["mention", "direct message", "twitter", "capital", "address", "old address"],
)  # fmt: skip
def test_nothing_from_x_teaches(store: Sessions, post: Post) -> None:
    put_right(store, post)
    assert learnt(store) == ([], {LeftOut.FROM_X: 1})


@pytest.mark.parametrize("channel", ["mastodon", "replay", "trustpilot", "facebook-group"])
def test_a_channel_that_is_not_known_as_the_shops_own_teaches_nothing(store: Sessions, channel: str) -> None:
    put_right(store, ours("Jossain muualla", channel=channel))
    assert learnt(store) == ([], {LeftOut.OTHER_CHANNEL: 1})


def test_words_that_were_also_heard_on_x_teach_nothing_even_uncorrected(store: Sessions) -> None:
    store_posts(store, a_post("@nuotiopuoti Kamiina HEHKUU  punaisena"))
    put_right(store, ours("Kamiina hehkuu punaisena"))
    put_right(store, ours("Jotain muuta"))
    assert learnt(store) == (["Jotain muuta"], {LeftOut.HEARD_ELSEWHERE: 1})


def test_a_correction_whose_own_channel_says_x_is_left_out_whatever_the_mention_says(store: Sessions) -> None:
    mention = put_right(store, ours("Siirretty"))
    with store.begin() as session:
        session.query(Correction).where(Correction.mention_id == mention).update({"channel": "x"})
    assert learnt(store) == ([], {LeftOut.FROM_X: 1})


def test_the_last_correction_of_a_mention_and_of_the_same_words_counts(store: Sessions) -> None:
    first = put_right(store, ours("Kamiina hehkuu"))
    correct(store, first, label="negative")
    put_right(store, ours("kamiina  hehkuu"), label="neutral")
    with store() as session:
        lessons = lessons_of(session)
    assert [lesson.labels.sentiment for lesson in lessons.usable] == [Label.NEUTRAL]
    assert lessons.left_out == {LeftOut.COPY: 1}


def test_what_cannot_be_read_or_named_is_left_out_and_counted(store: Sessions) -> None:
    put_right(store, ours("@nuotiopuoti"))
    put_right(store, ours("Kamiina"), reasons=["astrology"])
    put_right(store, ours("Takka"), label="mixed")
    assert learnt(store) == ([], {LeftOut.NOTHING_TO_READ: 1, LeftOut.UNKNOWN_NAME: 2})
