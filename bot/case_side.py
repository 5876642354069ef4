"""Builds what stands around a card: its menu and windows, messages to one of the staff, new messages in its thread."""

from __future__ import annotations

from functools import partial

from bot.clocks import Clock
from bot.clocks import wall as machine_time
from bot.quiet import language_in
from bot.settings import Settings
from bot.worker import Retry, Work
from models.base import Sessions
from models.jobs import JobKind, put
from responders.nudging import deliver_nudge
from responders.oncall import Duty
from responders.ports import Card, Notifier
from responders.slack.casework import Casework, NudgeView
from responders.slack.client import web_client
from responders.slack.direct import DirectMessages
from responders.slack.listening import Listen
from responders.slack.nudge_cards import nudge_card
from responders.slack.pacer import Pacer
from responders.slack.people import People
from responders.slack.permalinks import permalink
from responders.slack.post_cards import post_card
from responders.slack.threads import Threads
from responders.slack.views import CardPost
from responders.slack.working import listen_for_casework
from responders.slack.workspace_url import WorkspaceUrl
from responders.thread_posts import post_new

BESIDE_CARDS = frozenset({JobKind.NUDGE, JobKind.THREAD_POSTS})


def case_listener(settings: Settings, casework: Casework, clock: Clock) -> Listen:
    """The menu of every card and its windows."""
    teams = tuple(team.name for team in settings.teams)
    return partial(listen_for_casework, casework=casework, teams=teams, clock=clock)


def beside_cards(
    settings: Settings, sessions: Sessions, notifier: Notifier, pacer: Pacer, token: str, duty: Duty, clock: Clock
) -> dict[JobKind, Work]:
    """The work of messages to one of the staff, and of a card's thread."""
    client = web_client(token, settings.slack.api_base)
    people, workspace, direct = People(client), WorkspaceUrl(client), DirectMessages(notifier)
    under, zone = Threads(client, pacer).under, settings.shop.zone
    channels = {"alert": settings.slack.alert_channel, "contact": settings.slack.contact_channel}

    def drawn(view: NudgeView) -> Card:
        language = people.language(view.to_id) or settings.slack.card_language
        stands = view.card_channel is not None and view.card_ts is not None
        url = permalink(workspace(), view.card_channel or "", view.card_ts or "") if stands else None
        return nudge_card(view, language, zone, url)

    def nudge(nudge_id: str) -> None:
        deliver_nudge(
            int(nudge_id),
            sessions=sessions,
            notifier=direct,
            directory=direct,
            draw=drawn,
            duty=duty,
            zone=zone,
            now=clock(),
        )

    def draw_post(kind: str, post: CardPost) -> Card:
        return post_card(post, language_in(settings.slack, channels[kind]), zone)

    def thread_posts(case_id: str) -> None:
        if post_new(int(case_id), sessions=sessions, under=under, draw=draw_post, now=clock()):
            ask_for_thread_posts(sessions, int(case_id))

    return {
        JobKind.NUDGE: Work(nudge, Retry(first_s=1.0, longest_s=120.0, tries=50)),
        JobKind.THREAD_POSTS: Work(thread_posts, Retry(first_s=1.0, longest_s=120.0, tries=50)),
    }


def ask_for_thread_posts(sessions: Sessions, case_id: int) -> None:
    """Asks for a look at what the customer has written since the card was posted."""
    with sessions.begin() as session:
        put(session, JobKind.THREAD_POSTS, str(case_id), machine_time())
