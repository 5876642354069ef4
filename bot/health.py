"""Behind `palovahti check`: proves that everything the product needs is there; one line each, with a hint."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from sqlalchemy import make_url, text

from bot.clocks import wall
from bot.roles_settings import groups_named
from bot.settings import Secrets, Settings, SettingsProblem, missing_secrets, read_secrets, read_settings
from bot.sources import build_sources
from bot.wiring import build_judge, open_store
from models.errors import PlatformError
from models.graph import version_warning
from models.slack_line import LineHealth
from responders.complaints import closed_unanswered
from responders.delivery import slack_health
from responders.playbooks.loading import PlaybookProblems, load_playbooks
from responders.slack.client import web_client
from responders.slack.line import DEAF
from responders.slack.probe import probe

MOST_NUMBERS = 10
LATE = timedelta(minutes=10)
"""A case without a card for so long is worth a look at Slack."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: its id, whether it is well, what was seen, and what to do when it is not."""

    id: str
    ok: bool
    sentence: str
    hint: str = ""


def report(path: Path, console: Console, *, as_json: bool) -> int:
    """Prints every finding; the status is 0 when all is well."""
    findings = list(check_all(path))
    well = all(finding.ok for finding in findings)
    if as_json:
        console.print_json(json.dumps({"ok": well, "checks": [asdict(finding) for finding in findings]}))
        return 0 if well else 1
    for finding in findings:
        mark = "[green]ok  [/green]" if finding.ok else "[red]FAIL[/red]"
        console.print(f"{mark} {finding.id:<24}", end="")
        console.print(finding.sentence, markup=False, soft_wrap=True)
        if finding.hint:
            console.print(f"     {'':<24}→ {finding.hint}", markup=False, soft_wrap=True)
    return 0 if well else 1


def check_all(path: Path) -> Iterator[Finding]:
    """Looks at everything it can; what depends on broken settings is left out, for the settings are told first."""
    try:
        settings, secrets = read_settings(path), read_secrets()
    except SettingsProblem as error:
        for problem in error.problems:
            yield Finding("settings", False, problem)
        return
    yield Finding("settings", True, f"{path} is complete, for {settings.shop.name}")
    missing = missing_secrets(settings, secrets)
    for sentence in missing:
        yield Finding("tokens", False, sentence)
    if not missing:
        yield Finding("tokens", True, "every token that the settings need is set")
    yield from _store(settings)
    yield _judge(settings)
    yield _playbooks(settings)
    if not missing:
        yield from _sources(settings, secrets)
        yield from _slack(settings, secrets)
    yield from _delivery(settings)


def _store(settings: Settings) -> Iterator[Finding]:
    shown = make_url(settings.store.url).render_as_string(hide_password=True)
    try:
        engine, sessions = open_store(settings.store.url)
        with sessions.begin() as session:
            session.execute(text("SELECT count(*) FROM mention"))
        with sessions() as session:
            unanswered = closed_unanswered(session)
        engine.dispose()
    except Exception as error:  # whatever the driver says, the admin needs the same advice
        yield Finding(
            "store",
            False,
            f"{shown} cannot be used ({type(error).__name__})",
            "Check store.url, that its folder can be written, and that the database server runs.",
        )
        return
    yield Finding("store", True, f"{shown} is there and has today's tables")
    yield _closed(unanswered)


def _closed(unanswered: Sequence[int]) -> Finding:
    if not unanswered:
        return Finding("closed", True, "no complaint was closed without an answer or a written reason")
    shown = ", ".join(map(str, unanswered[:MOST_NUMBERS])) + (" and more" if len(unanswered) > MOST_NUMBERS else "")
    return Finding(
        "closed",
        False,
        f"{len(unanswered)} complaints were closed without an answer or a written reason: {shown}",
        "Open these cases again in Slack and answer them, or close them with a reason; and report it to us.",
    )


def _judge(settings: Settings) -> Finding:
    try:
        judge = build_judge(settings)
        verdict = judge.judge(["Kolme viikkoa odotettu eikä pakettia näy!!"])[0]
    except Exception as error:
        return Finding("judge", False, f"the model does not load: {error}", "Check judge.name and judge.model.")
    return Finding("judge", True, f"{judge.version} reads Finnish as {verdict.language}, with the network unused")


def _playbooks(settings: Settings) -> Finding:
    try:
        playbooks = load_playbooks(settings.playbooks.folder)
    except PlaybookProblems as error:
        return Finding("playbooks", False, str(error), "Mend the files named, or unset playbooks.folder.")
    return Finding("playbooks", True, f"{len(playbooks)} playbooks, each in fi, sv and en")


def _sources(settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    for name, timed in build_sources(settings, secrets, wall()).items():
        try:
            page = timed.source.fetch({})
        except PlatformError as error:
            yield Finding(name, False, f"cannot be read ({error.code})", error.advice)
        else:
            yield Finding(name, True, f"can be read ({len(page.posts)} new on its first page)")
    if settings.facebook is not None:
        warning = version_warning(settings.facebook.graph_version, wall().date())
        yield Finding("facebook:version", warning is None, warning or f"Graph {settings.facebook.graph_version} lives")


def _slack(settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    token = secrets.slack_bot_token.get_secret_value() if secrets.slack_bot_token else ""
    channels = (settings.slack.alert_channel, settings.slack.contact_channel)
    groups = groups_named(settings.roles, settings.teams, (*settings.slack.call, *settings.slack.digest_to))
    for seen in probe(web_client(token, settings.slack.api_base), channels, groups, wall()):
        yield Finding(seen.id, seen.ok, seen.sentence, seen.hint)


def _delivery(settings: Settings) -> Iterator[Finding]:
    """What the running product last wrote down of Slack."""
    try:
        engine, sessions = open_store(settings.store.url)
        with sessions() as session:
            health = slack_health(session, wall())
        engine.dispose()
    except Exception:  # the finding about the store has said it already
        return
    if settings.slack.door == "socket":
        yield _line(health.line)
    if not health.waiting:
        yield Finding("slack:waiting", True, "no card waits for Slack")
        return
    said = f"{health.waiting} cards and alarms wait for Slack"
    if health.unposted_since is None:
        yield Finding("slack:waiting", True, f"{said}, all of them redraws")
        return
    since = health.unposted_since.astimezone(settings.shop.zone)
    said += f"; {health.unposted} cases have no card yet, the oldest since {since:%Y-%m-%d %H:%M}"
    late = wall() - health.unposted_since > LATE
    hint = "They come by themselves when Slack answers; `palovahti jobs` tells what they wait for." if late else ""
    yield Finding("slack:waiting", not late, said, hint)


def _line(line: LineHealth) -> Finding:
    if line.hears:
        return Finding("slack:line", True, f"presses come through, last proven {line.heard_at:%Y-%m-%d %H:%M} UTC")
    if line.hears is None:
        hint = "Where the product has run for minutes: add the scope metadata.message:read and the subscription: "
        said = "no heartbeat has come back yet, so nobody would notice a deaf line"
        return Finding("slack:line", True, said, f"{hint}docs/slack.md.")
    since = f"{line.since:%Y-%m-%d %H:%M} UTC" if line.since else "the start"
    if line.code == DEAF:
        hint = "It is opened anew all the time. If it stays deaf, restart, and look at the app's Socket Mode page."
        return Finding("slack:line", False, f"presses have not come through since {since}", hint)
    said = f"Slack has answered no call since {since} ({line.code})"
    return Finding("slack:line", False, said, "Check the network, and slack-status.com. Cards wait, nothing is lost.")
