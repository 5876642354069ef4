"""The composition root: from settings to a running product. The only file that knows every concrete class."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, make_url

from bot.case_side import beside_cards, case_listener
from bot.casework import case_deeds
from bot.clocks import Clock
from bot.clocks import wall as machine_time
from bot.doors import Door, HttpDoor, PatientDoor
from bot.escalating import build_escalating, duty_in, ringer_of
from bot.explaining import explainer
from bot.judge_choice import judge_of
from bot.lock import OnlyOne
from bot.pace import SHIPPED, Pace
from bot.people_side import people_side
from bot.quiet import build_quiet, morning_of
from bot.roles_settings import roles_of
from bot.settings import Secrets, Settings
from bot.shop_settings import Language
from bot.slack_line import watched_door
from bot.sources import build_publishers, build_sources
from bot.work import LANES, ask_first, work_of
from bot.worker import Worker
from classifier.verdict import Judge
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from responders import delivery
from responders.alarm_ringing import routes_beside_slack
from responders.approvals import Approvals
from responders.casework import CaseDeeds
from responders.consider import Considering
from responders.correcting import Correcting
from responders.draw import Drawing
from responders.grading import Grading
from responders.matters import Ground
from responders.playbooks.loading import load_playbooks
from responders.profile import Notice, ShopProfile
from responders.publish import Publishing
from responders.routes import Abilities, limits
from responders.slack.app import create_app
from responders.slack.beating import listen_for_beats
from responders.slack.client import web_client
from responders.slack.doors import http_door
from responders.slack.groups import Groups, listen_for_staff
from responders.slack.inbox import Inbox
from responders.slack.notifier import SlackNotifier
from responders.slack.pacer import Pacer
from responders.suggest import Suggester

logger = logging.getLogger(__name__)

BACKFILL = timedelta(days=1)
"""How far before its first start the product listens: yesterday's unanswered, not last year's."""


@dataclass
class Product:
    """Everything that runs. `start` begins, `stop` ends after the jobs in hand."""

    engine: Engine
    sessions: Sessions
    worker: Worker
    approvals: Approvals
    casework: CaseDeeds
    door: Door
    inbox: Inbox
    only_one: OnlyOne

    def start(self) -> None:
        """Listening never waits for Slack: a door that cannot be opened yet is tried again until it opens.

        Raises SignInAgain or Refused when Slack will not let us in however long we wait.
        """
        self.worker.start()
        self.inbox.finish_what_was_left()
        self.door.start()

    def stop(self) -> None:
        self.worker.stop()
        self.door.close()
        self.inbox.close()
        self.engine.dispose()
        self.only_one.release()


def open_store(url: str) -> tuple[Engine, Sessions]:
    """The store, brought to today's schema; a missing folder for a SQLite file is made."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(parsed)
    upgrade(engine)
    return engine, open_sessions(engine)


def profile_of(settings: Settings) -> ShopProfile:
    """The shop's facts as drafts may use them."""
    shop = settings.shop
    return ShopProfile(
        name=shop.name,
        languages=shop.languages,
        zone=shop.zone,
        phone=shop.phone,
        email=shop.email,
        contact_form=shop.contact_form,
        help_page=shop.help_page,
        return_page=shop.return_page,
        privacy_page=shop.privacy_page,
        return_days=shop.return_days,
        opening_hours=_by_language(shop.opening_hours),
        signature=_by_language(shop.signature),
        notices=tuple(Notice(one.reason, one.first_day, one.last_day, _by_language(one.text)) for one in shop.notices),
    )


def _by_language(words: Mapping[Language, str]) -> dict[str, str]:
    return {str(language): text for language, text in words.items()}


def build_judge(settings: Settings) -> Judge:
    """The judge that the settings name."""
    return judge_of(settings.judge, settings.store)


def build(
    settings: Settings,
    secrets: Secrets,
    *,
    clock: Clock = machine_time,
    pace: Pace = SHIPPED,
    judge: Judge | None = None,
) -> Product:
    """The product, wired and ready to start.

    Raises SettingsProblem, or AlreadyRunning when another process works on the same store.
    """
    only_one = OnlyOne.take(settings.store.url)
    engine, sessions = open_store(settings.store.url)
    profile = profile_of(settings)
    playbooks = load_playbooks(settings.playbooks.folder)
    reach, longest = Abilities(human_agent=bool(settings.facebook and settings.facebook.human_agent)), limits()
    token = secrets.slack_bot_token.get_secret_value() if secrets.slack_bot_token else ""
    sources = build_sources(settings, secrets, clock() - BACKFILL)
    reader = judge or build_judge(settings)
    pacer = Pacer(machine_time, pace.slack_speed)
    duty = duty_in(settings)
    channels = {"alert": settings.slack.alert_channel, "contact": settings.slack.contact_channel}
    suggester = Suggester(playbooks, profile, longest)
    client = web_client(token, settings.slack.api_base)
    groups = Groups(client)
    roles = roles_of(settings.roles, groups)
    notifier = SlackNotifier(token, settings.slack.api_base, pacer=pacer)
    ground = Ground(settings.shop.name, suggester, pace.redraw_after_s, duty)
    drawing = Drawing(
        language=settings.slack.card_language,
        zone=settings.shop.zone,
        abilities=reach,
        limits=longest,
        profile=profile,
        playbooks={playbook.id: playbook for playbook in playbooks},
        answer_within=timedelta(minutes=settings.heat.answer_within_minutes),
        duty=duty,
    )
    escalating = build_escalating(
        settings,
        secrets,
        sessions=sessions,
        drawing=drawing,
        roles=roles,
        clock=clock,
        wall=machine_time,
        look_s=pace.escalate_s,
    )
    worker = Worker(
        sessions=sessions,
        work=work_of(
            settings,
            sessions=sessions,
            sources=sources,
            judge=reader,
            considering=Considering(ground),
            drawing=drawing,
            escalating=escalating,
            notifier=notifier,
            quiet=build_quiet(settings, sessions, token, notifier, pacer, groups, reach),
            publishing=Publishing(sessions, build_publishers(settings, secrets), reach, pace.read_back_after_s),
            channels=channels,
            ringer=ringer_of(settings, secrets),
            duty=duty,
            clock=clock,
            pace=pace,
        )
        | beside_cards(settings, sessions, notifier, pacer, token, duty, clock),
        lanes=LANES,
        wall=machine_time,
        chosen={delivery.KINDS: partial(delivery.choose_job, next_of=pacer.next_of, channels=channels)},
        idle_s=pace.idle_s,
    )
    approvals = Approvals(
        sessions=sessions,
        clock=clock,
        wall=machine_time,
        limits=longest,
        abilities=reach,
        profile=profile,
        language=settings.slack.card_language,
        roles=roles,
    )
    casework = case_deeds(settings, sessions=sessions, clock=clock, roles=roles, suggester=suggester)
    correcting = Correcting(
        sessions=sessions,
        clock=clock,
        wall=machine_time,
        suggester=suggester,
        explain=explainer(reader),
        roles=roles,
    )
    app = create_app(
        client=client,
        signing_secret=secrets.slack_signing_secret.get_secret_value() if secrets.slack_signing_secret else None,
        actions=approvals,
        readings=correcting,
        grades=Grading(
            sessions=sessions, clock=clock, wall=machine_time, roles=roles, language=settings.slack.card_language
        ),
        more=[
            listen_for_staff(groups),
            listen_for_beats,
            case_listener(settings, casework, clock),
            *people_side(
                settings,
                sessions=sessions,
                clock=clock,
                wall=machine_time,
                roles=roles,
                staff=groups,
                ground=ground,
                abilities=reach,
                takes=casework,
                approves=approvals,
                duties=escalating.taking_duty,
            ),
            *escalating.listens,
        ],
        language=settings.slack.card_language,
        zone=settings.shop.zone,
    )
    inbox = Inbox(app, sessions, machine_time)
    door: Door
    if settings.slack.door == "http":
        door = HttpDoor(http_door(app), settings.slack.http_port)
    else:
        app_token = secrets.slack_app_token.get_secret_value() if secrets.slack_app_token else ""
        door = PatientDoor(
            watched_door(
                app, settings.slack, token, app_token, sessions, pacer, len(routes_beside_slack(duty)), pace.slack_line
            )
        )
    ask_first(sessions, sources, settings.shop.zone, morning_of(settings), machine_time())
    return Product(engine, sessions, worker, approvals, casework, door, inbox, only_one)
