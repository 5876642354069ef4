"""From a press on a card to the row in the store: the windows, with what really stands behind them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.cases import Case, CaseNote, Nudge
from models.states import CaseState, NoteKind
from responders.nudging import deliver_nudge
from responders.oncall import Duty
from responders.slack.cards import card_for
from responders.slack.deeds import ANSWER, TAKE, Deed
from responders.slack.direct import DirectMessages
from responders.slack.nudge_cards import nudge_card
from responders.slack.views import CaseView
from responders.slack.working import listen_for_casework
from tests.builders import NOON, a_draft, a_post, case_deeds, drawing
from tests.unit.responders.slack.desks import Desk, RecordedCasework
from tests.unit.responders.slack.everything import HELSINKI
from tests.unit.responders.slack.workspace import CHANNEL, PATIENCE_S, a_workspace

LATER = NOON + timedelta(hours=3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Sessions]:
    """A file, because presses are done in other threads than the test's."""
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    upgrade(engine)
    yield open_sessions(engine)
    engine.dispose()


@pytest.fixture
def desk(store: Sessions) -> Iterator[Desk]:
    deeds = case_deeds(store)
    listen = partial(listen_for_casework, casework=deeds, teams=("Laskutus", "Varasto"), clock=lambda: NOON)
    with a_workspace([listen]) as place:
        yield Desk(place, RecordedCasework())


def drawn(store: Sessions) -> CaseView:
    with store() as session:
        return drawing().view(session, session.get_one(Case, 1), NOON)


def the_case(store: Sessions, look: Any) -> Case:
    """The case once it looks so: a press is acknowledged before it is done."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with store() as session:
            case = session.get_one(Case, 1)
            if look(case):
                return case
        time.sleep(0.01)
    raise AssertionError("the case did not change")


def fields(**values: Any) -> dict[str, dict[str, Any]]:
    return {name: {name: value} for name, value in values.items()}


def test_a_complaint_is_taken_put_off_and_closed_only_with_a_reason(store: Sessions, desk: Desk) -> None:
    a_draft(store, a_post("Surkea kauppa, en osta enää!"))
    ref = desk.place.post(drawn(store))
    desk.place.press(ref, TAKE)
    assert the_case(store, lambda case: case.owner_id).owner_name == "Mikael Öst"
    desk.choose(ref, Deed.SNOOZE)
    desk.form()
    assert desk.submit(fields(when="own", own=int(LATER.timestamp()))).outcome == "closed"
    assert the_case(store, lambda case: case.snoozed_until).snoozed_until == LATER
    desk.choose(ref, Deed.CLOSE)
    desk.form()
    ending = {"handled": "yes", "justified": "yes", "compensated": "no"}
    assert desk.submit(fields(**ending, text=" ")).errors.keys() == {"text"}
    assert desk.submit(fields(**ending, text="Sovittiin puhelimessa.")).outcome == "closed"
    closed = the_case(store, lambda case: case.state is CaseState.CLOSED)
    assert (closed.handled, closed.justified, closed.compensated) == (True, True, False)
    assert card_for(drawn(store), "fi").blocks[0]["type"] == "section"


def test_a_colleague_is_asked_answers_and_the_asker_hears_it(store: Sessions, desk: Desk) -> None:
    a_draft(store, a_post("Missä pakettini on?"))
    ref = desk.place.post(drawn(store))
    desk.choose(ref, Deed.ASK)
    desk.form()
    assert desk.submit(fields(person="U0SARA", text="Onko näitä varastossa?")).outcome == "closed"
    asked = delivered(store, desk, 1)
    assert asked["channel"] == "D0SARA"
    [row] = [block for block in asked["message"]["blocks"] if block["type"] == "actions"]
    desk.place.slack.click("U0SARA", asked["channel"], asked["message"]["ts"], row["block_id"], ANSWER)
    desk.reads("Onko näitä varastossa?", "U0SARA")
    assert desk.submit(fields(text="On, kolme."), "U0SARA").outcome == "closed"
    told = delivered(store, desk, 2)
    assert told["channel"] == "D0MIKAEL"
    assert told["message"]["text"] == "Sara Virta vastasi kysymykseesi tapauksesta 1001."
    assert "On, kolme." in str(told["message"]["blocks"])
    with store() as session:
        notes = session.scalars(select(CaseNote).order_by(CaseNote.id)).all()
    assert [(note.kind, note.by_name) for note in notes] == [
        (NoteKind.QUESTION, "Mikael Öst"),
        (NoteKind.ANSWER, "Sara Virta"),
    ]
    assert desk.place.slack.workspace.message(CHANNEL, ref.ts) is not None


def delivered(store: Sessions, desk: Desk, nudge_id: int) -> Any:
    """The direct message that the nudge became."""
    direct = DirectMessages(desk.place.notifier)
    for _ in range(2):  # a step may run twice
        deliver_nudge(
            nudge_id,
            sessions=store,
            notifier=direct,
            directory=direct,
            draw=lambda view: nudge_card(view, "fi", HELSINKI),
            duty=Duty({}, {}, ()),
            zone=HELSINKI,
            now=NOON,
        )
    with store() as session:
        nudge = session.get_one(Nudge, nudge_id)
    assert nudge.channel is not None
    assert nudge.ts is not None
    message = desk.place.slack.workspace.message(nudge.channel, nudge.ts)
    return {"channel": nudge.channel, "message": message}
