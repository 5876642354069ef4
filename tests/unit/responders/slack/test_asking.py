"""Asking a card how its text was read opens a window at once, fills it, and takes a correction, over real sockets."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

from responders.slack.actions import Corrected, Draft, Person, Said
from responders.slack.reading import READING
from sandbox.faults import Fault
from tests.unit.responders.slack.builders import NOON, an_alert, shown
from tests.unit.responders.slack.test_reading import a_reading
from tests.unit.responders.slack.workspace import PATIENCE_S, Workspace, a_workspace

MIKAEL = Person("U0MIKAEL", "Mikael Öst")
HAPPY = Said("positive", False, frozenset({"praise"}), frozenset())
FILLED = {
    "side": {"side": "positive"},
    "temper": {"temper": "calm"},
    "why": {"why": ["praise"]},
    "risks": {"risks": []},
}


@pytest.fixture
def place() -> Iterator[Workspace]:
    with a_workspace() as made:
        made.readings.shown = a_reading()
        made.readings.words = ("viipyy",)
        yield made


def the_form(place: Workspace, user: str = "U0MIKAEL") -> dict[str, Any]:
    """The window once it is filled."""
    return waited(place, lambda view: "submit" in view and view["submit"] is not None, user)


def waited(place: Workspace, look: Any, user: str = "U0MIKAEL") -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        view = place.window(user)
        if look(view):
            return view
        time.sleep(0.01)
    raise AssertionError("the window did not change")


def submitted(place: Workspace, user: str = "U0MIKAEL") -> Any:
    place.ask(place.post(an_alert()), user)
    return place.slack.submit(user, the_form(place, user)["id"], FILLED).result(PATIENCE_S)


def test_the_window_stands_there_before_the_words_are_found_and_is_filled_when_they_are(place: Workspace) -> None:
    loading: list[str] = []
    place.readings.meanwhile = lambda: loading.append(shown(place.window()["blocks"]))
    assert place.ask(place.post(an_alert())).problem == ""
    filled = the_form(place)
    assert loading == ["Hetki, katsotaan, miten viesti luettiin …"]
    assert filled["callback_id"] == READING
    assert "*Sanat, jotka ratkaisivat*\n”viipyy”" in shown(filled["blocks"])
    assert "Missä pakettini viipyy?" in shown(filled["blocks"])


def test_a_correction_is_one_call_and_what_it_changes_is_told(place: Workspace) -> None:
    place.readings.shown = a_reading(correction=4)
    assert submitted(place).outcome == "closed"
    assert place.readings.calls.get(timeout=PATIENCE_S) == (214, 31, 4, HAPPY, MIKAEL)
    assert place.readings.calls.empty()
    assert place.told() == (
        "Korjaus on tallennettu, ja viesti luetaan nyt niin kuin merkitsit. "
        "Malli oppii korjauksesta vasta, kun ylläpito ajaa komennon palovahti judge retrain."
    )


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        (Corrected("stored", "x"), "Malli ei opi tästä korjauksesta, koska X ei salli"),
        (Corrected("stored", "facebook", Draft.NEW), "Vastausehdotus vaihtui sen mukaan. Malli oppii"),
        (Corrected("stored", "facebook", Draft.KEPT), "Vastaus jäi ennalleen, koska joku on jo tarttunut siihen."),
        (Corrected("same", "x"), "Viesti luetaan jo juuri näin, joten mitään ei muutettu."),
    ],
)
def test_each_correction_has_its_sentence(place: Workspace, done: Corrected, sentence: str) -> None:
    place.readings.done = done
    assert submitted(place).outcome == "closed"
    assert sentence in place.told()


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        (
            Corrected("corrected_meanwhile", "x", by_id="U0SARA", at=NOON),
            "Sara Virta ehti korjata tämän klo 11.42, eikä sinun korjaustasi tallennettu.",
        ),
        (Corrected("corrected_meanwhile", "x"), "Tämä ehdittiin jo korjata, eikä sinun korjaustasi tallennettu."),
        (Corrected("not_allowed"), "Sinulla ei ole oikeutta korjata lukutapaa."),
        (Corrected("not_found"), "Tätä viestiä ei enää ole."),
    ],
)
def test_why_nothing_was_stored_is_said_in_the_window_and_what_was_filled_in_stays(
    place: Workspace, done: Corrected, sentence: str
) -> None:
    place.readings.done = done
    answer = submitted(place)
    assert answer.outcome == "errors"
    assert answer.errors["side"].startswith(sentence)
    assert place.slack.workspace.open_view_of("U0MIKAEL") is not None


def test_a_second_delivery_is_told_nothing(place: Workspace) -> None:
    place.readings.done = Corrected("again", "x")
    assert submitted(place).outcome == "closed"
    assert [one for one in place.slack.workspace.changes(0, "U0MIKAEL") if one["visible_to"]] == []


def test_a_case_without_a_reading_says_so(place: Workspace) -> None:
    place.readings.shown = None
    place.ask(place.post(an_alert()))
    waited(place, lambda view: "Tätä viestiä ei enää ole." in shown(view["blocks"]))


def test_who_corrected_before_is_named(place: Workspace) -> None:
    place.readings.shown = a_reading(correction=4, corrected_by="U0SARA", corrected_at=NOON)
    place.ask(place.post(an_alert()))
    assert "Sara Virta korjasi lukutavan" in shown(the_form(place)["blocks"])


def test_a_window_that_was_closed_before_it_was_filled_is_no_fault(
    place: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    closed: list[str] = []

    def close() -> None:
        view = place.window()
        place.slack.cancel("U0MIKAEL", view["id"])
        closed.append(view["id"])

    place.readings.meanwhile = close
    with caplog.at_level(logging.INFO, logger="responders.slack"):
        place.ask(place.post(an_alert()))
        until = time.monotonic() + PATIENCE_S
        while "slack reading shown" not in caplog.text and time.monotonic() < until:
            time.sleep(0.01)
    assert closed
    assert "slack reading shown case=214 user=U0MIKAEL" in caplog.text
    assert "failed" not in caplog.text


def test_a_window_that_comes_too_late_is_said_so(place: Workspace) -> None:
    body = '{"ok": false, "error": "expired_trigger_id"}'
    headers = {"Content-Type": "application/json"}
    place.slack.faults.add(Fault("status", path="/api/views.open", status=200, headers=headers, body=body))
    place.ask(place.post(an_alert()))
    assert place.told() == "Slack ehti sulkea ikkunan. Paina nappia uudelleen."


def test_a_fault_of_ours_does_not_leave_the_window_waiting_and_logs_no_words(
    place: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    place.readings.failure = RuntimeError("Missä pakettini viipyy?")
    place.ask(place.post(an_alert()))
    assert place.told().startswith("Jotain meni vikaan.")
    waited(place, lambda view: "Lukutapaa ei saatu näkyviin." in shown(view["blocks"]))
    assert "pakettini" not in caplog.text


def test_a_fault_of_ours_at_the_submission_keeps_what_was_filled_in(place: Workspace) -> None:
    place.ask(place.post(an_alert()))
    window = the_form(place)
    place.readings.failure = RuntimeError("no")
    done = place.slack.submit("U0MIKAEL", window["id"], FILLED).result(PATIENCE_S)
    assert done.outcome == "errors"
    assert done.errors["side"].startswith("Jotain meni vikaan.")
