"""What every publisher in PUBLISHERS promises, in public and in private, through its real client on the stand-ins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sources import build_publishers
from models.errors import OutcomeUnknown, PlatformError, Refused, SignInAgain, TryLater
from responders.ports import Outgoing, Publisher, Window
from responders.publishers import PUBLISHERS
from sandbox.faults import Fault
from tests.journeys.stage import ME, PAGE, Json, Stage

TEXT = "Hei Aino! Paketti on noutopisteessä huomenna & kuitti tulee. <3 🙏"


@dataclass
class Sending:
    stage: Stage
    publisher: Publisher
    outgoing: Outgoing

    def there(self) -> list[Json]:
        return self.stage.own_posts()

    def fail(self, fault: Fault) -> None:
        self.stage.x.faults.add(fault)  # the stand-ins of one stage share their rules


def asked(stage: Stage, channel: str, private: bool) -> Outgoing:
    """A question of Aino's, and our answer to it."""
    since = datetime.now(UTC) - timedelta(minutes=2)
    if channel == "x":
        who = stage.x.add_user("ainok", "Aino Korpi")
        if not private:
            post = stage.x.add_post(who, "@nuotiopuoti missä paketti?")
            return Outgoing(1, "x", ME, "mention", post, post, None, TEXT, since)
        stage.x.add_dm(who, "Missä paketti?")
        talk = str(stage.x.world.dms()[0]["dm_conversation_id"])
        return Outgoing(1, "x", ME, "dm", talk, talk, who, TEXT, since)
    if not private:
        post = stage.graph.add_visitor_post("Missä paketti?", "71", "Aino Korpi")
        return Outgoing(1, "facebook", PAGE, "visitor_post", post, post, None, TEXT, since)
    stage.graph.add_message("72", "Aino Korpi", "Missä paketti?")
    talk = str(stage.graph.state()["conversations"][0]["id"])
    return Outgoing(1, "facebook", PAGE, "dm", talk, talk, "72", TEXT, since, Window.RESPONSE)


@pytest.fixture(params=[(channel, private) for channel in sorted(PUBLISHERS) for private in (False, True)], ids=str)
def sending(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sending]:
    channel, private = request.param
    stage = Stage.open(tmp_path, http_port=0)
    publisher = build_publishers(stage.settings, stage.secrets)[channel]
    yield Sending(stage, publisher, asked(stage, channel, private))
    stage.close()


def test_it_names_its_channel(sending: Sending) -> None:
    assert sending.publisher.channel == sending.outgoing.channel


def test_what_is_published_stands_there_once_with_its_words_and_is_found(sending: Sending) -> None:
    assert sending.publisher.find(sending.outgoing) is None
    published = sending.publisher.publish(sending.outgoing)
    [post] = sending.there()
    assert post["text"].endswith(TEXT)
    found = sending.publisher.find(sending.outgoing)
    assert found is not None
    assert found.external_id == published.external_id


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_answer_lost_after_the_effect_is_unknown_and_then_found(sending: Sending, status: int) -> None:
    sending.fail(Fault("status_after", method="POST", status=status))
    with pytest.raises(OutcomeUnknown):
        sending.publisher.publish(sending.outgoing)
    assert sending.publisher.find(sending.outgoing) is not None
    assert len(sending.there()) == 1


def test_a_request_that_died_on_its_way_is_unknown_and_not_found(sending: Sending) -> None:
    sending.fail(Fault("hang_before", method="POST", delay_s=0.1))
    with pytest.raises(OutcomeUnknown):
        sending.publisher.publish(sending.outgoing)
    assert sending.publisher.find(sending.outgoing) is None
    assert sending.there() == []


def test_a_platform_that_cannot_be_reached_did_nothing(sending: Sending) -> None:
    sending.stage.close()
    with pytest.raises(TryLater):
        sending.publisher.publish(sending.outgoing)
    with pytest.raises(TryLater):
        sending.publisher.find(sending.outgoing)


def test_a_dead_token_asks_for_a_new_one(sending: Sending) -> None:
    sending.fail(Fault("expired_token", times=-1))
    with pytest.raises(SignInAgain) as raised:
        sending.publisher.publish(sending.outgoing)
    assert raised.value.advice
    assert TEXT not in str(raised.value)
    assert sending.there() == []


def test_a_text_that_is_too_long_is_refused(sending: Sending) -> None:
    with pytest.raises(Refused):
        sending.publisher.publish(replace(sending.outgoing, text="ä" * 12_000))
    assert sending.there() == []


def test_an_answer_to_what_is_not_there_is_refused(sending: Sending) -> None:
    gone = replace(
        sending.outgoing, target_id="999", thread_id="999", recipient_id=sending.outgoing.recipient_id and "999"
    )
    with pytest.raises(PlatformError) as raised:
        sending.publisher.publish(gone)
    assert isinstance(raised.value, Refused)
    assert sending.there() == []


def test_looking_for_a_reply_never_writes(sending: Sending) -> None:
    for _ in range(2):
        assert sending.publisher.find(sending.outgoing) is None
    assert sending.there() == []
