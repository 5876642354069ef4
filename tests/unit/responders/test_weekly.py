"""The weekly report comes once a week, on Monday at nine in the shop's zone, over restarts and lost answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.base import Sessions
from models.errors import OutcomeUnknown
from models.jobs import Job, JobKind
from models.states import Grade
from responders import weekly
from responders.slack.catalogue import LANGUAGES
from responders.slack.notifier import SlackNotifier
from responders.slack.weekly_cards import Proposal, WeeklyView, weekly_card
from responders.weekly import next_report, show_weekly
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from tests.builders import trail
from tests.unit.responders.slack.builders import shown
from tests.unit.responders.slack.limits import assert_slack_takes

CHANNEL = "C0PALOVAHTI"
HELSINKI = ZoneInfo("Europe/Helsinki")
WEEK = date(2026, 11, 9)
MONDAY = datetime(2026, 11, 16, 7, tzinfo=UTC)  # nine in Helsinki
VIEW = WeeklyView("Nuotiopuoti", WEEK, {Grade.RIGHT: 2, Grade.FALSE: 3}, waiting=1, fires=3, missed=1, lead_minutes=95)


@dataclass
class Place:
    slack: SlackSandbox
    notifier: SlackNotifier
    gathered: list[date] = field(default_factory=list)

    def show(self, store: Sessions, monday: date = WEEK, now: datetime = MONDAY) -> None:
        def view() -> WeeklyView:
            self.gathered.append(monday)
            return replace(VIEW, monday=monday)

        show_weekly(
            monday, sessions=store, view=view, notifier=self.notifier, channel=CHANNEL, language="fi", zone=HELSINKI,
            now=now, wall=now,
        )  # fmt: skip

    def messages(self) -> list[dict[str, Any]]:
        return self.slack.workspace.messages(CHANNEL)


@pytest.fixture
def place() -> Iterator[Place]:
    sandbox_store = Store()
    slack = SlackSandbox(sandbox_store, lambda: MONDAY, "xoxb-test", "secret")
    server = serve(slack.app)
    yield Place(slack, SlackNotifier("xoxb-test", f"{server.url}/api/", timeout_s=2))
    server.close()
    sandbox_store.close()


def next_job(store: Sessions) -> datetime:
    with store() as session:
        return session.scalars(select(Job.run_at).where(Job.kind == JobKind.WEEKLY_REPORT)).one()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 15, 23, tzinfo=HELSINKI), datetime(2026, 11, 16, 9, tzinfo=HELSINKI)),
        (datetime(2026, 11, 16, 8, 59, tzinfo=HELSINKI), datetime(2026, 11, 16, 9, tzinfo=HELSINKI)),
        (datetime(2026, 11, 16, 9, tzinfo=HELSINKI), datetime(2026, 11, 23, 9, tzinfo=HELSINKI)),
        (datetime(2026, 11, 15, 22, 30, tzinfo=UTC), datetime(2026, 11, 16, 9, tzinfo=HELSINKI)),
        (datetime(2026, 3, 25, 12, tzinfo=HELSINKI), datetime(2026, 3, 30, 9, tzinfo=HELSINKI)),  # summer time begins
        (datetime(2026, 12, 29, 12, tzinfo=HELSINKI), datetime(2027, 1, 4, 9, tzinfo=HELSINKI)),
    ],
)
def test_it_comes_on_monday_at_nine(now: datetime, expected: datetime) -> None:
    assert next_report(now, HELSINKI) == expected


@settings(deadline=None)
@given(st.integers(0, 15 * 366 * 24 * 60))
def test_the_next_is_always_within_a_week_and_an_hour(minute: int) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    at = next_report(now, HELSINKI)
    assert timedelta() < at - now <= timedelta(days=7, hours=1)
    assert (at.astimezone(HELSINKI).weekday(), at.astimezone(HELSINKI).hour) == (0, 9)


def test_a_week_has_one_message_however_often_it_is_asked_for(store: Sessions, place: Place) -> None:
    for _ in range(3):
        place.show(store)
    assert len(place.messages()) == 1
    assert place.gathered == [WEEK]
    assert trail(store) == ["weekly_report.posted"]
    assert next_job(store) == MONDAY + timedelta(weeks=1)
    place.show(store, WEEK + timedelta(weeks=1), MONDAY + timedelta(weeks=1))
    assert len(place.messages()) == 2


def test_a_lost_answer_leaves_no_second_message(store: Sessions, place: Place) -> None:
    place.slack.faults.add(Fault("status_after", path="/api/chat.postMessage", status=503))
    with pytest.raises(OutcomeUnknown):
        place.show(store)
    place.show(store)
    assert len(place.messages()) == 1


def test_a_crash_between_the_post_and_its_note_leaves_no_second_message(
    store: Sessions, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crashing:
        crashing.setattr(weekly, "_remember", lambda *_: exit(1))
        with pytest.raises(SystemExit):
            place.show(store)
    place.show(store)
    assert len(place.messages()) == 1
    assert trail(store) == ["weekly_report.posted"]


def test_it_is_short_and_says_what_happened() -> None:
    card = weekly_card(VIEW, "fi")
    assert card.fallback == "📊 Hälytykset viikolla 46: Nuotiopuoti. 6 hälytystä"
    said = shown(card.blocks)
    for words in ("👍 Oikeita: 2", "👎 Vääriä: 3", "Someraivoja alkoi 3. Niistä jäi hälyttämättä 1.", "1 t 35 min"):
        assert words in said
    assert "Myöhässä" not in said
    assert "Ehdotus" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("needless", "missed"), [(-3, 0), (4, -2), (0, 0), (-1, 1)])
def test_a_proposal_tells_its_effect_on_the_past(language: str, needless: int, missed: int) -> None:
    card = weekly_card(replace(VIEW, proposal=Proposal("quiet", needless, missed, 8)), language)
    assert_slack_takes(card.blocks)
    said = shown(card.blocks)
    assert 'sensitivity = "quiet"' in said
    assert "{" not in said
    for count in (needless, missed):
        assert count == 0 or str(abs(count)) in said.split("quiet")[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_week_without_alerts_is_told_too(language: str) -> None:
    card = weekly_card(WeeklyView("Nuotiopuoti", WEEK), language)
    assert_slack_takes(card.blocks)
    assert "0" in card.fallback
