"""Looks whether Slack lets us in: the token, its scopes, the channels, and whether our clocks agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

SCOPES = (
    "chat:write",
    "channels:history",
    "channels:read",
    "commands",
    "metadata.message:read",
    "usergroups:read",
    "users:read",
)
CLOCK_TOLERANCE_S = 60


@dataclass(frozen=True)
class Probe:
    """One thing that was looked at, what was seen, and what to do when it is not well."""

    id: str
    ok: bool
    sentence: str
    hint: str = ""


def probe(client: WebClient, channels: Sequence[str], groups: Sequence[str], now: datetime) -> Iterator[Probe]:
    """Everything the product needs of the workspace, looked at in turn; stops where the token opens nothing."""
    try:
        hello = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error", "unknown")
        yield Probe("slack", False, f"Slack refuses the bot token ({code})", "Install the app anew: docs/slack.md.")
        return
    except (SlackClientError, OSError) as error:
        yield Probe("slack", False, f"Slack cannot be reached ({type(error).__name__})", "Check the network.")
        return
    yield Probe("slack", True, f"signed in to the workspace {hello.get('team', '')}")
    headers = {name.lower(): str(value) for name, value in hello.headers.items()}
    yield _scopes(headers.get("x-oauth-scopes", ""))
    for channel in dict.fromkeys(channels):
        yield _channel(client, channel)
    for group in sorted(set(groups)):
        yield _group(client, group)
    yield _clock(headers.get("date"), now)


def _scopes(header: str) -> Probe:
    granted = set(header.replace(" ", "").split(","))
    lacking = [scope for scope in SCOPES if scope not in granted]
    if not lacking:
        return Probe("slack:scopes", True, "every scope is granted")
    hint = "Add them in the app's settings and install it anew: docs/slack.md."
    return Probe("slack:scopes", False, f"missing: {', '.join(lacking)}", hint)


def _channel(client: WebClient, channel: str) -> Probe:
    try:
        client.conversations_history(channel=channel, limit=1)
    except SlackApiError as error:
        code = error.response.get("error", "unknown")
        return Probe("slack:channel", False, f"{channel}: {code}", "Check the id, and invite the bot to the channel.")
    return Probe("slack:channel", True, f"{channel} can be read, for finding our cards again")


def _group(client: WebClient, group: str) -> Probe:
    try:
        members = client.usergroups_users_list(usergroup=group)["users"]
    except SlackApiError as error:
        code = error.response.get("error", "unknown")
        hint = "Check the id in the settings, and that the group is switched on: docs/slack.md."
        return Probe("slack:group", False, f"{group}: {code}", hint)
    if not members:
        return Probe("slack:group", False, f"{group} has nobody in it", "Add its members in Slack.")
    return Probe("slack:group", True, f"{group} can be read ({len(members)} in it)")


def _clock(date: str | None, now: datetime) -> Probe:
    if not date:
        return Probe("clock", True, "Slack tells no time; nothing to compare with")
    apart = abs((now - parsedate_to_datetime(date)).total_seconds())
    if apart <= CLOCK_TOLERANCE_S:
        return Probe("clock", True, f"this machine's clock is {apart:.0f} s from Slack's")
    hint = "Turn on time synchronisation; Slack refuses requests more than five minutes off."
    return Probe("clock", False, f"this machine's clock is {apart:.0f} s from Slack's", hint)
