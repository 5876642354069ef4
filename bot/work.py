"""Which step each kind of job runs and how it is tried again, in which lane, and what is asked for at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.alert_report import Shop
from bot.case_side import BESIDE_CARDS, ask_for_thread_posts
from bot.casework import CASEWORK_KINDS, casework_work
from bot.clocks import Clock
from bot.clocks import wall as machine_time
from bot.escalating import Escalating
from bot.pace import Pace
from bot.quiet import Quiet, language_in
from bot.settings import Settings
from bot.sources import Timed, thread_readers
from bot.weekly import week_before, weekly_view
from bot.worker import Retry, Work
from classifier.grading import grade_alerts
from classifier.heat.policy import HeatPolicy
from classifier.steps import HeatKeeper, classify_waiting
from classifier.verdict import Judge
from listener.rereading import reread_thread
from listener.steps import poll_source
from listener.watch import watch_sources
from models.base import Sessions
from models.jobs import JobKind, put
from responders import delivery
from responders.alarm_ringing import ring_alarm
from responders.alarms import show_alarm
from responders.closed_check import next_check
from responders.consider import Considering
from responders.draw import Drawing
from responders.morning_time import Morning
from responders.oncall import Duty
from responders.oncall_ringing import Ringer
from responders.pacing import LONGEST_PAUSE_S
from responders.publish import Publishing
from responders.show import show_card
from responders.slack.notifier import SlackNotifier
from responders.weekly import next_report, show_weekly

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


def ask_first(
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


def work_of(
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
    """The steps, bound to what they need."""
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
