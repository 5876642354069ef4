"""Other people's words cannot ping, forge links, hide or reorder text, and stay what they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.slack.blocks import quotes
from responders.slack.escaping import escaped, one_line, safe_url, visible

ODD = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from(list("<>&|@!#*_~`:\n\r\t\u202e\u200b\u200d\u2066\ufeff\x00\ud800"))
    )
)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<!channel> kaikki hereille", "&lt;!channel&gt; kaikki hereille"),
        ("<!here> & <@U0ANNA>", "&lt;!here&gt; &amp; &lt;@U0ANNA&gt;"),
        ("<https://paha.example|nuotiopuoti.fi>", "&lt;https://paha.example|nuotiopuoti.fi&gt;"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
    ],
)
def test_marks_that_slack_would_act_on_become_words(text: str, seen: str) -> None:
    assert escaped(text) == seen


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u200e", "\ufeff", "\u00ad", "\x00", "\x07", "\x1b", "\ud800", "\u3164"]
)
def test_characters_that_hide_or_reorder_are_seen(hidden: str) -> None:
    assert visible(f"hal{hidden}vin") == "hal\N{REPLACEMENT CHARACTER}vin"


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 ❤️ 👍🏽",  # joined and coloured emoji
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # the flag of Scotland, spelt in tags
        "می\u200cخواهم",  # Persian needs its non-joiner
        "Åäö åäö, naïve café",
        "rivi\ntoinen\trivi",
    ],
)
def test_what_belongs_to_the_text_is_kept(text: str) -> None:
    assert visible(text) == text


def test_new_lines_of_every_kind_are_one_kind_and_a_name_has_none() -> None:
    assert visible("a\r\nb\u2028c\x85d") == "a\nb\nc\nd"
    assert one_line("Matti\n> *Nuotiopuoti*: hyvitämme") == "Matti > *Nuotiopuoti*: hyvitämme"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.fi", "//x.fi", "", "https://", "http://[", "https://x.fi/" + "a" * 2000]
)
def test_what_is_no_web_address_is_not_linked(url: str) -> None:
    assert safe_url(url) is None


def test_an_address_cannot_break_out_of_its_link() -> None:
    assert safe_url("https://x.fi/a|b>c <d") == "https://x.fi/a%7Cb%3Ec%20%3Cd"
    assert safe_url("https://x.fi/%C3%A4?q=1&r=2") == "https://x.fi/%C3%A4?q=1&r=2"


@given(ODD, st.integers(min_value=1, max_value=80))
def test_escaped_text_fits_and_holds_no_raw_mark(text: str, limit: int) -> None:
    cut = escaped(text, limit)
    assert len(cut) <= limit
    assert "<" not in cut
    assert ">" not in cut
    rest = cut.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "&" not in rest


@given(ODD)
def test_visible_text_keeps_its_length_and_is_stable(text: str) -> None:
    seen = visible(text)
    assert len(seen) == len(text.replace("\r\n", "\n"))
    assert visible(seen) == seen
    seen.encode("utf-8")


@given(ODD)
def test_a_quote_gives_back_exactly_the_visible_text(text: str) -> None:
    """Unless a line is too long for one, the quote without its marks is the text as it was written."""
    back: list[str] = []
    for block in quotes(text):
        said = block["text"]["text"]
        if block["text"]["type"] == "mrkdwn":
            lines = [line.removeprefix("> ") for line in said.split("\n")]
            back += [line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for line in lines]
        else:
            back += [line.removeprefix("▏ ") for line in said.split("\n")]
    assert "\n".join(back) == visible(text)


def test_formatting_marks_are_shown_not_obeyed() -> None:
    [block] = quotes("Olen *todella* pettynyt :rage:")
    assert block["text"] == {"type": "plain_text", "text": "▏ Olen *todella* pettynyt :rage:", "emoji": False}
    [block] = quotes("*Kaikki* hereille <!channel>")
    assert block["text"]["type"] == "mrkdwn"
    assert "<" not in block["text"]["text"]
