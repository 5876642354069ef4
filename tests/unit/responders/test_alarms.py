"""One message about one alarm: it tells people what is deaf and what to do, and then that it hears again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.alarms import SourceAlarm
from models.base import Sessions
from models.errors import OutcomeUnknown
from models.states import AlarmKind
from responders import alarms
from responders.alarms import show_alarm
from responders.slack.alarm_cards import AlarmView, alarm_card
from responders.slack.catalogue import LANGUAGES, words_for
from responders.slack.notifier import SlackNotifier
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from tests.builders import NOON, minutes, trail

CHANNEL = "C0PALOVAHTI"
HELSINKI = ZoneInfo("Europe/Helsinki")
EXPIRED = AlarmView("facebook:feed", AlarmKind.FAILING, "token_expired", NOON)
QUIET = AlarmView("x:mentions", AlarmKind.SILENT, "quiet", NOON)


@dataclass
class Place:
    slack: SlackSandbox
    notifier: SlackNotifier

    def show(self, store: Sessions, alarm_id: int = 1) -> None:
        show_alarm(
            alarm_id, sessions=store, notifier=self.notifier, channel=CHANNEL, language="fi", zone=HELSINKI, now=NOON
        )

    def messages(self) -> list[dict[str, Any]]:
        return self.slack.workspace.messages(CHANNEL)


@pytest.fixture
def place() -> Iterator[Place]:
    sandbox_store = Store()
    slack = SlackSandbox(sandbox_store, lambda: NOON, "xoxb-test", "secret")
    server = serve(slack.app)
    yield Place(slack, SlackNotifier("xoxb-test", f"{server.url}/api/", timeout_s=2))
    server.close()
    sandbox_store.close()


def an_alarm(store: Sessions, **named: Any) -> None:
    plain = {"source": "facebook:feed", "kind": AlarmKind.FAILING, "code": "token_expired", "since": NOON}
    with store.begin() as session:
        session.add(SourceAlarm(**(plain | {"raised_at": NOON} | named)))


def the_alarm(store: Sessions) -> SourceAlarm:
    with store() as session:
        return session.get_one(SourceAlarm, 1)


def words_on(view: AlarmView, language: str = "fi") -> str:
    return json.dumps(alarm_card(view, language, HELSINKI).blocks, ensure_ascii=False)


def test_the_message_is_posted_once_and_says_later_that_it_hears_again(store: Sessions, place: Place) -> None:
    an_alarm(store)
    place.show(store)
    place.show(store)
    [message] = place.messages()
    assert "Emme kuule: Facebook-sivu" in str(message)
    with store.begin() as session:
        session.get_one(SourceAlarm, 1).cleared_at = NOON + minutes(30)
    place.show(store)
    [message] = place.messages()
    assert "Kuuluu taas: Facebook-sivu" in str(message)
    assert "Emme kuule" not in str(message)
    assert trail(store) == ["alarm.posted"]
    assert the_alarm(store).card_ts == message["ts"]


def test_a_crash_between_the_post_and_its_commit_leaves_one_message(
    store: Sessions, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    an_alarm(store)
    monkeypatch.setattr(alarms, "_remember", die)
    with pytest.raises(KeyboardInterrupt):
        place.show(store)
    monkeypatch.undo()
    assert the_alarm(store).card_ts is None
    place.show(store)
    assert [one["ts"] for one in place.messages()] == [the_alarm(store).card_ts]


def test_an_answer_lost_after_the_post_leaves_one_message(store: Sessions, place: Place) -> None:
    an_alarm(store)
    place.slack.faults.add(Fault("status_after", path="/api/chat.postMessage", status=503))
    with pytest.raises(OutcomeUnknown):
        place.show(store)
    place.show(store)
    assert len(place.messages()) == 1


def test_an_alarm_that_is_not_there_is_nothing_to_show(store: Sessions, place: Place) -> None:
    place.show(store, 7)
    assert place.messages() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", [EXPIRED, QUIET], ids=["failing", "silent"])
def test_it_says_which_since_when_what_it_means_and_what_to_do(view: AlarmView, language: str) -> None:
    words, shown = words_for(language), words_on(view, language)
    source = view.source.replace(":", "_")
    meaning = f"alarm.deaf.{source}" if view is EXPIRED else "alarm.meaning_silent"
    advice = "alarm.help.sign_in" if view is EXPIRED else "alarm.help.quiet"
    for key in (f"source.{source}", meaning, advice):
        assert words.texts[key] in shown
    assert words.moment(NOON, HELSINKI) in shown
    assert ("token_expired" in shown) is (view is EXPIRED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", [EXPIRED, QUIET], ids=["failing", "silent"])
def test_afterwards_it_says_from_when_to_when_it_was_deaf(view: AlarmView, language: str) -> None:
    words = words_for(language)
    shown = words_on(replace(view, until=NOON + minutes(95)), language)
    for moment in (NOON, NOON + minutes(95)):
        assert words.moment(moment, HELSINKI) in shown
    assert words.texts["alarm.what_to_do"] not in shown


def test_a_source_and_a_code_that_nobody_foresaw_are_shown_safely() -> None:
    shown = words_on(AlarmView("mastodon:<!here>", AlarmKind.FAILING, "graph_<1>", NOON))
    assert "graph_&lt;1&gt;" in shown
    assert "&lt;!here" not in shown.replace("mastodon:<!here>", "")  # a header is plain text: nothing to escape
    assert words_for("fi").texts["alarm.help.other"] in shown
