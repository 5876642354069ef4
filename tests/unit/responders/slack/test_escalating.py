"""A card tells who is called, who has it and who comes next; its buttons are one call each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from queue import Queue
from typing import Any, cast

import pytest
from flask import Flask

from models.states import Ending, EscalationState
from responders.slack.actions import Outcome, Person
from responders.slack.app import create_app
from responders.slack.cards import HELSINKI, card_for
from responders.slack.catalogue import LANGUAGES, words_for
from responders.slack.client import web_client
from responders.slack.doors import PATH, http_door
from responders.slack.escalating import listens_for_escalations, listens_for_parts
from responders.slack.escalating_blocks import RingView, call_window, ring_card
from responders.slack.escalations import EscalationView, OnDuty, Rung, Whom
from responders.slack.notifier import SlackNotifier
from responders.slack.outrage_cards import OutrageView, Part, summary_card
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from tests.unit.responders.slack.builders import NOON, an_alert, shown
from tests.unit.responders.slack.limits import assert_slack_takes, assert_slack_takes_view
from tests.unit.responders.slack.workspace import (
    CHANNEL,
    SECRET,
    TOKEN,
    RecordedActions,
    RecordedGrades,
    RecordedReadings,
    Workspace,
)

HALF = NOON + timedelta(minutes=30)
RINGING = EscalationView(
    case_id=214,
    state=EscalationState.RINGING,
    chain="nights",
    last=Rung(Whom("schedule", "Anna <Virta>"), NOON),
    next=Rung(Whom("pagerduty"), NOON + timedelta(minutes=5)),
    failed=(Rung(Whom("email", "Anna <Virta>"), NOON, "smtp_no_answer"),),
    on_call=(OnDuty("evenings", "Anna <Virta>", "U0ANNA"),),
)
HELD = replace(
    RINGING, state=EscalationState.HELD, held_by="Bo *Öst*", held_until=HALF, next=Rung(Whom("schedule", "Anna"), HALF)
)
OVER = EscalationView(214, EscalationState.ENDED, "nights", ending=Ending.COOLED, ended_at=HALF, can_call=True)
VIEWS = [
    RINGING, HELD, OVER, replace(HELD, held_by=None), EscalationView(214, can_call=True), EscalationView(214),
    *(replace(OVER, ending=ending) for ending in Ending),
    *(replace(RINGING, next=Rung(Whom(by), NOON)) for by in ("schedule", "person", "group", "channel", "webhook")),
]  # fmt: skip


def actions(view: EscalationView) -> list[str]:
    blocks = card_for(an_alert(escalation=view), "fi").blocks
    found = [one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]]
    return [one for one in found if one.startswith("escalation_")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_state_fits_slack_in_every_language(view: EscalationView, language: str) -> None:
    card = card_for(an_alert(escalation=view), language)
    assert_slack_takes(card.blocks)
    ring = RingView("Nuotio <puoti>", 1214, "outrage", 29, 23, CHANNEL, view)
    for over in (True, False):
        message = ring_card(replace(ring, over=over), words_for(language), HELSINKI, "S0CARE")
        assert_slack_takes(message.blocks)
        calls = "<!subteam^S0CARE>" in shown(message.blocks)
        assert calls is (view.state is EscalationState.RINGING and not over)


def test_the_card_says_who_is_called_who_has_it_and_who_comes_next() -> None:
    ringing = shown(card_for(an_alert(escalation=RINGING), "fi").blocks)
    assert "Viimeksi hälytettiin: Anna &lt;Virta&gt;" in ringing
    assert "Seuraavaksi hälytetään: PagerDuty" in ringing
    assert "Ei mennyt perille: Anna &lt;Virta&gt; (sähköposti)" in ringing
    assert "(smtp_no_answer)" in ringing
    assert "Päivystää: Anna &lt;Virta&gt; (evenings)" in ringing
    held = shown(card_for(an_alert(escalation=HELD), "fi").blocks)
    assert "hoitaa asiaa* <!date^" in held
    assert "klo 12.12> asti." in held
    assert "hälytetään uudelleen: Anna" in held
    assert "koska keskustelu on rauhoittunut" in shown(card_for(an_alert(escalation=OVER), "fi").blocks)


def test_only_the_button_that_does_something_is_there() -> None:
    assert [actions(view) for view in (RINGING, HELD, OVER, EscalationView(214))] == [
        ["escalation_take"], ["escalation_give_back"], ["escalation_call"], [],
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("closed", [None, HALF])
def test_the_summary_of_an_outrage_fits_slack(language: str, closed: datetime | None) -> None:
    for level in ("none", "watch", "warning", "outrage"):
        view = OutrageView(
            214, 1214, "Nuotio <puoti>", level, 29, 23, CHANNEL, {Part.LEAD: "Bo *Öst*"}, NOON, "Anna", HALF, closed
        )
        assert_slack_takes(summary_card(view, words_for(language), HELSINKI).blocks)


def test_the_window_fits_slack() -> None:
    for language in LANGUAGES:
        window = call_window(214, CHANNEL, words_for(language))
        assert_slack_takes_view(window)
        assert max(len(window[part]["text"]) for part in ("title", "submit", "close")) <= 24


class Recorded:
    """Meets Escalations and Parts: notes each call, and answers what the test laid out."""

    def __init__(self) -> None:
        self.outcome = Outcome(True)
        self.calls: Queue[tuple[Any, ...]] = Queue()

    def acknowledge(self, case_id: int, who: Person) -> Outcome:
        return self._note("acknowledge", case_id, who.id)

    def give_back(self, case_id: int, who: Person) -> Outcome:
        return self._note("give_back", case_id, who.id)

    def escalate_now(self, case_id: int, reason: str, who: Person) -> Outcome:
        return self._note("escalate_now", case_id, reason, who.id)

    def take_part(self, case_id: int, part: Part, who: Person) -> Outcome:
        return self._note("take_part", case_id, str(part), who.id)

    def _note(self, *call: Any) -> Outcome:
        self.calls.put(call)
        return self.outcome


@contextmanager
def a_place(recorded: Recorded) -> Iterator[Workspace]:
    store = Store()
    slack = SlackSandbox(store, lambda: datetime.now(UTC), TOKEN, SECRET)
    server = serve(slack.app)
    api = f"{server.url}/api/"
    acts, readings, grades = RecordedActions(), RecordedReadings(), RecordedGrades()
    app = create_app(
        client=web_client(TOKEN, api), signing_secret=SECRET, actions=acts, readings=readings, grades=grades,
        more=[listens_for_escalations(recorded), listens_for_parts(recorded)],
    )  # fmt: skip
    door = serve(cast(Flask, http_door(app)))
    slack.interactivity_url = door.url + PATH
    yield Workspace(slack, acts, readings, grades, SlackNotifier(TOKEN, api), door.url + PATH)
    door.close()
    app.listener_runner.listener_executor.shutdown(wait=True)
    server.close()
    store.close()


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()


@pytest.fixture
def place(recorded: Recorded) -> Iterator[Workspace]:
    with a_place(recorded) as made:
        yield made


def test_each_press_is_one_call(place: Workspace, recorded: Recorded) -> None:
    for view, action, call in (
        (RINGING, "escalation_take", "acknowledge"),
        (HELD, "escalation_give_back", "give_back"),
    ):
        assert place.press(place.post(an_alert(escalation=view)), action).problem == ""
        assert recorded.calls.get(timeout=30) == (call, 214, "U0MIKAEL")
    parts = OutrageView(214, 1214, "N", "outrage", 1, 1, CHANNEL, {}, NOON)
    ref = place.notifier.post(CHANNEL, summary_card(parts, words_for("fi"), HELSINKI), "outrage-214")
    place.press(ref, "outrage_writer")
    assert recorded.calls.get(timeout=30) == ("take_part", 214, "writer", "U0MIKAEL")


def test_the_second_is_told_who_has_it_and_until_when(place: Workspace, recorded: Recorded) -> None:
    recorded.outcome = Outcome(False, "already_held", by="Sara Virta", by_id="U0SARA", at=HALF)
    place.press(place.post(an_alert(escalation=RINGING)), "escalation_take")
    assert place.told() == "Sara Virta hoitaa jo asiaa. Se on hänellä klo 12.12 asti."


def test_calling_people_asks_why_and_keeps_the_window_open_when_it_could_not_be(
    place: Workspace, recorded: Recorded
) -> None:
    place.press(place.post(an_alert(escalation=OVER)), "escalation_call")
    window = place.window()
    written = {"escalation_reason": {"escalation_reason": "TV soittaa kohta"}}
    recorded.outcome = Outcome(False, "no_chain")
    refused = place.slack.submit("U0MIKAEL", window["id"], written).result(30)
    assert "ei ole tähän kellonaikaan sopivaa ketjua" in refused.errors["escalation_reason"]
    recorded.outcome = Outcome(True)
    assert place.slack.submit("U0MIKAEL", window["id"], written).result(30).outcome == "closed"
    assert recorded.calls.get(timeout=30) == ("escalate_now", 214, "TV soittaa kohta", "U0MIKAEL")
