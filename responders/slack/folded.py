"""A card of two or three lines: a case that is closed, or put off until later, asks for nobody's eyes."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from models.states import CaseState, ReplyState
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.case_lines import closed_line, ending_line, notes_line
from responders.slack.catalogue import Words
from responders.slack.deeds import put_off
from responders.slack.escaping import Mrkdwn, escaped, link, one_line, safe_url
from responders.slack.room import Room
from responders.slack.said import LONGEST_LINK, dotted
from responders.slack.status import state_line
from responders.slack.views import CaseView

_SETTLED = (ReplyState.SENT, ReplyState.BY_HAND, ReplyState.REJECTED)
_UNSETTLED = (ReplyState.APPROVED, ReplyState.SENDING, ReplyState.UNCONFIRMED, ReplyState.REFUSED)


def is_folded(view: CaseView) -> bool:
    """Whether nobody has to look at it now; a reply whose way is not over yet is always shown."""
    if view.state is CaseState.CLOSED:
        return view.reply is None or view.reply.state not in _UNSETTLED
    return put_off(view)


def folded(view: CaseView, words: Words, zone: ZoneInfo, room: Room) -> Iterable[Block]:
    """What it was about, where it stands, and how it ended or when it comes up again."""
    closed = view.state is CaseState.CLOSED
    yield kit.section(
        Mrkdwn(f"{closed_line(view, words, zone) if closed else _put_off(view, words, zone)}\n{_about(view, words)}")
    )
    if not closed:
        yield from notes_line(view, words, min(room.note, 120))
        return
    said: list[Mrkdwn] = []
    if view.reply is not None and view.reply.state in _SETTLED:
        said.append(state_line(view.reply, words, zone))
    if view.facts.ending is not None:
        told = view.reply is not None and view.reply.state is ReplyState.REJECTED
        said += ending_line(view.facts.ending, words, room.note, with_reason=not told)
    if said:
        yield kit.context(Mrkdwn("\n".join(said)))


def _put_off(view: CaseView, words: Words, zone: ZoneInfo) -> Mrkdwn:
    assert view.facts.snoozed_until is not None
    until = words.date_token(view.facts.snoozed_until, zone)
    parts = [words.mrkdwn("case.snoozed", number=view.number, until=until)]
    if view.facts.owner:
        parts.append(words.mrkdwn("case.owner", name=escaped(one_line(view.facts.owner), 100)))
    return dotted(parts)


def _about(view: CaseView, words: Words) -> Mrkdwn:
    """The customer's name, their first words, and the way there."""
    name = escaped(one_line(view.who.name), 60) if view.who is not None else ""
    parts = [Mrkdwn(name)] if name else []
    parts.append(escaped(one_line(view.about) or one_line(view.brand), 100))
    url = safe_url(view.permalink)
    if url and len(url) < LONGEST_LINK:
        parts.append(link(url, words.mrkdwn("title.open")))
    return dotted(part for part in parts if part)
