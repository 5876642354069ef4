"""What people type after /palovahti, in three languages, is understood; and everything else has an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.folding import folded
from responders.command_words import LONGEST_MUTE, Asked, Match, Problem, Verb, asked, match


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Asked(Verb.STATUS)),
        ("  TILA ", Asked(Verb.STATUS)),
        ("läge", Asked(Verb.STATUS)),
        ("lage", Asked(Verb.STATUS)),
        ("tapaus 1042", Asked(Verb.CASE, number=1042)),
        ("ärende #1042", Asked(Verb.CASE, number=1042)),
        ("1042", Asked(Verb.CASE, number=1042)),
        ("@ainok", Asked(Verb.CASE, name="ainok", handle=True)),
        ("case @ainok", Asked(Verb.CASE, name="ainok", handle=True)),
        ("case Aino  Mäkinen", Asked(Verb.CASE, name="Aino  Mäkinen")),
        ("case", Asked(Verb.CASE, Problem.WHICH_CASE)),
        ("case @", Asked(Verb.CASE, Problem.WHICH_CASE)),
        ("päivystys", Asked(Verb.ONCALL)),
        ("jour", Asked(Verb.ONCALL)),
        ("oncall take 4h", Asked(Verb.ONCALL, take=True, span=timedelta(hours=4))),
        ("päivystys ota 4 tuntia", Asked(Verb.ONCALL, take=True, span=timedelta(hours=4))),
        ("jour ta 1 dygn", Asked(Verb.ONCALL, take=True, span=timedelta(days=1))),
        ("oncall take", Asked(Verb.ONCALL, Problem.HOW_LONG, take=True)),
        ("oncall take 30d", Asked(Verb.ONCALL, Problem.TOO_LONG, take=True)),
        ("mute 2h campaign  running", Asked(Verb.MUTE, span=timedelta(hours=2), reason="campaign running")),
        ("vaimenna 1t 30min huolto", Asked(Verb.MUTE, span=timedelta(minutes=90), reason="huolto")),
        ("tysta 45 min underhåll", Asked(Verb.MUTE, span=timedelta(minutes=45), reason="underhåll")),
        ("mute", Asked(Verb.MUTE, Problem.HOW_LONG)),
        ("mute 0h nothing", Asked(Verb.MUTE, Problem.HOW_LONG)),
        ("mute 2h", Asked(Verb.MUTE, Problem.WHY, span=timedelta(hours=2))),
        ("mute 3d holiday", Asked(Verb.MUTE, Problem.TOO_LONG)),
        ("vaimenna pois", Asked(Verb.UNMUTE)),
        ("mute off", Asked(Verb.UNMUTE)),
        ("loki", Asked(Verb.LOG)),
        ("hjälp", Asked(Verb.HELP)),
        ("kissa istuu", Asked(Verb.HELP, Problem.UNKNOWN, word="kissa")),
    ],
)
def test_words_are_understood(text: str, wanted: Asked):
    assert asked(text) == wanted


@given(st.text(max_size=200))
def test_every_text_has_an_answer(text: str):
    found = asked(text)
    assert found.problem is not None or found.verb is not Verb.MUTE or (found.span and found.reason)
    assert found.span is None or timedelta() < found.span
    assert len(found.name) <= 80
    assert len(found.reason) <= 300


@given(st.integers(1, 10_000), st.sampled_from(["h", " t", "min", " pv"]), st.text(min_size=1, max_size=20))
def test_no_mute_is_longer_than_a_day(number: int, unit: str, reason: str):
    found = asked(f"mute {number}{unit} {reason}")
    assert found.problem is not None or found.verb is Verb.UNMUTE or (found.span or timedelta()) <= LONGEST_MUTE


@given(st.sampled_from(["tila", "LÄGE", "Tapaus 7", "jour", "loki"]), st.sampled_from([" ", "  ", "\t", "\n"]))
def test_spaces_and_capitals_change_nothing(text: str, space: str):
    assert asked(f"{space}{text.swapcase()}{space}") == asked(text)


@pytest.mark.parametrize(
    ("wanted", "name", "handle", "fits"),
    [
        ("makinen", "Aino Mäkinen", None, Match.BEGINS),
        ("MÄKINEN", "Makinen", None, Match.EXACT),
        ("ostrom", "Åsa Öström", None, Match.BEGINS),
        ("aino mäkinen", "Aino  Mäkinen", "ainom", Match.EXACT),
        ("ainom", "Aino Mäkinen", "AinoM", Match.EXACT),
        ("kine", "Aino Mäkinen", None, Match.HOLDS),
        ("virtanen", "Aino Mäkinen", "ainom", None),
        ("x", None, None, None),
    ],
)
def test_names_are_found_without_their_accents(wanted: str, name: str | None, handle: str | None, fits: Match | None):
    assert match(Asked(Verb.CASE, name=wanted), name, handle) is fits


def test_a_handle_is_no_name():
    assert match(Asked(Verb.CASE, name="aino", handle=True), "Aino", "korpi") is None


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str):
    assert folded(folded(text)) == folded(text)
