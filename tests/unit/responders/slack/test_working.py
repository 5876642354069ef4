"""What people do with a case from its card: one call each, said beside the field when it does not go, over sockets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.states import CaseState, NoteKind
from responders.slack.actions import Outcome
from responders.slack.case_views import CaseFacts
from responders.slack.casework import Closing, NoteView
from responders.slack.deeds import TAKE, WAKE, Deed
from responders.slack.working import matching
from sandbox.faults import Fault
from tests.unit.responders.slack.builders import NOON, a_contact, shown
from tests.unit.responders.slack.desks import BRIEF, MIKAEL, SARA, Desk, a_desk
from tests.unit.responders.slack.limits import assert_slack_takes_view
from tests.unit.responders.slack.workspace import PATIENCE_S

IN_MENU = (Deed.ASK, Deed.NOTE, Deed.SNOOZE, Deed.CLOSE)
LISTED = (Deed.GIVE, Deed.CALL, Deed.BY_HAND, Deed.LINK)
THREE = int(datetime(2026, 11, 10, 13, 0, tzinfo=UTC).timestamp())

HOUR = f"hour:{int((NOON + timedelta(hours=1)).timestamp())}"

SENT: list[tuple[Deed, dict[str, Any], tuple[Any, ...]]] = [
    (Deed.NOTE, {"text": "Soitan huomenna."}, ("note", 214, "Soitan huomenna.", MIKAEL)),
    (
        Deed.ASK,
        {"person": "U0SARA", "text": "Onko näitä varastossa?"},
        ("ask", 214, SARA, "Onko näitä varastossa?", MIKAEL),
    ),
    (Deed.CALL, {"minutes": "7", "text": "Uusi paketti."}, ("log_call", 214, 7, "Uusi paketti.", MIKAEL)),
    (Deed.GIVE, {"person": "U0SARA", "team": "Takuu"}, ("assign", 214, SARA, "Takuu", MIKAEL)),
    (Deed.GIVE, {"person": "U0MIKAEL"}, ("assign", 214, MIKAEL, None, MIKAEL)),
    (
        Deed.SNOOZE,
        {"when": f"today:{int(datetime(2026, 11, 10, 14, 0, tzinfo=UTC).timestamp())}"},
        ("snooze", 214, datetime(2026, 11, 10, 14, 0, tzinfo=UTC), MIKAEL),
    ),
    (
        Deed.SNOOZE,
        {"when": "own", "own": THREE},
        ("snooze", 214, datetime(2026, 11, 10, 13, 0, tzinfo=UTC), MIKAEL),
    ),
    (
        Deed.SNOOZE,
        {"when": HOUR, "own": THREE},
        ("snooze", 214, datetime(2026, 11, 10, 13, 0, tzinfo=UTC), MIKAEL),
    ),
    (
        Deed.CLOSE,
        {"handled": "yes", "justified": "no", "compensated": "not_asked", "text": "Sovittiin puhelimessa."},
        ("close", 214, Closing(True, False, None, "Sovittiin puhelimessa."), MIKAEL),
    ),
    (Deed.LINK, {"number": " #1042 "}, ("link", 214, 1042, MIKAEL)),
    (Deed.BY_HAND, {"link": "https://x.com/i/status/9"}, ("answered_by_hand", 214, MIKAEL, "https://x.com/i/status/9")),
    (Deed.BY_HAND, {}, ("answered_by_hand", 214, MIKAEL, "")),
]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as made:
        yield made


def opened(desk: Desk, deed: Deed) -> None:
    ref = desk.place.post(a_contact())
    if deed in IN_MENU:
        desk.choose(ref, deed)
    else:
        desk.choose(ref, Deed.MORE)
        desk.press_listed(deed)


def as_fields(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: {name: value} for name, value in values.items()}


@pytest.mark.parametrize(("deed", "values", "call"), SENT)
def test_every_window_is_one_call(desk: Desk, deed: Deed, values: dict[str, Any], call: tuple[Any, ...]) -> None:
    opened(desk, deed)
    view = desk.form()
    assert "Tapaus 1214 · Missä pakettini viipyy?" in shown(view["blocks"])
    assert desk.submit(as_fields(values)).outcome == "closed"
    assert desk.casework.next() == call
    assert desk.casework.calls.empty()
    assert [one for one in desk.place.slack.workspace.changes(0, "U0MIKAEL") if one["visible_to"]] == []


@pytest.mark.parametrize(("action", "call"), [(TAKE, "take"), (WAKE, "wake")])
def test_taking_and_waking_need_no_window(desk: Desk, action: str, call: str) -> None:
    ref = desk.place.post(a_contact(facts=CaseFacts(snoozed_until=NOON)))
    desk.place.press(ref, action)
    assert desk.casework.next() == (call, 214, MIKAEL)


def test_a_closed_case_is_opened_again_from_its_menu(desk: Desk) -> None:
    desk.choose(desk.place.post(a_contact(state=CaseState.CLOSED)), Deed.REOPEN)
    assert desk.casework.next() == ("reopen", 214, MIKAEL)


def test_the_second_agent_is_told_who_was_first_and_a_double_click_nothing(desk: Desk) -> None:
    ref = desk.place.post(a_contact())
    desk.casework.outcome = Outcome(False, "already_assigned", by="Mikael Öst", by_id="U0MIKAEL", at=NOON)
    desk.place.press(ref, TAKE)
    desk.casework.next()
    desk.place.press(ref, TAKE, "U0SARA")
    assert desk.place.told("U0SARA") == "Mikael Öst ehti ottaa tapauksen klo 11.42."
    assert [one for one in desk.place.slack.workspace.changes(0, "U0MIKAEL") if one["visible_to"]] == []


@pytest.mark.parametrize(
    ("deed", "values", "field", "sentence"),
    [
        (Deed.ASK, {"person": "U0MIKAEL", "text": "?"}, "person", "Valitse joku muu kuin sinä itse."),
        (Deed.GIVE, {}, "person", "Valitse hoitaja tai tiimi."),
        (Deed.SNOOZE, {"when": "own"}, "own", "Valitse aika yltä tai anna muu aika."),
        (Deed.LINK, {"number": "se toinen"}, "number", "Kirjoita tapauksen numero, esimerkiksi 1042."),
        (Deed.LINK, {"number": "٤٢"}, "number", "Kirjoita tapauksen numero, esimerkiksi 1042."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_before_anything_is_done(
    desk: Desk, deed: Deed, values: dict[str, Any], field: str, sentence: str
) -> None:
    opened(desk, deed)
    desk.form()
    answer = desk.submit(as_fields(values))
    assert answer.errors == {field: sentence}
    assert desk.casework.calls.empty()


@pytest.mark.parametrize(
    ("deed", "values", "outcome", "field", "sentence"),
    [
        (
            Deed.CLOSE,
            {"handled": "no", "justified": "yes", "compensated": "no", "text": "x"},
            Outcome(False, "needs_reason"),
            "text",
            "Asiakas ei ole saanut vastausta, joten kirjoita, miksi tapaus suljetaan.",
        ),
        (
            Deed.SNOOZE,
            {"when": "own", "own": 1_600_000_000},
            Outcome(False, "not_future"),
            "own",
            "Valitse tuleva aika.",
        ),
        (Deed.GIVE, {"team": "Takuu"}, Outcome(False, "unknown_team"), "team", "Tällaista tiimiä ei enää ole."),
        (
            Deed.LINK,
            {"number": "7"},
            Outcome(False, "unknown_case"),
            "number",
            "Tällä numerolla ei ole tapausta. Tarkista numero.",
        ),
        (
            Deed.NOTE,
            {"text": "Hei"},
            Outcome(False, "not_allowed"),
            "text",
            "Sinulla ei ole tähän oikeutta. Pyydä apua tiimin vetäjältä.",
        ),
        (
            Deed.CLOSE,
            {"handled": "no", "justified": "yes", "compensated": "no", "text": "x"},
            Outcome(False, "already_closed", by="Sara Virta", by_id="U0SARA", at=NOON),
            "text",
            "Sara Virta ehti sulkea tapauksen klo 11.42.",
        ),
        (Deed.NOTE, {"text": "Hei"}, Outcome(False, "odd_code"), "text", "Se ei onnistunut juuri nyt (odd_code)."),
    ],
)
def test_why_it_did_not_go_is_said_in_the_window_and_what_was_written_stays(
    desk: Desk, deed: Deed, values: dict[str, Any], outcome: Outcome, field: str, sentence: str
) -> None:
    desk.casework.outcome = outcome
    opened(desk, deed)
    answer = desk.submit(as_fields(values))
    assert list(answer.errors) == [field]
    assert answer.errors[field].startswith(sentence)
    assert desk.place.slack.workspace.open_view_of("U0MIKAEL") is not None


def test_the_same_window_sent_twice_is_told_nothing(desk: Desk) -> None:
    desk.place.slack.faults.add(Fault("duplicate", path="/interactivity/view_submission"))
    desk.casework.outcome = Outcome(False, "already_closed", by="Mikael Öst", by_id="U0MIKAEL", at=NOON)
    opened(desk, Deed.CLOSE)
    sent = as_fields({"handled": "no", "justified": "yes", "compensated": "no", "text": "x"})
    assert desk.submit(sent).outcome == "closed"


def test_windows_are_filled_with_what_stands(desk: Desk) -> None:
    note = NoteView(3, NoteKind.CALL, "Paketti on *hukassa*", NOON, "U0SARA", "Sara Virta", minutes=1)
    desk.casework.shown = replace(
        BRIEF, owner_id="U0SARA", owner_name="Sara Virta", team="Takuu", notes=(note,) * 7, answered=True
    )
    opened(desk, Deed.GIVE)
    fields = {block["block_id"]: block["element"] for block in desk.form()["blocks"] if block["type"] == "input"}
    assert fields["person"]["initial_user"] == "U0SARA"
    assert fields["team"]["initial_option"]["value"] == "Takuu"
    opened(desk, Deed.NOTE)
    words = shown(desk.reads("Aiemmat muistiinpanot")["blocks"])
    assert "Sara Virta" in words
    assert "puhelu, 1 minuutti" in words
    assert "▏ Paketti on *hukassa*" in words
    assert "… ja 2 vanhempaa" in words
    opened(desk, Deed.CLOSE)
    form = desk.until(lambda view: view["callback_id"] == "work_close" and view["submit"] is not None, "U0MIKAEL")
    handled = next(block for block in form["blocks"] if block.get("block_id") == "handled")
    assert handled["element"]["initial_option"]["value"] == "yes"


def test_a_case_that_is_gone_is_said_so(desk: Desk) -> None:
    desk.casework.shown = None
    desk.choose(desk.place.post(a_contact()), Deed.NOTE)
    desk.reads("Tätä tapausta ei enää ole.")


def test_a_window_that_cannot_be_filled_says_so_and_the_person_gets_a_reference(desk: Desk) -> None:
    desk.casework.failure = RuntimeError("no words of a customer's")
    desk.choose(desk.place.post(a_contact()), Deed.NOTE)
    desk.reads("Tapausta ei saatu näkyviin.")
    assert "kerro ylläpidolle tunnus" in desk.place.told()


def test_a_window_that_comes_too_late_is_said_so(desk: Desk) -> None:
    body = '{"ok": false, "error": "expired_trigger_id"}'
    headers = {"Content-Type": "application/json"}
    desk.place.slack.faults.add(Fault("status", path="/api/views.open", status=200, headers=headers, body=body))
    desk.choose(desk.place.post(a_contact()), Deed.NOTE)
    assert desk.place.told() == "Slack ehti sulkea ikkunan. Paina nappia uudelleen."


@pytest.mark.parametrize(
    ("locale", "title"), [("sv-SE", "Lägg till anteckning"), ("en-GB", "Add a note"), ("fi-FI", "Lisää muistiinpano")]
)
def test_windows_speak_the_language_of_who_opened_them(desk: Desk, locale: str, title: str) -> None:
    desk.place.slack.workspace.choose_locale("U0MIKAEL", locale)
    desk.choose(desk.place.post(a_contact()), Deed.NOTE)
    view = desk.form()
    assert view["title"]["text"] == title


def test_more_teams_than_a_list_of_slacks_holds_are_searched_at_our_side() -> None:
    teams = tuple(f"Tiimi {number}" for number in range(300))
    with a_desk(teams) as desk:
        desk.casework.shown = replace(BRIEF, team="Tiimi 299")
        opened(desk, Deed.GIVE)
        view = desk.form()
        [team] = [block["element"] for block in view["blocks"] if block.get("block_id") == "team"]
        assert team["type"] == "external_select"
        assert team["initial_option"]["value"] == "Tiimi 299"
        found = desk.place.slack.suggest("U0MIKAEL", view["id"], "team", "team", "25").result(PATIENCE_S)
        assert found.body is not None
        wanted = [25, 125, 225, *range(250, 260)]
        assert [one["value"] for one in found.body["options"]] == [f"Tiimi {number}" for number in wanted]
        everything = desk.place.slack.suggest("U0MIKAEL", view["id"], "team", "team", "").result(PATIENCE_S)
        assert everything.body is not None
        assert len(everything.body["options"]) == 100


def test_names_that_begin_with_what_was_typed_come_first() -> None:
    assert matching(["Uusi takuu", "Takuu", "Tilaukset"], " TAK ") == ["Takuu", "Uusi takuu"]
    assert matching(["Takuu"], "zzz") == []


def test_every_form_is_one_that_slack_takes(desk: Desk) -> None:
    for deed in (*IN_MENU, *LISTED):
        opened(desk, deed)
        view = desk.until(lambda view, deed=deed: view["callback_id"] == f"work_{deed}" and view["submit"], "U0MIKAEL")  # type: ignore[misc]
        kept = ("type", "title", "submit", "close", "blocks", "callback_id", "private_metadata")
        assert_slack_takes_view({name: view[name] for name in kept})
