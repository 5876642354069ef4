"""The tokens of the app: where each comes from, and whether Slack takes it. None is printed, logged or written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.talk import Stop, Talk, advice_on
from models.errors import PlatformError, TryLater
from responders.slack.connecting import SignedIn, Workspace

Found = TypeVar("Found")


@dataclass(frozen=True)
class Token:
    """One of the tokens: where it comes from and how to know it."""

    id: str
    variable: str
    begins: str
    whence: str


BOT_TOKEN = Token(
    "bot_token", "PALOVAHTI_SLACK_BOT_TOKEN", "xoxb-",
    "the app's page → Install App → Install to Workspace → Bot User OAuth Token",
)  # fmt: skip
APP_TOKEN = Token(
    "app_token", "PALOVAHTI_SLACK_APP_TOKEN", "xapp-",
    "the app's page → Basic Information → App-Level Tokens → Generate, with the scope connections:write",
)  # fmt: skip


def sign_in(talk: Talk, given: str | None, api_base: str | None) -> tuple[Workspace, SignedIn, bool]:
    """The workspace, who we are there, and whether the token was asked for."""

    def signed_in(token: str) -> tuple[Workspace, SignedIn]:
        workspace = Workspace(token, api_base)
        return workspace, workspace.sign_in()

    (workspace, hello), asked = _with_token(talk, BOT_TOKEN, given, signed_in)
    talk.tell(BOT_TOKEN.id, True, f"signed in to the workspace {hello.team} as @{hello.bot}")
    if hello.lacking:
        hint = "On the app's page, compare OAuth & Permissions with `palovahti slack manifest`, then install it again."
        talk.tell("scopes", False, f"missing: {', '.join(hello.lacking)}", hint)
        raise Stop
    if hello.needless:
        names = ", ".join(hello.needless)
        talk.tell("scopes", True, "every scope is granted", f"Never used, and may be taken away: {names}.")
    elif hello.sees_private:
        talk.tell("scopes", True, "every scope is granted, and none too many")
    else:
        talk.tell("scopes", True, "every scope for public channels is granted; private channels are not seen")
    return workspace, hello, asked


def open_a_socket(talk: Talk, workspace: Workspace, given: str | None) -> bool:
    """Has Slack open a line for Socket Mode; whether the app-level token was asked for."""
    _, asked = _with_token(talk, APP_TOKEN, given, workspace.opens_socket)
    talk.tell(APP_TOKEN.id, True, "Slack opens a line for Socket Mode")
    return asked


def look_for_the_signing_secret(talk: Talk, given: str | None) -> None:
    """Tells whether there is one, for the http door; nothing but a press can prove it."""
    if given is not None:
        talk.tell("signing_secret", True, "set; Slack proves it with the first press")
        return
    hint = "Copy it from Basic Information → Signing Secret into PALOVAHTI_SLACK_SIGNING_SECRET."
    talk.tell("signing_secret", False, 'not set, and the settings say door = "http"', hint)


def _with_token(talk: Talk, token: Token, given: str | None, use: Callable[[str], Found]) -> tuple[Found, bool]:
    """What `use` made of the token, and whether it was asked for. A person may try until Slack takes one."""
    if given is None and not talk.asks:
        hint = f"Set {token.variable} to the token from {token.whence}."
        talk.tell(token.id, False, f"{token.variable} is not set", hint)
        raise Stop
    while True:
        value = given or talk.secret(f"The token that begins with {token.begins} (it is not shown; Enter stops):")
        if not value:
            raise Stop
        if not value.startswith(token.begins):
            sentence = f"this is another kind of token; the right one begins with {token.begins}"
            talk.tell(token.id, False, sentence, f"Copy it from {token.whence}.")
        else:
            try:
                return use(value), given is None
            except PlatformError as error:
                _refused(talk, token, error)
        if given:
            raise Stop


def _refused(talk: Talk, token: Token, error: PlatformError) -> None:
    if isinstance(error, TryLater):
        talk.tell(token.id, False, f"Slack does not answer now ({error.code})", advice_on(error))
        raise Stop from None
    hint = f"Copy it again from {token.whence}." if token is APP_TOKEN else f"{error.advice} It is on {token.whence}."
    talk.tell(token.id, False, f"Slack does not take it ({error.code})", hint)
