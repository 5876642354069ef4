"""The part of a card about the answer: where it stands, its text, what speaks for it, who sees it, and its buttons."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from models.states import CaseState, ReplyState
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.buttons import buttons_for
from responders.slack.case_lines import changes_line
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.room import Room
from responders.slack.said import quoted
from responders.slack.status import state_line
from responders.slack.views import CaseView, Route, Way


def answer(view: CaseView, words: Words, zone: ZoneInfo, room: Room) -> Iterable[Block]:
    reply = view.reply
    if reply is None:
        return
    yield kit.divider()
    waiting = reply.state is ReplyState.DRAFTED
    if not waiting:
        yield kit.section(state_line(reply, words, zone))
    text = reply_text(view)
    if waiting and view.route.way is not Way.API:
        yield kit.section(_no_route(view, words, zone))
    whole = len(text) <= room.reply
    if text and reply.state not in (ReplyState.BY_HAND, ReplyState.REJECTED, ReplyState.SUPERSEDED):
        yield from _draft(view, text, words, room)
    elif not text and waiting and view.route.way is Way.API:
        yield kit.section(words.mrkdwn("title.nothing_drafted"))
    if waiting or reply.state is ReplyState.REFUSED:
        for warning in view.warnings[:5]:
            yield kit.context(words.mrkdwn("title.warning", warning=escaped(one_line(warning), room.note)))
        if not whole:
            yield kit.context(words.mrkdwn("title.warning", warning=words.mrkdwn("title.too_long_to_show")))
    if waiting and view.route.way is Way.API:
        yield kit.context(_audience(view, words, zone))


def answer_buttons(view: CaseView, words: Words, room: Room) -> list[Block]:
    """The buttons of the reply's state; a text that is not there to read whole cannot be approved."""
    if view.reply is None or view.state is CaseState.CLOSED:
        return []
    text = reply_text(view)
    return buttons_for(view, view.reply, words, may_approve=bool(text.strip()) and len(text) <= room.reply)


def reply_text(view: CaseView) -> str:
    """What goes out if the reply is approved as it is."""
    if view.reply is not None and view.reply.text is not None:
        return view.reply.text
    return view.suggestions[0].text if view.suggestions else ""


def _draft(view: CaseView, text: str, words: Words, room: Room) -> Iterable[Block]:
    reply = view.reply
    assert reply is not None
    waiting = reply.state is ReplyState.DRAFTED
    if reply.edited_by:
        yield kit.section(words.mrkdwn("title.edited", name=escaped(one_line(reply.edited_by), 100)))
    else:
        yield kit.section(words.mrkdwn("title.suggestion" if waiting else "title.answer"))
    yield from quoted(text, room.reply, None, words)
    yield from changes_line(view, words, room.note)
    if not waiting:
        return
    if reply.offered:
        yield kit.context(words.mrkdwn("changed.offered"))
    chosen, others = view.suggestions[:1], view.suggestions[1:2]
    if chosen and chosen[0].why and not reply.edited_by:
        yield kit.context(words.mrkdwn("title.why", why=escaped(one_line(chosen[0].why), 300)))
    for other in others if room.alternative else ():
        yield kit.context(words.mrkdwn("title.alternative", text=escaped(one_line(other.text), room.alternative)))


def _audience(view: CaseView, words: Words, zone: ZoneInfo) -> Mrkdwn:
    parts = [words.mrkdwn("audience.private" if view.place == "dm" else "audience.public")]
    if view.route.until is not None:
        parts.append(_until(view.route, words, zone))
    return Mrkdwn(" ".join(parts))


def _until(route: Route, words: Words, zone: ZoneInfo) -> Mrkdwn:
    """Until when this way is open, and what can be done after that."""
    key = f"until.{route.way}_{route.then}"
    until = words.date_token(route.until, zone) if route.until is not None else Mrkdwn("")
    return words.mrkdwn(key if words.has(key) else "audience.until", until=until)


def _no_route(view: CaseView, words: Words, zone: ZoneInfo) -> Mrkdwn:
    key = f"route.{view.route.code}"
    known = words.has(key) and "{" not in words.texts[key]
    why = words.mrkdwn(key) if known else words.mrkdwn("route.other", code=escaped(one_line(view.route.code), 60))
    told = words.mrkdwn(f"route.summary_{view.route.way}", why=why)
    return (
        told if view.route.until is None or not view.route.then else Mrkdwn(f"{told} {_until(view.route, words, zone)}")
    )
