"""The line that says where the reply stands: who did what when, or what went wrong and what to do."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from models.states import ReplyState
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, link, one_line, safe_url
from responders.slack.views import CardReply

# What publishers and routes call a refusal, by the sentence of the catalogue that explains it.
_SENTENCES = {
    "too_long": ("too_long", "text_too_long"),
    "duplicate": ("duplicate",),
    "gone": ("gone", "parent_gone"),
    "not_allowed": (
        "not_summoned",
        "replies_limited",
        "comments_closed",
        "forbidden",
        "blocked_by_policy",
        "no",
    ),
    "no_way_to_person": ("dm_closed", "person_unreachable", "no_recipient", "customer_not_written", "recorded"),
    "window_closed": ("window_closed", "human_agent_missing"),
    "our_account": (
        "page_restricted",
        "plan_lacks_this",
        "dead_version",
        "bad_parameter",
        "invalid_request",
        "not_found",
        "not_connected",
    ),
}
_SENTENCE_OF = {code: sentence for sentence, codes in _SENTENCES.items() for code in codes}


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
    if reply.state in (ReplyState.SENT, ReplyState.BY_HAND) and url:
        line = Mrkdwn(f"{line} {link(url, words.mrkdwn('state.sent_link'))}")
    return line


def _problem(code: str | None, words: Words) -> Mrkdwn:
    sentence = _SENTENCE_OF.get(code or "", "other")
    return words.mrkdwn(f"problem.{sentence}", code=escaped(one_line(code or "–"), 60))
