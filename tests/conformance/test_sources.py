"""What every source in SOURCES promises, checked through its real client on the stand-ins."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import ReplaySettings
from bot.sources import build_sources
from listener.posts import Page, Place, Post, Source
from listener.sources import SOURCES
from models.errors import PlatformError, SignInAgain, TryLater
from sandbox.faults import Fault
from tests.journeys.stage import ME, PAGE, Stage

MANY = 230  # more than any page of any source
MOST = 400
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Heard:
    """A source, the world it hears, and how somebody speaks there."""

    name: str
    stage: Stage
    source: Source
    again: Callable[[], Source]  # the same source in a new process
    speak: Callable[[int], object]

    def sweep(self, cursor: object = None) -> tuple[list[Post], object, list[int]]:
        """All posts up to the end of one sweep, the cursor through JSON as the store keeps it, and each page's size."""
        posts: list[Post] = []
        sizes: list[int] = []
        position = cursor or {}
        for _ in range(200):
            page: Page = self.source.fetch(json.loads(json.dumps(position)))  # type: ignore[arg-type]
            posts += page.posts
            sizes.append(len(page.posts))
            position = dict(page.cursor)
            if not page.more:
                return posts, position, sizes
        raise AssertionError("the sweep has no end")


def speakers(stage: Stage, recording: Path) -> dict[str, Callable[[int], object]]:
    who = stage.x.add_user("ainok", "Aino Korpi")
    ours = stage.graph.add_own_post("Uutuuksia!")

    def record(number: int) -> None:
        at = datetime.now(UTC) - timedelta(hours=1) + timedelta(seconds=number)
        line = {
            "channel": "x", "account": ME, "external_id": str(7000 + number), "thread_id": str(7000 + number),
            "place": "mention", "text": f"Hei {number}", "created_at": at.isoformat(),
        }  # fmt: skip
        with recording.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    return {
        "x:mentions": lambda number: stage.x.add_post(who, f"@nuotiopuoti hei {number}"),
        "x:search": lambda number: stage.x.add_post(who, f"nuotiopuoti on kauppa {number}"),
        "x:dms": lambda number: stage.x.add_dm(who, f"Hei {number}"),
        "facebook:feed": lambda number: stage.graph.add_comment(ours, f"Hei {number}", f"7{number:05d}", "Kävijä"),
        "facebook:conversations": lambda number: stage.graph.add_message(f"8{number:05d}", "Kävijä", f"Hei {number}"),
        "replay": record,
    }


@pytest.fixture(params=sorted(SOURCES))
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Heard]:
    stage = Stage.open(tmp_path, http_port=0)
    recording = tmp_path / "recording.jsonl"
    recording.touch()
    settings = stage.settings.model_copy(update={"replay": ReplaySettings(path=recording)})
    name = str(request.param)

    def build() -> Source:
        return build_sources(settings, stage.secrets, SINCE)[name].source

    yield Heard(name, stage, build(), build, speakers(stage, recording)[name])
    stage.close()


def test_everything_said_is_heard_in_bounded_pages(heard: Heard) -> None:
    wanted = MANY if heard.name != "facebook:conversations" else 6  # Graph takes two conversation calls a second
    for number in range(wanted):
        heard.speak(number)
    posts, _, sizes = heard.sweep()
    theirs = {post.external_id for post in posts if post.place is not Place.OWN_POST}
    assert len(theirs) == wanted
    assert max(sizes) <= MOST
    assert all(post.created_at.tzinfo is not None and post.created_at.utcoffset() == timedelta(0) for post in posts)
    assert {post.account for post in posts} <= {ME, PAGE, "replay"}


def test_pages_come_newest_first(heard: Heard) -> None:
    for number in range(3):
        heard.speak(number)
    posts = [post for post in heard.source.fetch({}).posts if post.place is not Place.OWN_POST]
    assert [post.created_at for post in posts] == sorted((post.created_at for post in posts), reverse=True)


def test_what_is_read_again_has_the_same_names(heard: Heard) -> None:
    for number in range(3):
        heard.speak(number)
    first, _, _ = heard.sweep()
    second, _, _ = Heard(heard.name, heard.stage, heard.again(), heard.again, heard.speak).sweep()
    assert {post.external_id: post.text for post in first} == {post.external_id: post.text for post in second}


def test_a_later_sweep_brings_what_is_new(heard: Heard) -> None:
    heard.speak(1)
    first, cursor, _ = heard.sweep()
    heard.speak(2)
    heard.source = heard.again()
    second, _, _ = heard.sweep(cursor)
    new = {post.external_id for post in second} - {post.external_id for post in first}
    assert len(new) == 1


def test_the_platforms_pause_is_asked_for_and_its_refusal_of_the_token_is_told(heard: Heard) -> None:
    if heard.name == "replay":
        pytest.skip("a file has no rate limit and no token")
    heard.speak(1)
    heard.stage.x.faults.add(Fault("status", path="/2/", status=429))
    heard.stage.x.faults.add(Fault("status", path="/v26.0/", status=503))
    with pytest.raises(TryLater):
        heard.source.fetch({})
    heard.stage.x.faults.clear()
    heard.stage.x.faults.add(Fault("expired_token", times=-1))
    with pytest.raises(SignInAgain) as raised:
        heard.again().fetch({})
    assert raised.value.advice


def test_nothing_but_our_own_errors_comes_out(heard: Heard) -> None:
    if heard.name == "replay":
        pytest.skip("a file has no server")
    for fault in (
        Fault("status", status=500, body="<html>"),
        Fault("status", status=200, body="[]"),
        Fault("status", status=404),
    ):
        heard.stage.x.faults.clear()
        heard.stage.x.faults.add(fault)
        with pytest.raises(PlatformError):
            heard.again().fetch({})


def test_our_own_words_are_marked(heard: Heard) -> None:
    stage, source = heard.stage, heard.source
    who = stage.x.add_user("veikkos", "Veikko Salo")
    match heard.name:
        case "x:dms":
            stage.x.add_dm(who, "Hei")
            stage.x.add_dm(ME, "Hei Veikko!", to=who)
        case "facebook:feed":
            stage.graph.publish_comment(stage.graph.add_visitor_post("Hei", "71", "Aino"), "Hei Aino!")
        case "facebook:conversations":
            stage.graph.add_message("72", "Aino", "Hei")
            stage.graph.send_message("72", "Hei Aino!", "RESPONSE", None)
        case _:
            pytest.skip("this source never brings our own words")
    marked = {post.text: post.from_us for post in source.fetch({}).posts if post.place is not Place.OWN_POST}
    assert marked.pop("Hei") is False
    assert list(marked.values()) == [True]
