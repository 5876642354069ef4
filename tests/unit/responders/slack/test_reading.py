"""The window of a reading fits Slack's limits, says in words what was read, and gives back what was filled in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from responders.playbooks.playbook import FLAGS, REASONS
from responders.slack.actions import Reading, Said
from responders.slack.catalogue import LANGUAGES, words_for
from responders.slack.reading import Seen, bare_window, reading_window, said_in, seen_in
from sandbox.slack_blocks import view_problems
from tests.unit.responders.slack.builders import NOON, shown
from tests.unit.responders.slack.test_escaping import ODD

HELSINKI = ZoneInfo("Europe/Helsinki")
SEEN = Seen(214, 31, 0, "C0PALOVAHTI")
BEHIND = ("viipyy", "poliisille")


def a_reading(**named: Any) -> Reading:
    reading = Reading(
        case_id=214,
        mention_id=31,
        channel="facebook",
        text="Missä pakettini viipyy? Soitan kohta poliisille.",
        judge_version="onnx-1",
        language="fi",
        label="negative",
        shares={"negative": 0.78, "neutral": 0.15, "positive": 0.07},
        arousal=0.34,
        reasons=dict.fromkeys(REASONS, 0.02) | {"delivery": 0.93, "service_experience": 0.55},
        flags=dict.fromkeys(FLAGS, 0.01) | {"legal": 0.81},
        abstained=False,
        abstention=None,
        truncated=False,
        now=Said("negative", False, frozenset({"delivery", "service_experience"}), frozenset({"legal"})),
    )
    return replace(reading, **named)


def window(reading: Reading, language: str = "fi", behind: Any = BEHIND, **named: Any) -> dict[str, Any]:
    return reading_window(reading, behind, SEEN, words_for(language), HELSINKI, **named)


def words_of(reading: Reading, language: str = "fi", **named: Any) -> str:
    return shown(window(reading, language, **named)["blocks"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "reading",
    [
        a_reading(),
        a_reading(reasons={}, flags={}, abstained=True, abstention="other_language", language="de", truncated=True),
        a_reading(
            reasons=dict.fromkeys(REASONS, 1.0),
            flags=dict.fromkeys(FLAGS, 1.0),
            now=Said("positive", True, frozenset(REASONS), frozenset(FLAGS)),
            correction=5,
            corrected_by="U0ANNA",
            corrected_at=NOON,
        ),
        a_reading(text="", abstained=True, abstention="nothing_to_read", language="und"),
    ],
    ids=["plain", "abstained", "everything", "nothing"],
)
def test_slack_takes_the_window(language: str, reading: Reading) -> None:
    made = window(reading, language)
    View(**made).validate_json()
    assert view_problems(made) == []
    assert seen_in(made) == SEEN
    for key in ("reading.loading", "reading.failed", "reading.told.not_found"):
        assert view_problems(bare_window(key, words_for(language))) == []


@given(ODD, ODD, ODD)
def test_slack_takes_any_text_any_words_and_any_name(text: str, word: str, name: str) -> None:
    reading = a_reading(text=text * 9, judge_version=name or "x", corrected_by="U0ANNA", corrected_at=NOON)
    made = window(reading, behind=[word] * 20, corrected_by=name)
    assert view_problems(made) == []


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(LANGUAGES))
def test_any_figures_can_be_shown(share: float, arousal: float, language: str) -> None:
    shares = {"negative": share, "neutral": 1 - share, "positive": 0.0}
    assert view_problems(window(a_reading(shares=shares, arousal=arousal), language)) == []


def test_the_customers_words_cannot_ping_anybody_or_forge_a_link() -> None:
    made = window(a_reading(text="<!channel> <https://a.example|tästä>"), behind=["<!here>"])
    assert "<!channel>" not in json.dumps(made)
    assert "<!here>" not in json.dumps(made)
    assert "&lt;!here&gt;" in json.dumps(made)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", ["👎 kielteinen, malli on melko varma (78\N{NO-BREAK SPACE}%)", "rauhallinen, malli on epävarma (66"]),
        ("sv", ["👎 negativt, modellen är ganska säker (78\N{NO-BREAK SPACE}%)", "lugn, modellen är osäker (66"]),
        ("en", ["👎 negative, the model is fairly sure (78%)", "calm, the model is unsure (66%)"]),
    ],
)
def test_the_label_and_the_temper_are_told_in_words_and_per_cent(language: str, told: list[str]) -> None:
    said = words_of(a_reading(), language)
    for one in told:
        assert one in said


def test_the_reasons_and_the_risks_found_are_told_the_surest_first() -> None:
    said = words_of(a_reading(), "en")
    delivery, service = said.index("Delivery: where"), said.index("Customer service: manners")
    assert delivery < service
    assert "Delivery: where the parcel is, delay or carrier (93%)" in said
    assert "police or accusation of fraud (81%)" in said
    assert "Thanks, praise or recommendation (" not in said


def test_that_nothing_was_found_and_that_nothing_was_looked_for_are_different_things() -> None:
    nothing = words_of(a_reading(reasons=dict.fromkeys(REASONS, 0.1), flags=dict.fromkeys(FLAGS, 0.1)), "en")
    assert "*What it is about*\nnone found" in nothing
    assert "*Risks*\nnone found" in nothing
    unread = words_of(a_reading(reasons={}, flags={}), "en")
    assert "This model does not recognise topics or risks." in unread
    assert "none found" not in unread


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("nothing_to_read", "there is nothing to read"),
        ("other_language", "in a language that it has not learned"),
        ("unsure", "it is not sure enough"),
        (None, "*The model takes no stand.* Please read the message yourself."),
    ],
)
def test_why_the_judge_abstains_is_said_in_words(why: str | None, told: str) -> None:
    assert told in words_of(a_reading(abstained=True, abstention=why), "en")
    assert "takes no stand" not in words_of(a_reading(), "en")


def test_the_words_that_carried_the_verdict_are_named() -> None:
    said = words_of(a_reading(), "fi")
    assert "*Sanat, jotka ratkaisivat*\n”viipyy”, ”poliisille”" in said
    assert "Mikään yksittäinen sana ei ratkaissut tulosta." in words_of(a_reading(), behind=())
    assert "mallin toinen versio" in words_of(a_reading(), behind=None)


def test_the_judge_the_language_and_what_was_left_unread_are_told() -> None:
    said = words_of(a_reading(truncated=True), "fi")
    assert "Malli: onnx-1 · Viestin kieli: suomi" in said
    assert "sen keskiosa jäi mallilta lukematta" in said
    assert "Viestin kieli" not in words_of(a_reading(language="und"))


def test_who_corrected_it_is_told_beside_what_the_judge_had_said() -> None:
    corrected = a_reading(
        now=Said("positive", True, frozenset(), frozenset()),
        correction=5, corrected_by="U0ANNA", corrected_at=NOON,
    )  # fmt: skip
    made = window(corrected, corrected_by="Anna Laine")
    assert "Anna Laine korjasi lukutavan" in shown(made["blocks"])
    assert "👎 kielteinen, malli on melko varma" in shown(made["blocks"])
    side = next(block for block in made["blocks"] if block.get("block_id") == "side")
    assert side["element"]["initial_option"]["value"] == "positive"


def test_it_is_said_before_the_press_that_nothing_is_learnt_from_x() -> None:
    assert "palovahti judge retrain" in words_of(a_reading(), "en")
    on_x = words_of(a_reading(channel="x"), "en")
    assert "X does not let its posts be used to train models" in on_x
    assert "palovahti judge retrain" not in on_x


def test_a_long_text_is_cut_and_says_how_much_is_left() -> None:
    said = words_of(a_reading(text="a" * 2000))
    assert "a" * 500 in said
    assert "… 500 merkkiä lisää" in said


def as_submitted(made: dict[str, Any]) -> dict[str, Any]:
    """The window as Slack sends it back untouched."""
    values = {}
    for block in made["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            state = {
                "selected_option": element.get("initial_option"),
                "selected_options": element.get("initial_options", []),
            }
            values[block["block_id"]] = {element["action_id"]: state}
    return made | {"state": {"values": values}}


@pytest.mark.parametrize(
    "now",
    [
        Said("negative", False, frozenset({"delivery"}), frozenset({"legal", "press"})),
        Said("neutral", True, frozenset(), frozenset()),
        Said("positive", False, frozenset(REASONS), frozenset(FLAGS)),
    ],
)
def test_the_form_is_filled_with_what_counts_now_and_gives_it_back_untouched(now: Said) -> None:
    assert said_in(as_submitted(window(a_reading(now=now)))) == now


def test_what_slack_did_not_offer_is_left_out() -> None:
    view = as_submitted(window(a_reading()))
    view["state"]["values"]["why"]["why"]["selected_options"] = [{"value": "moonlight"}, {"value": "praise"}]
    assert said_in(view).reasons == {"praise"}
