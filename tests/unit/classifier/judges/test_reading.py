"""What of a post reaches a model."""

import hashlib
import re

import pytest
from hypothesis import given, strategies

from classifier.judges.reading import READ_CHARS, has_something_to_read, prepare, same_text_key
from classifier.training.annotations import read_own_texts

KEYS = ["5b87c0b3f2f7cf14", "9a02daf2e320acc0", "01feb4ea29a8c21c"]


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
        ("I &lt;3 it &amp;amp; you &quot;all&quot;", 'I <3 it & you "all"'),
        ("hyva\u0308a\u0308 pa\u030a dig", "hyvää på dig"),
        ("𝗛𝗬𝗩𝗔 ＨＥＩ！", "HYVA HEI!"),
    ],
)
def test_a_post_is_cleaned(text: str, read: str) -> None:
    assert prepare(text) == (read, False)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("> aiempi viesti\n> toinen rivi\n\nEi pidä paikkaansa.", "Ei pidä paikkaansa."),
        ("Eka kysymys\n> lainaus\nToka kysymys", "Eka kysymys Toka kysymys"),
        ("Ei tullut!\n\nma 12.11.2026 klo 10 Palvelu kirjoitti:\n> Hei,\n>> vanhempi\n>\n> t. Kalle", "Ei tullut!"),
        ("Trasig.\nDen 12 november skrev Anna <a@b.se>:\n>Hej", "Trasig."),
        ("Broken.\r\n\r\nOn Monday Bob wrote:\r\n> Hi", "Broken."),
        ("Still broken\n&gt; Hello there", "Still broken"),
        ("Rikki.\n\nLähetetty iPhonesta", "Rikki."),
        ("Rikki.\nLähetetty minun Samsung Galaxy -älypuhelimesta.", "Rikki."),
        ("Rikki.\nHanki Outlook for iOS", "Rikki."),
        ("Trasig.\nSkickat från min iPhone\n", "Trasig."),
        ("Trasig.\nSkickat från Outlook för Android", "Trasig."),
        ("Broken.\n\nSent from my iPhone\n\n> old words", "Broken."),
        ("Broken.\nGet Outlook for Android", "Broken."),
    ],
)
def test_what_the_writer_did_not_write_is_left_out(text: str, read: str) -> None:
    assert prepare(text) == (read, False)


@pytest.mark.parametrize(
    "text",
    [
        "> vain lainaus",
        "> vain lainaus\n> ja toinen",
        "Sent from my iPhone",
        ">:( ei toimi\nmikään",
        "hinta\n-> 5 €",
        "a > b\nc < d",
        "Rikki\nLähetetty iPhone oli rikki",
        "Väärä paketti\nLähetetty väärästä varastosta",
        "Fel\nSkickat från fel lager",
        "Late\nSent from your warehouse on Monday",
        "Anna kirjoitti:\nhei",
        "Hei\nt. Maija",
        "Hej\nMvh Anna",
        "RT joku: hyvä",
        "Kiitos vaan 🙃",
        "Great service /s",
        "eiiii oo totta",
        "„lainaus“ ja »toinen»",
    ],
)
def test_what_may_be_the_writers_own_is_kept(text: str) -> None:
    assert prepare(text) == (" ".join(text.split()), False)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_ordinary_texts_are_read_as_when_their_labels_were_given(language: str) -> None:
    """Labels name texts by a key of the first clean-up: what is read may differ from it only where a mark says so."""
    for one in read_own_texts(language):
        read = prepare(one.text)[0]
        if not re.search(r"^\s*>|&\w+;|Lähetetty|Skickat|Sent from", one.text, re.MULTILINE):
            assert hashlib.sha256(read.casefold().encode("utf-8")).hexdigest() == same_text_key(one.text), one.text


def test_a_key_stays_what_it_was() -> None:
    """Thousands of labels hang on it."""
    keys = [same_text_key(text)[:16] for text in ("Hei @anna, katso http://a.fi", "I &lt;3 it\n> no", "a\u0308" * 9)]
    assert keys == KEYS


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
