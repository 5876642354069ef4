"""A message to one of the staff is posted once, whatever crashes or gets lost on the way."""

from __future__ import annotations

import pytest

from models.base import Sessions
from models.errors import OutcomeUnknown
from models.states import NudgeKind
from responders.nudging import deliver_nudge
from responders.ports import Card
from responders.slack.casework import NudgeView
from tests.builders import ANNA, MIKAEL, NOON, a_draft, a_post, case_deeds, cases, trail
from tests.fakes import FakeNotifier


class Direct:
    """Everybody's own channel is named after them."""

    def direct_channel(self, user_id: str) -> str:
        return f"D{user_id}"


def drawn(view: NudgeView) -> Card:
    return Card([], f"{view.by_name} kysyy: {view.text} / {view.customer}")


def deliver(store: Sessions, notifier: FakeNotifier) -> None:
    deliver_nudge(1, sessions=store, notifier=notifier, directory=Direct(), draw=drawn, now=NOON)


def test_a_question_is_posted_to_who_was_asked_once(store: Sessions) -> None:
    case_deeds(store).ask(a_draft(store, a_post("Surkea kauppa")).case_id, MIKAEL, "Onko hyvitetty?", ANNA)
    notifier = FakeNotifier()
    deliver(store, notifier)
    deliver(store, notifier)
    assert [card.fallback for card in notifier.cards.values()] == ["Anna Virta kysyy: Onko hyvitetty? / Surkea kauppa"]
    assert notifier.redrawn == 0
    assert trail(store)[-1] == "nudge.posted"


def test_one_whose_answer_was_lost_is_found_again(store: Sessions) -> None:
    case_deeds(store).ask(a_draft(store).case_id, MIKAEL, "Onko hyvitetty?", ANNA)
    notifier = FakeNotifier(failing=OutcomeUnknown("no_answer", "look"))
    with pytest.raises(OutcomeUnknown):
        deliver(store, notifier)
    notifier.failing = None
    deliver(store, notifier)
    assert len(notifier.cards) == 1
    assert trail(store)[-1] == "nudge.posted"


def test_the_view_says_whom_it_is_for_and_where_the_card_stands(store: Sessions) -> None:
    case = a_draft(store).case_id
    case_deeds(store).assign(case, MIKAEL, None, ANNA)
    seen: list[NudgeView] = []
    deliver_nudge(
        1, sessions=store, notifier=FakeNotifier(), directory=Direct(), now=NOON,
        draw=lambda view: seen.append(view) or drawn(view),  # type: ignore[func-returns-value]
    )  # fmt: skip
    [view] = seen
    assert (view.kind, view.to_id, view.by_name, view.number) == (
        NudgeKind.GIVEN, "U0MIKAEL", "Anna Virta", cases(store)[0].number,
    )  # fmt: skip
    assert view.card_ts is None


def test_a_nudge_that_is_not_there_is_nothing(store: Sessions) -> None:
    notifier = FakeNotifier()
    deliver(store, notifier)
    assert notifier.cards == {}
