"""Builds what reaches people beside the cards: calls of those on duty, and the morning's digest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy.orm import Session

from bot.oncall_settings import DAYS, duty_of
from bot.settings import Settings
from bot.shop_settings import Language
from bot.slack_settings import SlackSettings
from models.base import Sessions
from models.errors import TryLater
from models.mutes import still_until
from responders.calls import Calling
from responders.digest import Gathering
from responders.duties import duty_now
from responders.interruptions import NameOf
from responders.morning import Digests, is_person
from responders.morning_time import Morning
from responders.oncall import Duty
from responders.ports import Notifier
from responders.roles import Staff, is_group
from responders.routes import Abilities
from responders.slack.client import web_client
from responders.slack.pacer import Pacer
from responders.slack.people import People
from responders.slack.places import Workspace
from responders.slack.threads import Threads

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Quiet:
    """`digests` is None for a shop that wants none, `name_of` where reports name nobody."""

    calling: Calling
    digests: Digests | None
    name_of: NameOf | None

    def send_digest(self, now: datetime, wall: datetime) -> None:
        if self.digests is not None:
            self.digests.send(now, wall)


def build_quiet(
    settings: Settings,
    sessions: Sessions,
    token: str,
    notifier: Notifier,
    pacer: Pacer,
    staff: Staff,
    abilities: Abilities,
) -> Quiet:
    """Both, over one shop's settings."""
    duty = duty_of(settings.oncall, settings.shop.zone)

    def as_it_stands(session: Session, now: datetime) -> Duty:
        return duty_now(session, duty, now)

    client = web_client(token, settings.slack.api_base)
    people = People(client)
    calling = Calling(
        sessions=sessions,
        duty=as_it_stands,
        otherwise=settings.slack.call,
        staff=staff,
        under=Threads(client, pacer).under,
        language=lambda channel: language_in(settings.slack, channel),
        zone=settings.shop.zone,
        still=still_until,
    )
    name_of = people.name if settings.reports.per_person else None
    morning = morning_of(settings)
    if morning is None:
        return Quiet(calling, None, name_of)
    digests = Digests(
        sessions=sessions,
        gathering=Gathering(settings.shop.name, settings.shop.zone, abilities),
        duty=as_it_stands,
        workspace=Workspace(client).address,
        notifier=notifier,
        morning=morning,
        places=_places(settings.slack.digest_to or (settings.slack.contact_channel,), staff),
        language=lambda place: (
            (people.language(place) if is_person(place) else None) or language_in(settings.slack, place)
        ),
        when_calm=settings.slack.digest_when_calm,
    )
    return Quiet(calling, digests, name_of)


def language_in(slack: SlackSettings, channel: str) -> Language:
    """The language of what stands in the channel."""
    return slack.channel_languages.get(channel, slack.card_language)


def morning_of(settings: Settings) -> Morning | None:
    """When the digest comes; None for a shop that wants none."""
    if not settings.slack.digest:
        return None
    days = frozenset(DAYS.index(day) for day in settings.slack.digest_days)
    return Morning(time.fromisoformat(settings.slack.digest), settings.shop.zone, days)


def _places(named: Sequence[str], staff: Staff) -> Callable[[], Sequence[str]]:
    """The channels, and everybody behind the people and groups named who has not left."""

    def places() -> Sequence[str]:
        found: dict[str, None] = {}
        for one in named:
            people = sorted(staff.members(one)) if is_group(one) else [one]
            found |= dict.fromkeys(people)
        return [one for one in found if not (is_person(one) and _has_left(one, staff))]

    return places


def _has_left(user_id: str, staff: Staff) -> bool:
    try:
        return staff.has_left(user_id)
    except TryLater:
        return False  # a message to somebody who has left is refused, and harms nobody
