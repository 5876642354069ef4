"""What waits for Slack, ranked by how its case stands; and the worker that runs it within Slack's rates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.worker import Retry, Work, Worker
from models.base import Sessions
from models.cases import Case
from models.errors import TryLater
from models.jobs import Job, JobKind, counts, put
from models.states import CaseState, JobState
from responders import delivery
from responders.delivery import waiting_cards
from responders.pacing import HISTORY, POST, UPDATE, Call, Rank
from responders.show import show_card
from responders.slack.notifier import SlackNotifier
from responders.slack.pacer import Pacer
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.slack_rates import Rates
from sandbox.store import Store
from tests.builders import NOON, drawing
from tests.fakes import FrozenClock

CHANNELS = {"alert": "C0PALOVAHTI", "contact": "C0ASIAKAS"}


def a_case(store: Sessions, **named: Any) -> int:
    plain: dict[str, Any] = {
        "kind": "contact", "brand": "Nuotiopuoti", "opened_at": NOON, "changed_at": NOON, "state": CaseState.OPEN,
    }  # fmt: skip
    with store.begin() as session:
        number = session.query(Case).count() + 1
        case = Case(number=1000 + number, matter=f"m{number}", **(plain | named))
        session.add(case)
        session.flush()
        return case.id


def ask(store: Sessions, *cases: int, urgent: bool = False) -> None:
    with store.begin() as session:
        for case in cases:
            put(session, JobKind.SHOW_CARD, str(case), NOON, urgent=urgent)


def test_rank_and_calls_follow_the_case_and_not_the_job(store: Sessions) -> None:
    standing: dict[str, Any] = {"card_channel": "C0OLD", "card_ts": "1.2"}
    expected = {
        a_case(store, kind="alert"): (Rank.NEW_FIRE, (Call(POST, "C0PALOVAHTI"),)),
        a_case(store, kind="alert", **standing): (Rank.FIRE, (Call(UPDATE),)),
        a_case(store, kind="alert", state=CaseState.CLOSED, **standing): (Rank.REDRAW, (Call(UPDATE),)),
        a_case(store): (Rank.NEW, (Call(POST, "C0ASIAKAS"),)),
        a_case(store, card_posting_at=NOON): (Rank.NEW, (Call(HISTORY), Call(POST, "C0ASIAKAS"))),
        a_case(store, **standing): (Rank.REDRAW, (Call(UPDATE),)),
    }
    ask(store, *expected)
    asked_by_somebody = a_case(store, **standing)
    ask(store, asked_by_somebody, urgent=True)
    expected[asked_by_somebody] = (Rank.ASKED, (Call(UPDATE),))
    with store() as session:
        jobs = {job.id: int(job.key) for job in session.query(Job)}
        found = {jobs[one.id]: (one.rank, one.calls) for one in waiting_cards(session, NOON, CHANNELS)}
        assert waiting_cards(session, NOON - timedelta(seconds=1), CHANNELS) == []
    assert found == expected


def test_an_alarm_and_a_card_of_a_case_that_is_gone_wait_too(store: Sessions) -> None:
    ask(store, 404)
    with store.begin() as session:
        put(session, JobKind.SHOW_ALARM, "7", NOON)
    with store() as session:
        assert [one.rank for one in waiting_cards(session, NOON, CHANNELS)] == [Rank.NEW, Rank.FIRE]


@dataclass
class Shop:
    """The product's card lane against a Slack that keeps its rates, on a clock that is moved by hand."""

    store: Sessions
    slack: SlackSandbox
    clock: FrozenClock
    worker: Worker
    order: list[int] = field(default_factory=list)

    def run(self, seconds: float, step_s: float = 0.25) -> None:
        for _ in range(int(seconds / step_s)):
            while self.worker._run_next(delivery.KINDS):
                pass
            self.clock.later(seconds=step_s)

    def cards(self) -> list[str]:
        messages = [one for channel in CHANNELS.values() for one in self.slack.workspace.messages(channel)]
        return sorted(one["metadata"]["event_payload"]["key"] for one in messages)


@pytest.fixture
def shop(store: Sessions) -> Iterator[Shop]:
    clock, sandbox_store = FrozenClock(NOON), Store()
    rates = Rates(lambda: (clock() - NOON).total_seconds())
    slack = SlackSandbox(sandbox_store, clock, "xoxb-test", "secret", rates=rates)
    server = serve(slack.app)
    pacer = Pacer(clock)
    notifier = SlackNotifier("xoxb-test", f"{server.url}/api/", timeout_s=2, pacer=pacer)
    order: list[int] = []

    def show(key: str) -> None:
        show_card(
            int(key), sessions=store, notifier=notifier, draw=drawing().draw, channels=CHANNELS, now=clock(),
            wall=clock(),
        )  # fmt: skip
        order.append(int(key))

    worker = Worker(
        sessions=store,
        work={JobKind.SHOW_CARD: Work(show, Retry(first_s=1.0, longest_s=30.0, tries=50, patient=True))},
        lanes=(delivery.KINDS,),
        wall=clock,
        chosen={delivery.KINDS: partial(delivery.choose_job, next_of=pacer.next_of, channels=CHANNELS)},
    )
    yield Shop(store, slack, clock, worker, order)
    server.close()
    sandbox_store.close()


def test_a_fire_goes_before_the_customers_that_waited_and_slack_never_has_to_refuse(shop: Shop) -> None:
    calm = [a_case(shop.store) for _ in range(12)]
    ask(shop.store, *calm)
    shop.run(3)
    fire = a_case(shop.store, kind="alert")
    ask(shop.store, fire, urgent=True)
    shop.run(1)
    assert fire in shop.order
    assert len(shop.order) < len(calm)
    shop.run(20)
    assert sorted(shop.order) == sorted([*calm, fire])
    assert shop.slack.rates is not None
    assert shop.slack.rates.broken == {}
    assert shop.cards() == sorted(f"case-{case}" for case in [*calm, fire])


def test_changes_of_one_card_become_as_many_redraws_as_slack_takes_and_the_last_state_is_drawn(shop: Shop) -> None:
    case = a_case(shop.store)
    ask(shop.store, case)
    shop.run(1)
    for number in range(500):
        with shop.store.begin() as session:
            row = session.get_one(Case, case)
            row.owner_id, row.owner_name = f"U{number}", f"Nimi {number}"
            put(session, JobKind.SHOW_CARD, str(case), shop.clock())
        shop.run(0.25)
    shop.run(5)
    assert shop.slack.rates is not None
    assert shop.slack.rates.broken == {}
    assert 50 < len(shop.order) < 120
    [message] = shop.slack.workspace.messages("C0ASIAKAS")
    with shop.store() as session:
        row = session.get_one(Case, case)
        drawn = drawing().draw(session, row, shop.clock())
    assert message["text"] == drawn.fallback
    assert len(message["blocks"]) == len(drawn.blocks)


def test_hours_without_slack_lose_nothing_and_end_with_one_message_a_matter_fires_first(shop: Shop) -> None:
    shop.slack.faults.add(Fault("status", path="/api/", times=-1, status=503, body="{}"))
    calm = [a_case(shop.store) for _ in range(30)]
    ask(shop.store, *calm)
    shop.run(3 * 3600, step_s=5)
    fire = a_case(shop.store, kind="alert")
    ask(shop.store, fire, urgent=True)
    shop.run(600, step_s=5)
    with shop.store() as session:
        assert counts(session).get(JobState.GIVEN_UP) is None
        assert counts(session)[JobState.WAITING] == 31
    shop.slack.faults.clear()
    shop.run(32)
    assert shop.order[0] == fire or shop.order[1] == fire  # one of the calm ones may be the call that asks
    shop.run(90)
    assert shop.cards() == sorted(f"case-{case}" for case in [*calm, fire])
    assert len(shop.order) == 31


def test_a_retry_after_of_one_channel_holds_up_no_other(shop: Shop) -> None:
    headers = {"Retry-After": "30", "Content-Type": "application/json"}
    body = '{"ok": false, "error": "ratelimited"}'
    shop.slack.faults.add(Fault("status", path="/api/chat.postMessage", status=429, headers=headers, body=body))
    calm = a_case(shop.store)
    ask(shop.store, calm)
    shop.run(1)
    fire = a_case(shop.store, kind="alert")
    ask(shop.store, fire)
    shop.run(1)
    assert shop.order == [fire]
    shop.run(26)
    assert shop.order == [fire]
    shop.run(5)
    assert shop.order == [fire, calm]


def test_a_caller_beside_the_lane_is_told_to_wait_and_not_sent_over_the_rate() -> None:
    clock = FrozenClock(NOON)
    pacer = Pacer(clock)
    pacer.take(Call(POST, "C1"))
    with pytest.raises(TryLater) as wait:
        pacer.take(Call(POST, "C1"))
    assert wait.value.code == "pacing"
    assert wait.value.retry_after_s == pytest.approx(1.1)
    clock.later(seconds=1.1)
    pacer.take(Call(POST, "C1"))
