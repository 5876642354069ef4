"""A post as a row: text that any database keeps, and a key that copies share and others do not."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.normalise import copied_words, mention_values, storable, text_key
from listener.posts import Place
from tests.builders import AINO, NOON, a_comment, a_post

OPENED = datetime(2014, 5, 1, 6, tzinfo=UTC)
WORDS = st.text(st.sampled_from("abcdefgäöå"), min_size=1, max_size=8)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8)
ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("\ud800\udfff\x00"), max_size=60)


def key(text: str, **named: object) -> str:
    return text_key(copied_words(text), a_post(text, **named))


@pytest.mark.parametrize(
    "copy",
    [
        "surkeaa palvelua nuotiopuoti",
        "Surkeaa  palvelua,\nNUOTIOPUOTI!!!",
        "@joku Surkeaa palvelua Nuotiopuoti https://t.co/abc123 #pettymys",
        "Surkeaa pal\u200bvelua Nuotiopuoti",
        "Ｓｕｒｋｅａａ palvelua Nuotiopuoti",
        "Surkeaa palvelua Nuotiopuoti 😡😡",
        "Surkeaa palvelua www.nuotiopuoti.example/tarjous?x=1 Nuotiopuoti t.co/Abc123",
        "RT @joku: Surkeaa palvelua Nuotiopuoti",
        "S\u0336u\u0336r\u0336k\u0336eaa palvelua Nuotiopuoti",
    ],
)
def test_copies_share_a_key(copy: str) -> None:
    assert key(copy) == key("Surkeaa palvelua Nuotiopuoti")


@pytest.mark.parametrize("copy", ["paskaaa firma", "PASKAAAAAAA FIRMA", "Paskaa firmaaaa"])
def test_stretched_letters_tell_no_copies_apart(copy: str) -> None:
    assert (key(copy) == key("paskaa firma")) == (copy != "Paskaa firmaaaa")


CALL = "Älkää ostako tältä kaupalta enää mitään"


@pytest.mark.parametrize("copy", [f"{CALL} 4/50", f"17. {CALL}", f"{CALL} #83 x9f2k", f"{CALL} (2)"])
def test_numbers_at_the_ends_tell_no_copies_of_a_longer_text_apart(copy: str) -> None:
    assert key(copy) == key(CALL)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Missä tilaukseni 1234?", "Missä tilaukseni 5678?"),
        ("Tilasin 3 paria sukkia ja sain", "Tilasin 4 paria sukkia ja sain"),
        ("Kiitos!!", "1234"),
    ],
)
def test_numbers_that_say_something_are_kept(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("piece", ["a-", "a.", "aa", "@a ", "a1 ", "rt ", "www.", "a\u0336"])
def test_a_text_made_to_be_slow_is_read_in_time(piece: str) -> None:
    begun = time.process_time()
    key(piece * 50_000)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("other", ["Surkea palvelu", "Hyvää palvelua Nuotiopuoti", "Surkeaa palvelua", ""])
def test_other_words_have_another_key(other: str) -> None:
    assert key(other) != key("Surkeaa palvelua Nuotiopuoti")


@pytest.mark.parametrize("text", ["", "😡", "\u200b", "https://t.co/x", "@nuotiopuoti", "!!!"])
def test_a_text_without_words_is_a_copy_of_nothing(text: str) -> None:
    assert key(text, external_id="1") != key(text, external_id="2")
    assert key(text, external_id="1") == key(text, external_id="1")


@given(SENTENCES, st.sampled_from([" ", "  ", "\n", ", ", " … "]))
def test_spacing_case_and_marks_never_tell_copies_apart(words: list[str], gap: str) -> None:
    assert key(gap.join(words).upper() + "!") == key(" ".join(words))


@given(SENTENCES, SENTENCES)
def test_keys_are_equal_only_for_the_same_words(one: list[str], other: list[str]) -> None:
    assert (key(" ".join(one)) == key(" ".join(other))) == (plain(one) == plain(other))


def plain(words: list[str]) -> list[str]:
    return [re.sub(r"(.)\1\1+", r"\1\1", word) for word in words]


@given(ANY_TEXT)
def test_any_text_becomes_one_that_can_be_stored(text: str) -> None:
    kept = storable(text)
    assert kept.encode("utf-8") or not text
    assert "\x00" not in kept
    assert (storable(kept), len(kept)) == (kept, len(text))
    assert len(key(text)) == 24


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_what_can_be_stored_is_left_as_it_is(text: str) -> None:
    assert storable(text) == text


def test_a_row_holds_everything_the_platform_told() -> None:
    author = replace(AINO, created_at=OPENED)
    post = a_comment("@nuotiopuoti Missä pakettini on? t.co/a", is_share=True, parent_id="c1", author=author)
    row = mention_values(post, 7, NOON)
    assert (row["thread_id"], row["channel"], row["place"], row["parent_external_id"]) == (
        7,
        "facebook",
        "comment",
        "c1",
    )
    assert (row["author_id"], row["author_name"], row["author_handle"], row["author_followers"]) == (
        "7001", "Aino Korpi", "ainok", 120,
    )  # fmt: skip
    assert (row["author_created_at"], row["words"]) == (OPENED, 3)
    assert (row["is_share"], row["from_us"], row["replyable"], row["received_at"]) == (True, False, "yes", NOON)


def test_our_own_post_is_ours_even_when_the_platform_does_not_say_who_wrote_it() -> None:
    assert mention_values(a_comment(place=Place.OWN_POST, author=None), 1, NOON)["from_us"] is True
