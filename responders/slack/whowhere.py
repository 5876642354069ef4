"""Who wrote, where and when, on one line, with the way there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from responders.slack.case_lines import language_name
from responders.slack.catalogue import Words
from responders.slack.escaping import Mrkdwn, escaped, link, one_line, safe_url
from responders.slack.heard import topics_named
from responders.slack.said import LONGEST_LINK, dotted
from responders.slack.views import CaseView, Kind


def who_line(view: CaseView, words: Words, zone: ZoneInfo) -> Mrkdwn:
    """The customer's name, and below it where and when they wrote, what it is about and in which language."""
    name = escaped(one_line(view.who.name), 100) if view.who is not None else Mrkdwn("")
    who = [Mrkdwn(f"*{name or words.mrkdwn('title.unknown_writer')}*")]
    if view.who is not None and view.who.handle:
        who[0] = Mrkdwn(f"{who[0]} (@{escaped(one_line(view.who.handle), 60)})")
    if view.who is not None and view.who.followers is not None:
        who.append(escaped(words.counted("count.followers", view.who.followers)))
    about = topics_named(view, words)
    language = language_name(view, words)
    if language:
        about.append(words.mrkdwn("case.language", language=language))
    about += _open(view, words)
    lines = [dotted(who), dotted([*_place(view, words), words.date_token(view.since, zone)])]
    return Mrkdwn("\n".join([*lines, *([dotted(about)] if about else [])]))


def where(view: CaseView, words: Words) -> Mrkdwn:
    """The channel, what an alert is about, and a link to it."""
    return dotted([*_place(view, words), *_open(view, words)])


def _place(view: CaseView, words: Words) -> list[Mrkdwn]:
    parts: list[Mrkdwn] = []
    if words.has(f"channel.{view.channel}"):
        parts.append(words.mrkdwn(f"channel.{view.channel}"))
    elif view.channel:
        parts.append(escaped(one_line(view.channel), 60))
    if view.kind is Kind.ALERT:
        parts.append(words.mrkdwn(f"subject.{view.subject}"))
    elif words.has(f"place.{view.place}"):
        parts.append(words.mrkdwn(f"place.{view.place}"))
    return parts


def _open(view: CaseView, words: Words) -> list[Mrkdwn]:
    url = safe_url(view.permalink)
    return [link(url, words.mrkdwn("title.open"))] if url and len(url) < LONGEST_LINK else []
