"""A whole world on this machine: stand-ins of X, Facebook and Slack, a recorded day, and the product at work on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, select

from bot.doors import HttpDoor
from bot.oncall_settings import ChainSettings, OnCallSettings, PersonSettings, ScheduleSettings, StepSettings
from bot.pace import Pace
from bot.settings import FacebookSettings, JudgeSettings, Secrets, Settings, StoreSettings, XSettings
from bot.shop_settings import ShopSettings
from bot.slack_settings import SlackSettings
from bot.wiring import Product, build
from classifier.verdict import Judge
from models.base import Sessions
from models.cases import Alert, Case
from models.mentions import Mention
from models.verdicts import VerdictRow
from sandbox.graph import GraphSandbox
from sandbox.page import ClockInfo, create_page
from sandbox.player import Player
from sandbox.serving import Server, serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from sandbox.stream import Stream
from sandbox.world_clock import WorldClock
from sandbox.x import XSandbox
from sandbox.x_auth import XKeys

A_DAY = Path(__file__).parent.parent / "sandbox" / "recordings" / "a_day.jsonl"

PAGE_ID = "104500000000001"
SHOP = ShopSettings(
    name="Nuotiopuoti",
    languages=("fi", "sv", "en"),
    phone="010 555 0199",
    email="asiakaspalvelu@nuotiopuoti.example",
    contact_form="https://nuotiopuoti.example/yhteys",
    help_page="https://nuotiopuoti.example/ohjeet",
    return_page="https://nuotiopuoti.example/palautus",
    privacy_page="https://nuotiopuoti.example/tietosuoja",
    return_days=30,
    opening_hours={"fi": "ma–pe klo 8–18", "sv": "mån–fre kl. 8–18", "en": "Mon–Fri 8–18"},
    signature={
        "fi": "– Nuotiopuodin asiakaspalvelu",
        "sv": "– Nuotiopuotis kundtjänst",
        "en": "– Nuotiopuoti customer service",
    },
)
ALERTS, CONTACTS = "C0PALOVAHTI", "C0ASIAKAS"

# One direct message and one in the channel of alerts; played a hundred times faster, more would be a flood.
ON_CALL = OnCallSettings(
    people=(PersonSettings(name="Anna", slack="U0ANNA"), PersonSettings(name="Mikael", slack="U0MIKAEL")),
    schedules=(ScheduleSettings(name="päivystys", members=("Anna", "Mikael"), starts=date(2026, 1, 5)),),
    chains=(
        ChainSettings(
            name="someraivo",
            kept_minutes=240,
            steps=(
                StepSettings(by="schedule", to="päivystys", wait_minutes=5),
                StepSettings(by="channel", to=ALERTS, wait_minutes=4 * 60),
            ),
        ),
    ),
)

# A played world runs a hundred times faster than life, so everybody may be asked as much oftener.
_FREELY = 1_000_000
_X_LIMITS = dict.fromkeys(("mentions", "search", "dm_events", "create_post", "create_dm"), _FREELY)
PACE = Pace(heat_tick_s=1.0, redraw_after_s=0.5, idle_s=0.1, reread_s=1.0, escalate_s=0.5, slack_speed=100.0)


@dataclass
class Rehearsal:
    """Stand-ins, page, player and product; `url` is the page to look at."""

    url: str
    clock: WorldClock
    player: Player
    product: Product
    _servers: tuple[Server, ...]
    _store: Store
    _stream: Stream
    _stopped: threading.Event
    _playing: threading.Thread

    @property
    def finished(self) -> bool:
        """True when the whole recording has been played."""
        return self.player.finished

    def start(self) -> None:
        self.product.start()
        self._playing.start()

    def settled(self) -> bool:
        """True when the whole recording was played, heard and decided about, and every card stands."""
        if not self.player.finished:
            return False
        everything = len(self._stream.after(0).items)
        with self.product.sessions() as session:
            heard = session.scalar(select(func.count()).select_from(Mention)) or 0
            undecided = session.scalar(select(func.count()).where(Mention.considered_at.is_(None)))
            uncarded = session.scalar(select(func.count()).where(Case.card_ts.is_(None)))
        return heard >= everything and not undecided and not uncarded

    def summary(self) -> dict[str, Any]:
        """What came of it: mentions, contacts, and each alert with its time in the shop's zone."""
        with self.product.sessions() as session:
            mentions = session.scalar(select(func.count()).where(Mention.from_us.is_(False))) or 0
            contacts = session.scalar(select(func.count()).where(Case.kind == "contact")) or 0
            alerts = session.scalars(select(Alert).order_by(Alert.at)).all()
        return {
            "mentions": mentions,
            "contacts": contacts,
            "alerts": [
                {
                    "at": alert.at.astimezone(SHOP.zone).isoformat(timespec="minutes"),
                    "level": alert.level,
                    "case": alert.case_id,
                }
                for alert in alerts
            ],
        }

    def stop(self) -> None:
        """Everything stops where it is; the next rehearsal in the same folder goes on from there."""
        self._stopped.set()
        self._playing.join(timeout=10)
        self.clock.stop()
        self.product.stop()
        for server in self._servers:
            server.close()
        self._store.close()


def rehearse(
    folder: Path, recording: Path = A_DAY, *, speed: float = 120.0, port: int = 0, judge: Judge | None = None
) -> Rehearsal:
    """A rehearsal that keeps everything in `folder`, ready to start.

    Raises AlreadyRunning when another one runs in the same folder, and ValueError with a sentence when the recording
    holds no posts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder / "sandbox.db")
    clock_holder: list[WorldClock] = []

    def now() -> datetime:
        return clock_holder[0].now()

    x = XSandbox(store, now, keys=XKeys(), limits=_X_LIMITS)
    graph = GraphSandbox(store, now, PAGE_ID, SHOP.name, conversation_calls_per_s=1000)
    slack = SlackSandbox(store, now, "xoxb-rehearsal", "rehearsal-signing-secret")
    player = Player(recording, x.world, graph, store)
    clock = WorldClock(player.begins_at, speed, store)
    clock_holder.append(clock)
    servers = [serve(x.app), serve(graph.app), serve(slack.app)]
    product = build(
        _settings(folder, *(server.url for server in servers)), _secrets(), clock=now, pace=PACE, judge=judge
    )
    assert isinstance(product.door, HttpDoor)
    slack.interactivity_url = product.door.url
    stream = Stream(x.world, graph, lambda: sentiments(product.sessions), look_every_s=0.4)
    page = serve(create_page(slack, stream.after, _clock_info(clock, player)), port)
    stopped = threading.Event()
    playing = threading.Thread(target=player.run, args=(now, stopped), name="player", daemon=True)
    return Rehearsal(page.url, clock, player, product, (*servers, page), store, stream, stopped, playing)


def sentiments(sessions: Sessions) -> Mapping[tuple[str, str], str]:
    """What the judge has said so far, by channel and external id."""
    with sessions() as session:
        rows = session.execute(
            select(Mention.channel, Mention.external_id, VerdictRow.label).join(
                VerdictRow, VerdictRow.mention_id == Mention.id
            )
        ).all()
    return {(row.channel, row.external_id): row.label for row in rows}


def _clock_info(clock: WorldClock, player: Player) -> Callable[[], ClockInfo]:
    def info() -> ClockInfo:
        return ClockInfo(clock.now(), clock.speed, "finished" if player.finished else "running", SHOP.timezone)

    return info


def _settings(folder: Path, x_url: str, graph_url: str, slack_url: str) -> Settings:
    return Settings(
        shop=SHOP,
        store=StoreSettings(url=f"sqlite:///{folder / 'palovahti.db'}"),
        judge=JudgeSettings(),
        x=XSettings(
            account_id="1480000000000000001",
            username="nuotiopuoti",
            search=[
                "nuotiopuoti",
                "nuotiopuodin",
                "nuotiopuodista",
                "nuotiopuodilta",
                "nuotiopuotia",
                "nuotiopuodissa",
            ],
            poll_seconds=1.0,
            send_gap_seconds=0.5,
            api_base=x_url,
        ),
        oncall=ON_CALL,
        facebook=FacebookSettings(page_id=PAGE_ID, page_name=SHOP.name, poll_seconds=1.0, api_base=graph_url),
        slack=SlackSettings(
            alert_channel=ALERTS, contact_channel=CONTACTS, door="http", http_port=0, api_base=f"{slack_url}/api/"
        ),
    )


def _secrets() -> Secrets:
    keys = XKeys()
    return Secrets(
        x_consumer_key=SecretStr(keys.consumer_key),
        x_consumer_secret=SecretStr(keys.consumer_secret),
        x_access_token=SecretStr(keys.access_token),
        x_access_token_secret=SecretStr(keys.access_token_secret),
        facebook_page_token=SecretStr("sandbox-page-token"),
        slack_bot_token=SecretStr("xoxb-rehearsal"),
        slack_signing_secret=SecretStr("rehearsal-signing-secret"),
    )
