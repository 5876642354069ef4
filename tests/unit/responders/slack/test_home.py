"""App Home: what it shows whom, what a press there does, and that it fits Slack whatever is in it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.roles_settings import RoleSettings, TeamSettings
from models.base import Sessions
from models.cases import Case, Reply
from models.states import CaseState
from responders.slack.actions import Outcome, Person
from sandbox.faults import Fault
from sandbox.slack_blocks import view_problems
from tests.builders import NOON, a_comment, a_dm, a_draft, a_post, heat, minutes, store_posts
from tests.builders import consider as consider_all
from tests.unit.responders.slack.side import ANNA, MIKAEL, SARA, Side, a_side, eventually


def contact(side: Side, text: str, **named: Any) -> Case:
    """A customer's open case."""
    a_draft(side.sessions, a_post(text, **named))
    return newest(side.sessions)


def newest(sessions: Sessions) -> Case:
    with sessions() as session:
        return session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def change(side: Side, case: Case, **values: Any) -> None:
    with side.sessions.begin() as session:
        for name, value in values.items():
            setattr(session.get_one(Case, case.id), name, value)


@dataclass
class RecordedApprovals:
    """Meets ApprovesMany: the first is refused."""

    asked: list[Sequence[tuple[int, int]]] = field(default_factory=list)

    def approve_many(self, drafts: Sequence[tuple[int, int]], who: Person) -> Sequence[Outcome]:
        self.asked.append(drafts)
        return [Outcome(number > 0, "" if number else "changed") for number, _ in enumerate(drafts)]


def test_who_opens_home_sees_what_waits_in_their_own_language(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        case = contact(side, "Surkea palvelu, missä pakettini on?")
        side.clock.later(minutes=130)
        side.room.slack.workspace.choose_locale(MIKAEL, "sv-SE")
        finnish, swedish = side.open_home(ANNA), side.open_home(MIKAEL)
        assert "Mikään ei pala." in finnish
        assert f"*{case.number}*" in finnish
        assert "Surkea palvelu, missä pakettini on?" in finnish
        assert "odottanut 2 t 10 min" in finnish
        assert "Ingenting brinner." in swedish
        assert "har väntat 2 h 10 min" in swedish


def test_a_customers_words_cannot_ping_or_forge_a_link(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        contact(side, "Surkea <!channel> <https://evil.example|klikkaa>")
        home = side.open_home()
        assert "<!channel>" not in home
        assert "&lt;!channel&gt;" in home


def test_a_case_is_taken_with_one_press_and_then_stands_in_ones_own_queue(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        case = contact(side, "Surkea palvelu")
        assert "Ei vielä kenelläkään (1)" in side.open_home()
        home = side.press_home("home_take")
        assert side.takes.asked == [(case.id, ANNA)]
        assert "Omat (1)" in home
        assert "Ei vielä kenelläkään (0)" in home
        assert "sinulla" in home


def test_of_two_who_take_the_second_is_told_who_was_first(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        case = contact(side, "Surkea palvelu")
        side.open_home()
        change(side, case, owner_id=SARA, owner_name="Sara Virta")
        home = side.press_home("home_take")
        assert "👉" in home
        assert "hoitaa Sara Virta" not in home.split("👉")[0]


def test_fires_stand_on_top_with_who_has_them_and_lead_to_their_card(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        store_posts(side.sessions, *(a_comment(f"Surkea {n}", external_id=f"c{n}") for n in range(4)))
        consider_all(side.sessions)
        heat(side.sessions, 1, "outrage")
        consider_all(side.sessions)
        [fire] = [case for case in _cases(side.sessions) if case.kind == "alert"]
        change(side, fire, owner_id=SARA, owner_name="Sara Virta", card_channel="C0PALOVAHTI", card_ts="1799.000100")
        home = side.open_home()
        assert "Palaa nyt (1)" in home
        assert "🔴 *Someraivo*" in home
        assert "hoitaa Sara Virta" in home
        assert f"<https://nuotiopuoti.slack.com/archives/C0PALOVAHTI/p1799000100|{fire.number}>" in home


def test_what_closes_within_hours_is_due_soon_with_its_time(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        store_posts(side.sessions, a_dm("Surkea, vastatkaa", channel="facebook", account="104500000000001"))
        consider_all(side.sessions)
        side.clock.later(hours=21)
        home = side.open_home()
        assert "Pian myöhässä (1)" in home
        assert "vastattava ke 11.11. klo 14.00 mennessä" in home or "vastattava klo 14.00 mennessä" in home


def test_filters_narrow_the_lists_and_are_kept_for_the_next_opening(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        contact(side, "Surkea X-viesti")
        a_draft(side.sessions, a_comment("Surkea Facebook-viesti"))
        side.open_home()
        home = side.press_home("home_channel", "facebook")
        assert "Surkea Facebook-viesti" in home
        assert "Surkea X-viesti" not in home
        assert "Surkea X-viesti" not in side.open_home()
        assert "Surkea X-viesti" in side.press_home("home_channel", "*")


def test_snoozed_cases_are_away_until_asked_for(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        case = contact(side, "Surkea palvelu")
        change(side, case, snoozed_until=NOON + timedelta(hours=3))
        assert "Surkea palvelu" not in side.open_home()
        assert "Surkea palvelu" in side.press_home("home_show", "snoozed")


def test_a_long_list_has_pages(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        for number in range(17):
            contact(side, f"Surkea palvelu {number}", created_at=NOON + minutes(number))
        home = side.open_home()
        assert "Näytä kaikki (17)" in home
        home = side.press_home("home_see_all_free")
        assert "Sivu 1/2" in home
        assert "Surkea palvelu 14" in home
        home = side.press_home("home_next")
        assert "Sivu 2/2" in home
        assert "Surkea palvelu 16" in home
        assert "Surkea palvelu 14" not in home


def test_a_teams_queue_is_shown_to_its_members_alone(tmp_path: Path) -> None:
    logistics = TeamSettings(name="Logistiikka", members=frozenset({ANNA}))
    with a_side(tmp_path, teams=[logistics]) as side:
        case = contact(side, "Surkea palvelu")
        change(side, case, team="Logistiikka")
        assert "Tiimin jono (1)" in side.open_home(ANNA)
        assert "Tiimin jono" not in side.open_home(MIKAEL)


def test_who_may_do_nothing_sees_nothing(tmp_path: Path) -> None:
    with a_side(tmp_path, roles=RoleSettings(leads=frozenset({SARA}), others="nobody")) as side:
        contact(side, "Surkea palvelu")
        home = side.open_home(ANNA)
        assert "Surkea" not in home
        assert "Pyydä ne ylläpidolta" in home


def test_a_viewer_is_offered_nothing_that_they_may_not_do(tmp_path: Path) -> None:
    with a_side(tmp_path, roles=RoleSettings(leads=frozenset({SARA}))) as side:
        contact(side, "Surkea palvelu")
        home = side.open_home(ANNA)
        assert "Surkea palvelu" in home
        assert "Otan tämän" not in home
        assert "Kirjaa käsin" not in home


def test_drafts_of_people_wait_and_a_lead_approves_them_together(tmp_path: Path) -> None:
    approvals = RecordedApprovals()
    with a_side(tmp_path, approves=approvals, roles=RoleSettings(leads=frozenset({SARA}))) as side:
        for number in range(2):
            contact(side, f"Surkea palvelu {number}")
        with side.sessions.begin() as session:
            drafts = session.scalars(select(Reply).order_by(Reply.id)).all()
            for draft in drafts:
                draft.edited_by, draft.version, draft.text = "Mikael Öst", 3, "Hei! Selvitämme asian."
        assert "Hyväksy nämä" not in side.open_home(ANNA)
        assert "Luonnoksen kirjoitti Mikael Öst: Hei! Selvitämme asian." in side.open_home(SARA)
        home = side.press_home("home_approve_many", user=SARA)
        assert approvals.asked == [[(draft.id, 3) for draft in drafts]]
        assert "Hyväksyttiin 1/2. Loput olivat ehtineet muuttua" in home


def test_the_days_numbers(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        old = contact(side, "Surkea eilinen", created_at=NOON - timedelta(days=2))
        change(side, old, opened_at=NOON - timedelta(days=2))
        for number, waited in enumerate((20, 40, 60)):
            case = contact(side, f"Surkea palvelu {number}")
            with side.sessions.begin() as session:
                reply = session.scalars(select(Reply).where(Reply.case_id == case.id)).one()
                reply.state, reply.sent_at = "sent", NOON + minutes(waited)  # type: ignore[assignment]
            change(side, case, state=CaseState.ANSWERED)
        side.clock.later(hours=2)
        home = side.open_home()
        assert "*Tuli*\n3" in home
        assert "*Vastattu*\n3" in home
        assert "*Vastausaika, mediaani*\n40 min" in home
        assert "*Avoinna*\n1" in home
        assert "*Vanhin on odottanut*\n2 pv 2 t" in home


def test_an_opening_that_comes_late_does_not_undo_what_is_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "responders.slack.homing")
    with a_side(tmp_path) as side:
        contact(side, "Surkea palvelu")
        side.open_home()
        workspace = side.room.slack.workspace
        old = workspace.home_of(ANNA)
        side.press_home("home_scope", "all")
        shown, drawn = workspace.home_of(ANNA), len(caplog.records)
        with monkeypatch.context() as late:
            late.setattr(workspace, "home_of", lambda _: old)
            side.room.slack.entries.open_home(ANNA).result(30)
        eventually(lambda: caplog.records[drawn:])
        assert workspace.home_of(ANNA) == shown


def test_a_press_delivered_twice_takes_once(tmp_path: Path) -> None:
    with a_side(tmp_path) as side:
        case = contact(side, "Surkea palvelu")
        side.open_home()
        side.room.slack.faults.add(Fault("duplicate", path="/interactivity/block_actions", times=1))
        home = side.press_home("home_take")
        assert "👉" not in home
        with side.sessions() as session:
            assert session.get_one(Case, case.id).owner_id == ANNA


def test_it_fits_slack_with_everything_full(tmp_path: Path) -> None:
    teams = [TeamSettings(name="Logistiikka", members=frozenset({ANNA}))]
    with a_side(tmp_path, teams=teams, approves=RecordedApprovals()) as side:
        for number in range(60):
            case = contact(side, f"Surkea {'&<>' * 200} {number}", channel="x" if number % 2 else "replay")
            change(
                side, case, owner_id=ANNA if number % 3 == 0 else None, team="Logistiikka" if number % 3 == 1 else None
            )
        with side.sessions.begin() as session:
            for draft in session.scalars(select(Reply)):
                draft.edited_by = "&" * 200
        for scope in ("overview", "all", "mine", "teams"):
            side.open_home()
            side.press_home("home_scope", scope) if scope != "overview" else None
            view = side.room.slack.workspace.home_of(ANNA)
            assert view is not None
            assert len(view["blocks"]) <= 100
            told = {name: view[name] for name in ("type", "blocks", "private_metadata")}
            assert view_problems(told, "home") == []


def _cases(sessions: Sessions) -> list[Case]:
    with sessions() as session:
        return list(session.scalars(select(Case)))
