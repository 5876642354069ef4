"""The catalogue says the same things in every language, with the same slots, as that language writes them."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from responders.slack.catalogue import LANGUAGES, words_for
from responders.slack.escaping import Mrkdwn

HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 11, 10, 9, 42, tzinfo=UTC)


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_slots(language: str) -> None:
    english, other = words_for("en").texts, words_for(language).texts
    assert other.keys() == english.keys()
    # A singular may say "one" in a word, and keeps its number here all the same.
    assert {key: slots(text) for key, text in other.items()} == {key: slots(text) for key, text in english.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_carries_stray_space(language: str) -> None:
    assert [key for key, text in words_for(language).texts.items() if not text or text != text.strip()] == []


@pytest.mark.parametrize(
    ("language", "moment", "clock", "number"),
    [
        ("fi", "ti 10.11. klo 11.42", "klo 11.42", "12\N{NO-BREAK SPACE}400 seuraajaa"),
        ("sv", "tis 10/11 kl. 11:42", "kl. 11:42", "12\N{NO-BREAK SPACE}400 följare"),
        ("en", "Tue 10 Nov, 11:42", "11:42", "12,400 followers"),
    ],
)
def test_times_and_numbers_are_written_as_the_language_writes_them(
    language: str, moment: str, clock: str, number: str
) -> None:
    words = words_for(language)
    assert words.moment(NOON, HELSINKI) == moment
    assert words.clock(NOON, HELSINKI) == clock
    assert words.counted("count.followers", 12400) == number


def test_one_is_singular() -> None:
    assert words_for("fi").counted("count.posts", 1) == "1 viesti"
    assert words_for("fi").counted("count.posts", 2) == "2 viestiä"
    assert words_for("fi").counted("count.more", 340) == "… 340 merkkiä lisää"


@pytest.mark.parametrize(
    ("language", "at", "token"),
    [
        ("fi", NOON, "<!date^1794303720^ti 10.11. klo {time}|ti 10.11. klo 11.42>"),
        ("sv", NOON, "<!date^1794303720^tis 10/11 kl. {time}|tis 10/11 kl. 11:42>"),
        ("en", NOON, "<!date^1794303720^{date_short_pretty} at {time}|Tue 10 Nov, 11:42>"),
        # half past midnight in Helsinki is still yesterday in Stockholm
        ("fi", NOON.replace(hour=22, minute=30), "<!date^1794349800^{date_num} {time}|ke 11.11. klo 0.30>"),
    ],
)
def test_a_date_token_has_the_readers_time_and_a_fallback_in_the_shops(language: str, at: datetime, token: str) -> None:
    assert words_for(language).date_token(at, HELSINKI) == token


def test_slots_are_escaped_unless_they_are_mrkdwn_already() -> None:
    words = words_for("fi")
    assert "&lt;!channel&gt;" in words.mrkdwn("state.approved", by="<!channel>", at=Mrkdwn("<!date^1^{time}|x>"))
    assert "<!date^1^{time}|x>" in words.mrkdwn("state.approved", by="A", at=Mrkdwn("<!date^1^{time}|x>"))


def test_a_language_we_do_not_speak_is_refused_with_the_ones_we_do() -> None:
    with pytest.raises(ValueError, match="choose one of fi, sv, en"):
        words_for("de")
