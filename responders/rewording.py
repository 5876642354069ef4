"""How a draft gets other words: a person's own, those of the next suggestion, or those of an earlier version."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from models.cases import Reply, Suggestion
from models.mentions import Mention
from models.replies import move_reply
from models.states import ReplyState
from responders.deeds import DONE, Doing
from responders.drafts import rewrite
from responders.first_come import swapped_again, too_late
from responders.reply_texts import texts_of
from responders.slack.actions import Outcome
from responders.wording import Wording


def edit(doing: Doing, reply: Reply, version: int, text: str, wording: Wording, *, may_send: bool) -> Outcome:
    """The person's words take the draft's place; what the platform refused is a draft again with them."""
    session, who, words = doing.session, doing.who, text.strip()
    wrong = wording.blocked(session, session.get_one(Mention, reply.mention_id), reply.language, words)
    if wrong is not None:
        return wrong
    if reply.state is ReplyState.REFUSED:
        back = move_reply(
            session, reply.id, ReplyState.REFUSED, ReplyState.DRAFTED, at=doing.now, actor=who.id,
            version=version, problem=None,
        )  # fmt: skip
        if not back:
            return too_late(session, reply)
    done = rewrite(
        session, reply, version, who, doing.now, "reply.edited", own_words=True, may_send=may_send, text=words
    )
    if not done and reply.state is ReplyState.DRAFTED and reply.text == words and reply.edited_by == who.name:
        return DONE  # the same press again
    return DONE if done else too_late(session, reply)


def swap(doing: Doing, reply: Reply, version: int) -> Outcome:
    """The next suggestion takes the draft's place; after the last comes the first."""
    session, who = doing.session, doing.who
    suggestions = session.scalars(
        select(Suggestion).where(Suggestion.case_id == reply.case_id, Suggestion.text != "").order_by(Suggestion.rank)
    ).all()
    if len(suggestions) < 2:
        return Outcome(False, "no_other")
    ranks = [suggestion.rank for suggestion in suggestions]
    at = ranks.index(reply.suggestion_rank) if reply.suggestion_rank in ranks else -1
    chosen = suggestions[(at + 1) % len(suggestions)]
    values = {
        "text": chosen.text,
        "playbook_id": chosen.playbook_id,
        "language": chosen.language,
        "suggestion_rank": chosen.rank,
    }
    if rewrite(session, reply, version, who, doing.now, "reply.swapped", own_words=False, may_send=True, **values):
        return DONE
    late = too_late(session, reply)
    return replace(late, code="already_swapped") if swapped_again(session, reply, version, who) else late


def restore(doing: Doing, reply: Reply, version: int, earlier: int, *, may_send: bool) -> Outcome:
    """The text of an earlier version takes the draft's place."""
    session = doing.session
    kept = next((one for one in texts_of(session, reply.id) if one.version == earlier), None)
    if kept is None:
        return Outcome(False, "not_found")
    done = rewrite(
        session, reply, version, doing.who, doing.now, "reply.restored",
        own_words=kept.by_id is not None, may_send=may_send, text=kept.text,
    )  # fmt: skip
    return DONE if done else too_late(session, reply)
