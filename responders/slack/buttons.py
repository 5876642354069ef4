"""Which buttons a card has: none that would do nothing, and each with what its handler needs."""

from __future__ import annotations

from models.states import ReplyState
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.escaping import safe_url
from responders.slack.views import CardReply, CaseView, Way

OPEN_POST = "open_post"  # the links; Slack reports a click on them too, and it needs no more than an ack


def buttons_for(view: CaseView, reply: CardReply, words: Words, *, may_approve: bool) -> list[Block]:
    """The buttons of the reply's state, leftmost first; `may_approve` is False when its text is not there to read."""
    value = {"case": view.case_id, "reply": reply.id, "version": reply.version}
    if reply.state is ReplyState.DRAFTED:
        if view.route.way is Way.API:
            return _waiting(view, words, value, may_approve)
        # Who cannot answer from here may still have answered by e-mail or phone; a recording nobody answers.
        by_hand = [] if view.route.code == "recorded" else [_by_hand(words, value)]
        return [*_look(view, words, "button.open_post"), *by_hand, _reject(words, value)]
    if reply.state is ReplyState.REFUSED:
        again = kit.button(words.plain("button.edit_again"), "edit", value)
        return [again, *_look(view, words, "button.open_post"), _by_hand(words, value), _reject(words, value)]
    if reply.state is ReplyState.UNCONFIRMED:
        asked = [_asked(words, value, action) for action in ("confirm_sent", "send_again")]
        return [*_look(view, words, "state.look"), *asked]
    return []


def _waiting(view: CaseView, words: Words, value: dict[str, int], may_approve: bool) -> list[Block]:
    buttons: list[Block] = []
    if may_approve:
        buttons.append(kit.button(words.plain("button.approve"), "approve", value, style="primary"))
    written = bool(view.suggestions) or may_approve
    buttons.append(kit.button(words.plain("button.edit" if written else "button.write"), "edit", value))
    if len(view.suggestions) > 1:
        buttons.append(kit.button(words.plain("button.other"), "other", value))
    return [*buttons, _reject(words, value)]


def _reject(words: Words, value: dict[str, int]) -> Block:
    return kit.button(words.plain("button.reject"), "reject", value, style="danger")


def _by_hand(words: Words, value: dict[str, int]) -> Block:
    return _asked(words, value, "by_hand")


def _asked(words: Words, value: dict[str, int], action: str) -> Block:
    """A button that asks once more, because nothing undoes it."""
    sure = kit.confirm(
        words.plain(f"confirm.{action}_title"),
        words.plain(f"confirm.{action}_text"),
        words.plain(f"confirm.{action}_yes"),
        words.plain("confirm.cancel"),
    )
    return kit.button(words.plain(f"button.{action}"), action, value, confirm=sure)


def _look(view: CaseView, words: Words, label: str) -> list[Block]:
    url = safe_url(view.permalink)
    return [kit.link_button(words.plain(label), OPEN_POST, url)] if url else []
