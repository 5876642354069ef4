"""The morning's digest comes once a day and place, says what waits, and mentions nobody. Through the real client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from models.alarms import SourceAlarm
from models.base import Sessions
from models.cases import Case
from models.errors import OutcomeUnknown, TryLater
from models.interruptions import Interruption
from models.jobs import Job, JobKind
from models.states import AlarmKind, CaseState
from responders.digest import Gathering
from responders.morning import Digests
from responders.morning_time import Morning
from responders.oncall import Duty, Hours, Person, Schedule
from responders.routes import Abilities
from responders.slack.catalogue import LANGUAGES
from responders.slack.client import web_client
from responders.slack.digest_cards import (
    Burned,
    Closing,
    DigestView,
    Fate,
    Oldest,
    OnDuty,
    Waiting,
    digest_card,
)
from responders.slack.notifier import SlackNotifier
from responders.slack.places import Workspace
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from tests.builders import a_comment, a_dm, a_draft, cases, consider, heat, judge_all, store_posts
from tests.unit.responders.slack.builders import shown
from tests.unit.responders.slack.limits import assert_slack_takes
from tests.unit.responders.slack.test_nobody_mentioned import PINGS, mentioned

HELSINKI = ZoneInfo("Europe/Helsinki")
CHANNEL = "C0ASIAKAS"
DAY = date(2026, 11, 11)  # a Wednesday
DUE = datetime(2026, 11, 11, 6, 30, tzinfo=UTC)  # 8.30 in Helsinki
ANNA = Person("Anna", "U0ANNA", quiet=Hours(time(22), time(7), HELSINKI))
DUTY = Duty({"Anna": ANNA}, {"päivä": Schedule("päivä", ("Anna",), date(2026, 11, 2), 7, time(9), HELSINKI)}, ())
FULL = DigestView(
    brand="Nuotiopuoti",
    day=DAY,
    limit_days=3,
    waiting=[
        Waiting(1004, "facebook", 4, "Anna Laine", "https://nuotiopuoti.slack.com/archives/C1/p1"),
        Waiting(1009, "x", 0),
    ],
    waiting_count=7,
    over=1,
    burned=[Burned(1002, "outrage", DUE - timedelta(hours=6), Fate.BURNING)],
    burned_count=1,
    undecided=3,
    oldest_undecided=Oldest(1003),
    closing=[Closing(1005, DUE + timedelta(hours=5))],
    closing_count=2,
    deaf=["x:mentions"],
    on_duty=[OnDuty("päivä", "Anna")],
)


@dataclass
class Place:
    slack: SlackSandbox
    store: Sessions
    digests: Digests
    now: datetime = DUE
    to: list[str] = field(default_factory=lambda: [CHANNEL])

    def send(self) -> None:
        self.digests.send(self.now, self.now)

    def texts(self, channel: str = CHANNEL) -> list[str]:
        return [one["text"] for one in self.slack.workspace.messages(channel)]

    def next_job(self) -> datetime:
        with self.store() as session:
            return session.scalars(select(Job.run_at).where(Job.kind == JobKind.MORNING_DIGEST)).one()


@pytest.fixture
def place(store: Sessions) -> Iterator[Place]:
    sandbox_store = Store()
    slack = SlackSandbox(sandbox_store, lambda: here.now, "xoxb-test", "secret")
    server = serve(slack.app)
    client = web_client("xoxb-test", f"{server.url}/api/", timeout_s=2)
    digests = Digests(
        sessions=store,
        gathering=Gathering("Nuotiopuoti", HELSINKI, Abilities()),
        duty=lambda session, now: DUTY,
        workspace=Workspace(client).address,
        notifier=SlackNotifier("xoxb-test", f"{server.url}/api/", timeout_s=2),
        morning=Morning(time(8, 30), HELSINKI),
        places=lambda: here.to,
        language=lambda place: "sv" if place == "U0MIKAEL" else "fi",
    )
    here = Place(slack, store, digests)
    yield here
    server.close()
    sandbox_store.close()


def test_it_comes_once_a_day_over_restarts_and_asks_for_the_next(place: Place) -> None:
    for _ in range(3):
        place.send()
    assert len(place.texts()) == 1
    assert place.next_job() == DUE + timedelta(days=1)
    place.now = DUE + timedelta(days=1)
    place.send()
    assert len(place.texts()) == 2


def test_it_is_not_sent_before_its_time_nor_on_a_free_day(place: Place) -> None:
    place.now = DUE - timedelta(minutes=1)
    place.send()
    assert place.texts() == []
    assert place.next_job() == DUE
    place.now = DUE + timedelta(days=3)
    place.send()
    assert place.texts() == []


@pytest.mark.parametrize("kind", ["hang_after", "hang_before"])
def test_a_lost_answer_leaves_one(place: Place, kind: Any) -> None:
    place.slack.faults.add(Fault(kind, path="/api/chat.postMessage", delay_s=2.5))
    with pytest.raises(OutcomeUnknown):
        place.send()
    place.send()
    place.send()
    assert len(place.texts()) == 1


def test_one_place_that_does_not_take_it_keeps_it_from_no_other(place: Place) -> None:
    place.to = ["C0GONE", CHANNEL]
    place.send()
    assert len(place.texts()) == 1
    assert place.next_job() == DUE + timedelta(days=1)


def test_people_get_it_in_their_own_language_once_and_it_is_written_down(place: Place) -> None:
    place.to = ["U0MIKAEL", "U0ANNA"]
    place.slack.faults.add(Fault("status", path="/api/chat.postMessage", status=429, headers={"Retry-After": "1"}))
    with pytest.raises(TryLater):
        place.send()
    place.send()
    place.send()
    [swedish] = place.texts("D0MIKAEL")
    [finnish] = place.texts("D0ANNA")
    assert "Natten var lugn" in swedish
    assert "Yö oli rauhallinen" in finnish
    with place.store() as session:
        written = session.execute(select(Interruption.user_id, Interruption.why).order_by(Interruption.user_id)).all()
    assert [tuple(one) for one in written] == [("U0ANNA", "digest"), ("U0MIKAEL", "digest")]


def test_a_person_whose_answer_was_lost_gets_no_second_one(place: Place) -> None:
    place.to = ["U0MIKAEL"]
    place.slack.faults.add(Fault("hang_after", path="/api/chat.postMessage", delay_s=2.5))
    place.send()
    place.send()
    assert len(place.texts("D0MIKAEL")) == 1


def test_who_rests_in_the_morning_gets_none(place: Place) -> None:
    place.to = ["U0ANNA"]
    place.digests = replace(place.digests, morning=Morning(time(6), HELSINKI))
    place.send()
    place.now = DUE - timedelta(days=1, hours=2)  # 6.30
    place.send()
    assert len(place.texts("D0ANNA")) == 1  # the one at 8.30, when she no longer rests


def test_a_calm_morning_may_say_nothing(place: Place) -> None:
    place.digests = replace(place.digests, when_calm=False)
    place.send()
    assert place.texts() == []
    assert place.next_job() == DUE + timedelta(days=1)


def test_it_tells_what_waits_from_the_store(place: Place) -> None:
    store, asked = place.store, DUE - timedelta(days=6)
    a_draft(store, a_comment(created_at=asked), at=asked)
    store_posts(store, a_dm(channel="facebook", created_at=DUE - timedelta(hours=20)), at=DUE - timedelta(hours=20))
    judge_all(store, label="negative")
    heat(store, None, "none", brand=True)
    consider(store, at=DUE - timedelta(hours=20))
    with store.begin() as session:
        session.add(
            SourceAlarm(source="x:mentions", kind=AlarmKind.FAILING, code="no_answer", since=asked, raised_at=asked)
        )
        session.execute(update(Case).values(card_channel=CHANNEL, card_ts="1700000000.000100"))
    place.send()
    [message] = place.slack.workspace.messages(CHANNEL)
    text = shown(message["blocks"])
    oldest = min(cases(store), key=lambda case: case.id)
    link = f"<https://nuotiopuoti.slack.com/archives/{CHANNEL}/p1700000000000100|Tapaus {oldest.number}>"
    assert f"🔴 {link} · Facebook · odottanut 4 arkipäivää · ei hoitajaa" in text
    assert "yli takarajan (3 arkipäivää)" in text
    assert "Emme kuule: X, maininnat" in text
    assert "Vastausaika päättyy tänään" in text
    assert "Päivystys: Anna (päivä)" in text


def test_snoozed_and_closed_cases_wait_for_nobody(place: Place) -> None:
    asked = DUE - timedelta(days=6)
    a_draft(place.store, a_comment(created_at=asked), at=asked)
    with place.store.begin() as session:
        session.execute(update(Case).values(snoozed_until=DUE + timedelta(hours=1)))
    with place.store() as session:
        snoozed = place.digests.gathering.view(session, DUTY, DAY, asked, DUE, None)
    with place.store.begin() as session:
        session.execute(update(Case).values(snoozed_until=None, state=CaseState.CLOSED))
    with place.store() as session:
        closed = place.digests.gathering.view(session, DUTY, DAY, asked, DUE, None)
    assert (snoozed.calm, closed.calm) == (True, True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", [FULL, replace(FULL, burned_count=0, burned=()), DigestView("Nuotiopuoti", DAY, 3)])
def test_slack_takes_it_and_it_mentions_nobody(view: DigestView, language: str) -> None:
    hostile = replace(view, brand=PINGS, on_duty=[OnDuty(PINGS, PINGS)], deaf=[PINGS] if view.deaf else ())
    for one in (view, hostile):
        card = digest_card(one, language, HELSINKI)
        assert_slack_takes(list(card.blocks))
        assert mentioned(card) == []
