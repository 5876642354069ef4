"""A card says who has the case and what is known beside the messages, folds when it may, and offers what would do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.states import CaseState, EscalationState, NudgeKind, ReplyState
from responders.slack.cards import card_for
from responders.slack.case_views import CaseFacts, Change, Edit, Ending, History, Notes
from responders.slack.casework import NudgeView
from responders.slack.catalogue import LANGUAGES
from responders.slack.deeds import MENU, TAKE, WAKE, Deed, Press, carried, pressed
from responders.slack.escalations import EscalationView
from responders.slack.folded import is_folded
from responders.slack.nudge_cards import nudge_card
from responders.slack.views import CaseView, Level, Route, Way
from tests.unit.responders.slack.builders import NOON, a_contact, a_reply, an_alert, shown
from tests.unit.responders.slack.everything import HELSINKI
from tests.unit.responders.slack.limits import elements_of

SOON = NOON + timedelta(hours=20)


def words(view: CaseView, language: str = "fi") -> str:
    return shown(card_for(view, language).blocks)


def rows(view: CaseView) -> list[list[str]]:
    return [
        [one["action_id"] for one in block["elements"]]
        for block in card_for(view, "fi").blocks
        if block["type"] == "actions"
    ]


def in_menu(view: CaseView) -> list[Press]:
    [menu] = [one for one in elements_of(list(card_for(view, "fi").blocks)) if one["action_id"] == MENU]
    return [pressed(one["value"]) for one in menu["options"]]


def every_deed(view: CaseView) -> set[Deed]:
    return {deed for press in in_menu(view) for deed in (press.others or (press.deed,))}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fi",
            (
                "Tapaus 1214 · avoin · hoitaa Anna Laine · tiimi Takuu · 3. yhteydenotto 30 päivässä, 1 ratkaisematta",
                "📝 2 muistiinpanoa. Viimeisin, Sara: ”Soitan &lt;huomenna&gt;”",
            ),
        ),
        (
            "sv",
            (
                "Ärende 1214 · öppet · Anna Laine sköter det · teamet Takuu · Kontakt nummer 3 på 30 dagar, 1 olöst",
                "📝 2 anteckningar. Den senaste, Sara: ”Soitan &lt;huomenna&gt;”",
            ),
        ),
        (
            "en",
            (
                "Case 1214 · open · Anna Laine has it · team Takuu · Contact number 3 in 30 days, 1 unsolved",
                "📝 2 notes. The latest, Sara: “Soitan &lt;huomenna&gt;”",
            ),
        ),
    ],
)
def test_a_card_tells_who_has_it_its_history_and_its_notes(language: str, told: tuple[str, ...]) -> None:
    facts = CaseFacts("Anna Laine", "Takuu", history=History(3, 1, 30), notes=Notes(2, "Sara", "Soitan <huomenna>"))
    assert set(told) <= set(words(a_contact(facts=facts), language).splitlines())


def test_what_is_not_worth_telling_is_left_out() -> None:
    said = words(a_contact(facts=CaseFacts(history=History(1, 0, 30)), language="fi"))
    assert not any(word in said for word in ("yhteydenotto", "📝", "hoitaa", "kieli:", "Muutettu"))
    twice = CaseFacts(history=History(2, 0, 30))
    assert "2. yhteydenotto 30 päivässä, aiemmat ratkaistu" in words(a_contact(facts=twice))
    assert "kieli: ruotsi" in words(a_contact(language="sv"))


def test_the_customers_words_stand_on_the_card_once() -> None:
    about = "Missä pakettini viipyy?"
    assert words(a_contact(posts=a_contact().posts[:1])).count(about) == 1
    assert words(a_contact()).count(about) == 1
    assert about in words(a_contact(posts=()))


def test_what_was_changed_in_the_suggestion_is_told() -> None:
    swapped = Change(Edit.SWAPPED, "Soitan", "Kirjoitan")
    changes = (swapped, Change(Edit.ADDED, "", "<b>"), Change(Edit.REMOVED, "x", ""))
    view = a_contact(reply=a_reply(text="Kirjoitan", edited_by="Sara"), facts=CaseFacts(changes=changes * 2))
    line = "✏️ Muutettu: ”Soitan” → ”Kirjoitan” · lisätty ”&lt;b&gt;” · poistettu ”x” · ja 3 muuta muutosta"
    assert line in words(view)


@pytest.mark.parametrize(
    ("route", "sentence"),
    [
        (Route(Way.API, "open", NOON, "human_agent_missing"), "asti, sen jälkeen vain Facebookissa sivun viesteistä."),
        (Route(Way.API, "open", NOON, "human_agent"), "asti ja vielä sen jälkeenkin, kunnes asiakkaan viestistä on"),
        (
            Route(Way.API, "human_agent", NOON, "window_closed"),
            "asti, sen jälkeen vasta kun asiakas kirjoittaa",
        ),
        (Route(Way.BY_HAND, "human_agent_missing", NOON, "window_closed"), "Siellä voi vastata <!date^"),
    ],
)
def test_until_when_it_can_be_answered_and_what_is_possible_after_that(route: Route, sentence: str) -> None:
    assert sentence in words(a_contact(route=route))


def test_a_closed_case_takes_three_lines_and_says_how_it_ended() -> None:
    reply = a_reply(state=ReplyState.SENT, by="Mikael Öst", at=NOON, permalink="https://x.com/i/status/2")
    ending = Ending(NOON, "Anna Laine", True, False, True, "Paketti löytyi.")
    view = a_contact(state=CaseState.CLOSED, reply=reply, facts=CaseFacts(ending=ending))
    card = card_for(view, "fi")
    assert [block["type"] for block in card.blocks] == ["section", "context"]
    said = shown(card.blocks)
    assert "☑️ *Tapaus 1214 on suljettu* · Anna Laine · <!date^" in said
    assert "hoidettu · palaute ei ollut aiheellinen · hyvitettiin · perustelu: Paketti löytyi." in said
    assert "Hyväksyjä: Mikael Öst. <https://x.com/i/status/2|Katso vastaus>" in said
    assert in_menu(view) == [Press(214, Deed.REOPEN), Press(214, Deed.NOTE), Press(214, Deed.CALL)]


def test_a_reason_that_the_rejection_told_is_not_told_twice() -> None:
    reply = a_reply(state=ReplyState.REJECTED, by="Anna", at=NOON, reason="Ei koske meitä")
    view = a_contact(state=CaseState.CLOSED, reply=reply, facts=CaseFacts(ending=Ending(reason="Ei koske meitä")))
    assert words(view).count("Ei koske meitä") == 1


def test_what_is_put_off_takes_two_lines_and_can_be_brought_back() -> None:
    view = a_contact(facts=CaseFacts(owner="Anna", snoozed_until=SOON))
    card = card_for(view, "fi")
    assert [block["type"] for block in card.blocks] == ["section", "actions"]
    assert "💤 *Tapaus 1214 on lykätty.* Palataan asiaan <!date^" in shown(card.blocks)
    assert rows(view) == [[WAKE, MENU]]


@pytest.mark.parametrize(
    "named",
    [
        {"reply": a_reply(state=ReplyState.UNCONFIRMED)},
        {"reply": a_reply(state=ReplyState.REFUSED)},
        {"state": CaseState.ANSWERED},
    ],
)
def test_what_needs_somebody_is_never_folded(named: dict[str, Any]) -> None:
    view = a_contact(facts=CaseFacts(snoozed_until=SOON), **named)
    assert card_for(view, "fi").blocks[0]["type"] == "header"
    outrage = an_alert(level=Level.OUTRAGE, facts=CaseFacts(snoozed_until=SOON))
    assert card_for(outrage, "fi").blocks[0]["type"] == "header"
    assert "Someraivo" in words(outrage)
    for state in EscalationState:
        calling = EscalationView(214, state, held_until=SOON)
        view = an_alert(level=Level.WARNING, facts=CaseFacts(snoozed_until=SOON), escalation=calling)
        assert is_folded(view) is (state is not EscalationState.RINGING)


def test_the_row_of_the_case_is_there_only_where_it_holds_more_than_the_menu() -> None:
    assert rows(a_contact()) == [["approve", "edit", "other", "reject"], [TAKE, MENU]]
    owned = CaseFacts(owner="Anna")
    assert rows(a_contact(facts=owned)) == [["approve", "edit", "other", "reject", MENU]]
    assert rows(an_alert(facts=owned))[1] == ["grade_right", "grade_wrong", MENU]
    assert rows(an_alert(reply=None)) == [[TAKE, "grade_right", "grade_wrong", MENU]]


def test_each_deed_is_offered_only_where_it_would_do_something() -> None:
    sent = a_reply(state=ReplyState.SENT)
    assert Deed.SNOOZE in every_deed(a_contact())
    assert Deed.SNOOZE not in every_deed(an_alert(level=Level.OUTRAGE))
    assert Deed.SNOOZE not in every_deed(a_contact(state=CaseState.ANSWERED, reply=sent))
    assert Deed.WRITE not in every_deed(a_contact())
    assert Deed.WRITE in every_deed(a_contact(state=CaseState.ANSWERED, reply=sent))
    assert Deed.WRITE not in every_deed(a_contact(reply=sent, route=Route(Way.NONE, "window_closed")))
    for state in (ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED):
        flying = every_deed(a_contact(reply=a_reply(state=state)))
        assert not flying & {Deed.CLOSE, Deed.WRITE, Deed.BY_HAND}
    assert every_deed(a_contact(state=CaseState.CLOSED, reply=None)) == {Deed.REOPEN, Deed.NOTE, Deed.CALL}


@pytest.mark.parametrize("deed", Deed)
def test_a_press_carries_its_case_and_deed_within_slacks_150_characters(deed: Deed) -> None:
    press = Press(2_147_483_647, deed, tuple(Deed))
    assert pressed(carried(press)) == press
    assert len(carried(press)) <= 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_reaches_the_colleague_with_the_customers_words_and_a_way_to_answer(language: str) -> None:
    asked = NudgeView(
        1,
        NudgeKind.QUESTION,
        "U0SARA",
        "U0ANNA",
        "Anna <!here>",
        NOON,
        214,
        1214,
        9,
        "Onko *näitä*?",
        "Missä <on>?",
    )
    card = nudge_card(asked, language, HELSINKI, "https://shop.slack.com/archives/C1/p1")
    said = shown(card.blocks)
    assert "▏ Onko *näitä*?" in said
    assert "> Missä &lt;on&gt;?" in said
    assert "<!here" not in said + card.fallback
    [row] = [block for block in card.blocks if block["type"] == "actions"]
    assert [one["action_id"] for one in row["elements"]] == ["case_answer", "open_post"]
    assert row["elements"][0]["value"] == '{"case":214,"question":9}'
