"""Words what /palovahti found, as the blocks of an answer that one person sees. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from models.states import AlarmKind, CaseState
from responders.command_words import Verb
from responders.slack import blocks as kit
from responders.slack.blocks import Block
from responders.slack.catalogue import Words
from responders.slack.command_views import Deed, Found, Hits, OnDuty, Status
from responders.slack.escaping import Mrkdwn, escaped, one_line
from responders.slack.rows import Rows
from responders.slack.spans import span

_LONGEST_NAME = 60


def status_blocks(status: Status, rows: Rows, slack_ms: int | None) -> list[Block]:
    """How things stand; `slack_ms` is how long Slack took to answer us, None when it did not."""
    words = rows.words
    drawn = [kit.header(words.plain("command.status.title", clock=words.clock(status.at, rows.zone)))]
    if status.muted is not None:
        until = words.date_token(status.muted.until, rows.zone)
        by, reason = escaped(one_line(status.muted.by), 60), escaped(one_line(status.muted.reason), 300)
        drawn.append(kit.section(words.mrkdwn("home.muted", until=until, by=by, reason=reason)))
    if status.fires_total:
        drawn.append(kit.section(Mrkdwn(words.counted("command.status.fires", status.fires_total))))
        drawn += [kit.section(rows.row(row)) for row in status.fires]
        left = status.fires_total - len(status.fires)
        drawn += [kit.context(escaped(words.counted("home.more", left)))] if left > 0 else []
    else:
        drawn.append(kit.section(words.mrkdwn("command.status.calm")))
    drawn.append(kit.section(_waits(status, words)))
    drawn.append(kit.section(Mrkdwn("\n".join(_hearing(status, rows)))))
    drawn.append(kit.section(Mrkdwn(" ".join(_slack(status, words, slack_ms)))))
    drawn += duty_blocks(status.duty, words, rows.zone) if status.duty else []
    return drawn


def hit_blocks(hits: Hits, wanted: str, rows: Rows) -> list[Block]:
    """The cases that were found, each with its state where it is not open."""
    words = rows.words
    if not hits.found:
        return [kit.section(words.mrkdwn("command.not_found", wanted=escaped(one_line(wanted), 80)))]
    drawn = []
    if hits.total > 1:
        drawn.append(kit.section(escaped(words.counted("command.hits", hits.total))))
    drawn += [kit.section(_hit(found, rows)) for found in hits.found]
    left = hits.total - len(hits.found)
    return drawn + ([kit.context(escaped(words.counted("home.more", left)))] if left > 0 else [])


def duty_blocks(duty: Sequence[OnDuty], words: Words, zone: ZoneInfo) -> list[Block]:
    """Who is on, by schedule, with the next hand-over."""
    if not duty:
        return [kit.section(words.mrkdwn("command.oncall.none"))]
    lines = [words.mrkdwn("command.oncall.title"), *(_on(one, words, zone) for one in duty[:10])]
    return [kit.section(Mrkdwn("\n".join(lines)))]


def log_blocks(deeds: Sequence[Deed], words: Words, zone: ZoneInfo) -> list[Block]:
    """The last deeds, a line each: who did what to which case."""
    if not deeds:
        return [kit.section(words.mrkdwn("command.log.none"))]
    lines = [words.mrkdwn("command.log.title"), *(_deed(deed, words, zone) for deed in deeds)]
    return [kit.section(Mrkdwn("\n".join(lines)))]


def help_blocks(words: Words, *, takes_duty: bool) -> list[Block]:
    """Every subcommand with what it does; taking the duty only where that is there."""
    known = [verb for verb in ("status", "case", "oncall", "take", "mute", "log") if verb != "take" or takes_duty]
    lines = [words.mrkdwn("command.help.title"), *(Mrkdwn(f"• {words.mrkdwn(f'command.help.{one}')}") for one in known)]
    return [kit.section(Mrkdwn("\n".join(lines))), kit.context(words.mrkdwn("command.help.note"))]


def problem_key(verb: Verb, problem: str) -> str:
    """The sentence that says what was missing, with an example."""
    return {
        (Verb.MUTE, "how_long"): "command.mute_how_long",
        (Verb.MUTE, "too_long"): "command.mute_too_long",
        (Verb.MUTE, "why"): "command.mute_why",
        (Verb.ONCALL, "how_long"): "command.duty_how_long",
        (Verb.ONCALL, "too_long"): "command.duty_too_long",
        (Verb.CASE, "which_case"): "command.which_case",
    }.get((verb, problem), "command.unknown")


def _waits(status: Status, words: Words) -> Mrkdwn:
    key = f"command.status.waits.{'one' if status.open == 1 else 'other'}"
    numbers = {"count": status.open, "due": status.due, "free": status.free, "drafts": status.drafts}
    said = words.mrkdwn(key, **{name: words.number(number) for name, number in numbers.items()})
    if status.oldest is None:
        return said
    waited = span((status.at - status.oldest).total_seconds() / 60, words)
    return Mrkdwn(f"{said} {words.mrkdwn('command.status.oldest', span=waited)}")


def _hearing(status: Status, rows: Rows) -> Iterable[Mrkdwn]:
    words = rows.words
    if not status.deaf:
        yield words.mrkdwn("command.status.hears")
    for one in status.deaf[:10]:
        key = f"source.{one.source.split('#')[0].replace(':', '_')}"
        name = words.plain(key) if words.has(key) else one_line(one.source)
        told = "silent" if one.kind is AlarmKind.SILENT else "deaf"
        yield words.mrkdwn(
            f"command.status.{told}", source=escaped(name, _LONGEST_NAME), since=words.date_token(one.since, rows.zone)
        )


def _slack(status: Status, words: Words, slack_ms: int | None) -> Iterable[Mrkdwn]:
    if slack_ms is None:
        yield words.mrkdwn("command.status.slack_down")
    else:
        yield words.mrkdwn("command.status.slack", ms=words.number(slack_ms))
    if status.cards_late:
        yield escaped(words.counted("command.status.cards_late", status.cards_late))
    if status.given_up:
        yield Mrkdwn(words.counted("command.status.given_up", status.given_up))


def _hit(found: Found, rows: Rows) -> Mrkdwn:
    if found.state is CaseState.OPEN:
        return rows.row(found.row)
    state = rows.words.mrkdwn(f"case.{found.state}")
    return Mrkdwn(f"{rows.headline(found.row)}\n{state} · {rows.owner(found.row)}")


def _on(one: OnDuty, words: Words, zone: ZoneInfo) -> Mrkdwn:
    schedule = escaped(one_line(one.schedule), 80)
    if one.person is None:
        return words.mrkdwn("command.oncall.nobody_on", schedule=schedule)
    person = _person(one.person, one.slack_id)
    if one.next_at is None or one.next_person is None:
        return words.mrkdwn("command.oncall.on", schedule=schedule, person=person)
    at, following = words.date_token(one.next_at, zone), _person(one.next_person, one.next_slack_id)
    return words.mrkdwn("command.oncall.on_until", schedule=schedule, person=person, at=at, next=following)


def _person(name: str, slack_id: str | None) -> Mrkdwn:
    """A colleague's name. In an answer that one person sees, a mention calls nobody."""
    return Mrkdwn(f"<@{slack_id}>") if slack_id else escaped(one_line(name), 80)


def _deed(deed: Deed, words: Words, zone: ZoneInfo) -> Mrkdwn:
    key = f"command.log.{deed.action.replace('.', '_')}"
    what = (
        words.mrkdwn(key)
        if words.has(key)
        else words.mrkdwn("command.log.other", action=escaped(one_line(deed.action), _LONGEST_NAME))
    )
    slots = {"at": words.moment(deed.at, zone), "who": _actor(deed.actor), "what": what}
    if deed.number is None:
        return words.mrkdwn("command.log.line", **slots)
    return words.mrkdwn("command.log.line_case", **slots, number=deed.number)


def _actor(actor: str) -> Mrkdwn:
    return Mrkdwn(f"<@{actor}>") if actor[:1] in ("U", "W") and actor.isalnum() else escaped(one_line(actor), 60)
