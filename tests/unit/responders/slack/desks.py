"""A workspace whose cards' menus and windows are pressed; what people do with a case is only written down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from queue import Queue
from typing import Any

from models.states import CaseState
from responders.ports import CardRef
from responders.slack.actions import Outcome, Person
from responders.slack.casework import CaseBrief, Closing
from responders.slack.deeds import MENU, Deed, pressed
from responders.slack.working import listen_for_casework
from tests.unit.responders.slack.builders import NOON, shown
from tests.unit.responders.slack.limits import elements_of
from tests.unit.responders.slack.workspace import DONE, PATIENCE_S, Call, Workspace, a_workspace

MIKAEL = Person("U0MIKAEL", "Mikael Öst")
SARA = Person("U0SARA", "Sara Virta")
BRIEF = CaseBrief(214, 1214, "contact", "Missä pakettini viipyy?", CaseState.OPEN, complaint=True, answered=False)
TEAMS = ("Tilaukset", "Takuu")


@dataclass
class RecordedCasework:
    """Meets Casework: writes each call down and answers with what the test laid out."""

    outcome: Outcome = DONE
    shown: CaseBrief | None = BRIEF
    failure: Exception | None = None
    calls: Queue[Call] = field(default_factory=Queue)

    def brief(self, case_id: int) -> CaseBrief | None:
        if self.failure:
            raise self.failure
        return self.shown

    def numbered(self, number: int) -> CaseBrief | None:
        return self.shown

    def take(self, case_id: int, who: Person) -> Outcome:
        return self._note("take", case_id, who)

    def assign(self, case_id: int, owner: Person | None, team: str | None, who: Person) -> Outcome:
        return self._note("assign", case_id, owner, team, who)

    def note(self, case_id: int, text: str, who: Person) -> Outcome:
        return self._note("note", case_id, text, who)

    def log_call(self, case_id: int, minutes: int, text: str, who: Person) -> Outcome:
        return self._note("log_call", case_id, minutes, text, who)

    def ask(self, case_id: int, colleague: Person, question: str, who: Person) -> Outcome:
        return self._note("ask", case_id, colleague, question, who)

    def answer(self, question_id: int, text: str, who: Person) -> Outcome:
        return self._note("answer", question_id, text, who)

    def snooze(self, case_id: int, until: datetime, who: Person) -> Outcome:
        return self._note("snooze", case_id, until, who)

    def wake(self, case_id: int, who: Person) -> Outcome:
        return self._note("wake", case_id, who)

    def close(self, case_id: int, closing: Closing, who: Person) -> Outcome:
        return self._note("close", case_id, closing, who)

    def reopen(self, case_id: int, who: Person) -> Outcome:
        return self._note("reopen", case_id, who)

    def link(self, case_id: int, number: int, who: Person) -> Outcome:
        return self._note("link", case_id, number, who)

    def write(self, case_id: int, text: str, who: Person) -> Outcome:
        return self._note("write", case_id, text, who)

    def answered_by_hand(self, case_id: int, who: Person, link: str = "") -> Outcome:
        return self._note("answered_by_hand", case_id, who, link)

    def next(self) -> Call:
        return self.calls.get(timeout=PATIENCE_S)

    def _note(self, *call: Any) -> Outcome:
        self.calls.put(call)
        return self.outcome


@dataclass
class Desk:
    """What a test needs to work on a case from its card."""

    place: Workspace
    casework: RecordedCasework

    def choose(self, ref: CardRef, deed: Deed, user: str = "U0MIKAEL") -> None:
        """A choice of the card's menu."""
        message = self.place.slack.workspace.message(ref.channel, ref.ts)
        assert message is not None
        block, menu = next(
            (block, element)
            for block in message["blocks"]
            for element in elements_of([block])
            if element["action_id"] == MENU
        )
        [value] = [one["value"] for one in menu["options"] if pressed(one["value"]).deed is deed]
        acked = self.place.slack.click(user, ref.channel, ref.ts, block["block_id"], MENU, value).result(PATIENCE_S)
        assert acked.problem == ""

    def press_listed(self, deed: Deed, user: str = "U0MIKAEL") -> None:
        """A button of the list behind the menu."""
        view = self.until(lambda view: "accessory" in str(view["blocks"]), user)
        [block] = [one for one in view["blocks"] if one.get("accessory", {}).get("action_id") == f"{MENU}_{deed}"]
        acked = self.place.slack.click_in_view(user, view["id"], block["block_id"], f"{MENU}_{deed}", None, {})
        assert acked.result(PATIENCE_S).problem == ""

    def form(self, user: str = "U0MIKAEL") -> dict[str, Any]:
        """The window once it is filled."""
        return self.until(lambda view: view.get("submit") is not None, user)

    def submit(self, values: dict[str, dict[str, Any]], user: str = "U0MIKAEL") -> Any:
        return self.place.slack.submit(user, self.form(user)["id"], values).result(PATIENCE_S)

    def reads(self, words: str, user: str = "U0MIKAEL") -> dict[str, Any]:
        """The window once it says so."""
        return self.until(lambda view: words in shown(view["blocks"]), user)

    def until(self, look: Callable[[dict[str, Any]], bool], user: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            view = self.place.window(user)
            if look(view):
                return view
            time.sleep(0.01)
        raise AssertionError("the window did not change")


@contextmanager
def a_desk(teams: tuple[str, ...] = TEAMS) -> Iterator[Desk]:
    casework = RecordedCasework()
    listen = partial(listen_for_casework, casework=casework, teams=teams, clock=lambda: NOON.astimezone(UTC))
    with a_workspace([listen]) as place:
        yield Desk(place, casework)
