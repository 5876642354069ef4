"""Behind `palovahti slack connect`: walks from no app to a test card in the channels, and says what to set.

In a terminal it asks for what is missing, tokens without showing them; elsewhere it takes flags and the environment.
No token is ever printed, logged or written anywhere.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from getpass import GetPassWarning, getpass
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr
from rich.console import Console

from bot.settings import read_secrets, read_slack_so_far
from bot.shop_settings import Language
from bot.slack_settings import SlackSoFar
from bot.toml_lines import CannotBeSet, section_lines, set_texts
from models.errors import PlatformError, TryLater
from responders.slack.connecting import Room, SignedIn, Workspace, creation_link
from responders.slack.probe import Probe

SHOWN_CHANNELS = 15

Found = TypeVar("Found")


@dataclass(frozen=True)
class Wanted:
    """What the command line named; None is asked for, or taken from the settings."""

    alert_channel: str | None = None
    contact_channel: str | None = None
    card_language: Language | None = None


class _Stop(Exception):
    """There is no sense in going on; why was told."""


@dataclass
class _Talk:
    """What is said to a person or a program, and what a person answers."""

    console: Console
    as_json: bool
    steps: dict[str, Probe] = field(default_factory=dict)  # the last word on each

    @property
    def asks(self) -> bool:
        return not self.as_json and sys.stdin.isatty() and sys.stdout.isatty()

    def say(self, sentence: str = "") -> None:
        if not self.as_json:
            self.console.print(sentence, markup=False, soft_wrap=True)

    def tell(self, id: str, ok: bool, sentence: str, hint: str = "") -> None:
        self.steps[id] = Probe(id, ok, sentence, hint)
        if self.as_json:
            return
        self.console.print("[green]ok  [/green]" if ok else "[red]FAIL[/red]", f"{id:<16}", end=" ")
        self.console.print(sentence, markup=False, soft_wrap=True)
        if hint:
            self.console.print(f"     {'':<16} → {hint}", markup=False, soft_wrap=True)

    def answer(self, question: str) -> str:
        try:
            return input(f"{question} ").strip()
        except EOFError:
            raise _Stop from None

    def secret(self, question: str) -> str:
        """What was typed, which the terminal does not show. Nothing is asked of a terminal that would."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", GetPassWarning)
                return getpass(f"{question} ").strip()
        except EOFError:
            raise _Stop from None
        except GetPassWarning:
            self.say("This terminal cannot hide what is typed. Set the token in its environment variable instead.")
            raise _Stop from None


@dataclass(frozen=True)
class _Token:
    """One of the tokens: where it comes from and how to know it."""

    id: str
    variable: str
    begins: str
    whence: str


_BOT = _Token(
    "bot_token", "PALOVAHTI_SLACK_BOT_TOKEN", "xoxb-",
    "the app's page → Install App → Install to Workspace → Bot User OAuth Token",
)  # fmt: skip
_APP = _Token(
    "app_token", "PALOVAHTI_SLACK_APP_TOKEN", "xapp-",
    "the app's page → Basic Information → App-Level Tokens → Generate, with the scope connections:write",
)  # fmt: skip


def connect(wanted: Wanted, path: Path, console: Console, *, as_json: bool) -> int:
    """Walks through the set-up; the status is 0 when a card is in both channels. Raises SettingsProblem."""
    talk = _Talk(console, as_json)
    had, secrets = read_slack_so_far(path), read_secrets()
    language = wanted.card_language or had.card_language
    chosen: dict[str, str] = {}
    typed: list[str] = []
    try:
        if _plain(secrets.slack_bot_token) is None:
            _tell_where_to_begin(talk)
        workspace, signed_in, asked = _sign_in(talk, _plain(secrets.slack_bot_token), had)
        typed += [_BOT.variable] if asked else []
        if had.door == "http":
            _look_for_the_signing_secret(talk, _plain(secrets.slack_signing_secret))
        elif _open_a_socket(talk, workspace, _plain(secrets.slack_app_token)):
            typed.append(_APP.variable)
        rooms = _choose_rooms(talk, workspace, signed_in, wanted, had)
        chosen = {"alert_channel": rooms[0].id, "contact_channel": rooms[1].id, "card_language": language}
        _greet(talk, workspace, rooms, language)
    except _Stop:
        pass
    well = bool(chosen) and all(step.ok for step in talk.steps.values())
    if as_json:
        steps = [asdict(step) for step in talk.steps.values()]
        console.print_json(json.dumps({"ok": well, "steps": steps, "settings": {"slack": chosen}}))
    elif chosen:
        _tell_what_to_set(talk, path, had, chosen, typed)
    return 0 if well else 1


def _tell_where_to_begin(talk: _Talk) -> None:
    talk.say("1. Make the app: open this link, choose your workspace and press Create. The manifest is filled in;")
    talk.say("   `palovahti slack manifest` prints it, for pasting.")
    talk.say(f"   {creation_link()}")
    talk.say(f"2. Copy the bot token from {_BOT.whence}.")
    talk.say(f"3. Make an app-level token: {_APP.whence}.")
    talk.say("4. Invite the bot to the channels: write /invite @Palovahti in each.")
    talk.say()


def _sign_in(talk: _Talk, given: str | None, had: SlackSoFar) -> tuple[Workspace, SignedIn, bool]:
    """The workspace, who we are there, and whether the token was asked for."""

    def signed_in(token: str) -> tuple[Workspace, SignedIn]:
        workspace = Workspace(token, had.api_base)
        return workspace, workspace.sign_in()

    (workspace, hello), asked = _with_token(talk, _BOT, given, signed_in)
    talk.tell(_BOT.id, True, f"signed in to the workspace {hello.team} as @{hello.bot}")
    if hello.lacking:
        hint = "On the app's page, compare OAuth & Permissions with `palovahti slack manifest`, then install it again."
        talk.tell("scopes", False, f"missing: {', '.join(hello.lacking)}", hint)
        raise _Stop
    if hello.needless:
        names = ", ".join(hello.needless)
        talk.tell("scopes", True, "every scope is granted", f"Never used, and may be taken away: {names}.")
    elif hello.sees_private:
        talk.tell("scopes", True, "every scope is granted, and none too many")
    else:
        talk.tell("scopes", True, "every scope for public channels is granted; private channels are not seen")
    return workspace, hello, asked


def _open_a_socket(talk: _Talk, workspace: Workspace, given: str | None) -> bool:
    """Whether the app-level token was asked for."""
    _, asked = _with_token(talk, _APP, given, workspace.opens_socket)
    talk.tell(_APP.id, True, "Slack opens a line for Socket Mode")
    return asked


def _look_for_the_signing_secret(talk: _Talk, given: str | None) -> None:
    if given is not None:
        talk.tell("signing_secret", True, "set; Slack proves it with the first press")
        return
    hint = "Copy it from Basic Information → Signing Secret into PALOVAHTI_SLACK_SIGNING_SECRET."
    talk.tell("signing_secret", False, 'not set, and the settings say door = "http"', hint)


def _with_token(talk: _Talk, token: _Token, given: str | None, use: Callable[[str], Found]) -> tuple[Found, bool]:
    """What `use` made of the token, and whether it was asked for. A person may try until Slack takes one."""
    if given is None and not talk.asks:
        hint = f"Set {token.variable} to the token from {token.whence}."
        talk.tell(token.id, False, f"{token.variable} is not set", hint)
        raise _Stop
    while True:
        value = given or talk.secret(f"The token that begins with {token.begins} (it is not shown; Enter stops):")
        if not value:
            raise _Stop
        if not value.startswith(token.begins):
            sentence = f"this is another kind of token; the right one begins with {token.begins}"
            talk.tell(token.id, False, sentence, f"Copy it from {token.whence}.")
        else:
            try:
                return use(value), given is None
            except PlatformError as error:
                _refused(talk, token, error)
        if given:
            raise _Stop


def _refused(talk: _Talk, token: _Token, error: PlatformError) -> None:
    if isinstance(error, TryLater):
        talk.tell(token.id, False, f"Slack does not answer now ({error.code})", _advice(error))
        raise _Stop from None
    hint = f"Copy it again from {token.whence}." if token is _APP else f"{error.advice} It is on {token.whence}."
    talk.tell(token.id, False, f"Slack does not take it ({error.code})", hint)


def _choose_rooms(
    talk: _Talk, workspace: Workspace, hello: SignedIn, wanted: Wanted, had: SlackSoFar
) -> tuple[Room, Room]:
    if talk.asks and not (wanted.alert_channel and wanted.contact_channel):
        _list_rooms(talk, workspace, hello)
    alerts = _room(
        talk, workspace, hello, "alert_channel", "alerts", wanted.alert_channel, had.alert_channel
    )  # fmt: skip
    contacts = _room(
        talk, workspace, hello, "contact_channel", "customers who wait for an answer",
        wanted.contact_channel, had.contact_channel or (alerts.name if talk.asks and alerts else ""),
    )  # fmt: skip
    if alerts is None or contacts is None:
        raise _Stop
    return alerts, contacts


def _list_rooms(talk: _Talk, workspace: Workspace, hello: SignedIn) -> None:
    try:
        rooms = workspace.rooms(private=hello.sees_private)
    except PlatformError as error:
        talk.say(f"The channels cannot be listed now ({error.code}).")
        return
    names = [f"#{room.name}{' (the bot is there)' if room.has_bot else ''}" for room in rooms[:SHOWN_CHANNELS]]
    more = f" and {len(rooms) - SHOWN_CHANNELS} more" if len(rooms) > SHOWN_CHANNELS else ""
    talk.say(f"Channels: {', '.join(names)}{more}." if names else "The bot sees no channel yet.")


def _room(
    talk: _Talk, workspace: Workspace, hello: SignedIn, id: str, what: str, named: str | None, usual: str
) -> Room | None:
    """The channel, with the bot in it; None when it cannot be used. A person may try another, or invite the bot."""
    flag = f"--{id.replace('_', '-')}"
    name = named or ("" if talk.asks else usual)
    if not name and not talk.asks:
        hint = f"Name it, such as {flag} '#palovahti', or set slack.{id} in the settings."
        talk.tell(id, False, f"no channel for {what} is named", hint)
        return None
    while True:
        if not name:
            name = talk.answer(f"Channel for {what}{f' [{usual}]' if usual else ''}:") or usual
            if not name:
                return None
        try:
            room = workspace.room(name, private=hello.sees_private)
        except PlatformError as error:
            talk.tell(id, False, f"{name}: {error.code}", _advice(error))
        else:
            if room.has_bot and not room.archived:
                talk.tell(id, True, f"#{room.name} ({room.id}), with the bot in it")
                return room
            if room.archived:
                talk.tell(id, False, f"#{room.name} is archived", "Open it again in Slack, or choose another.")
            else:
                hint = f"Write /invite @{hello.bot} in #{room.name}, then look again."
                talk.tell(id, False, f"the bot is not in #{room.name}", hint)
        if not talk.asks:
            return None
        again = talk.answer("Enter looks again; or name another channel; q stops:")
        if again.lower() == "q":
            raise _Stop
        name = again or name


def _greet(talk: _Talk, workspace: Workspace, rooms: tuple[Room, Room], language: Language) -> None:
    alerts, contacts = rooms
    uses = {alerts: "both"} if alerts.id == contacts.id else {alerts: "alerts", contacts: "contacts"}
    for room, use in uses.items():
        try:
            workspace.greet(room, use, language)
        except PlatformError as error:
            talk.tell(f"card:{use}", False, f"#{room.name}: {error.code}", _advice(error))
        else:
            talk.tell(f"card:{use}", True, f"a test card is in #{room.name}")


def _tell_what_to_set(talk: _Talk, path: Path, had: SlackSoFar, chosen: dict[str, str], typed: list[str]) -> None:
    talk.say()
    for variable in typed:
        talk.say(f"Set {variable} to the token you gave: in the environment, or as a file {variable.lower()}")
        talk.say("in the folder PALOVAHTI_SECRETS_DIR. It is kept nowhere else.")
    if all(getattr(had, key) == value for key, value in chosen.items()):
        talk.say(f"{path} names these channels already. `palovahti check` proves the rest.")
        return
    talk.say(f"These lines belong in {path}:")
    talk.say()
    talk.say(section_lines("slack", chosen))
    talk.say()
    if not talk.asks or talk.answer(f"Write them into {path}? [y/N]").lower() not in ("y", "yes"):
        return
    try:
        set_texts(path, "slack", chosen)
    except CannotBeSet:
        talk.say(f"{path} is written in a way that this command does not change. Put the lines in by hand.")
    except OSError as error:
        talk.say(f"{path} cannot be written ({type(error).__name__}). Put the lines in by hand.")
    else:
        talk.say(f"Written. `palovahti check` tells what {path} still lacks.")


def _advice(error: PlatformError) -> str:
    wait = error.retry_after_s if isinstance(error, TryLater) else None
    return f"{error.advice} Try again in {wait:.0f} seconds." if wait else error.advice


def _plain(secret: SecretStr | None) -> str | None:
    return (secret.get_secret_value().strip() if secret else "") or None
