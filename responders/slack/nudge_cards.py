"""What one of the staff is told of a case in a message of their own: a question, its answer, a change of hands."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from models.states import NudgeKind
from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.buttons import OPEN_POST
from responders.slack.casework import NudgeView
from responders.slack.catalogue import Words, words_for
from responders.slack.deeds import ANSWER
from responders.slack.escaping import escaped, one_line
from responders.slack.said import quoted

MOST_CUSTOMER = 600
MOST_NOTE = 1400  # escaped and with the customer's words it stays below what Slack takes; the window shows it whole


def nudge_card(view: NudgeView, language: str, zone: ZoneInfo, card_url: str | None = None) -> Card:
    """The message in `language`; `card_url` leads to the case's card where it stands. Times fall back to `zone`."""
    words = words_for(language)
    slots = {"by": escaped(one_line(view.by_name), 100), "number": view.number, "at": words.date_token(view.at, zone)}
    blocks: list[Block] = [kit.section(words.mrkdwn(f"nudge.{view.kind}", **slots))]
    if view.kind in (NudgeKind.QUESTION, NudgeKind.ANSWER):
        blocks += quoted(view.text, MOST_NOTE, card_url, words)
    if view.customer and view.kind is not NudgeKind.ANSWER:
        blocks.append(kit.context(words.mrkdwn("nudge.customer")))
        blocks += quoted(view.customer, MOST_CUSTOMER, card_url, words)
    buttons = list(_buttons(view, words, card_url))
    if buttons:
        blocks.append(kit.actions(buttons))
    aloud = words.mrkdwn(f"nudge.{view.kind}_aloud", by=slots["by"], number=view.number)
    return Card(blocks, aloud)


def _buttons(view: NudgeView, words: Words, card_url: str | None) -> Iterable[Block]:
    if view.kind is NudgeKind.QUESTION and view.note_id is not None:
        value = {"case": view.case_id, "question": view.note_id}
        yield kit.button(words.plain("nudge.reply"), ANSWER, value, style="primary")
    if card_url:
        yield kit.link_button(words.plain("nudge.card"), OPEN_POST, card_url)
