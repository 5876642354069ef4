"""What people can do with a case beside its reply: which of it a card offers now, and what a press of it carries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.states import CaseState, EscalationState, ReplyState
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.views import CaseView, Kind, Level, Way

TAKE, WAKE, MENU = "case_take", "case_wake", "case_menu"  # action ids
ANSWER = "case_answer"  # the button under a colleague's question; its value holds the case and the question
SLACKS_MOST = 5  # of choices in an overflow menu


class Deed(StrEnum):
    """One thing that can be done. The value is what its press carries, and its name in the texts."""

    TAKE = "take"
    GIVE = "give"
    ASK = "ask"
    NOTE = "note"
    CALL = "call"
    SNOOZE = "snooze"
    WAKE = "wake"
    CLOSE = "close"
    REOPEN = "reopen"
    LINK = "link"
    WRITE = "write"
    BY_HAND = "by_hand"
    MORE = "more"  # opens the list of the others


MENU_ORDER = (
    Deed.REOPEN,
    Deed.ASK,
    Deed.NOTE,
    Deed.SNOOZE,
    Deed.CLOSE,
    Deed.GIVE,
    Deed.CALL,
    Deed.WRITE,
    Deed.BY_HAND,
    Deed.LINK,
)
"""The commonest first: what does not fit the menu of a card stands in the list behind its last choice."""

_IN_FLIGHT = (ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED)


@dataclass(frozen=True)
class Press:
    """What a menu's choice says: the case, the deed, and for the list behind the menu the deeds that stand in it."""

    case: int
    deed: Deed
    others: tuple[Deed, ...] = ()


def offered(view: CaseView) -> list[Deed]:
    """What would do something now, apart from taking and waking, which have buttons of their own."""
    return [deed for deed in MENU_ORDER if _does_something(deed, view)]


def may_be_taken(view: CaseView) -> bool:
    """Whether nobody has it who should; while a fire calls people, its own button says "I have it"."""
    if view.escalation is not None and view.escalation.state in (EscalationState.RINGING, EscalationState.HELD):
        return False
    return view.state is not CaseState.CLOSED and view.facts.owner is None


def put_off(view: CaseView) -> bool:
    """Whether the case waits for a later moment; what burns does not, and nor does a reply that needs somebody."""
    if view.facts.snoozed_until is None or view.state is not CaseState.OPEN or view.level is Level.OUTRAGE:
        return False
    if view.escalation is not None and view.escalation.state is EscalationState.RINGING:
        return False  # people are being called, and the button that says "I have it" is on the card
    return view.reply is None or view.reply.state not in (*_IN_FLIGHT, ReplyState.REFUSED)


def case_buttons(view: CaseView, words: Words) -> list[Block]:
    """The case's own buttons and its menu."""
    value = {"case": view.case_id}
    buttons: list[Block] = []
    if put_off(view):
        buttons.append(kit.button(words.plain("deed.wake"), WAKE, value))
    if may_be_taken(view):
        buttons.append(kit.button(words.plain("deed.take"), TAKE, value))
    return [*buttons, menu(view, words)]


def menu(view: CaseView, words: Words) -> Block:
    """The overflow menu: the commonest deeds, and behind the last choice the rest."""
    deeds = offered(view)
    shown, rest = deeds, deeds[SLACKS_MOST:]
    if rest:
        shown, rest = deeds[: SLACKS_MOST - 1], deeds[SLACKS_MOST - 1 :]
    presses = [Press(view.case_id, deed) for deed in shown]
    if rest:
        presses.append(Press(view.case_id, Deed.MORE, tuple(rest)))
    return {
        "type": "overflow",
        "action_id": MENU,
        "options": [
            {"text": kit.plain(words.plain(f"deed.{press.deed}"), 75), "value": carried(press)} for press in presses
        ],
    }


def carried(press: Press) -> str:
    """What a choice carries, within Slack's 150 characters."""
    said: dict[str, object] = {"case": press.case, "do": press.deed}
    if press.others:
        said["others"] = "".join(_LETTERS[deed] for deed in press.others)
    return json.dumps(said, separators=(",", ":"))


def pressed(value: str) -> Press:
    """What a press said. Raises ValueError or KeyError for what no card of ours carries."""
    said = json.loads(value)
    deeds = {letter: deed for deed, letter in _LETTERS.items()}
    return Press(int(said["case"]), Deed(said["do"]), tuple(deeds[letter] for letter in said.get("others", "")))


def _does_something(deed: Deed, view: CaseView) -> bool:
    closed, outrage = view.state is CaseState.CLOSED, view.level is Level.OUTRAGE
    in_flight = view.reply is not None and view.reply.state in _IN_FLIGHT
    if deed is Deed.REOPEN:
        return closed
    if deed in (Deed.NOTE, Deed.CALL):
        return True
    if closed:
        return False
    if deed is Deed.SNOOZE:
        return view.state is CaseState.OPEN and not outrage
    if deed is Deed.CLOSE:
        return not in_flight
    if deed is Deed.WRITE:
        # The edit button writes into a draft that waits; this is for the customer who needs one more answer.
        return not in_flight and view.route.way is Way.API and not _waits(view)
    if deed is Deed.BY_HAND:
        return view.kind is Kind.CONTACT and view.state is CaseState.OPEN and not in_flight
    return True


def _waits(view: CaseView) -> bool:
    return view.reply is not None and view.reply.state in (ReplyState.DRAFTED, ReplyState.REFUSED)


_LETTERS = dict(zip(Deed, "abcdefghijklm", strict=True))


def choices(others: Sequence[Deed], case: int, words: Words) -> list[Block]:
    """The list behind the menu: what each deed is for, with its button."""
    listed: list[Block] = []
    for deed in others:
        open_it = kit.button(words.plain(f"deed.{deed}"), f"{MENU}_{deed}", {"case": case})
        listed.append(kit.section(words.mrkdwn(f"deed.{deed}_about")) | {"accessory": open_it})
    return listed
