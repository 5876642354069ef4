"""A shop with a chain, a case on fire, and a switchboard that notes the calls: for the tests of escalation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.base import Base, Sessions, open_engine, open_sessions
from models.cases import Case
from models.escalations import Escalation, EscalationRing
from models.numbering import next_case_number
from responders.escalations import reached
from responders.oncall import By, Call, Chain, Duty, Person, Schedule, Step
from responders.oncall_ringing import Message, Settled
from responders.ports import Card, CardRef
from responders.roles import Everybody
from responders.taking import Taking
from responders.tending import Tending
from tests.builders import NOON, minutes

HELSINKI = ZoneInfo("Europe/Helsinki")
PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"


def a_chain(*steps: Step, name: str = "nights", levels: tuple[str, ...] = ("outrage",), **named: Any) -> Chain:
    """Anna's schedule at once, then a channel after 5 minutes, then PagerDuty; anew after 15 minutes."""
    usual = (
        Step(By.SCHEDULE, "evenings", minutes(5)),
        Step(By.CHANNEL, "C0PALOVAHTI", minutes(5)),
        Step(By.PAGERDUTY, PAGERDUTY, minutes(5)),
    )
    return Chain(name, frozenset(levels), steps or usual, named.pop("kept", minutes(30)), **named)


def a_duty(*chains: Chain, **people: Person) -> Duty:
    """Anna and Mikael take turns of a week from Monday morning on; Anna's holds NOON."""
    known = {"Anna": Person("Anna", "U0ANNA", email="anna@shop.example"), "Mikael": Person("Mikael", "U0MIKAEL")}
    evenings = Schedule("evenings", ("Anna", "Mikael"), date(2026, 11, 9), 7, time(9), HELSINKI)
    return Duty(known | people, {"evenings": evenings}, chains or (a_chain(),))


def memory_store() -> Sessions:
    """A store of this schema in memory, quick to make."""
    engine = open_engine("sqlite://")
    Base.metadata.create_all(engine)
    return open_sessions(engine)


def a_fire(sessions: Sessions, duty: Duty, at: datetime = NOON, level: str = "outrage") -> int:
    """An alert that has just reached `level`; the case's id."""
    with sessions.begin() as session:
        number = next_case_number(session)
        case = Case(
            number=number, matter=f"alert:brand:Nuotiopuoti#{number}", kind="alert", brand="Nuotiopuoti", level=level,
            opened_at=at, changed_at=at, reasons=[],
        )  # fmt: skip
        session.add(case)
        session.flush()
        reached(session, case, duty, at, at, worse=True)
        return case.id


class Crash(BaseException):
    """The process dies here."""


@dataclass
class Switchboard:
    """Meets Rings and Says. `before` and `after` run around each call, and may raise."""

    before: Callable[[Call], None] = lambda _: None
    after: Callable[[Call], None] = lambda _: None
    calls: list[tuple[Call, Message]] = field(default_factory=list)
    settled: list[tuple[By, str, Settled]] = field(default_factory=list)
    redrawn: list[tuple[CardRef, Card]] = field(default_factory=list)
    deaf: type[Exception] | Exception | None = None  # what redraws and services answer

    def ring(self, call: Call, message: Message, card: Card | None = None) -> CardRef | None:
        self.before(call)
        self.calls.append((call, message))
        self.after(call)
        return CardRef(f"D{call.to}", f"{len(self.calls)}.0") if card is not None else None

    def find(self, call: Call, key: str, not_before: datetime) -> CardRef | None:
        return None

    def redraw(self, ref: CardRef, card: Card) -> None:
        if self.deaf is not None:
            raise self.deaf
        self.redrawn.append((ref, card))

    def settle(self, by: By, url: str, key: str, word: Settled) -> None:
        if self.deaf is not None:
            raise self.deaf
        self.settled.append((by, key, word))

    def message(self, session: Session, case: Case, escalation: Escalation, ring: EscalationRing) -> Message:
        return Message("t", str(ring.id), escalation.level, ring.key, test=False)

    def card(
        self, session: Session, case: Case, escalation: Escalation, ring: EscalationRing, call: Call | None,
        now: datetime,
    ) -> Callable[[], Card]:  # fmt: skip
        return lambda: Card([], f"{escalation.state} {escalation.held_by_name}")

    @property
    def by(self) -> list[str]:
        return [f"{call.by}" for call, _ in self.calls]


def tending(sessions: Sessions, duty: Duty, board: Switchboard) -> Tending:
    return Tending(sessions, duty, board, board, HELSINKI)


def taking(sessions: Sessions, duty: Duty, now: datetime, roles: Any = None) -> Taking:
    return Taking(sessions=sessions, duty=duty, roles=roles or Everybody(), clock=lambda: now, wall=lambda: now)


def rings(sessions: Sessions) -> list[EscalationRing]:
    with sessions() as session:
        return list(session.query(EscalationRing).order_by(EscalationRing.id))


def the_escalation(sessions: Sessions) -> Escalation:
    with sessions() as session:
        return session.query(Escalation).order_by(Escalation.id.desc()).limit(1).one()
