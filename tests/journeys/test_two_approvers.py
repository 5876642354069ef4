"""Two people press Approve on the same card at once: one reply leaves, and one of them is told who was first."""

from __future__ import annotations

from models.states import ReplyState
from tests.journeys.stage import ANNA, MIKAEL
from tests.journeys.test_one_mention import Journey, a_messenger_message, a_post_on_x, eventually, journey

__all__ = ["journey"]


def told(journey: Journey, user: str) -> list[str]:
    hidden = journey.stage.slack.workspace.changes(0, user)
    return [str(one["message"]["text"]) for one in hidden if one["visible_to"] == user]


def test_of_two_who_approve_at_once_one_sends_and_the_other_hears_of_it(journey: Journey) -> None:
    a_post_on_x(journey.stage)
    card = journey.card()
    presses = [eventually(lambda who=who: journey.stage.press(card, "approve", who)) for who in (ANNA, MIKAEL)]
    for press in presses:
        assert not press.result(timeout=10).problem
    eventually(lambda: journey.reply().state is ReplyState.SENT)
    eventually(lambda: told(journey, ANNA) or told(journey, MIKAEL))
    assert len(journey.stage.own_posts()) == 1
    assert [who for action, who in journey.trail() if action == "reply.approved"] == [journey.reply().decided_by]


def test_one_person_who_presses_five_times_sends_one_reply(journey: Journey) -> None:
    a_messenger_message(journey.stage)
    card = journey.card()
    presses = [press for press in (journey.stage.press(card, "approve") for _ in range(5)) if press]
    for press in presses:
        press.result(timeout=10)
    eventually(lambda: journey.reply().state is ReplyState.SENT)
    assert len(journey.stage.own_posts()) == 1
