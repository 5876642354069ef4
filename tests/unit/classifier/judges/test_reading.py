"""What of a post reaches a model."""

import pytest
from hypothesis import given, strategies

from classifier.judges.reading import READ_CHARS, has_something_to_read, prepare, same_text_key


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("@Kauppa.fi missä https://t.co/abc?x=1 on", "@user missä http on"),
        ("@nimi@mastodon.social hei", "@user hei"),
        ("kirjoita a@b.fi", "kirjoita a@b.fi"),
        ("<ID> se <URL> <HASCHTAG>", "@user se http #"),
        ("hei\u200b\u202e maailma\x00", "hei maailma"),
        ("hyväääääääää!!!!!!!!!!!", "hyväääää!!!!!"),
        ("perhe 👨\u200d👩\u200d👧 ❤️", "perhe 👨\u200d👩\u200d👧 ❤️"),
        ("puoli \ud83d emoji", "puoli emoji"),
    ],
)
def test_a_post_is_cleaned(text: str, read: str) -> None:
    assert prepare(text) == (read, False)


def test_the_middle_of_an_endless_post_is_dropped() -> None:
    text, cut = prepare("alku " + "sana lause " * 10_000 + "loppu")
    assert cut
    assert len(text) <= READ_CHARS + 3
    assert text.startswith("alku")
    assert text.endswith("loppu")


@given(strategies.text(max_size=200))
def test_cleaning_never_fails_and_holds_nothing_unprintable(text: str) -> None:
    read, _ = prepare(text)
    read.encode("utf-8")
    assert prepare(read)[0] == prepare(prepare(read)[0])[0]


@pytest.mark.parametrize(
    ("text", "something"),
    [("hei", True), ("👍", True), (":)", True), ("123", True), ("", False), ("@user http", False), ("...!?", False)],
)
def test_what_counts_as_something_to_read(text: str, something: bool) -> None:
    assert has_something_to_read(text) is something


def test_copies_of_a_text_share_a_key() -> None:
    assert same_text_key("Hei @anna  katso http://a.fi") == same_text_key("hei @berta katso https://b.fi/x")
    assert same_text_key("hei") != same_text_key("moi")
