"""Builds what calls people: the ringer, escalations with their steps, duties and hand-overs, from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.oncall_settings import duty_of
from bot.settings import Secrets, Settings
from models.base import Sessions
from responders.draw import Drawing
from responders.duties import DutyDesk, TakingDuty
from responders.handing_over import HandingOver
from responders.oncall import Duty
from responders.oncall_ringing import Keys, Ringer, Smtp
from responders.outrage_channels import OutrageChannels, OutrageRules, TakingParts
from responders.ports import Notifier
from responders.ring_words import RingWords
from responders.roles import Roles
from responders.slack.client import web_client
from responders.slack.escalating import listens_for_escalations, listens_for_parts
from responders.slack.listening import Listen
from responders.slack.notifier import SlackNotifier
from responders.slack.people import People
from responders.slack.rooms import SlackRooms
from responders.taking import Taking
from responders.tending import Tending


@dataclass(frozen=True)
class Escalating:
    """The steps, the ports that people act through, and what listens to their buttons."""

    tending: Tending
    handing_over: HandingOver
    taking: Taking
    duties: DutyDesk
    taking_duty: TakingDuty
    outrage_channels: OutrageChannels | None
    listens: tuple[Listen, ...]


def build_escalating(
    settings: Settings,
    secrets: Secrets,
    *,
    sessions: Sessions,
    drawing: Drawing,
    roles: Roles,
    clock: Callable[[], datetime],
    wall: Callable[[], datetime],
    look_s: float,
) -> Escalating:
    """`look_s` is the longest that a fire goes without a look while it calls."""
    duty = duty_in(settings)
    people = People(web_client(_plain(secrets.slack_bot_token) or "", settings.slack.api_base))
    ringer = ringer_of(settings, secrets)
    words = RingWords(drawing, duty, settings.slack.alert_channel, people.language)
    duties = DutyDesk(sessions=sessions, duty=duty, roles=roles, clock=clock, wall=wall)
    parts = TakingParts(sessions=sessions, roles=roles, clock=clock, wall=wall)
    taking = Taking(sessions=sessions, duty=duty, roles=roles, clock=clock, wall=wall)
    return Escalating(
        tending=Tending(sessions, duty, ringer, words, settings.shop.zone, look_s),
        handing_over=HandingOver(
            sessions, duty, notifier_of(settings, secrets), settings.slack.card_language, people.language, 3 * look_s
        ),
        taking=taking,
        duties=duties,
        taking_duty=TakingDuty(duties, duty),
        outrage_channels=_outrage_channels(settings, secrets, sessions, drawing, duty, 3 * look_s),
        listens=(listens_for_escalations(taking), listens_for_parts(parts)),
    )


def _outrage_channels(
    settings: Settings, secrets: Secrets, sessions: Sessions, drawing: Drawing, duty: Duty, look_s: float
) -> OutrageChannels | None:
    wanted = settings.outrage_channel
    if not wanted.enabled:
        return None
    rules = OutrageRules(wanted.invite, timedelta(minutes=wanted.update_minutes), wanted.when_over == "archive")
    rooms = SlackRooms(_plain(secrets.slack_bot_token) or "", settings.slack.api_base)
    notifier = notifier_of(settings, secrets)
    return OutrageChannels(sessions, duty, drawing, rooms, notifier, rules, settings.slack.alert_channel, look_s)


def duty_in(settings: Settings) -> Duty:
    """Who is on duty and what calls them, as the settings say."""
    return duty_of(settings.oncall, settings.shop.zone)


def notifier_of(settings: Settings, secrets: Secrets) -> Notifier:
    return SlackNotifier(_plain(secrets.slack_bot_token) or "", settings.slack.api_base)


def ringer_of(settings: Settings, secrets: Secrets) -> Ringer:
    """What calls by every route that the settings and the secrets allow."""
    smtp = settings.oncall.smtp
    server = None
    if smtp is not None:
        password = _plain(secrets.smtp_password)
        server = Smtp(smtp.host, smtp.port, smtp.security, smtp.sender, smtp.username, password)
    return Ringer(
        notifier_of(settings, secrets),
        settings.slack.alert_channel,
        Keys(_plain(secrets.pagerduty_routing_key), _plain(secrets.opsgenie_api_key)),
        server,
    )


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value().strip() if secret else None
