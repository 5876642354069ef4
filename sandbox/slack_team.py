"""Whose workspace it is: its team, the app, its people, and its channels as they are at first."""

from __future__ import annotations

from dataclasses import dataclass

TEAM_ID = "T0NUOTIO"
TEAM_NAME = "Nuotiopuoti"
TEAM_DOMAIN = "nuotiopuoti"
APP_ID = "A0PALOVAHTI"
BOT_ID = "B0PALOVAHTI"
BOT_USER_ID = "U0PALOVAHTI"
BOT_NAME = "Palovahti"


@dataclass(frozen=True)
class Channel:
    """A channel as it is at first; people may invite the bot later."""

    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    has_bot: bool = True


@dataclass(frozen=True)
class Person:
    id: str
    handle: str
    name: str
    is_bot: bool = False


CHANNELS = (Channel("C0PALOVAHTI", "palovahti"), Channel("C0ASIAKAS", "asiakaspalvelu"))
PEOPLE = (
    Person("U0ANNA", "anna", "Anna Laine"),
    Person("U0MIKAEL", "mikael", "Mikael Öst"),
    Person("U0SARA", "sara", "Sara Virta"),
)
BOT = Person(BOT_USER_ID, "palovahti", BOT_NAME, is_bot=True)
