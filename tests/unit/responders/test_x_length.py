"""How long a text is on X: by X's published rules, by the stand-in's own count, and never less than it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.publishers.x_length import LONGEST, fits, length
from sandbox.x_text import weight


@pytest.mark.parametrize(
    ("text", "weighs"),
    [
        ("", 0),
        ("Hei!", 4),
        ("åäöÅÄÖõšž", 9),
        ("a\u0308iti", 4),  # counted as the composed ä
        ("”Lainaus” – ja viiva", 20),
        ("…", 2),
        ("漢字", 4),
        ("🔥", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("🇫🇮", 2),
        ("❤️", 2),
        ("1️⃣", 2),
        ("https://nuotiopuoti.fi/a", 23),
        ("https://nuotiopuoti.fi/" + "pitka-polku/" * 30, 23),
        ("https://nuotiopuoti.fi/a.", 24),
        ("(https://nuotiopuoti.fi)", 25),
        ("https://nuotiopuoti.fi/a?b=c&d=1#e", 23),
        ("https://nuotiopuoti.fi/🔥", 25),
        ("https://localhost/" + "a" * 300, 318),
        ("Katso https://nuotiopuoti.fi/a ja http://x.fi", 6 + 23 + 4 + 23),
        ("rivi\nvaihto", 11),
    ],
)
def test_it_weighs_as_x_does(text: str, weighs: int) -> None:
    assert length(text) == weighs


@pytest.mark.parametrize("text", ["nuotiopuoti.fi", "www.nuotiopuoti.fi/palautus", "ok.Kiitos"])
def test_what_x_might_take_for_a_link_counts_as_the_longer_of_both(text: str) -> None:
    assert length(text) == max(len(text), 23)


def test_280_fits_and_281_does_not() -> None:
    assert LONGEST == 280
    assert fits("ä" * 280)
    assert not fits("ä" * 281)
    assert fits("🔥" * 140)
    assert not fits("🔥" * 141)


def test_half_an_emoji_has_a_length_too() -> None:
    assert length("\ud83d") == 2


finnish = st.text("abcdefghijklmnopqrstuvwxyzåäöÅÄÖ ,.!?\n0123456789€–”😀🔥👍🏽\u200d\ufe0f漢", max_size=300)
links = st.sampled_from(["", " https://nuotiopuoti.fi/a ", " http://x.fi/?q=a&b=1 ", "https://x.fi/a"])


@given(finnish, links, finnish)
def test_it_never_weighs_less_than_the_stand_ins_own_count(before: str, link: str, after: str) -> None:
    text = before + link + after
    assert length(text) >= weight(text)


@given(st.text(max_size=60))
def test_any_text_has_a_length(text: str) -> None:
    assert 0 <= length(text) <= 24 * max(1, len(text))
