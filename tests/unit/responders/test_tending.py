"""A fire calls step after step until somebody has it, forgets nobody, and calls nobody twice for the same."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.audit import record
from models.base import Sessions
from models.cases import Alert, Case
from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from models.interruptions import Interruption
from models.jobs import Job, JobKind
from models.replies import move_case
from models.states import CaseState, Ending, EscalationState, Means, RingState
from responders.escalations import reached
from responders.oncall import By, Call, Duty, Hours, Person, Step, due_steps
from responders.oncall_ringing import Message
from responders.ports import Card, CardRef
from tests.builders import ANNA, MIKAEL, NOON, minutes, trail
from tests.unit.responders.escalating import (
    HELSINKI,
    PAGERDUTY,
    Crash,
    Switchboard,
    a_chain,
    a_duty,
    a_fire,
    memory_store,
    rings,
    taking,
    tending,
    the_escalation,
)


class Shop:
    """One fire, watched as the minutes go by."""

    def __init__(self, store: Sessions, duty: Duty | None = None, level: str = "outrage") -> None:
        self.store, self.duty, self.board = store, duty or a_duty(), Switchboard()
        self.now = NOON
        self.case = a_fire(store, self.duty, level=level)

    def look(self, after: float = 0) -> list[str]:
        """What has been called in a look so many minutes later."""
        self.now += minutes(after)
        before = len(self.board.calls)
        tending(self.store, self.duty, self.board).tend(self.case, self.now, self.now)
        return self.board.by[before:]

    def take(self, who: Any = ANNA) -> Any:
        return taking(self.store, self.duty, self.now).acknowledge(self.case, who)

    def change(self, **values: Any) -> None:
        with self.store.begin() as session:
            for name, value in values.items():
                setattr(session.get_one(Case, self.case), name, value)


@pytest.fixture
def shop(store: Sessions) -> Shop:
    return Shop(store)


def test_steps_are_called_in_their_order_and_the_chain_begins_anew(shop: Shop) -> None:
    assert shop.look() == ["schedule"]
    assert shop.look(1) == []
    assert shop.look(4) == ["channel"]
    assert shop.look(5) == ["pagerduty"]
    assert shop.look(5) == ["schedule"]
    assert [call.to for call, _ in shop.board.calls][:2] == ["U0ANNA", "C0PALOVAHTI"]
    assert trail(shop.store).count("ring.taken") == 4


def test_the_next_look_is_asked_for_with_what_was_written(shop: Shop) -> None:
    shop.look()
    with shop.store() as session:
        waiting = session.query(Job).filter(Job.kind == JobKind.ESCALATE, Job.key == str(shop.case)).one()
    assert waiting.run_at <= NOON + minutes(5)


def test_who_has_it_keeps_it_quiet_until_their_time_is_over(shop: Shop) -> None:
    shop.look()
    outcome = shop.take()
    assert (outcome.ok, outcome.at) == (True, NOON + minutes(30))
    assert [shop.look(7), shop.look(20), shop.look(2.9)] == [[], [], []]
    assert shop.look(0.1) == ["schedule"]
    assert shop.look(5) == ["channel"]
    assert trail(shop.store).count("escalation.ringing") == 2


def test_what_was_due_when_somebody_took_it_is_let_be(shop: Shop) -> None:
    shop.look()
    shop.now += minutes(6)

    def taken_meanwhile(_: Call) -> None:
        shop.take()

    shop.board.before = taken_meanwhile
    assert shop.look(6) == ["channel"]  # it was on its way
    assert [ring.state for ring in rings(shop.store)] == [RingState.TAKEN, RingState.TAKEN, RingState.SPARED]


def test_the_second_is_told_who_has_it_and_a_double_click_does_nothing(shop: Shop) -> None:
    shop.look()
    assert shop.take(ANNA).ok
    for who in (MIKAEL, ANNA):
        outcome = shop.take(who)
        assert (outcome.code, outcome.by, outcome.by_id) == ("already_held", "Anna Virta", "U0ANNA")
        assert outcome.at == NOON + minutes(30)
    assert trail(shop.store).count("escalation.held") == 1


def test_only_who_has_it_gives_it_back_and_then_the_chain_begins_anew_at_once(shop: Shop) -> None:
    shop.look()
    shop.take(ANNA)
    other = taking(shop.store, shop.duty, shop.now)
    assert other.give_back(shop.case, MIKAEL).code == "held_by_other"
    assert other.give_back(shop.case, ANNA).ok
    assert shop.look(1) == ["schedule"]
    assert other.give_back(shop.case, ANNA).code == "not_held"


@pytest.mark.parametrize(
    ("wrong", "state"),
    [
        (TryLater("unreachable", "x"), RingState.FAILED),
        (Refused("http_400", "x"), RingState.FAILED),
        (SignInAgain("no_key", "x"), RingState.FAILED),
        (OutcomeUnknown("no_answer", "x"), RingState.UNKNOWN),
        (RuntimeError("a bug of ours"), RingState.UNKNOWN),
    ],
)
def test_a_route_that_fails_is_kept_and_holds_up_no_other(shop: Shop, wrong: Exception, state: RingState) -> None:
    def fail(call: Call) -> None:
        if call.by is By.SCHEDULE:
            raise wrong

    shop.board.before = fail
    assert shop.look(10) == ["channel", "pagerduty"]
    first = rings(shop.store)[0]
    assert (first.state, first.problem) == (state, getattr(wrong, "code", "RuntimeError"))
    assert f"ring.{state}" in trail(shop.store)


def test_a_call_that_did_not_happen_is_made_again_until_it_does(shop: Shop) -> None:
    def slack_is_down(_: Call) -> None:
        raise TryLater("unreachable", "x")

    shop.board.before = slack_is_down
    assert [shop.look(), shop.look(0.2), shop.look(0.4)] == [[], [], []]
    shop.board.before = lambda _: None
    assert shop.look(0.5) == ["schedule"]
    assert (rings(shop.store)[0].state, rings(shop.store)[0].tries) == (RingState.TAKEN, 3)


def test_a_lost_answer_is_not_called_again_until_the_step_is_due_the_next_time(shop: Shop) -> None:
    def hang_up(_: Call) -> None:
        raise OutcomeUnknown("no_answer", "x")

    shop.board.after = hang_up
    assert shop.look() == ["schedule"]
    shop.board.after = lambda _: None
    assert [shop.look(1), shop.look(3)] == [[], []]
    assert shop.look(11) == ["channel", "pagerduty", "schedule"]


def test_quiet_hours_keep_a_warnings_own_steps_silent_and_say_so(store: Sessions) -> None:
    quiet = Hours(time(12), time(16), HELSINKI)
    duty = a_duty(a_chain(levels=("warning",)), Anna=Person("Anna", "U0ANNA", quiet=quiet))
    shop = Shop(store, duty, level="warning")
    assert shop.look(5) == ["channel"]
    assert rings(store)[0].state is RingState.QUIET
    assert "ring.quiet" in trail(store)


@pytest.mark.parametrize("ending", [Ending.CLOSED, Ending.ANSWERED, Ending.COOLED, Ending.FALSE])
@pytest.mark.parametrize("held", [True, False])
def test_it_ends_when_the_fire_does(shop: Shop, ending: Ending, held: bool) -> None:
    shop.look()
    if held:
        shop.take()
    shop.now += minutes(1)
    with shop.store.begin() as session:
        case = session.get_one(Case, shop.case)
        if ending in (Ending.CLOSED, Ending.ANSWERED):
            move_case(session, case, CaseState(str(ending)), at=shop.now)
        elif ending is Ending.COOLED:
            case.level = "watch"
            record(session, shop.now, "alert.cooled", case_id=case.id)
        else:
            session.add(
                Alert(case_id=case.id, level="outrage", score=1, probability=1, reasons=[], at=NOON, grade="false",
                      grade_by="U0ANNA", graded_at=shop.now)
            )  # fmt: skip
    assert [shop.look(60), shop.look(60)] == [[], []]
    over = the_escalation(shop.store)
    assert (over.state, over.ending) == (EscalationState.ENDED, ending)
    assert trail(shop.store).count("escalation.ended") == 1
    assert shop.take().code == "escalation_over"


def test_what_people_did_before_it_began_does_not_end_it(store: Sessions) -> None:
    shop = Shop(store, level="warning")
    with store.begin() as session:
        move_case(session, session.get_one(Case, shop.case), CaseState.CLOSED, at=NOON)
    assert shop.look(1) == []  # no chain is for a warning
    with store.begin() as session:
        case = session.get_one(Case, shop.case)
        case.level = "outrage"
        reached(session, case, shop.duty, shop.now, shop.now, worse=True)
    assert shop.look() == ["schedule"]


def test_a_snoozed_case_is_quiet_until_it_wakes(shop: Shop) -> None:
    shop.look()
    shop.change(snoozed_until=NOON + minutes(60))
    assert [shop.look(20), shop.look(39)] == [[], []]
    assert shop.look(1) == ["schedule"]
    shop.change(snoozed_until=NOON + minutes(600))
    assert shop.look(20) == []
    shop.change(snoozed_until=None)
    assert shop.look(1) == ["schedule"]


def test_a_higher_level_takes_its_own_chain_at_once(store: Sessions) -> None:
    mild = a_chain(Step(By.EMAIL, "a@shop.example", minutes(60)), name="mild", levels=("warning",))
    shop = Shop(store, a_duty(a_chain(), mild), level="warning")
    assert shop.look() == ["email"]
    raise_to(shop, "outrage")
    assert shop.look(1) == ["schedule"]
    assert the_escalation(store).chain == "nights"
    assert trail(store).count("escalation.raised") == 1


def test_a_higher_level_waits_while_somebody_has_it(store: Sessions) -> None:
    mild = a_chain(Step(By.EMAIL, "a@shop.example", minutes(60)), name="mild", levels=("warning",))
    shop = Shop(store, a_duty(a_chain(), mild), level="warning")
    shop.look()
    shop.take()
    raise_to(shop, "outrage")
    assert shop.look(29) == []
    assert shop.look(1) == ["schedule"]


def raise_to(shop: Shop, level: str) -> None:
    with shop.store.begin() as session:
        case = session.get_one(Case, shop.case)
        case.level = level
        reached(session, case, shop.duty, shop.now, shop.now, worse=True)


def test_a_chain_whose_hours_come_while_the_fire_burns_begins_then(store: Sessions) -> None:
    nights = Hours(time(17), time(9), HELSINKI)
    duty = a_duty(a_chain(hours=nights))
    shop = Shop(store, duty)  # NOON is 14.00 in Helsinki
    assert shop.look() == []
    for hours, called in ((2, []), (1, ["schedule"]), (0, [])):
        shop.now += timedelta(hours=hours)
        with store.begin() as session:
            reached(session, session.get_one(Case, shop.case), duty, shop.now, shop.now, worse=False)
        assert shop.look() == called


def test_pagerduty_is_told_who_has_it_and_each_round_is_an_incident_of_its_own(shop: Shop) -> None:
    shop.look(10)
    key = rings(shop.store)[2].key
    shop.take()
    shop.look()
    shop.look(1)
    assert shop.board.settled == [(By.PAGERDUTY, key, "acknowledge")]
    shop.look(40)
    assert shop.board.settled[1:] == [(By.PAGERDUTY, key, "resolve")]
    anew = [message.key for call, message in shop.board.calls if call.by is By.PAGERDUTY][-1]
    assert anew != key
    with shop.store.begin() as session:
        move_case(session, session.get_one(Case, shop.case), CaseState.CLOSED, at=shop.now)
    shop.look(1)
    assert shop.board.settled[2:] == [(By.PAGERDUTY, anew, "resolve")]


def test_messages_that_called_are_redrawn_when_somebody_has_it_also_after_slack_was_down(shop: Shop) -> None:
    shop.look(5)
    shop.take()
    shop.board.deaf = TryLater("unreachable", "x")
    shop.look(1)
    assert shop.board.redrawn == []
    shop.board.deaf = None
    shop.look(1)
    assert [card.fallback for _, card in shop.board.redrawn] == ["held Anna Virta"] * 2
    shop.look(1)
    assert len(shop.board.redrawn) == 2


def test_somebody_can_call_people_with_a_reason(store: Sessions) -> None:
    shop = Shop(store, level="warning")
    desk = taking(store, shop.duty, NOON)
    assert desk.escalate_now(shop.case, "  ", ANNA).code == "call_needs_reason"
    assert desk.escalate_now(shop.case, "TV soittaa", ANNA).ok
    assert desk.escalate_now(shop.case, "TV soittaa", MIKAEL).code == "already_ringing"
    assert shop.look() == ["schedule"]
    assert "escalation.asked" in trail(store)
    assert desk.escalate_now(99, "x", ANNA).code == "fire_not_found"
    nobody = taking(store, a_duty(a_chain(levels=())), NOON)
    other = a_fire(store, a_duty(a_chain(levels=())))
    assert nobody.escalate_now(other, "x", ANNA).code == "no_chain"


def test_a_shop_without_chains_calls_nobody(store: Sessions) -> None:
    case = a_fire(store, Duty({}, {}, ()))
    board = Switchboard()
    tending(store, Duty({}, {}, ()), board).tend(case, NOON, NOON)
    assert board.calls == []
    assert taking(store, Duty({}, {}, ()), NOON).acknowledge(case, ANNA).code == "not_held"


ACTS = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 50)),
    st.tuples(st.sampled_from(["look", "look", "look", "take", "give_back", "raise"]), st.just(0)),
    st.tuples(st.sampled_from(["crash_before", "crash_after", "fail", "lose"]), st.integers(0, 2)),
)


class Watched(Switchboard):
    """Notes what rang, and insists that nothing does while somebody has the fire."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def ring(self, call: Call, message: Message, card: Card | None = None) -> CardRef | None:
        world = self.world
        assert world.held_until is None or world.now >= world.held_until, "it rang while somebody had it"
        trouble, number = world.trouble, world.calls_of_look
        world.calls_of_look += 1
        mine = trouble is not None and trouble[1] == number
        if mine and trouble[0] == "crash_before":
            raise Crash
        if mine and trouble[0] == "fail":
            raise TryLater("unreachable", "x")
        world.rang[int(message.text)] += 1
        if mine and trouble[0] == "crash_after":
            world.excused[int(message.text)] += 1
            raise Crash
        if mine and trouble[0] == "lose":
            raise OutcomeUnknown("no_answer", "x")
        return None


class World:
    """The same fire once more as a plain account: which steps are due, and who has it."""

    def __init__(self) -> None:
        mild = a_chain(Step(By.EMAIL, "a@shop.example", minutes(7)), name="mild", levels=("warning",))
        self.duty = a_duty(a_chain(Step(By.SCHEDULE, "evenings", minutes(3)), Step(By.PAGERDUTY, PAGERDUTY, minutes(8)),
                                   kept=minutes(20)), mild)  # fmt: skip
        self.store, self.board, self.now = memory_store(), Watched(self), NOON
        self.case = a_fire(self.store, self.duty, level="warning")
        self.level, self.start, self.since, self.round = "warning", NOON, None, 1
        self.held_until: datetime | None = None
        self.trouble: tuple[str, int] | None = None
        self.calls_of_look = 0
        self.rang: Counter[int] = Counter()
        self.excused: Counter[int] = Counter()
        self.due: set[tuple[int, int, datetime]] = set()
        self.failed: set[tuple[int, int, datetime]] = set()

    def act(self, what: str, number: int) -> None:
        if what == "wait":
            self.now += minutes(number)
        elif what == "take":
            done = taking(self.store, self.duty, self.now).acknowledge(self.case, ANNA)
            assert done.ok is (self.held_until is None or self.held_until <= self.now)
            if done.ok:
                if self.held_until is not None:
                    self.round += 1
                self.held_until = done.at
                self.due.clear()
        elif what == "give_back":
            if taking(self.store, self.duty, self.now).give_back(self.case, ANNA).ok:
                self._anew(self.now)
        elif what == "raise" and self.level == "warning":
            self.level = "outrage"
            with self.store.begin() as session:
                case = session.get_one(Case, self.case)
                case.level = self.level
                reached(session, case, self.duty, self.now, self.now, worse=True)
            if self.held_until is None:
                self._anew(self.now)
        elif what == "look":
            self.look(None)
        elif what != "raise":
            self.look((what, number))

    def _anew(self, at: datetime) -> None:
        self.start, self.since, self.held_until, self.round = at, None, None, self.round + 1
        self.due.clear()

    def look(self, trouble: tuple[str, int] | None) -> None:
        self.trouble, self.calls_of_look = trouble, 0
        if self.held_until is not None and self.now >= self.held_until:
            self._anew(self.held_until)
        if self.held_until is None:
            chain = self.duty.chains[0 if self.level == "outrage" else 1]
            for ring in due_steps(chain, self.start, None, self.now, since=self.since):
                self.due.add((self.round, ring.number, ring.at))
            self.since = self.now
        try:
            tending(self.store, self.duty, self.board).tend(self.case, self.now, self.now)
        except Crash:
            return
        kept = {(ring.round, ring.step, ring.due_at): ring for ring in rings(self.store)}
        for due in self.due:
            ring = kept[due]
            assert self.rang[ring.id] >= 1 or ring.state is RingState.FAILED, "a due step did not ring"

    def done(self) -> None:
        for ring_id, times in self.rang.items():
            assert times <= 1 + self.excused[ring_id], "it rang twice for one due time"


@settings(deadline=None, max_examples=150)
@given(st.lists(ACTS, min_size=1, max_size=25))
def test_every_due_step_rings_once_over_crashes_and_none_while_somebody_has_it(acts: list[tuple[str, int]]) -> None:
    world = World()
    for what, number in acts:
        world.act(what, number)
    world.act("wait", 1)
    world.act("look", 0)
    world.done()
    world.store.engine.dispose()


def test_who_has_a_fire_that_was_nobodys_has_its_case(store: Sessions) -> None:
    shop = Shop(store)
    shop.look()
    assert shop.take(ANNA).ok
    with store() as session:
        case = session.get_one(Case, shop.case)
        assert (case.owner_id, case.owner_name) == (ANNA.id, ANNA.name)
    assert "case.assigned" in trail(store)


def test_who_has_a_fire_takes_its_case_from_nobody(store: Sessions) -> None:
    shop = Shop(store)
    shop.change(owner_id=MIKAEL.id, owner_name=MIKAEL.name)
    shop.look()
    assert shop.take(ANNA).ok
    with store() as session:
        assert session.get_one(Case, shop.case).owner_id == MIKAEL.id


def test_who_is_called_is_counted_as_interrupted_once_for_each_call_that_arrived(store: Sessions) -> None:
    shop = Shop(store)
    shop.look()
    called = [ring for ring in rings(store) if ring.state is RingState.TAKEN and ring.by in ("schedule", "person")]
    with store() as session:
        found = session.scalars(select(Interruption)).all()
    assert called
    assert [(one.user_id, one.means, one.level) for one in found] == [(ANNA.id, Means.RING, "outrage")] * len(called)
