"""Behind `palovahti slack connect`: walks from no app to a test card in the channels, and says what to set.

In a terminal it asks for what is missing, tokens without showing them; elsewhere it takes flags and the environment.
No token is ever printed, logged or written anywhere.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console

from bot.settings import read_secrets, read_slack_so_far
from bot.shop_settings import Language
from bot.slack_settings import SlackSoFar
from bot.slack_tokens import APP_TOKEN, BOT_TOKEN, look_for_the_signing_secret, open_a_socket, sign_in
from bot.talk import Stop, Talk, advice_on
from bot.toml_lines import CannotBeSet, section_lines, set_texts
from models.errors import PlatformError
from responders.slack.connecting import Room, SignedIn, Workspace, creation_link

SHOWN_CHANNELS = 15


@dataclass(frozen=True)
class Wanted:
    """What the command line named; None is asked for, or taken from the settings."""

    alert_channel: str | None = None
    contact_channel: str | None = None
    card_language: Language | None = None


def connect(wanted: Wanted, path: Path, console: Console, *, as_json: bool) -> int:
    """Walks through the set-up; the status is 0 when a card is in both channels. Raises SettingsProblem."""
    talk = Talk(console, as_json)
    had, secrets = read_slack_so_far(path), read_secrets()
    language = wanted.card_language or had.card_language
    chosen: dict[str, str] = {}
    typed: list[str] = []
    try:
        if _plain(secrets.slack_bot_token) is None:
            _tell_where_to_begin(talk)
        workspace, signed_in, asked = sign_in(talk, _plain(secrets.slack_bot_token), had.api_base)
        typed += [BOT_TOKEN.variable] if asked else []
        if had.door == "http":
            look_for_the_signing_secret(talk, _plain(secrets.slack_signing_secret))
        elif open_a_socket(talk, workspace, _plain(secrets.slack_app_token)):
            typed.append(APP_TOKEN.variable)
        rooms = _choose_rooms(talk, workspace, signed_in, wanted, had)
        chosen = {"alert_channel": rooms[0].id, "contact_channel": rooms[1].id, "card_language": language}
        _greet(talk, workspace, rooms, language)
    except Stop:
        pass
    well = bool(chosen) and all(step.ok for step in talk.steps.values())
    if as_json:
        steps = [asdict(step) for step in talk.steps.values()]
        console.print_json(json.dumps({"ok": well, "steps": steps, "settings": {"slack": chosen}}))
    elif chosen:
        _tell_what_to_set(talk, path, had, chosen, typed)
    return 0 if well else 1


def _tell_where_to_begin(talk: Talk) -> None:
    talk.say("1. Make the app: open this link, choose your workspace and press Create. The manifest is filled in;")
    talk.say("   `palovahti slack manifest` prints it, for pasting.")
    talk.say(f"   {creation_link()}")
    talk.say(f"2. Copy the bot token from {BOT_TOKEN.whence}.")
    talk.say(f"3. Make an app-level token: {APP_TOKEN.whence}.")
    talk.say("4. Invite the bot to the channels: write /invite @Palovahti in each.")
    talk.say()


def _choose_rooms(
    talk: Talk, workspace: Workspace, hello: SignedIn, wanted: Wanted, had: SlackSoFar
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
        raise Stop
    return alerts, contacts


def _list_rooms(talk: Talk, workspace: Workspace, hello: SignedIn) -> None:
    try:
        rooms = workspace.rooms(private=hello.sees_private)
    except PlatformError as error:
        talk.say(f"The channels cannot be listed now ({error.code}).")
        return
    names = [f"#{room.name}{' (the bot is there)' if room.has_bot else ''}" for room in rooms[:SHOWN_CHANNELS]]
    more = f" and {len(rooms) - SHOWN_CHANNELS} more" if len(rooms) > SHOWN_CHANNELS else ""
    talk.say(f"Channels: {', '.join(names)}{more}." if names else "The bot sees no channel yet.")


def _room(
    talk: Talk, workspace: Workspace, hello: SignedIn, id: str, what: str, named: str | None, usual: str
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
            talk.tell(id, False, f"{name}: {error.code}", advice_on(error))
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
            raise Stop
        name = again or name


def _greet(talk: Talk, workspace: Workspace, rooms: tuple[Room, Room], language: Language) -> None:
    alerts, contacts = rooms
    uses = {alerts: "both"} if alerts.id == contacts.id else {alerts: "alerts", contacts: "contacts"}
    for room, use in uses.items():
        try:
            workspace.greet(room, use, language)
        except PlatformError as error:
            talk.tell(f"card:{use}", False, f"#{room.name}: {error.code}", advice_on(error))
        else:
            talk.tell(f"card:{use}", True, f"a test card is in #{room.name}")


def _tell_what_to_set(talk: Talk, path: Path, had: SlackSoFar, chosen: dict[str, str], typed: list[str]) -> None:
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


def _plain(secret: SecretStr | None) -> str | None:
    return (secret.get_secret_value().strip() if secret else "") or None
