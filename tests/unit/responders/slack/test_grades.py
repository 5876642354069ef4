"""An alert's card takes a person's word in one click, and tells how the alert turned out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from models.states import Grade
from responders.slack.actions import Outcome, Person
from responders.slack.cards import card_for
from responders.slack.catalogue import LANGUAGES
from responders.slack.views import GradeView
from tests.unit.responders.slack.builders import NOON, a_contact, an_alert, shown
from tests.unit.responders.slack.limits import assert_slack_takes
from tests.unit.responders.slack.workspace import PATIENCE_S, Workspace, a_workspace

MIKAEL = Person("U0MIKAEL", "Mikael Öst")


@pytest.fixture
def place() -> Iterator[Workspace]:
    with a_workspace() as made:
        yield made


def grade_buttons(view: Any, language: str = "fi") -> list[str]:
    blocks = card_for(view, language).blocks
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return [one["text"]["text"] for one in elements if one["action_id"].startswith("grade_")]


@pytest.mark.parametrize(
    ("language", "buttons"),
    [
        ("fi", ["👍 Oikea hälytys", "👎 Väärä hälytys"]),
        ("sv", ["👍 Rätt larm", "👎 Falskt larm"]),
        ("en", ["👍 Right alert", "👎 False alert"]),
    ],
)
def test_an_alert_can_be_graded_and_a_contact_cannot(language: str, buttons: list[str]) -> None:
    assert grade_buttons(an_alert(), language) == buttons
    assert grade_buttons(a_contact(), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grade", Grade)
def test_every_grade_has_its_sentence_and_a_person_may_still_say_otherwise(language: str, grade: Grade) -> None:
    for lead in (None, 200, -15):
        view = an_alert(grade=GradeView(grade, NOON, None, lead))
        card = card_for(view, language)
        assert_slack_takes(card.blocks)
        assert "{length}" not in shown(card.blocks)
        assert len(grade_buttons(view, language)) == 2


def test_how_far_from_half_is_said_in_words() -> None:
    early = shown(card_for(an_alert(grade=GradeView(Grade.RIGHT, NOON, None, 200)), "fi").blocks)
    assert "oikea hälytys: asiasta tuli someraivo. Hälytys tuli 3 t 20 min ennen kuin puolet oli sanottu." in early
    late = shown(card_for(an_alert(grade=GradeView(Grade.LATE, NOON, None, -15)), "fi").blocks)
    assert "Hälytys tuli 15 min sen jälkeen, kun puolet oli sanottu." in late


def test_once_a_person_has_said_it_their_name_stands_in_the_buttons_place() -> None:
    view = an_alert(grade=GradeView(Grade.FALSE, NOON, "Anna <Virta>"))
    assert grade_buttons(view) == []
    assert "👎 Anna &lt;Virta&gt; merkitsi: väärä hälytys" in shown(card_for(view, "fi").blocks)


@pytest.mark.parametrize(("action", "right"), [("grade_right", True), ("grade_wrong", False)])
def test_a_click_is_one_call_and_nothing_more_is_told(place: Workspace, action: str, right: bool) -> None:
    assert place.press(place.post(an_alert()), action).problem == ""
    assert place.grades.calls.get(timeout=PATIENCE_S) == (214, right, MIKAEL)
    assert place.grades.calls.empty()
    assert place.actions.calls.empty()


def test_who_comes_second_is_told_who_was_first(place: Workspace) -> None:
    place.grades.outcome = Outcome(False, "already_graded", by="Sara Virta", by_id="U0SARA", at=NOON)
    place.press(place.post(an_alert()), "grade_wrong")
    assert place.told() == "Sara Virta ehti arvioida hälytyksen klo 11.42."


def test_an_old_card_says_so(place: Workspace) -> None:
    place.grades.outcome = Outcome(False, "alert_not_found")
    place.press(place.post(an_alert()), "grade_right")
    assert place.told() == "Tätä hälytystä ei enää ole. Kortti on luultavasti vanha."


def test_a_double_click_is_told_nothing(place: Workspace) -> None:
    place.grades.outcome = Outcome(False, "already_graded", by="Mikael Öst", by_id="U0MIKAEL", at=NOON)
    ref = place.post(an_alert())
    for _ in range(2):
        place.press(ref, "grade_right")
        place.grades.calls.get(timeout=PATIENCE_S)
    place.grades.outcome = Outcome(False, "alert_not_found")
    place.press(ref, "grade_right")
    assert place.told().startswith("Tätä hälytystä")
