"""Taking in by hand: from a message, the shortcut and Home; once a post, with counts over time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import func, select

from bot.roles_settings import RoleSettings
from classifier.lessons import OWN_CHANNELS
from models.audit import AuditEntry
from models.cases import Case, Reply
from models.intake import MANUAL, ManualCount
from models.mentions import Mention, Thread
from models.states import Found
from responders.slack.actions import Person
from responders.slack.intake_views import Intake, Numbers
from responders.slack.intake_windows import plain_words
from sandbox.faults import Fault
from tests.builders import NOON, consider, drawing
from tests.unit.responders.slack.side import ANNA, MIKAEL, SARA, Side, a_side, eventually, said
from tests.unit.responders.slack.workspace import PATIENCE_S

LINK = "https://www.facebook.com/groups/5/posts/7"
FORM = {"found_on": "facebook_group", "text": "Surkea kauppa, älkää ostako", "link": LINK, "who": "Aino Mäkinen"}


def cases(side: Side) -> list[Case]:
    with side.sessions() as session:
        return list(session.scalars(select(Case).order_by(Case.id)))


def window_text(side: Side, user: str = ANNA) -> str:
    return said(side.room.window(user)["blocks"])


def open_form(side: Side, user: str = ANNA) -> None:
    side.room.slack.entries.shortcut(user, "take_in").result(PATIENCE_S)
    eventually(lambda: side.room.slack.workspace.open_view_of(user))


def card_of(side: Side, case: Case) -> str:
    with side.sessions() as session:
        return said(drawing().draw(session, session.get_one(Case, case.id), side.clock()).blocks)


def test_a_post_is_taken_in_as_a_mention_with_its_case_and_audit_line(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        open_form(side)
        assert side.take_in(**FORM, comments="12").outcome == "updated"
        [case] = cases(side)
        assert f"tapaus {case.number}" in window_text(side)
        with side.sessions() as session:
            mention = session.get_one(Mention, case.mention_id)
            thread = session.get_one(Thread, mention.thread_id)
            [taken] = session.scalars(select(AuditEntry).where(AuditEntry.action == "case.taken_in"))
        assert (mention.channel, mention.place, mention.replyable) == (MANUAL, "taken_in", "taken_in")
        assert (mention.text, mention.author_name, mention.permalink) == (FORM["text"], "Aino Mäkinen", LINK)
        assert (thread.is_private, thread.in_own_channel) == (False, False)
        assert (taken.actor, taken.case_id, taken.detail) == (ANNA, case.id, {"found_on": "facebook_group"})


def test_it_is_judged_and_considered_like_any_other_and_answered_by_hand(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        open_form(side)
        side.take_in(**FORM)
        consider(side.sessions)
        [case] = cases(side)
        with side.sessions() as session:
            assert session.scalars(select(Reply.case_id)).all() == [case.id]
        card = card_of(side, case)
        assert "Palovahti ei pääse tänne" in card
        assert "Hyväksy ja lähetä" not in card
        assert "Käsin kirjattu: Facebook-ryhmä. Kirjaaja: Anna Laine" in card
        assert LINK in str(card) or "Avaa keskustelu" in card


def test_the_same_link_makes_one_case_and_the_second_is_told_its_number(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        open_form(side, ANNA)
        side.take_in(ANNA, **FORM)
        open_form(side, MIKAEL)
        side.take_in(MIKAEL, **FORM | {"link": "https://m.facebook.com/groups/5/posts/7/?fbclid=zz", "comments": "40"})
        [case] = cases(side)
        assert f"on jo tapaus {case.number}" in window_text(side, MIKAEL)
        assert "40 kommenttia" in card_of(side, case)


def test_a_form_delivered_twice_counts_once(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        open_form(side)
        side.room.slack.faults.add(Fault("duplicate", path="/interactivity/view_submission"))
        side.take_in(**FORM | {"link": None, "comments": "12"})
        assert len(cases(side)) == 1
        with side.sessions() as session:
            assert session.scalar(select(func.count()).select_from(ManualCount)) == 1


def test_ten_people_at_once_make_one_case(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        taking = side.intakes

        def one(number: int) -> int | None:
            form = Intake(f"V{number}", Found.FORUM, "Surkea kauppa", LINK)
            return taking.take_in(form, Person(f"U0{number}", "Joku")).number

        with ThreadPoolExecutor(10) as many:
            numbers = set(many.map(one, range(10)))
        assert len(cases(side)) == 1
        assert numbers == {cases(side)[0].number}


def test_a_slack_message_becomes_a_case_with_its_words_and_link(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        message = side.room.slack.workspace.say(SARA, "C0ASIAKAS", f"Katsokaa: <{LINK}|linkki> &amp; surkeaa &lt;3")
        entries = side.room.slack.entries
        entries.message_shortcut(ANNA, "C0ASIAKAS", message["ts"], "make_case").result(PATIENCE_S)
        side.take_in(found_on="facebook_group")
        [case] = cases(side)
        with side.sessions() as session:
            mention = session.get_one(Mention, case.mention_id)
        assert mention.text == f"Katsokaa: {LINK} & surkeaa <3"
        assert mention.permalink == LINK
        entries.message_shortcut(MIKAEL, "C0ASIAKAS", message["ts"], "make_case").result(PATIENCE_S)
        side.take_in(MIKAEL, found_on="forum", link=None)
        assert f"on jo tapaus {case.number}" in window_text(side, MIKAEL)
        assert len(cases(side)) == 1


def test_our_own_card_is_not_taken_in_again(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        posted = side.room.notifier._client.chat_postMessage(channel="C0ASIAKAS", text="Kortti")
        side.room.slack.entries.message_shortcut(ANNA, "C0ASIAKAS", str(posted["ts"]), "make_case").result(PATIENCE_S)
        assert "Palovahdin oma viesti" in side.room.told(ANNA)
        assert side.room.slack.workspace.open_view_of(ANNA) is None


def test_counts_over_time_are_kept_and_their_growth_is_on_the_card(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        open_form(side)
        side.take_in(**FORM, comments="10", shares="2")
        [case] = cases(side)
        side.clock.later(minutes=30)
        done = side.intakes.count(case.id, "V2", Numbers(comments=50, shares=8), Person(MIKAEL, "Mikael Öst"))
        again = side.intakes.count(case.id, "V2", Numbers(comments=50, shares=8), Person(MIKAEL, "Mikael Öst"))
        assert (done.code, again.code) == ("counted", "counted")
        card = card_of(side, case)
        assert "50 kommenttia, 8 jakoa" in card
        assert "Kasvu vartissa: +20 kommenttia, +3 jakoa" in card
        with side.sessions() as session:
            assert session.scalar(select(func.count()).select_from(ManualCount)) == 2


def test_a_letter_is_private_and_offers_no_counts(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        open_form(side)
        side.take_in(**FORM | {"found_on": "email", "link": None, "seen_by": "private"})
        [case] = cases(side)
        with side.sessions() as session:
            assert session.get_one(Thread, case.thread_id).is_private
        assert "Päivitä luvut" not in card_of(side, case)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        open_form(side)
        assert "https://" in side.take_in(**FORM | {"link": "https://kissa"}).errors["link"]
        assert side.take_in(**FORM | {"comments": "-3"}).gaps == {"comments": "not_a_number"}
        assert cases(side) == []


def test_a_drafter_may_not_take_in(tmp_path: Path) -> None:
    with a_side(tmp_path, roles=RoleSettings(leads=frozenset({SARA}), drafters=frozenset({ANNA}))) as side:
        open_form(side)
        assert "hyväksyjän oikeudet" in side.take_in(**FORM).errors["text"]
        assert cases(side) == []


def test_what_was_taken_in_trains_nothing() -> None:
    assert MANUAL not in OWN_CHANNELS


def test_a_slack_messages_marks_become_what_a_person_reads() -> None:
    assert plain_words("<@U1|anna> <https://a.fi/x?a=1&amp;b=2|täällä> &lt;hei&gt; <#C1|yleinen>") == (
        "anna https://a.fi/x?a=1&b=2 <hei> yleinen"
    )


def test_opened_at_is_the_time_of_taking_in(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        open_form(side)
        side.take_in(**FORM)
        assert cases(side)[0].opened_at == NOON
