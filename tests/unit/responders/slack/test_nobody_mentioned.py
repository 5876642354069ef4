"""Nothing that the product writes mentions anybody, but the one reply that calls those on duty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import responders
from models.states import AlarmKind, Grade
from responders.ports import Card
from responders.slack.alarm_cards import AlarmView, alarm_card
from responders.slack.call_cards import CallView, Over, call_card, past_call_card
from responders.slack.cards import card_for
from responders.slack.catalogue import LANGUAGES, words_for
from responders.slack.weekly_cards import WeeklyView, weekly_card
from tests.unit.responders.slack.builders import an_alert

HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 11, 10, 10, tzinfo=UTC)
# <@U…>, <!subteam^S…>, <!here>, <!channel>, <!everyone>; a date token is no mention
MENTION = re.compile(r"<@|<!(?!date\^)")
CALL = CallView(1007, "outrage", NOON)
PINGS = "<!channel> <@U0ANNA> <!subteam^S0CARE> @here"


def read_as_markup(part: Any) -> Iterator[str]:
    """Every text in which Slack would see a mention; plain_text shows it as it stands."""
    if isinstance(part, Mapping):
        if part.get("type") == "mrkdwn":
            yield str(part["text"])
        for one in part.values():
            yield from read_as_markup(one)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for one in part:
            yield from read_as_markup(one)


def mentioned(card: Card) -> list[str]:
    return [text for text in (card.fallback, *read_as_markup(card.blocks)) if MENTION.search(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_ours_holds_a_mention(language: str) -> None:
    texts = words_for(language).texts
    assert [key for key, text in texts.items() if MENTION.search(text) or "subteam" in text] == []


def test_only_the_call_and_a_chains_step_to_a_group_write_one() -> None:
    folder = Path(responders.__file__).parent
    writing = {
        path.name
        for path in folder.rglob("*.py")
        if re.search(r"<@\{|<!subteam\^|<!here|<!channel|<!everyone", path.read_text("utf-8"))
    }
    # In an answer that only the asker sees Slack draws an id as a name and tells nobody.
    assert writing == {"call_cards.py", "oncall_ringing.py", "escalating_blocks.py", "command_answers.py"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_card_mentions_anybody_whatever_people_wrote(language: str) -> None:
    cards = [
        card_for(an_alert(about=PINGS), language),
        card_for(an_alert(brand=PINGS), language),
        alarm_card(AlarmView("x:mentions", AlarmKind.FAILING, PINGS, NOON), language, HELSINKI),
        alarm_card(AlarmView("x:mentions", AlarmKind.SILENT, "quiet", NOON, NOON), language, HELSINKI),
        weekly_card(WeeklyView(PINGS, date(2026, 11, 9), {Grade.RIGHT: 1}), language),
        *(past_call_card(CALL, over, language, HELSINKI) for over in Over),
    ]
    assert [text for card in cards for text in mentioned(card)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_call_mentions_whom_it_calls_and_nobody_else(language: str) -> None:
    card = call_card(CALL, ["U0ANNA", "S0CARE"], language)
    assert re.findall(r"<[@!][^>]*>", card.fallback) == ["<@U0ANNA>", "<!subteam^S0CARE>"]
