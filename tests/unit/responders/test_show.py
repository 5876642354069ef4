"""One live card a case, also when the process dies between the post and its commit. Through the real Slack client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, select

from listener.posts import Author
from models.base import Sessions
from models.cases import Case
from models.errors import OutcomeUnknown, TryLater
from models.jobs import Job, JobKind
from responders import show
from responders.show import show_card
from responders.slack.notifier import SlackNotifier
from sandbox.faults import Fault
from sandbox.serving import serve
from sandbox.slack import SlackSandbox
from sandbox.store import Store
from tests.builders import (
    NOON,
    US,
    a_comment,
    a_draft,
    consider,
    drawing,
    heat,
    judge_all,
    minutes,
    store_posts,
    trail,
)

CONTACTS = "C0ASIAKAS"


@dataclass
class Place:
    slack: SlackSandbox
    notifier: SlackNotifier
    now: datetime = NOON

    def show(self, store: Sessions, case_id: int) -> None:
        channels = {"alert": "C0PALOVAHTI", "contact": CONTACTS}
        show_card(
            case_id,
            sessions=store,
            notifier=self.notifier,
            draw=drawing().draw,
            channels=channels,
            now=self.now,
            wall=self.now,
        )

    def cards(self) -> list[dict[str, Any]]:
        return self.slack.workspace.messages(CONTACTS)


@pytest.fixture
def place() -> Iterator[Place]:
    sandbox_store = Store()
    slack = SlackSandbox(sandbox_store, lambda: here.now, "xoxb-test", "secret")
    server = serve(slack.app)
    here = Place(slack, SlackNotifier("xoxb-test", f"{server.url}/api/", timeout_s=2))
    yield here
    server.close()
    sandbox_store.close()


def the_case(store: Sessions) -> Case:
    with store() as session:
        return session.get_one(Case, 1)


def test_a_card_is_posted_once_and_redrawn_afterwards(store: Sessions, place: Place) -> None:
    case_id = a_draft(store).case_id
    place.show(store, case_id)
    [card] = place.cards()
    case = the_case(store)
    assert (case.card_channel, case.card_ts, case.carded_at) == (CONTACTS, card["ts"], NOON)
    with store.begin() as session:
        session.get_one(Case, case_id).level = "watch"
    place.show(store, case_id)
    assert [one["ts"] for one in place.cards()] == [card["ts"]]
    assert trail(store).count("card.posted") == 1


def test_a_card_that_tells_how_long_somebody_has_waited_is_asked_for_again_in_a_minute(
    store: Sessions, place: Place
) -> None:
    for number in range(3):
        store_posts(store, a_comment(f"Surkeaa palvelua {number}", author=Author(str(number), "Kävijä")))
    judge_all(store)
    heat(store, 1, "warning")
    consider(store)
    place.now = NOON + minutes(21)
    nothing_waits(store)
    place.show(store, 1)
    assert again(store) == [place.now + minutes(1)]
    [card] = place.slack.workspace.messages("C0PALOVAHTI")
    assert "Vastaamatta 21 min*, tavoite 20 min on ylitetty" in json.dumps(card, ensure_ascii=False)
    store_posts(store, a_comment("Pahoittelut!", author=US, from_us=True, created_at=NOON + minutes(22)))
    nothing_waits(store)
    place.show(store, 1)
    [card] = place.slack.workspace.messages("C0PALOVAHTI")
    assert "Vastaamatta" not in json.dumps(card, ensure_ascii=False)
    assert again(store) == []


def nothing_waits(store: Sessions) -> None:
    """The worker has done what it was asked for."""
    with store.begin() as session:
        session.execute(delete(Job))


def again(store: Sessions) -> list[datetime]:
    """When cards are asked for."""
    with store() as session:
        return list(session.scalars(select(Job.run_at).where(Job.kind == JobKind.SHOW_CARD)))


def test_a_crash_between_the_post_and_its_commit_leaves_one_card(
    store: Sessions, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    case_id = a_draft(store).case_id
    monkeypatch.setattr(show, "_remember", die)
    with pytest.raises(KeyboardInterrupt):
        place.show(store, case_id)
    monkeypatch.undo()
    assert the_case(store).card_ts is None
    place.now = NOON + minutes(10)
    place.show(store, case_id)
    assert [one["ts"] for one in place.cards()] == [the_case(store).card_ts]


def test_a_crash_before_the_post_leaves_one_card(store: Sessions, place: Place) -> None:
    case_id = a_draft(store).case_id
    with store.begin() as session:
        session.get_one(Case, case_id).card_posting_at = NOON
    place.show(store, case_id)
    assert len(place.cards()) == 1


def test_an_answer_lost_after_the_post_leaves_one_card(store: Sessions, place: Place) -> None:
    case_id = a_draft(store).case_id
    place.slack.faults.add(Fault("status_after", path="/api/chat.postMessage", status=503))
    with pytest.raises(OutcomeUnknown):
        place.show(store, case_id)
    place.show(store, case_id)
    assert [one["ts"] for one in place.cards()] == [the_case(store).card_ts]


def test_slack_saying_later_leaves_the_card_for_later(store: Sessions, place: Place) -> None:
    case_id = a_draft(store).case_id
    body = json.dumps({"ok": False, "error": "ratelimited"})
    headers = {"Retry-After": "7", "Content-Type": "application/json"}
    place.slack.faults.add(Fault("status", path="/api/", status=429, headers=headers, body=body))
    with pytest.raises(TryLater) as later:
        place.show(store, case_id)
    assert later.value.retry_after_s == 7
    place.show(store, case_id)
    assert len(place.cards()) == 1


def test_a_case_that_does_not_exist_is_no_work(store: Sessions, place: Place) -> None:
    place.show(store, 404)
    assert place.cards() == []
