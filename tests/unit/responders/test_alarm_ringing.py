"""When Slack does not hear, people are told by every route that is not Slack, and told when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.alarms import SourceAlarm
from models.base import Sessions
from models.slack_line import SOURCE
from models.states import AlarmKind
from responders.alarm_ringing import ring_alarm, routes_beside_slack
from responders.oncall import By, Call, Chain, Duty, Person, Schedule, Step
from responders.oncall_ringing import Message
from tests.builders import NOON, minutes

HELSINKI = ZoneInfo("Europe/Helsinki")
WAIT = timedelta(minutes=5)
DUTY = Duty(
    people={"Anna": Person("Anna", "U0ANNA", email="anna@nuotiopuoti.example")},
    schedules={"some": Schedule("some", ("Anna",), date(2026, 1, 5), 7, time(9), HELSINKI)},
    chains=(
        Chain(
            "yö",
            frozenset({"outrage"}),
            (
                Step(By.SCHEDULE, "some", WAIT),
                Step(By.EMAIL, "some", WAIT),
                Step(By.PAGERDUTY, "", WAIT),
                Step(By.CHANNEL, "C0ALL", WAIT),
            ),
            timedelta(hours=1),
        ),
        Chain("päivä", frozenset({"warning"}), (Step(By.EMAIL, "some", WAIT),), timedelta(hours=1)),
    ),
)


@dataclass
class Rung:
    calls: list[tuple[Call, Message]] = field(default_factory=list)

    def ring(self, call: Call, message: Message) -> None:
        self.calls.append((call, message))


def an_alarm(store: Sessions, code: str, over: bool = False) -> int:
    with store.begin() as session:
        alarm = SourceAlarm(source=SOURCE, kind=AlarmKind.FAILING, code=code, since=NOON, raised_at=NOON + minutes(5))
        alarm.cleared_at = NOON + minutes(30) if over else None
        session.add(alarm)
        session.flush()
        return alarm.id


def ring(store: Sessions, key: str, language: str = "fi") -> list[tuple[Call, Message]]:
    rung = Rung()
    ring_alarm(key, sessions=store, ringer=rung, duty=DUTY, language=language, zone=HELSINKI, now=NOON)
    return rung.calls


def test_only_routes_that_work_without_slack_are_rung_each_once() -> None:
    assert [(step.by, step.to) for step in routes_beside_slack(DUTY)] == [(By.EMAIL, "some"), (By.PAGERDUTY, "")]


def test_whoever_is_on_duty_reads_what_does_not_work_since_when_and_what_to_do(store: Sessions) -> None:
    alarm = an_alarm(store, "deaf")
    [(call, message)] = ring(store, f"{alarm}:0")
    assert (call.by, call.to) == (By.EMAIL, "anna@nuotiopuoti.example")
    assert message.title == "🔇 Slackin napit eivät toimi"
    assert "ti 10.11. klo 14.00" in message.text
    assert "palovahti check" in message.text
    assert (message.key, message.test) == (f"alarm:{alarm}", False)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_slack_that_does_not_answer_at_all_is_another_message(store: Sessions, language: str) -> None:
    deaf = ring(store, f"{an_alarm(store, 'deaf', over=True)}:0", language)[0][1]
    down = ring(store, f"{an_alarm(store, 'unreachable')}:0", language)[0][1]
    assert deaf.title != down.title
    assert deaf.text != down.text


def test_good_news_is_told_by_mail_and_wakes_nobody(store: Sessions) -> None:
    alarm = an_alarm(store, "deaf", over=True)
    [(call, message)] = ring(store, f"{alarm}:0")
    assert (call.by, message.title) == (By.EMAIL, "👂 Slackin napit toimivat taas")
    assert ring(store, f"{alarm}:1") == []


def test_an_alarm_or_a_route_that_is_gone_is_no_work(store: Sessions) -> None:
    assert ring(store, f"{an_alarm(store, 'deaf')}:7") == ring(store, "404:0") == []
