"""The windows fit Slack's limits in every language, and what was written in them is read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from responders.slack.actions import DraftView
from responders.slack.catalogue import LANGUAGES, words_for
from responders.slack.modals import Target, edit_window, fits_window, reason_given, reject_window, target_of, written
from sandbox.slack_blocks import view_problems
from tests.unit.responders.slack.test_escaping import ODD

TARGET = Target(214, 7, 3, "C0PALOVAHTI")


def a_draft(text: str = "Hei!", limit: int = 280, **named: Any) -> DraftView:
    return DraftView(7, 3, text, limit, len(text), **{"public": True, **named})


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_both_windows(language: str) -> None:
    words = words_for(language)
    warned = a_draft(warnings=("<!channel> lupaa hyvityksen",), public=False)
    for window in (edit_window(warned, TARGET, words), reject_window(TARGET, words)):
        View(**window).validate_json()
        assert view_problems(window) == []
        assert target_of(window) == TARGET


@given(ODD, st.integers(min_value=1, max_value=10_000))
def test_slack_takes_the_window_for_any_draft_that_fits(text: str, limit: int) -> None:
    draft = a_draft(text, limit)
    if fits_window(draft):
        assert view_problems(edit_window(draft, TARGET, words_for("fi"))) == []


@pytest.mark.parametrize(
    ("draft", "longest"),
    [
        (a_draft("Hei!", 280), 280),
        (a_draft("Hei!", 8000), 3000),
        (a_draft("a" * 300, 280), 300),  # a draft that is too long must open all the same
        (a_draft("Katso https://nuotiopuoti.example/seuranta", 280), 3000),  # X counts a link as 23
    ],
)
def test_the_field_stops_where_the_channel_does_as_far_as_slack_can_count(draft: DraftView, longest: int) -> None:
    text = edit_window(draft, TARGET, words_for("fi"))["blocks"][0]
    assert text["element"]["max_length"] == longest


def test_the_hint_tells_the_limit_the_length_and_who_sees_it() -> None:
    hint = edit_window(a_draft("Hei!"), TARGET, words_for("fi"))["blocks"][0]["hint"]["text"]
    assert hint == "Enintään 280 merkkiä. Nyt käytössä 4 merkkiä. Vastaus näkyy kaikille."
    private = edit_window(a_draft("Hei!", public=False), TARGET, words_for("fi"))["blocks"][0]["hint"]["text"]
    assert private == "Enintään 280 merkkiä. Nyt käytössä 4 merkkiä."


def submitted(**values: dict[str, Any]) -> dict[str, Any]:
    return {"state": {"values": {name: {name: value} for name, value in values.items()}}}


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ({"text": {"value": "Hei!"}, "then": {"selected_option": {"value": "send"}}}, ("Hei!", True)),
        ({"text": {"value": "Hei!"}, "then": {"selected_option": {"value": "save"}}}, ("Hei!", False)),
        ({"text": {"value": None}, "then": {"selected_option": None}}, ("", False)),
    ],
)
def test_sending_is_never_guessed(values: dict[str, Any], read: tuple[str, bool]) -> None:
    assert written(submitted(**values)) == read


@pytest.mark.parametrize(
    ("code", "own", "reason"),
    [
        ("spam", None, "Skräppost eller trakasserier"),
        ("spam", "samma konto igen", "Skräppost eller trakasserier. samma konto igen"),
        ("other", "avtalat per telefon", "avtalat per telefon"),
        ("other", " ", None),
        (None, None, None),
        ("invented", "x", "x"),
    ],
)
def test_a_reason_is_always_words(code: str | None, own: str | None, reason: str | None) -> None:
    chosen = {"value": code} if code else None
    view = submitted(reason={"selected_option": chosen}, words={"value": own})
    assert reason_given(view, words_for("sv")) == reason
