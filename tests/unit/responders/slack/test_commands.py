"""/palovahti, typed into a channel: what it answers to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.oncall_settings import OnCallSettings, PersonSettings, ScheduleSettings
from bot.roles_settings import RoleSettings
from listener.posts import Author
from models.alarms import SourceAlarm
from models.audit import AuditEntry, record
from models.base import Sessions
from models.cases import Case
from models.mutes import Mute, still_until
from models.states import AlarmKind
from responders.show import show_card
from responders.slack.actions import Outcome, Person
from tests.builders import NOON, a_comment, a_draft, a_post, drawing, heat, minutes, store_posts
from tests.builders import consider as consider_all
from tests.fakes import FakeNotifier
from tests.unit.responders.slack.side import ANNA, MIKAEL, SARA, Side, a_side


def contact(side: Side, text: str, name: str = "Aino Korpi", handle: str = "ainok", **named: Any) -> Case:
    a_draft(side.sessions, a_post(text, author=Author(f"id-{handle}", name, handle), **named))
    with side.sessions() as session:
        return session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def fire(sessions: Sessions, level: str = "warning") -> Case:
    store_posts(sessions, *(a_comment(f"Surkea {n}", external_id=f"c{n}") for n in range(4)))
    consider_all(sessions)
    heat(sessions, 1, level)
    consider_all(sessions)
    with sessions() as session:
        return session.scalars(select(Case).where(Case.kind == "alert")).one()


@dataclass
class RecordedDuties:
    asked: list[tuple[timedelta, str]] = field(default_factory=list)

    def take(self, span: timedelta, who: Person) -> Outcome:
        self.asked.append((span, who.id))
        return Outcome(True)


def on_call() -> dict[str, Any]:
    return {
        "oncall": OnCallSettings(
            people=(
                PersonSettings(name="Anna", slack=ANNA),
                PersonSettings(name="Sara", slack=SARA),
            ),
            schedules=(ScheduleSettings(name="Ilta", members=("Anna", "Sara"), starts=date(2026, 11, 9)),),
        )
    }


def test_status_tells_what_burns_what_waits_and_what_does_not_hear(tmp_path: Path) -> None:
    with a_side(tmp_path, settings=on_call()) as side:
        contact(side, "Surkea palvelu")
        case = fire(side.sessions)
        with side.sessions.begin() as session:
            session.add(
                SourceAlarm(source="x:mentions", kind=AlarmKind.FAILING, code="x_down", since=NOON, raised_at=NOON)
            )
        told = side.ask("tila")
        assert "Palaa 1 paikassa" in told
        assert f"*{case.number}*" in told
        assert "Avoinna" in told
        assert "Ei kuulu:* X, maininnat" in told
        assert "Slack vastaa" in told
        assert f"<@{ANNA}>" in told


def test_the_answer_is_seen_by_who_asked_alone_and_speaks_their_language(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        side.room.slack.workspace.choose_locale(MIKAEL, "sv-SE")
        assert "Ingenting brinner" in side.ask("läge", MIKAEL)
        assert side.room.slack.workspace.messages("C0ASIAKAS") == []


def test_it_answers_where_the_bot_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_side(tmp_path) as side:
        monkeypatch.setattr(side.room.slack.workspace, "has_bot", lambda _channel: False)
        assert "Mikään ei pala" in side.ask("tila")


def test_a_case_is_found_by_its_number_its_customers_name_and_handle(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        aino = contact(side, "Surkea toimitus", "Aino Mäkinen", "ainom")
        contact(side, "Surkea lasku", "Åke Öström", "akeo")
        for wanted in (f"tapaus {aino.number}", "case makinen", "ärende @AINOM", f"{aino.number}"):
            told = side.ask(wanted)
            assert "Surkea toimitus" in told
            assert "Surkea lasku" not in told
        assert "Surkea lasku" in side.ask("tapaus ostrom")


def test_several_hits_are_listed_and_none_is_said_kindly(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        contact(side, "Surkea toimitus", "Aino Mäkinen", "ainom")
        contact(side, "Surkea lasku", "Pekka Mäkinen", "pekkam")
        told = side.ask("tapaus mäkinen")
        assert "Löytyi 2 tapausta" in told
        assert "Surkea toimitus" in told
        assert "Surkea lasku" in told
        assert "Tapausta ei löytynyt: Virtanen" in side.ask("tapaus Virtanen")


def test_who_has_no_role_learns_nothing(tmp_path: Path) -> None:
    with a_side(tmp_path, roles=RoleSettings(leads=frozenset({SARA}), others="nobody")) as side:
        case = contact(side, "Surkea toimitus")
        for wanted in ("tila", f"tapaus {case.number}", "loki", "päivystys", "vaimenna 1h syy"):
            assert "Pyydä ne ylläpidolta" in side.ask(wanted)


def test_who_is_on_call_and_when_it_changes(tmp_path: Path) -> None:
    with a_side(tmp_path, settings=on_call()) as side:
        told = side.ask("päivystys")
        assert f"*Ilta*: <@{ANNA}>. Vuoro vaihtuu" in told
        assert f"<@{SARA}>" in told


def test_taking_the_duty_is_offered_only_where_it_can_be_taken(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        assert "ota 4h" not in side.ask("ohje")
        assert "Päivystysvuoroja ei ole asetettu" in side.ask("päivystys ota 4h")
    duties = RecordedDuties()
    (tmp_path / "with").mkdir()
    with a_side(tmp_path / "with", duties=duties) as side:
        assert "ota 4h" in side.ask("ohje")
        assert "Päivystys on nyt sinulla, 4 t" in side.ask("päivystys ota 4h")
        assert duties.asked == [(timedelta(hours=4), ANNA)]


def test_an_unknown_word_gets_an_example(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        told = side.ask("kissa <!channel>")
        assert "En ymmärtänyt sanaa ”kissa”" in told
        assert "`/palovahti tapaus 1042`" in told


def test_a_lead_mutes_alerts_for_a_while_and_others_may_not(tmp_path: Path) -> None:
    with a_side(tmp_path, roles=RoleSettings(leads=frozenset({SARA}))) as side:
        assert "vain tiiminvetäjä" in side.ask("vaimenna 2h kampanja", ANNA)
        assert "vaimennettu" in side.ask("vaimenna 2h kampanja", SARA)
        assert "Sara Virta: kampanja" in side.ask("tila", ANNA)
        assert "Sara Virta: kampanja" in side.open_home(ANNA)
        side.clock.later(hours=2, seconds=1)
        assert "kampanja" not in side.ask("tila", ANNA)
        assert "ei ole vaimennettu" in side.ask("vaimenna pois", SARA)
        with side.sessions() as session:
            assert session.scalars(select(AuditEntry.action)).all() == ["alerts.muted"]


def test_a_muted_alert_posts_no_card_until_alerts_speak_again(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        case, notifier = fire(side.sessions), FakeNotifier()
        side.ask("vaimenna 2h kampanja")
        assert shown(side, case, notifier) == 0
        side.clock.later(hours=2, seconds=1)
        assert shown(side, case, notifier) == 1


def test_unmuting_shows_what_was_held_back(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        case, notifier = fire(side.sessions), FakeNotifier()
        side.ask("vaimenna 2h kampanja")
        assert shown(side, case, notifier) == 0
        assert "taas normaalisti" in side.ask("vaimenna pois")
        assert shown(side, case, notifier) == 1


def test_no_mute_holds_back_an_outrage(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        side.ask("vaimenna 2h kampanja")
        case, notifier = fire(side.sessions, "outrage"), FakeNotifier()
        assert shown(side, case, notifier) == 1
        with side.sessions() as session:
            assert still_until(session, "alert", "outrage", NOON) is None
            assert still_until(session, "alert", "warning", NOON) is not None
            assert still_until(session, "contact", None, NOON) is None


def test_a_second_mute_takes_the_firsts_place(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        side.ask("vaimenna 8h kampanja")
        side.clock.later(minutes=1)
        side.ask("vaimenna 10min huolto")
        side.clock.later(minutes=11)
        assert "ei ole vaimennettu" in side.ask("vaimenna pois")
        with side.sessions() as session:
            assert len(session.scalars(select(Mute)).all()) == 2


def test_the_log_tells_who_did_what_to_which_case_in_words(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        case = contact(side, "Surkea toimitus")
        with side.sessions.begin() as session:
            record(session, NOON, "reply.approved", actor=SARA, case_id=case.id)
            record(session, NOON + minutes(1), "some.new_deed", actor=SARA, case_id=case.id)
        told = side.ask("loki")
        assert f"<@{SARA}> hyväksyi vastauksen (tapaus {case.number})" in told
        assert "teki muutoksen `some.new_deed`" in told
        assert "Surkea" not in told
        assert "case.opened" not in told


def shown(side: Side, case: Case, notifier: FakeNotifier) -> int:
    """How many cards stand after the card's job has run."""
    draw: Callable[..., Any] = drawing().draw
    show_card(
        case.id,
        sessions=side.sessions,
        notifier=notifier,
        draw=draw,
        channels={"alert": "C0PALOVAHTI", "contact": "C0ASIAKAS"},
        now=side.clock(),
        wall=side.clock(),
    )
    return len(notifier.cards)
