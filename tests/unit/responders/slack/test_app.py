"""Pressing a card's buttons makes one call each, and tells the person what they need to know, over real sockets."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.states import ReplyState
from responders.slack.actions import DraftView, Outcome, Person
from responders.slack.modals import EDIT, REJECT
from responders.slack.views import Route, Way
from sandbox.faults import Fault
from tests.unit.responders.slack.builders import NOON, a_reply, an_alert
from tests.unit.responders.slack.workspace import Workspace, a_workspace

MIKAEL = Person("U0MIKAEL", "Mikael Öst")
BY_HAND = Route(Way.BY_HAND, "not_summoned")
SENT_BY_SARA = Outcome(False, "already_approved", by="Sara Virta", by_id="U0SARA", at=NOON)


@pytest.fixture
def place() -> Iterator[Workspace]:
    with a_workspace() as made:
        yield made


@pytest.mark.parametrize(
    ("action_id", "view"),
    [
        ("approve", an_alert()),
        ("other", an_alert()),
        ("by_hand", an_alert(route=BY_HAND)),
        ("confirm_sent", an_alert(reply=a_reply(state=ReplyState.UNCONFIRMED))),
        ("send_again", an_alert(reply=a_reply(state=ReplyState.UNCONFIRMED))),
    ],
)
def test_a_press_is_acknowledged_and_becomes_one_call_in_the_persons_real_name(
    place: Workspace, action_id: str, view: object
) -> None:
    ack = place.press(place.post(view), action_id)  # type: ignore[arg-type]
    assert (ack.problem, ack.status) == ("", 200)
    assert place.actions.next() == (action_id, 7, 3, MIKAEL)
    assert place.actions.calls.empty()


def test_a_click_on_a_link_is_acknowledged_and_does_nothing(place: Workspace) -> None:
    assert place.press(place.post(an_alert(route=BY_HAND)), "open_post").problem == ""
    assert place.actions.calls.empty()


def test_a_press_is_acknowledged_before_the_work(place: Workspace) -> None:
    """Slack waits 3 seconds; asking who pressed takes longer here."""
    place.slack.faults.add(Fault("hang_before", path="/api/users.info", delay_s=3.5))
    ref = place.post(an_alert())
    assert place.press(ref, "approve").problem == ""
    assert place.actions.next()[0] == "approve"


def test_without_the_real_name_the_one_in_the_press_is_used(place: Workspace) -> None:
    place.slack.faults.add(Fault("status", path="/api/users.info", status=500, body="{}"))
    place.press(place.post(an_alert()), "approve")
    assert place.actions.next() == ("approve", 7, 3, Person("U0MIKAEL", "mikael"))


def test_who_comes_second_is_told_who_came_first(place: Workspace) -> None:
    place.actions.outcome = SENT_BY_SARA
    place.press(place.post(an_alert()), "approve")
    assert place.told() == "Sara Virta ehti hyväksyä vastauksen klo 11.42. Yksi vastaus lähti."


def test_a_double_click_or_a_second_delivery_is_told_nothing(place: Workspace) -> None:
    """Both deliveries reach the approvals, where the second finds the version taken."""
    place.actions.outcome = replace(SENT_BY_SARA, by="Mikael Öst", by_id="U0MIKAEL")
    place.slack.faults.add(Fault("duplicate", path="/interactivity/block_actions"))
    ref = place.post(an_alert())
    place.press(ref, "approve")
    assert [place.actions.next()[:3], place.actions.next()[:3]] == [("approve", 7, 3)] * 2
    place.actions.outcome = Outcome(False, "not_allowed")
    place.press(ref, "approve")
    assert place.told() == "Sinulla ei ole oikeutta hyväksyä vastauksia. Pyydä apua hyväksyjältä."


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome(False, "changed"), "Luonnos ehti muuttua. Katso kortin uusi teksti ja hyväksy se."),
        (Outcome(False, "already_approved"), "Vastaus on jo hyväksytty. Yksi vastaus lähti."),
        (Outcome(False, "no_other"), "Muita ehdotuksia ei ole. Voit muokata tätä."),
        (Outcome(False, "over_length", limit=280), "Teksti on liian pitkä. Enimmäispituus on 280 merkkiä."),
        (
            Outcome(False, "unfilled_slot", field="<tilausnumero>"),
            "Tekstissä on täyttämätön kohta: &lt;tilausnumero&gt;. Korvaa se tai poista se.",
        ),
        (Outcome(False, "moon"), "Se ei onnistunut juuri nyt (moon). Kortista näet, missä mennään."),
        (Outcome(False, "other"), "Se ei onnistunut juuri nyt (other). Kortista näet, missä mennään."),
    ],
)
def test_each_outcome_has_its_sentence(place: Workspace, outcome: Outcome, sentence: str) -> None:
    place.actions.outcome = outcome
    place.press(place.post(an_alert()), "approve")
    assert place.told() == sentence


def test_edit_and_send_are_two_clicks(place: Workspace) -> None:
    place.press(place.post(an_alert()), "edit")
    window = place.window()
    assert window["callback_id"] == EDIT
    values = {"text": {"text": "Hei Elina! Soitamme sinulle."}, "then": {"then": "send"}}
    assert place.slack.submit("U0MIKAEL", window["id"], values).result(10).outcome == "closed"
    assert place.actions.next() == ("edit_and_approve", 7, 3, "Hei Elina! Soitamme sinulle.", MIKAEL)
    assert place.actions.calls.empty()


def test_an_edit_can_be_kept_for_later(place: Workspace) -> None:
    place.press(place.post(an_alert()), "edit")
    values = {"text": {"text": "Hei Elina!"}, "then": {"then": "save"}}
    assert place.slack.submit("U0MIKAEL", place.window()["id"], values).result(10).outcome == "closed"
    assert place.actions.next() == ("edit", 7, 3, "Hei Elina!", MIKAEL)


def test_the_window_is_about_the_text_it_shows(place: Workspace) -> None:
    """The card may be a version behind: what is saved is compared with what the person saw in the window."""
    place.actions.shown = DraftView(7, 5, "Uudempi teksti", 280, 14, True)
    place.press(place.post(an_alert()), "edit")
    window = place.window()
    assert window["blocks"][0]["element"]["initial_value"] == "Uudempi teksti"
    values = {"text": {"text": "Uusin"}, "then": {"then": "save"}}
    place.slack.submit("U0MIKAEL", window["id"], values).result(10)
    assert place.actions.next()[:3] == ("edit", 7, 5)


@pytest.mark.parametrize("code", ["over_length", "unfilled_slot", "empty", "already_approved", "not_allowed"])
def test_what_is_wrong_with_an_edit_is_said_at_the_field_and_nothing_written_is_lost(
    place: Workspace, code: str
) -> None:
    place.actions.outcome = Outcome(False, code, by="Sara Virta", by_id="U0SARA", at=NOON, limit=280, field="nimi")
    place.press(place.post(an_alert()), "edit")
    values = {"text": {"text": "Hei [nimi]!"}, "then": {"then": "send"}}
    done = place.slack.submit("U0MIKAEL", place.window()["id"], values).result(10)
    assert done.outcome == "errors"
    assert list(done.errors) == ["text"]
    assert place.slack.workspace.open_view_of("U0MIKAEL") is not None


def test_a_draft_that_is_gone_or_too_long_for_the_window_is_said_so(place: Workspace) -> None:
    ref = place.post(an_alert())
    place.actions.shown = None
    place.press(ref, "edit", user="U0SARA")
    assert place.told("U0SARA").startswith("Tätä vastausta ei enää ole.")
    place.actions.shown = DraftView(7, 3, "a" * 3001, 8000, 3001, True)
    place.press(ref, "edit")
    assert (
        place.told() == "Vastaus on liian pitkä Slackin ikkunaan. Valitse toinen ehdotus tai vastaa asiakkaalle itse."
    )


@pytest.mark.parametrize("action_id", ["edit", "reject"])
def test_a_window_that_comes_too_late_is_said_so(place: Workspace, action_id: str) -> None:
    body = '{"ok": false, "error": "expired_trigger_id"}'
    headers = {"Content-Type": "application/json"}
    place.slack.faults.add(Fault("status", path="/api/views.open", status=200, headers=headers, body=body))
    place.press(place.post(an_alert()), action_id)
    assert place.told() == "Slack ehti sulkea ikkunan. Paina nappia uudelleen."


@pytest.mark.parametrize(
    ("reason", "words", "written"),
    [
        ("spam", None, "Roskapostia tai häiriköintiä"),
        ("handled_by_other", "Laskutus hoitaa.", "Toinen tiimi hoitaa asian. Laskutus hoitaa."),
        ("other", "  Sovittu puhelimessa  ", "Sovittu puhelimessa"),
    ],
)
def test_a_rejection_leaves_with_its_written_reason(
    place: Workspace, reason: str, words: str | None, written: str
) -> None:
    place.press(place.post(an_alert()), "reject")
    window = place.window()
    assert window["callback_id"] == REJECT
    values = {"reason": {"reason": reason}, "words": {"words": words}}
    assert place.slack.submit("U0MIKAEL", window["id"], values).result(10).outcome == "closed"
    assert place.actions.next() == ("reject", 7, 3, written, MIKAEL)


def test_other_reason_without_words_is_no_reason(place: Workspace) -> None:
    place.press(place.post(an_alert()), "reject")
    values = {"reason": {"reason": "other"}, "words": {"words": "   "}}
    done = place.slack.submit("U0MIKAEL", place.window()["id"], values).result(10)
    assert done.errors == {"words": "Kirjoita syy omin sanoin."}
    assert place.actions.calls.empty()


def test_a_fault_of_ours_is_a_sentence_with_a_reference_and_a_log_line_without_words(
    place: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    place.actions.failure = RuntimeError("Elina Halonen kirjoitti: paketti viipyy xoxb-rehearsal")
    with caplog.at_level(logging.DEBUG):
        place.press(place.post(an_alert()), "approve")
        sentence = place.told()
    [line] = [record.getMessage() for record in caplog.records if "slack listener failed" in record.getMessage()]
    reference = line.split("ref=")[1].split()[0]
    assert sentence.endswith(f"kerro ylläpidolle tunnus {reference}.")
    assert "kind=RuntimeError" in line
    assert "workspace.py" in line
    for record in caplog.records:
        if record.name.startswith(("responders", "slack")):
            assert "Elina" not in record.getMessage()
            assert "xoxb" not in record.getMessage()
            assert record.exc_info is None


def test_a_fault_of_ours_in_a_window_keeps_the_window_and_what_was_written(place: Workspace) -> None:
    place.press(place.post(an_alert()), "edit")
    window = place.window()
    place.actions.failure = RuntimeError("no")
    values = {"text": {"text": "Hei!"}, "then": {"then": "send"}}
    done = place.slack.submit("U0MIKAEL", window["id"], values).result(10)
    assert done.outcome == "errors"
    assert done.errors["text"].startswith("Jotain meni vikaan.")


def test_when_even_telling_fails_the_press_is_still_done(place: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    place.actions.outcome = Outcome(False, "no_other")
    ref = place.post(an_alert())
    place.slack.faults.add(Fault("status", path="/api/chat.postEphemeral", status=503, body="{}"))
    place.press(ref, "other")
    assert place.actions.next()[0] == "other"
    place.press(ref, "other")
    assert place.told() == "Muita ehdotuksia ei ole. Voit muokata tätä."
    assert "slack sentence not told user=U0MIKAEL kind=SlackApiError" in caplog.text


def test_who_reads_slack_in_swedish_is_answered_in_swedish(place: Workspace) -> None:
    place.slack.workspace.choose_locale("U0MIKAEL", "sv-SE")
    place.actions.outcome = SENT_BY_SARA
    ref = place.post(an_alert())
    place.press(ref, "edit")
    assert place.window()["title"]["text"] == "Redigera svaret"
    place.press(ref, "approve")
    assert place.told().startswith("Sara Virta hann godkänna svaret")


def test_whose_slack_speaks_none_of_our_languages_is_answered_in_the_shops(place: Workspace) -> None:
    place.slack.workspace.choose_locale("U0MIKAEL", "de-DE")
    place.actions.outcome = SENT_BY_SARA
    place.press(place.post(an_alert()), "approve")
    assert place.told().startswith("Sara Virta ehti hyväksyä")
