"""A sandbox workspace with our app behind its buttons, both over real sockets; what people do is only written down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from queue import Queue
from typing import Any, cast

from flask import Flask

from responders.ports import CardRef
from responders.slack.actions import Corrected, DraftView, Outcome, Person, Reading, Said
from responders.slack.app import create_app
from responders.slack.cards import card_for
from responders.slack.client import web_client
from responders.slack.doors import PATH, http_door
from responders.slack.listening import Listen
from responders.slack.notifier import SlackNotifier
from responders.slack.reading import ASK
from responders.slack.views import CaseView
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store

TOKEN = "xoxb-rehearsal"
SECRET = "rehearsal-signing-secret"
CHANNEL = "C0PALOVAHTI"
PATIENCE_S = 30.0

DONE = Outcome(True)
STORED = Corrected("stored", "facebook")
DRAFT = DraftView(7, 3, "Hei! Pahoittelemme viivettä.", 280, 28, True)

Call = tuple[Any, ...]


@dataclass
class RecordedActions:
    """Meets Actions: writes each call down and answers with what the test laid out."""

    outcome: Outcome = DONE
    shown: DraftView | None = DRAFT
    failure: Exception | None = None
    calls: Queue[Call] = field(default_factory=Queue)

    def draft(self, reply_id: int, language: str | None = None) -> DraftView | None:
        if self.failure:
            raise self.failure
        return replace(self.shown, reply_id=reply_id) if self.shown else None

    def approve(self, reply_id: int, version: int, who: Person) -> Outcome:
        return self._note("approve", reply_id, version, who)

    def edit(self, reply_id: int, version: int, text: str, who: Person) -> Outcome:
        return self._note("edit", reply_id, version, text, who)

    def edit_and_approve(self, reply_id: int, version: int, text: str, who: Person) -> Outcome:
        return self._note("edit_and_approve", reply_id, version, text, who)

    def other(self, reply_id: int, version: int, who: Person) -> Outcome:
        return self._note("other", reply_id, version, who)

    def reject(self, reply_id: int, version: int, reason: str, who: Person) -> Outcome:
        return self._note("reject", reply_id, version, reason, who)

    def by_hand(self, reply_id: int, version: int, who: Person, link: str = "") -> Outcome:
        return self._note("by_hand", reply_id, version, who)

    def confirm_sent(self, reply_id: int, version: int, who: Person) -> Outcome:
        return self._note("confirm_sent", reply_id, version, who)

    def send_again(self, reply_id: int, version: int, who: Person) -> Outcome:
        return self._note("send_again", reply_id, version, who)

    def next(self) -> Call:
        return self.calls.get(timeout=PATIENCE_S)

    def _note(self, *call: Any) -> Outcome:
        self.calls.put(call)
        if self.failure:
            raise self.failure
        return self.outcome


@dataclass
class RecordedReadings:
    """Meets Readings: answers with what the test laid out, and writes corrections down."""

    shown: Reading | None = None
    words: Sequence[str] | None = ()
    done: Corrected = STORED
    failure: Exception | None = None
    meanwhile: Callable[[], None] = lambda: None  # runs while the words behind are looked for
    calls: Queue[Call] = field(default_factory=Queue)

    def reading(self, case_id: int) -> Reading | None:
        return replace(self.shown, case_id=case_id) if self.shown else None

    def words_behind(self, reading: Reading) -> Sequence[str] | None:
        self.meanwhile()
        if self.failure:
            raise self.failure
        return self.words

    def correct(self, case_id: int, mention_id: int, seen: int, said: Said, who: Person) -> Corrected:
        self.calls.put((case_id, mention_id, seen, said, who))
        if self.failure:
            raise self.failure
        return self.done


@dataclass
class RecordedGrades:
    """Meets Grades: writes each call down and answers with what the test laid out."""

    outcome: Outcome = DONE
    calls: Queue[Call] = field(default_factory=Queue)

    def grade(self, case_id: int, right: bool, who: Person) -> Outcome:
        self.calls.put((case_id, right, who))
        return self.outcome


@dataclass
class Workspace:
    """What a test needs to press a card's buttons and see what people see."""

    slack: SlackSandbox
    actions: RecordedActions
    readings: RecordedReadings
    grades: RecordedGrades
    notifier: SlackNotifier
    url: str  # the app's door

    def post(self, view: CaseView) -> CardRef:
        return self.notifier.post(CHANNEL, card_for(view, "fi"), f"case-{view.case_id}")

    def press(self, ref: CardRef, action_id: str, user: str = "U0MIKAEL") -> Any:
        message = self.slack.workspace.message(ref.channel, ref.ts)
        assert message is not None
        [block] = [
            block
            for block in message["blocks"]
            if block["type"] == "actions" and action_id in {element["action_id"] for element in block["elements"]}
        ]
        return self.slack.click(user, ref.channel, ref.ts, block["block_id"], action_id).result(PATIENCE_S)

    def ask(self, ref: CardRef, user: str = "U0MIKAEL") -> Any:
        """Presses the button beside the customer's words."""
        message = self.slack.workspace.message(ref.channel, ref.ts)
        assert message is not None
        [block] = [block for block in message["blocks"] if "accessory" in block]
        return self.slack.click(user, ref.channel, ref.ts, block["block_id"], ASK).result(PATIENCE_S)

    def told(self, user: str = "U0MIKAEL") -> str:
        """The first sentence that only `user` sees, waited for: it is told after the press is acknowledged."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            hidden = [one for one in self.slack.workspace.changes(0, user) if one["visible_to"] == user]
            if hidden:
                return str(hidden[0]["message"]["text"])
            time.sleep(0.01)
        raise AssertionError("nobody was told anything")

    def window(self, user: str = "U0MIKAEL") -> dict[str, Any]:
        """The window `user` has open, waited for."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            view = self.slack.workspace.open_view_of(user)
            if view is not None:
                return dict(view)
            time.sleep(0.01)
        raise AssertionError("no window opened")


@contextmanager
def a_workspace(more: Sequence[Listen] = ()) -> Iterator[Workspace]:
    store = Store()
    slack = SlackSandbox(store, lambda: datetime.now(UTC), TOKEN, SECRET)
    server = serve(slack.app)
    api = f"{server.url}/api/"
    actions, readings, grades = RecordedActions(), RecordedReadings(), RecordedGrades()
    app = create_app(
        client=web_client(TOKEN, api),
        signing_secret=SECRET,
        actions=actions,
        readings=readings,
        grades=grades,
        more=more,
    )
    door = serve(cast(Flask, http_door(app)))
    slack.interactivity_url = door.url + PATH
    try:
        yield Workspace(slack, actions, readings, grades, SlackNotifier(TOKEN, api), door.url + PATH)
    finally:
        door.close()
        app.listener_runner.listener_executor.shutdown(wait=True)
        server.close()
        store.close()
