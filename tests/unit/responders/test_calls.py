"""Those on duty are called once a case and level, under its card, also over crashes. Through the real client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Sessions
from models.cases import Case
from models.errors import OutcomeUnknown, TryLater
from models.interruptions import Interruption
from models.jobs import Job, JobKind
from models.states import CaseState, Means, Rest
from responders.calls import Calling
from responders.oncall import By, Chain, Duty, Hours, Person, Schedule, Step
from responders.roles import PEOPLE_ALONE
from responders.slack.cards import card_for
from responders.slack.client import web_client
from responders.slack.groups import Groups
from responders.slack.notifier import SlackNotifier
from responders.slack.threads import Threads
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from tests.unit.responders.slack.builders import an_alert
from tests.unit.responders.slack.limits import assert_slack_takes

CHANNEL = "C0PALOVAHTI"
HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 11, 10, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 10, 23, tzinfo=UTC)
BOTH = frozenset({"warning", "outrage"})
ANNA = Person("Anna", "U0ANNA", quiet=Hours(time(22), time(7), HELSINKI))
DUTY = Duty(
    {"Anna": ANNA},
    {"duty": Schedule("duty", ("Anna",), date(2026, 11, 2), 7, time(9), HELSINKI)},
    (Chain("all", BOTH, (Step(By.SCHEDULE, "duty", timedelta(minutes=5)),), timedelta(minutes=30)),),
)


@dataclass
class Place:
    slack: SlackSandbox
    notifier: SlackNotifier
    store: Sessions
    calling: Calling
    case_id: int = 0
    muted_until: datetime | None = None
    now: datetime = NOON
    refs: list[str] = field(default_factory=list)

    def burn(self, level: str, state: CaseState = CaseState.OPEN) -> None:
        """The case stands at this level, as deciding left it."""
        with self.store.begin() as session:
            case = session.get_one(Case, self.case_id)
            case.level, case.state = level, state

    def look(self) -> None:
        """What follows a redraw of the card: the job is claimed, then it looks."""
        self.calling.ask(self.case_id, self.now)
        with self.store.begin() as session:
            asked = list(session.scalars(select(Job).where(Job.kind == JobKind.CALL_DUTY, Job.run_at <= self.now)))
            for job in asked:
                session.delete(job)
        if asked:
            self.calling.look(self.case_id, self.now, self.now)

    def replies(self) -> list[str]:
        return [one["text"] for one in self.slack.workspace.messages(CHANNEL) if "thread_ts" in one]

    def interrupted(self) -> list[Interruption]:
        with self.store() as session:
            return list(session.scalars(select(Interruption).order_by(Interruption.id)))


def _a_case(store: Sessions, ts: str) -> int:
    with store.begin() as session:
        case = Case(
            number=1007, matter="alert:thread:1", kind="alert", brand="Nuotiopuoti", level="warning", reasons=[],
            evidence=[], state=CaseState.OPEN, opened_at=NOON, changed_at=NOON, alerted_at=NOON,
            card_channel=CHANNEL, card_ts=ts,
        )  # fmt: skip
        session.add(case)
        session.flush()
        return case.id


@pytest.fixture
def place(store: Sessions) -> Iterator[Place]:
    sandbox_store = Store()
    slack = SlackSandbox(sandbox_store, lambda: here.now, "xoxb-test", "secret")
    server = serve(slack.app)
    api = f"{server.url}/api/"

    def still(session: Session, kind: str, level: str | None, now: datetime) -> datetime | None:
        return here.muted_until

    calling = Calling(
        sessions=store,
        duty=lambda session, now: DUTY,
        otherwise=(),
        staff=PEOPLE_ALONE,
        under=Threads(web_client("xoxb-test", api, timeout_s=2)).under,
        language=lambda channel: "fi",
        zone=HELSINKI,
        still=still,
    )
    here = Place(slack, SlackNotifier("xoxb-test", api, timeout_s=2), store, calling)
    here.case_id = _a_case(store, here.notifier.post(CHANNEL, card_for(an_alert(), "fi"), "case-1").ts)
    slack.usergroups.create("S0CARE", "asiakaspalvelu", ["U0ANNA", "U0MIKAEL"])
    yield here
    server.close()
    sandbox_store.close()


def test_a_level_calls_who_is_on_duty_once_under_the_card(place: Place) -> None:
    for _ in range(3):
        place.look()
    assert place.replies() == ["<@U0ANNA> 🟠 Tapaus 1007: keskustelu kuumenee. Kortti on ketjun alussa."]
    [reply] = [one for one in place.slack.workspace.messages(CHANNEL) if "thread_ts" in one]
    assert_slack_takes(reply["blocks"])
    [written] = place.interrupted()
    assert (written.user_id, written.means, written.level, written.rest) == (
        "U0ANNA",
        Means.MENTION,
        "warning",
        Rest.NONE,
    )


def test_a_worse_level_calls_again_and_the_old_call_mentions_nobody_any_more(place: Place) -> None:
    place.look()
    place.burn("outrage")
    place.look()
    old, new = place.replies()
    assert "<@" not in old
    assert "pahentunut" in old
    assert new == "<@U0ANNA> 🔴 Tapaus 1007: someraivo. Kortti on ketjun alussa."
    assert len(place.interrupted()) == 2


@pytest.mark.parametrize(
    ("level", "state", "said"), [("watch", CaseState.OPEN, "rauhoittunut"), ("warning", CaseState.CLOSED, "suljettu")]
)
def test_a_call_that_no_longer_holds_says_so(place: Place, level: str, state: CaseState, said: str) -> None:
    place.look()
    place.burn(level, state)
    place.look()
    place.look()
    [reply] = place.replies()
    assert said in reply
    assert "<@" not in reply
    place.burn("warning")
    place.look()
    assert len(place.replies()) == 1  # once a case and level


def test_a_watch_and_a_closed_case_call_nobody(place: Place) -> None:
    place.burn("watch")
    place.look()
    place.burn("outrage", CaseState.CLOSED)
    place.look()
    assert place.replies() == []


def test_without_a_card_nobody_is_called_yet(place: Place) -> None:
    with place.store.begin() as session:
        session.get_one(Case, place.case_id).card_ts = None
    place.look()
    assert place.replies() == []


def test_who_rests_is_not_called_below_an_outrage(place: Place) -> None:
    place.now = NIGHT
    place.look()
    place.look()
    assert place.replies() == []
    place.burn("outrage")
    place.look()
    assert len(place.replies()) == 1
    [written] = place.interrupted()
    assert written.rest is Rest.QUIET


def test_a_muted_alert_calls_nobody_until_it_may(place: Place) -> None:
    place.muted_until = NOON + timedelta(hours=1)
    place.look()
    assert place.replies() == []
    with place.store() as session:
        [at] = session.scalars(select(Job.run_at).where(Job.kind == JobKind.CALL_DUTY))
    assert at == place.muted_until
    place.now = place.muted_until
    place.muted_until = None
    place.look()
    assert len(place.replies()) == 1


@pytest.mark.parametrize("kind", ["hang_after", "hang_before"])
def test_a_lost_answer_leaves_one_call(place: Place, kind: Any) -> None:
    place.slack.faults.add(Fault(kind, path="/api/chat.postMessage", delay_s=2.5))
    with pytest.raises(OutcomeUnknown):
        place.look()
    place.look()
    place.look()
    assert len(place.replies()) == 1
    assert len(place.interrupted()) == 1


def test_a_death_between_the_post_and_its_commit_leaves_one_call(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Calling, "_remember", dies)
        with pytest.raises(KeyboardInterrupt):
            place.look()
    assert len(place.replies()) == 1
    place.look()
    assert len(place.replies()) == 1
    assert len(place.interrupted()) == 1


def test_a_call_that_nobody_knows_the_outcome_of_is_ended_too(place: Place) -> None:
    place.slack.faults.add(Fault("hang_after", path="/api/chat.postMessage", delay_s=2.5))
    with pytest.raises(OutcomeUnknown):
        place.look()
    place.burn("watch")
    place.look()
    [reply] = place.replies()
    assert "<@" not in reply


def test_who_is_on_duty_when_slack_is_back_is_called(place: Place) -> None:
    place.now = NOON + timedelta(hours=10)  # Anna's quiet hours begin at 22
    place.slack.faults.add(Fault("status", path="/api/chat.postMessage", status=429, headers={"Retry-After": "60"}))
    place.now = NOON
    with pytest.raises(TryLater):
        place.look()
    place.now = NIGHT
    place.look()
    assert place.replies() == []


def test_a_group_is_called_as_one_and_written_down_as_its_people(place: Place) -> None:
    client = place.notifier._client
    place.calling = replace(
        place.calling, duty=lambda session, now: Duty({}, {}, ()), otherwise=("S0CARE",), staff=Groups(client)
    )
    place.look()
    assert place.replies() == ["<!subteam^S0CARE> 🟠 Tapaus 1007: keskustelu kuumenee. Kortti on ketjun alussa."]
    assert [one.user_id for one in place.interrupted()] == ["U0ANNA", "U0MIKAEL"]
