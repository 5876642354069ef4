"""The line that says where the reply stands: who did what when, or what went wrong and what to do."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from models.states import ReplyState
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, link, one_line, safe_url
from responders.slack.views import CardReply

# What publishers and routes call a refusal, by the sentence that explains it.
PROBLEMS = {
    "too_long": ("too_long", "text_too_long", "over_length"),
    "duplicate": ("duplicate", "duplicate_content"),
    "gone": ("gone", "deleted", "not_found", "target_gone", "parent_deleted"),
    "not_allowed": ("not_allowed", "forbidden", "not_summoned", "replies_limited", "no", "not_permitted"),
    "window_closed": ("window_closed", "outside_window"),
}
_SENTENCE_OF = {code: sentence for sentence, codes in PROBLEMS.items() for code in codes}


def state_line(reply: CardReply, words: Words, zone: ZoneInfo) -> Mrkdwn:
    """One or two sentences about a reply that no longer simply waits for approval."""
    if reply.state is ReplyState.REFUSED:
        return words.mrkdwn("state.refused", problem=_problem(reply.problem, words))
    slots: dict[str, object] = {
        "by": escaped(one_line(reply.by or ""), 100) or words.mrkdwn("state.someone"),
        "at": words.date_token(reply.at, zone) if reply.at is not None else Mrkdwn(""),
        "reason": escaped(one_line(reply.reason or "–"), 600),
    }
    line = words.mrkdwn(f"state.{reply.state}", **slots)
    if reply.at is None:
        line = Mrkdwn(line.replace(" .", ".").replace("  ", " "))
    url = safe_url(reply.permalink)
    if reply.state is ReplyState.SENT and url:
        line = Mrkdwn(f"{line} {link(url, words.mrkdwn('state.sent_link'))}")
    return line


def _problem(code: str | None, words: Words) -> Mrkdwn:
    sentence = _SENTENCE_OF.get(code or "")
    if sentence is None:
        return words.mrkdwn("problem.other", code=escaped(one_line(code or "–"), 60))
    return words.mrkdwn(f"problem.{sentence}")
