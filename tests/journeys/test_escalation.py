"""A fire at night: it calls in order, somebody has it, that runs out, it calls anew, it is over, and all is silent."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bot.oncall_settings import OnCallSettings
from bot.pace import Pace
from bot.wiring import build
from classifier.judges import load_judge
from models.escalations import EscalationRing
from sandbox.faults import Fault
from tests.journeys.stage import ALERTS, ANNA, MIKAEL, Stage, free_port, wall
from tests.journeys.test_hot_thread import complain_on_facebook
from tests.journeys.test_one_mention import eventually

PACE = Pace(
    heat_tick_s=0.3, redraw_after_s=0.05, idle_s=0.03, reread_s=0.5, escalate_s=0.1, slack_speed=100.0
)  # fmt: skip
DIRECT = "D0ANNA"


class Pager(BaseHTTPRequestHandler):
    """A webhook of the shop's own."""

    calls: list[bytes]

    def do_POST(self) -> None:
        type(self).calls.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def chain(hook: str) -> OnCallSettings:
    return OnCallSettings.model_validate(
        {
            "people": [{"name": "Anna", "slack": ANNA}, {"name": "Mikael", "slack": MIKAEL}],
            "schedules": [{"name": "evenings", "members": ["Anna"], "starts": "2026-11-23"}],
            "chains": [
                {
                    "name": "nights",
                    "levels": ["warning", "outrage"],
                    "kept_minutes": 30,
                    "steps": [
                        {"by": "schedule", "to": "evenings", "wait_minutes": 5},
                        {"by": "channel", "to": ALERTS, "wait_minutes": 5},
                        {"by": "webhook", "to": hook, "wait_minutes": 50},
                    ],
                }
            ],
        }
    )


class Night:
    """The product at work on a stage whose clock is moved by hand."""

    def __init__(self, folder: Path) -> None:
        Pager.calls = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Pager)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.stage = Stage.open(folder, http_port=free_port(), poll_seconds=0.2)
        self.passed = timedelta()
        hook = f"http://127.0.0.1:{self.server.server_port}/hook"
        settings = self.stage.settings.model_copy(update={"x": None, "oncall": chain(hook)})
        self.product = build(settings, self.stage.secrets, clock=self.now, pace=PACE, judge=load_judge("lexicon"))
        thread = self.stage.graph.add_own_post("Uutuuksia!")
        for number in range(30):
            complain_on_facebook(self.stage, thread, number, "pakettia")

    def now(self) -> datetime:
        return wall() + self.passed

    def later(self, minutes: float) -> None:
        self.passed += timedelta(minutes=minutes)

    def direct(self) -> list[dict[str, Any]]:
        return self.stage.slack.workspace.messages(DIRECT)

    def called_in_channel(self) -> list[dict[str, Any]]:
        cards = self.stage.cards(ALERTS)
        return [one for one in cards if one["metadata"]["event_payload"]["key"].startswith("palovahti-escalation-")]

    def card(self) -> dict[str, Any]:
        [found] = [one for one in self.stage.cards(ALERTS) if one["metadata"]["event_payload"]["key"] == "case-1"]
        return found

    def press(self, message: dict[str, Any], action: str, user: str) -> bool:
        done = self.stage.press(message, action, user)
        return done is not None and not done.result(timeout=10).problem

    def end(self) -> None:
        self.product.stop()
        self.stage.close()
        self.server.shutdown()
        self.server.server_close()


def test_the_whole_night(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.product.start()
    try:
        eventually(lambda: len(night.direct()) == 1)
        assert "Kukaan ei ole vielä ottanut tätä hoitaakseen" in str(night.direct()[0]["blocks"])
        night.later(5)
        eventually(lambda: len(night.called_in_channel()) == 1)
        assert Pager.calls == []
        night.later(5)
        eventually(lambda: len(Pager.calls) == 1)
        assert b'"test": false' in Pager.calls[0]

        ring = night.direct()[0] | {"channel": DIRECT}
        assert night.press(ring, "escalation_take", ANNA)
        eventually(lambda: "Anna Laine hoitaa asiaa" in str(night.direct()[0]["blocks"]))
        eventually(lambda: "Anna Laine hoitaa asiaa" in str(night.called_in_channel()[0]["blocks"]))
        eventually(lambda: "Anna Laine hoitaa asiaa" in str(night.card()["blocks"]))
        night.later(25)
        time.sleep(1)
        assert (len(night.direct()), len(night.called_in_channel()), len(Pager.calls)) == (1, 1, 1)

        night.later(6)
        eventually(lambda: len(night.direct()) == 2)
        eventually(lambda: "ei tarvitse enää välittää" in str(night.direct()[0]["blocks"]))

        assert night.press(night.card(), "grade_wrong", MIKAEL)
        eventually(lambda: "hälytys merkittiin vääräksi" in str(night.direct()[1]["blocks"]))
        night.later(300)
        time.sleep(1)
        assert (len(night.direct()), len(night.called_in_channel()), len(Pager.calls)) == (2, 1, 1)
    finally:
        night.end()


def test_slack_down_holds_up_no_other_route_and_is_caught_up_with(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.stage.slack.faults.add(Fault("status", path="/api/chat.postMessage", status=503, times=-1))
    night.product.start()
    try:

        def rung() -> int:
            with night.product.sessions() as session:
                return session.query(EscalationRing).count()

        eventually(lambda: rung() == 1)
        night.later(10)
        eventually(lambda: len(Pager.calls) == 1)
        assert night.direct() == []
        night.stage.slack.faults.clear()
        night.later(52)
        eventually(lambda: len(night.direct()) == 1)
    finally:
        night.end()
