"""Draws who is called about a fire, who has it until when and who is called next; and the messages that call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models.states import EscalationState
from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escalations import EscalationView, OnDuty, Rung, Whom
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.fire_words import card_channel, how_large
from responders.slack.modals import field, form

TAKE, GIVE_BACK, CALL = "escalation_take", "escalation_give_back", "escalation_call"
CALL_WINDOW, REASON = "escalation_call", "escalation_reason"
LONGEST_REASON = 500


@dataclass(frozen=True)
class RingView:
    """What a ring's message in Slack shows. `over`: the chain has begun anew since, and called again elsewhere."""

    brand: str
    number: int
    level: str
    negatives: int
    people: int
    channel: str  # of the alert's card: an id, or a name
    escalation: EscalationView
    over: bool = False


def escalation_blocks(view: EscalationView | None, words: Words, zone: ZoneInfo) -> Iterable[Block]:
    """The part of an alert's card; nothing for a shop without people on duty."""
    if view is None:
        return
    lines = [*_state(view, words, zone), *_failures(view, words, zone), *_on_call(view.on_call, words)]
    if lines:
        yield kit.section(Mrkdwn("\n".join(lines)))
    buttons = _buttons(view, words)
    if buttons:
        yield kit.actions(buttons)


def ring_card(view: RingView, words: Words, zone: ZoneInfo, mention: str | None = None) -> Card:
    """The message that calls somebody, and afterwards tells who has it; `mention` is a user group's id."""
    title = ring_title(view, words)
    state = [] if view.over else list(_state(view.escalation, words, zone))
    people = how_large(view.negatives, view.people, words)
    told = words.mrkdwn("escalation.ring_line", people=people, channel=card_channel(view.channel))
    called = mention and not view.over and view.escalation.state is EscalationState.RINGING
    call = f"<!subteam^{mention}> " if called else ""
    drawn = [kit.header(title), kit.section(Mrkdwn(f"{call}{told}"))]
    if view.over:
        drawn.append(kit.context(words.mrkdwn("escalation.ring_over")))
    elif state:
        drawn.append(kit.section(Mrkdwn("\n".join(state))))
        drawn += [kit.actions(buttons) for buttons in [_buttons(view.escalation, words)] if buttons]
    return Card(drawn, escaped(f"{title}. {ring_text(view, words)}", 500))


def ring_title(view: RingView, words: Words) -> str:
    level = words.plain(f"escalation.level_{view.level}")
    return words.plain("escalation.ring_title", level=level, brand=one_line(view.brand), number=view.number)


def ring_text(view: RingView, words: Words) -> str:
    """What the routes outside of Slack say: numbers alone, no customer's words and no names."""
    people = how_large(view.negatives, view.people, words)
    return words.plain("escalation.ring_text", people=people, chain=one_line(view.escalation.chain))


def call_window(case_id: int, channel: str, words: Words) -> Block:
    """The window in which somebody says why people are called now."""
    reason: Block = {"type": "plain_text_input", "action_id": REASON, "multiline": True, "max_length": LONGEST_REASON}
    told = kit.section(words.mrkdwn("escalation.call_text"))
    blocks = [told, field(REASON, words.plain("escalation.call_reason"), reason)]
    return form(CALL_WINDOW, "escalation_call", blocks, {"case": case_id, "channel": channel}, words)


def whom(one: Whom, words: Words) -> Mrkdwn:
    """Who or what a step calls: a person's name, or its sort."""
    if one.name is None:
        return words.mrkdwn(f"escalation.by_{one.by}")
    name = escaped(one_line(one.name), 80)
    return words.mrkdwn("escalation.by_mail_to", name=name) if one.by == "email" else name


def _state(view: EscalationView, words: Words, zone: ZoneInfo) -> Iterable[Mrkdwn]:
    if view.state is EscalationState.RINGING:
        yield words.mrkdwn("escalation.ringing")
        if view.last is not None:
            yield words.mrkdwn("escalation.last", whom=whom(view.last.whom, words), at=_at(view.last, words, zone))
        if view.next is not None:
            yield words.mrkdwn("escalation.next", whom=whom(view.next.whom, words), at=_at(view.next, words, zone))
    elif view.state is EscalationState.HELD and view.held_until is not None:
        until = words.date_token(view.held_until, zone)
        if view.held_by is None:
            yield words.mrkdwn("escalation.snoozed", until=until)
        else:
            yield words.mrkdwn("escalation.held", name=escaped(one_line(view.held_by), 80), until=until)
        if view.next is not None:
            yield words.mrkdwn("escalation.then", whom=whom(view.next.whom, words))
    elif view.state is EscalationState.ENDED and view.ending is not None and view.ended_at is not None:
        ended = words.mrkdwn(f"escalation.ended_{view.ending}")
        yield words.mrkdwn("escalation.ended", why=ended, at=words.date_token(view.ended_at, zone))


def _failures(view: EscalationView, words: Words, zone: ZoneInfo) -> Iterable[Mrkdwn]:
    if view.state is EscalationState.ENDED:
        return
    for one in view.failed:
        code = escaped(one_line(one.problem or ""), 60)
        yield words.mrkdwn("escalation.failed", whom=whom(one.whom, words), at=_at(one, words, zone), code=code)


def _on_call(on_call: Iterable[OnDuty], words: Words) -> Iterable[Mrkdwn]:
    names = [
        Mrkdwn(f"{escaped(one_line(one.person), 80)} ({escaped(one_line(one.schedule), 80)})")
        for one in on_call
        if one.person
    ]
    if names:
        yield words.mrkdwn("escalation.on_call", names=Mrkdwn(", ".join(names[:10])))


def _buttons(view: EscalationView, words: Words) -> list[Block]:
    value = {"case": view.case_id}
    if view.state is EscalationState.RINGING:
        return [kit.button(words.plain("escalation.take"), TAKE, value, style="primary")]
    if view.state is EscalationState.HELD:
        return [kit.button(words.plain("escalation.give_back"), GIVE_BACK, value)]
    return [kit.button(words.plain("escalation.call"), CALL, value)] if view.can_call else []


def _at(rung: Rung, words: Words, zone: ZoneInfo) -> Mrkdwn:
    return words.date_token(rung.at, zone)
