"""Builds Slack's line with its watch: the door, the heartbeat, and how people are told when it is deaf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.clocks import wall as machine_time
from bot.doors import Door
from bot.slack_settings import SlackSettings
from models.base import Sessions
from models.errors import TryLater
from responders.line_news import LineNews
from responders.slack.beating import Heartbeat
from responders.slack.client import web_client
from responders.slack.doors import SocketDoor, socket_door
from responders.slack.line import Rhythm
from responders.slack.line_watch import LineWatch
from responders.slack.pacer import Pacer


@dataclass
class WatchedDoor:
    """A socket that is watched from its first opening on, also where Slack is away at that moment."""

    _door: SocketDoor
    _watch: LineWatch

    def start(self) -> None:
        try:
            self._door.start()
        except TryLater:
            self._watch.start()
            raise
        self._watch.start()

    def close(self) -> None:
        self._watch.stop()
        self._door.close()


def watched_door(
    app: Any,
    settings: SlackSettings,
    bot_token: str,
    app_token: str,
    sessions: Sessions,
    pacer: Pacer,
    routes: int,
    rhythm: Rhythm,
) -> Door:
    """Socket Mode with a heartbeat. `routes` is how many routes beside Slack an alarm is rung by."""
    client = web_client(bot_token, settings.api_base)
    channel = settings.heartbeat_channel or settings.alert_channel
    beats = Heartbeat(client, channel, sessions, settings.card_language, machine_time, pacer)
    news = LineNews(sessions, machine_time, routes)
    door = socket_door(app, app_token, lambda envelope: watch.heard(envelope))
    watch = LineWatch(door.renew, beats, news, machine_time, rhythm)
    return WatchedDoor(door, watch)
