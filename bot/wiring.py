"""The composition root: from settings to a running product. The only file that knows every concrete class."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, make_url

from bot.alert_report import Shop
from bot.case_side import BESIDE_CARDS, ask_for_thread_posts, beside_cards, case_listener
from bot.casework import CASEWORK_KINDS, case_deeds, casework_work
from bot.clocks import Clock
from bot.clocks import wall as machine_time
from bot.doors import Door, HttpDoor, PatientDoor
from bot.escalating import Escalating, build_escalating, duty_in, ringer_of
from bot.explaining import explainer
from bot.judge_choice import judge_of
from bot.lock import OnlyOne
from bot.people_side import people_side
from bot.quiet import Quiet, build_quiet, language_in, morning_of
from bot.roles_settings import roles_of
from bot.settings import Language, Secrets, Settings
from bot.slack_line import watched_door
from bot.sources import Timed, build_publishers, build_sources, thread_readers
from bot.weekly import week_before, weekly_view
from bot.worker import Retry, Work, Worker
from classifier.grading import grade_alerts
from classifier.heat.policy import HeatPolicy
from classifier.steps import HeatKeeper, classify_waiting
from classifier.verdict import Judge
from listener.rereading import reread_thread
from listener.steps import poll_source
from listener.watch import watch_sources
from migrations import upgrade
from models.base import Sessions, open_engine, open_sessions
from models.jobs import JobKind, put
from responders import delivery
from responders.alarm_ringing import ring_alarm, routes_beside_slack
from responders.alarms import show_alarm
from responders.approvals import Approvals
from responders.casework import CaseDeeds
from responders.closed_check import next_check
from responders.consider import Considering
from responders.correcting import Correcting
from responders.draw import Drawing
from responders.grading import Grading
from responders.matters import Ground
from responders.morning_time import Morning
from responders.oncall import Duty
from responders.oncall_ringing import Ringer
from responders.pacing import LONGEST_PAUSE_S
from responders.playbooks.loading import load_playbooks
from responders.profile import Notice, ShopProfile
from responders.publish import READ_BACK_AFTER_S, Publishing
from responders.routes import Abilities, limits
from responders.show import show_card
from responders.slack.app import create_app
from responders.slack.beating import listen_for_beats
from responders.slack.client import web_client
from responders.slack.doors import http_door
from responders.slack.groups import Groups, listen_for_staff
from responders.slack.inbox import Inbox
from responders.slack.line import USUAL, Rhythm
from responders.slack.notifier import SlackNotifier
from responders.slack.pacer import Pacer
from responders.suggest import Suggester
from responders.weekly import next_report, show_weekly

logger = logging.getLogger(__name__)

BACKFILL = timedelta(days=1)
"""How far before its first start the product listens: yesterday's unanswered, not last year's."""

LANES = (
    frozenset({JobKind.POLL, JobKind.REREAD}),  # one at a time: they share clients and what the platforms allow
    frozenset({JobKind.CLASSIFY, JobKind.HEAT}),
    frozenset({JobKind.CONSIDER, JobKind.WATCH_SOURCES, *CASEWORK_KINDS}),
    frozenset({JobKind.CALL_DUTY}),  # nothing holds up the call of those on duty
    *(delivery.KINDS,) * 2,  # a slow answer from Slack never holds up a fire
    BESIDE_CARDS,
    frozenset({JobKind.PUBLISH}),
    frozenset({JobKind.RING_ALARM}),  # for when Slack does not hear
    # long looks back, which nothing else waits for
    frozenset({JobKind.GRADE_ALERTS, JobKind.WEEKLY_REPORT, JobKind.MORNING_DIGEST}),
    frozenset({JobKind.ESCALATE}),  # calling people waits for nothing
    frozenset({JobKind.HAND_OVER, JobKind.OUTRAGE_CHANNEL}),
)


@dataclass(frozen=True)
class Pace:
    """How often the machine looks by itself; a played world is looked at more often."""

    heat_tick_s: float = 20.0
    redraw_after_s: float = 3.0
    idle_s: float = 0.25
    reread_s: float = 60.0  # between two reads of one hot thread
    grade_s: float = 3600.0  # between two looks at whether the outcome of an alert can be told
    escalate_s: float = 20.0  # between two looks at a fire that calls people
    watch_s: float = 60.0  # between two looks at whether every source still hears
    read_back_after_s: Sequence[float] = READ_BACK_AFTER_S
    slack_line: Rhythm = USUAL
    slack_speed: float = 1.0  # how many times Slack's own rates its stand-in allows


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
    pace: Pace = Pace(),
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
        work=_work(
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
    _first_jobs(sessions, sources, settings.shop.zone, morning_of(settings), machine_time())
    return Product(engine, sessions, worker, approvals, casework, door, inbox, only_one)


def _work(
    settings: Settings,
    *,
    sessions: Sessions,
    sources: Mapping[str, Timed],
    judge: Judge,
    considering: Considering,
    drawing: Drawing,
    escalating: Escalating,
    notifier: SlackNotifier,
    quiet: Quiet,
    publishing: Publishing,
    channels: Mapping[str, str],
    ringer: Ringer,
    duty: Duty,
    clock: Clock,
    pace: Pace,
) -> dict[JobKind, Work]:
    keeper = HeatKeeper(
        brand=settings.shop.name,
        sessions=sessions,
        policy=HeatPolicy.of(
            settings.heat.sensitivity, settings.shop.zone, outrage_people=settings.heat.outrage.least_people
        ),
        tick_s=pace.heat_tick_s,
    )
    readers = thread_readers(sources)
    drawings = {kind: replace(drawing, language=language_in(settings.slack, one)) for kind, one in channels.items()}
    alert_language = language_in(settings.slack, settings.slack.alert_channel)

    def poll(name: str) -> None:
        timed = sources.get(name)
        if timed is None:
            return  # the settings no longer name this source; its cursor stays for the day they do
        poll_source(
            source=timed.source, sessions=sessions, now=clock(), wall=machine_time(), interval_s=timed.interval_s
        )

    def reread(thread_id: str) -> None:
        reread_thread(
            int(thread_id),
            readers=readers,
            sessions=sessions,
            now=clock(),
            wall=machine_time(),
            every_s=pace.reread_s,
        )

    def classify(_: str) -> None:
        classify_waiting(sessions=sessions, judge=judge, now=clock(), wall=machine_time())

    def heat(_: str) -> None:
        keeper.refresh(now=clock(), wall=machine_time())

    def consider(_: str) -> None:
        considering.consider_waiting(sessions=sessions, now=clock(), wall=machine_time())

    def show(case_id: str) -> None:
        show_card(
            int(case_id),
            sessions=sessions,
            notifier=notifier,
            draw=lambda session, case, now: drawings[case.kind].draw(session, case, now),
            channels=channels,
            now=clock(),
            wall=machine_time(),
        )
        quiet.calling.ask(int(case_id), machine_time())  # the card stands; its level may call somebody
        if settings.slack.thread_posts:
            ask_for_thread_posts(sessions, int(case_id))

    def watch(_: str) -> None:
        watch_sources(
            sources=sources,
            sessions=sessions,
            zone=settings.shop.zone,
            now=clock(),
            wall=machine_time(),
            again_s=pace.watch_s,
        )

    def tell(alarm_id: str) -> None:
        show_alarm(
            int(alarm_id),
            sessions=sessions,
            notifier=notifier,
            channel=settings.slack.alert_channel,
            language=alert_language,
            zone=settings.shop.zone,
            now=clock(),
        )

    def ring(key: str) -> None:
        ring_alarm(
            key,
            sessions=sessions,
            ringer=ringer,
            duty=duty,
            language=settings.slack.card_language,
            zone=settings.shop.zone,
            now=machine_time(),
        )

    def publish(reply_id: str) -> None:
        publishing.publish_reply(int(reply_id), now=clock(), wall=machine_time())

    def escalate(case_id: str) -> None:
        escalating.tending.tend(int(case_id), clock(), machine_time())

    def hand_over(_: str) -> None:
        escalating.handing_over.tell(clock(), machine_time())

    def outrage_channel(case_id: str) -> None:
        if escalating.outrage_channels is not None:
            escalating.outrage_channels.tend(int(case_id), clock(), machine_time())

    shop = Shop.of(settings)

    def grade(_: str) -> None:
        grade_alerts(
            sessions=sessions,
            brand=shop.brand,
            rule=shop.rule,
            now=clock(),
            wall=machine_time(),
            again_s=pace.grade_s,
        )

    def weekly(_: str) -> None:
        now = clock()
        monday = week_before(now, shop)
        show_weekly(
            monday,
            sessions=sessions,
            view=lambda: weekly_view(sessions, shop, monday, now, quiet.name_of),
            notifier=notifier,
            channel=settings.slack.alert_channel,
            language=alert_language,
            zone=shop.zone,
            now=now,
            wall=machine_time(),
        )

    return {
        JobKind.POLL: Work(poll, Retry(first_s=2.0, longest_s=300.0)),
        JobKind.REREAD: Work(reread, Retry(first_s=60.0, longest_s=300.0)),
        JobKind.CLASSIFY: Work(classify, Retry(first_s=1.0, longest_s=60.0)),
        JobKind.HEAT: Work(heat, Retry(first_s=1.0, longest_s=60.0)),
        JobKind.CONSIDER: Work(consider, Retry(first_s=1.0, longest_s=60.0)),
        JobKind.SHOW_CARD: Work(show, Retry(first_s=1.0, longest_s=LONGEST_PAUSE_S, tries=50, patient=True)),
        JobKind.WATCH_SOURCES: Work(watch, Retry(first_s=1.0, longest_s=60.0)),
        JobKind.SHOW_ALARM: Work(tell, Retry(first_s=1.0, longest_s=LONGEST_PAUSE_S)),
        JobKind.RING_ALARM: Work(ring, Retry(first_s=5.0, longest_s=120.0, tries=100)),
        JobKind.PUBLISH: Work(publish, Retry(first_s=2.0, longest_s=300.0, tries=200)),
        JobKind.GRADE_ALERTS: Work(grade, Retry(first_s=60.0, longest_s=3600.0)),
        JobKind.WEEKLY_REPORT: Work(weekly, Retry(first_s=60.0, longest_s=3600.0)),
        **casework_work(sessions, clock, settings.shop.zone),
        JobKind.CALL_DUTY: Work(
            lambda case_id: quiet.calling.look(int(case_id), clock(), machine_time()),
            Retry(first_s=1.0, longest_s=LONGEST_PAUSE_S, tries=50, patient=True),
        ),
        JobKind.MORNING_DIGEST: Work(
            lambda _: quiet.send_digest(clock(), machine_time()), Retry(first_s=10.0, longest_s=600.0)
        ),
        JobKind.ESCALATE: Work(escalate, Retry(first_s=1.0, longest_s=10.0)),
        JobKind.OUTRAGE_CHANNEL: Work(outrage_channel, Retry(first_s=5.0, longest_s=300.0, tries=200)),
        JobKind.HAND_OVER: Work(hand_over, Retry(first_s=5.0, longest_s=60.0)),
    }


def _first_jobs(
    sessions: Sessions, sources: Mapping[str, Timed], zone: ZoneInfo, morning: Morning | None, now: datetime
) -> None:
    """Asks for everything once; what is already asked for stays asked for once."""
    with sessions.begin() as session:
        for name in sources:
            put(session, JobKind.POLL, name, now)
        repeated = (
            JobKind.CLASSIFY,
            JobKind.HEAT,
            JobKind.CONSIDER,
            JobKind.WATCH_SOURCES,
            JobKind.GRADE_ALERTS,
            JobKind.HAND_OVER,
        )
        for kind in repeated:
            put(session, kind, "", now)
        put(session, JobKind.WEEKLY_REPORT, "", next_report(now, zone))
        put(session, JobKind.CHECK_CLOSED, "", next_check(now, zone))
        if morning is not None:
            put(session, JobKind.MORNING_DIGEST, "", morning.next_after(now))
