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
    title = _title(view, words)
    drawn = [kit.header(title), *(_recovered if view.until is not None else _deaf)(view, words, zone)]
    return Card(drawn, escaped(f"{title}. {_first_sentence(view, words)}", 500))


def alarm_words(view: AlarmView, language: str, zone: ZoneInfo) -> tuple[str, str]:
    """The same as a title and a plain text, for a mail or a pager; times are in `zone`."""
    words = words_for(language)
    since = words.moment(view.since, zone)
    if view.until is not None:
        key = _own(f"alarm.cleared_{view.kind}", view, words)
        return _title(view, words), words.plain(key, since=since, until=words.moment(view.until, zone))
    said = words.plain(_own(f"alarm.since_{view.kind}", view, words), since=since)
    return _title(view, words), f"{said} {words.plain(_meaning_key(view, words))} {words.plain(_help_key(view, words))}"


def _deaf(view: AlarmView, words: Words, zone: ZoneInfo) -> Iterable[Block]:
    key = _own(f"alarm.since_{view.kind}", view, words)
    since = words.mrkdwn(key, since=words.date_token(view.since, zone))
    yield kit.section(Mrkdwn(f"{since} {words.mrkdwn(_meaning_key(view, words))}"))
    yield kit.section(Mrkdwn(f"{words.mrkdwn('alarm.what_to_do')}\n{words.mrkdwn(_help_key(view, words))}"))
    if view.kind is AlarmKind.FAILING:
        yield kit.context(words.mrkdwn("alarm.code", code=one_line(view.code)[:60]))


def _recovered(view: AlarmView, words: Words, zone: ZoneInfo) -> Iterable[Block]:
    assert view.until is not None
    since, until = words.date_token(view.since, zone), words.date_token(view.until, zone)
    yield kit.section(words.mrkdwn(_own(f"alarm.cleared_{view.kind}", view, words), since=since, until=until))


def _title(view: AlarmView, words: Words) -> str:
    headline = "cleared" if view.until is not None else str(view.kind)
    return words.plain(_own(f"alarm.{headline}", view, words), source=_source(view, words))


def _first_sentence(view: AlarmView, words: Words) -> str:
    key = _own("alarm.hears_again", view, words) if view.until is not None else _meaning_key(view, words)
    return words.plain(key)


def _meaning_key(view: AlarmView, words: Words) -> str:
    if view.kind is AlarmKind.SILENT:
        return "alarm.meaning_silent"
    key = f"alarm.deaf.{_key(view)}"
    return key if words.has(key) else "alarm.deaf.other"


def _help_key(view: AlarmView, words: Words) -> str:
    key = f"alarm.help.{_key(view)}"
    if words.has(key):
        return key
    return f"alarm.help.{'quiet' if view.kind is AlarmKind.SILENT else _HELP.get(view.code, 'other')}"


def _own(key: str, view: AlarmView, words: Words) -> str:
    """The text's key, or that of the source's own words for the same."""
    own = f"{key}_{_key(view)}"
    return own if words.has(own) else key


def source_name(source: str, words: Words) -> str:
    """What people call a source."""
    key = f"source.{source.replace(':', '_')}"
    return words.plain(key) if words.has(key) else one_line(source)[:60]


def _source(view: AlarmView, words: Words) -> str:
    key = f"source.{_key(view)}"
    return words.plain(key) if words.has(key) else source_name(view.source, words)


def _key(view: AlarmView) -> str:
    """Slack's line is told in two ways: only presses do not come through, or Slack does not answer at all."""
    if view.source == "slack:presses" and view.code != "deaf":
        return "slack_down"
    return view.source.replace(":", "_")
