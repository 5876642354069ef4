"""Draws the message about a source that does not hear: which one, since when, what that means and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.states import AlarmKind
from responders.ports import Card
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words, words_for
from responders.slack.escaping import Mrkdwn, escaped, one_line

# What helps, by the code of the error; what is not named here is told by its code.
_HELP = {
    "token_expired": "sign_in",
    "token_refused": "sign_in",
    "missing_permission": "permission",
    "permission_missing": "permission",
    "account_locked": "account",
    "plan_lacks_this": "plan",
    "spending_limit": "spending",
    "dead_version": "version",
    "not_found": "settings",
    "gone": "settings",
    "bad_parameter": "settings",
    "unreachable": "network",
    "no_answer": "platform",
    "unreadable_answer": "platform",
    "platform_trouble": "platform",
    "x_down": "platform",
    "rate_limited": "waiting",
    "throttled": "waiting",
    "replay_unreadable": "recording",
    "replay_shortened": "recording",
    "replay_bad_line": "recording",
}


@dataclass(frozen=True)
class AlarmView:
    """One alarm as the message shows it. `until` is when the source heard again, None while it does not."""

    source: str
    kind: AlarmKind
    code: str
    since: datetime
    until: datetime | None = None


def alarm_card(view: AlarmView, language: str, zone: ZoneInfo) -> Card:
    """The message in `language` (fi, sv, en); times fall back to the shop's `zone`."""
    words = words_for(language)
    headline = "cleared" if view.until is not None else str(view.kind)
    title = words.plain(f"alarm.{headline}", source=source_name(view.source, words))
    drawn = [kit.header(title), *(_recovered if view.until is not None else _deaf)(view, words, zone)]
    return Card(drawn, escaped(f"{title}. {_first_sentence(view, words)}", 500))


def _deaf(view: AlarmView, words: Words, zone: ZoneInfo) -> Iterable[Block]:
    since = words.mrkdwn(f"alarm.since_{view.kind}", since=words.date_token(view.since, zone))
    yield kit.section(Mrkdwn(f"{since} {_meaning(view, words)}"))
    yield kit.section(Mrkdwn(f"{words.mrkdwn('alarm.what_to_do')}\n{words.mrkdwn(f'alarm.help.{_help(view)}')}"))
    if view.kind is AlarmKind.FAILING:
        yield kit.context(words.mrkdwn("alarm.code", code=one_line(view.code)[:60]))


def _recovered(view: AlarmView, words: Words, zone: ZoneInfo) -> Iterable[Block]:
    assert view.until is not None
    since, until = words.date_token(view.since, zone), words.date_token(view.until, zone)
    yield kit.section(words.mrkdwn(f"alarm.cleared_{view.kind}", since=since, until=until))


def _first_sentence(view: AlarmView, words: Words) -> str:
    return words.plain("alarm.hears_again") if view.until is not None else _meaning(view, words)


def _meaning(view: AlarmView, words: Words) -> Mrkdwn:
    if view.kind is AlarmKind.SILENT:
        return words.mrkdwn("alarm.meaning_silent")
    key = f"alarm.deaf.{_key(view.source)}"
    return words.mrkdwn(key if words.has(key) else "alarm.deaf.other")


def _help(view: AlarmView) -> str:
    return "quiet" if view.kind is AlarmKind.SILENT else _HELP.get(view.code, "other")


def source_name(source: str, words: Words) -> str:
    """What people call a source."""
    key = f"source.{_key(source)}"
    return words.plain(key) if words.has(key) else one_line(source)[:60]


def _key(source: str) -> str:
    return source.replace(":", "_")
