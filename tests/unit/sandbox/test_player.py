"""The player puts every recorded post on the stage once, when its time has come, over restarts too."""

from __future__ import annotations

import itertools
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.graph import GraphSandbox
from sandbox.player import Player
from sandbox.store import Store
from sandbox.stream import Stream
from sandbox.world_clock import WorldClock
from sandbox.x import XSandbox

US = "1480000000000000001"
PAGE = "104500000000001"
MORNING = datetime(2026, 11, 10, 5, 0, tzinfo=UTC)


class Stage:
    """Both stand-ins on one store, as the demo has them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.x = XSandbox(store, lambda: MORNING).world
        self.graph = GraphSandbox(store, lambda: MORNING, page_id=PAGE, page_name="Nuotiopuoti")

    def player(self, path: Path) -> Player:
        return Player(path, self.x, self.graph, self.store)

    def texts(self) -> list[str]:
        return [item.text for item in Stream(self.x, self.graph).after(0).items]


@pytest.fixture
def stage() -> Stage:
    return Stage(Store())


def person(number: int, handle: str | None = None, followers: int | None = None) -> dict[str, Any]:
    return {"external_id": str(number), "name": f"Henkilö {number}", "handle": handle, "followers": followers}


def on_x(minute: int, text: str, **changes: Any) -> dict[str, Any]:
    id = str(2120000000000000000 + minute)
    line = {"channel": "x", "account": US, "external_id": id, "thread_id": id, "place": "mention", "text": text}
    return line | {"created_at": f"2026-11-10T05:{minute:02}:00Z", "author": person(70, "kaisal", 300)} | changes


def on_facebook(minute: int, text: str, **changes: Any) -> dict[str, Any]:
    id = f"{PAGE}_{minute}"
    line = {"channel": "facebook", "account": PAGE, "external_id": id, "thread_id": id, "place": "visitor_post"}
    more = {"text": text, "created_at": f"2026-11-10T05:{minute:02}:00Z", "author": person(800 + minute)}
    return line | more | changes


def a_recording(path: Path, *lines: object) -> Path:
    path = path / "day.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def at(minute: int) -> datetime:
    return MORNING + timedelta(minutes=minute)


def test_only_what_is_due_is_played_and_only_once(stage: Stage, tmp_path: Path) -> None:
    player = stage.player(a_recording(tmp_path, on_x(1, "yksi"), on_facebook(2, "kaksi"), on_x(9, "yhdeksän")))
    assert [player.step(at(0)), player.step(at(2)), player.step(at(2)), player.step(at(9)), player.step(at(60))] == [
        0,
        2,
        0,
        1,
        0,
    ]
    assert stage.texts() == ["yksi", "kaksi", "yhdeksän"]
    assert player.finished


def test_the_world_begins_at_the_hour_of_the_first_post(stage: Stage, tmp_path: Path) -> None:
    assert stage.player(a_recording(tmp_path, on_x(9, "b"), on_x(2, "a"))).begins_at == MORNING


def test_a_second_player_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    path = a_recording(tmp_path, *(on_x(minute, f"nro {minute}") for minute in range(1, 6)))
    for minute in (3, 5):
        store = Store(tmp_path / "world.db")
        stage = Stage(store)
        stage.player(path).step(at(minute))
        assert stage.texts() == [f"nro {number}" for number in range(1, minute + 1)]
        store.close()


def test_a_post_that_fails_halfway_leaves_no_trace_and_is_played_later(stage: Stage, tmp_path: Path) -> None:
    path = a_recording(tmp_path, on_facebook(1, "katkeaa"))
    player = stage.player(path)
    add = stage.graph.add_visitor_post

    def add_and_fail(*args: Any, **named: Any) -> str:
        add(*args, **named)
        raise OSError("disk full")

    stage.graph.add_visitor_post = add_and_fail  # type: ignore[method-assign]
    with pytest.raises(OSError, match="disk full"):
        player.step(at(1))
    assert stage.texts() == []
    stage.graph.add_visitor_post = add  # type: ignore[method-assign]
    assert player.step(at(1)) == 1
    assert stage.texts() == ["katkeaa"]


def test_two_players_on_one_store_play_each_post_once(stage: Stage, tmp_path: Path) -> None:
    path = a_recording(tmp_path, *(on_x(minute % 60, f"nro {minute}") for minute in range(1, 50)))
    players = [threading.Thread(target=stage.player(path).step, args=(at(60),)) for _ in range(3)]
    for thread in players:
        thread.start()
    for thread in players:
        thread.join()
    assert sorted(stage.texts()) == sorted(f"nro {minute}" for minute in range(1, 50))


def test_replies_quotes_and_reposts_stand_on_x_as_what_they_are(stage: Stage, tmp_path: Path) -> None:
    root = on_x(1, "paketti hukassa", author=person(71, "mikkop", 840) | {"created_at": "2026-11-03T09:00:00+02:00"})
    reply = on_x(2, "@mikkop @nuotiopuoti sama täällä", thread_id=root["external_id"], parent_id=root["external_id"])
    quote = on_x(3, "katsokaa tätä", parent_id=root["external_id"])
    repost = on_x(4, "RT @mikkop: paketti hukassa", parent_id=root["external_id"], is_share=True)
    limited = on_x(5, "@nuotiopuoti haloo", replyable="replies_limited")
    stage.player(a_recording(tmp_path, root, reply, quote, repost, limited)).step(at(9))
    shapes = [
        (post["in_reply_to"], post["quotes"], post["reposts"], post["conversation_id"] == post["id"])
        for post in reversed(stage.x.posts())
    ]
    id = root["external_id"]
    assert shapes == [
        (None, None, None, True),
        (id, None, None, False),
        (None, id, None, True),
        (None, None, id, True),
        (None, None, None, True),
    ]
    assert stage.x.posts()[0]["reply_settings"] == "following"
    assert stage.x.user("71") == {
        "id": "71",
        "username": "mikkop",
        "name": "Henkilö 71",
        "followers": 840,
        "created_at": "2026-11-03T07:00:00.000Z",
        "withheld": False,
    }


def test_comments_stand_under_what_they_answer_on_the_page(stage: Stage, tmp_path: Path) -> None:
    root = on_facebook(1, "arvonta", place="own_post", from_us=True)
    under_root = {"place": "comment", "thread_id": root["external_id"]}
    comment = on_facebook(2, "mukana", external_id="1_2", parent_id=root["external_id"], **under_root)
    nested = on_facebook(3, "niin minäkin", external_id="1_3", parent_id="1_2", **under_root)
    orphan = on_facebook(4, "kenelle vastasin?", external_id="1_4", parent_id="1_9", author=None, **under_root)
    stage.player(a_recording(tmp_path, root, comment, nested, orphan)).step(at(9))
    post, first, second, third = Stream(stage.x, stage.graph).after(0).items
    assert (post.place, post.from_us) == ("own_post", True)
    assert [item.parent_id for item in (first, second, third)] == [
        post.external_id,
        first.external_id,
        post.external_id,
    ]
    assert third.author_name == "Facebook-käyttäjä"


def test_messages_make_one_conversation_for_each_person(stage: Stage, tmp_path: Path) -> None:
    messenger = {"place": "dm", "thread_id": "t_1", "author": person(900)}
    direct = {"place": "dm", "thread_id": f"70-{US}"}
    stage.player(
        a_recording(
            tmp_path,
            on_facebook(1, "hei", external_id="m_1", **messenger),
            on_facebook(2, "oletteko siellä", external_id="m_2", **messenger),
            on_x(3, "moi", **direct),
            on_x(4, "vastaus meiltä", from_us=True, author=None, **direct),
        )
    ).step(at(9))
    items = Stream(stage.x, stage.graph).after(0).items
    assert [item.place for item in items] == ["dm"] * 4
    assert items[0].thread_id == items[1].thread_id
    assert items[2].thread_id == items[3].thread_id == f"70-{US}"
    assert [item.from_us for item in items] == [False, False, False, True]


def test_what_cannot_be_placed_is_passed_over_and_the_rest_goes_on(stage: Stage, tmp_path: Path) -> None:
    player = stage.player(
        a_recording(
            tmp_path,
            on_facebook(1, "ei ketjua", place="comment", thread_id="104_404"),
            on_x(2, "RT @kuka: mitä", is_share=True, parent_id="404"),
            on_x(3, "outo id", external_id="abc", thread_id="abc"),
            on_x(4, "oma kanava", channel="replay"),
            on_facebook(5, "kuka", place="dm", author=None),
            on_x(6, "nimetön", author=None),
        )
    )
    assert player.step(at(9)) == 6
    assert stage.texts() == ["nimetön"]


def test_a_line_that_is_no_post_is_told_with_file_and_line(stage: Stage, tmp_path: Path) -> None:
    path = a_recording(tmp_path, "{", on_x(1, "hyvä"), "[]", {"text": "vajaa"}, on_x(2, "paha", author=3))
    player = stage.player(path)
    assert player.problems == [
        f"{path}, line {number} is not a recorded post. Correct or remove it." for number in (1, 3, 4, 5)
    ]
    player.step(at(9))
    assert stage.texts() == ["hyvä"]


def test_it_plays_along_with_a_clock_until_it_is_stopped(stage: Stage, tmp_path: Path) -> None:
    player = stage.player(a_recording(tmp_path, on_x(1, "yksi")))
    stopped = threading.Event()
    played = threading.Event()

    def clock() -> datetime:
        if player.finished:
            played.set()
        return at(5)

    thread = threading.Thread(target=player.run, args=(clock, stopped, 0.001))
    thread.start()
    assert played.wait(10)
    stopped.set()
    thread.join(10)
    assert not thread.is_alive()
    assert stage.texts() == ["yksi"]


class Wrist:
    """Our own time, moved by hand."""

    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


def test_the_worlds_time_runs_faster_than_ours() -> None:
    wrist = Wrist()
    clock = WorldClock(MORNING, 120, Store(), wrist)
    assert clock.now() == MORNING
    wrist.s += 30
    assert clock.now() == MORNING + timedelta(hours=1)


def test_time_while_stopped_is_no_time_in_the_world() -> None:
    wrist, store = Wrist(), Store()
    clock = WorldClock(MORNING, 120, store, wrist)
    wrist.s += 30
    clock.stop()
    wrist.s += 3600
    assert clock.now() == MORNING + timedelta(hours=1)
    again = WorldClock(MORNING, 60, store, wrist)
    wrist.s += 60
    assert again.now() == MORNING + timedelta(hours=2)


def test_a_killed_world_goes_on_later_but_never_earlier_and_by_no_more_than_a_second_of_ours() -> None:
    wrist, store = Wrist(), Store()
    clock = WorldClock(MORNING, 120, store, wrist)
    for _reading in range(50):
        wrist.s += 0.13
        last = clock.now()
    again = WorldClock(MORNING, 120, store, wrist).now()
    assert last <= again <= last + timedelta(seconds=120)


def test_the_stream_gives_only_what_is_new_or_changed(stage: Stage, tmp_path: Path) -> None:
    judged: dict[tuple[str, str], str] = {}
    stream = Stream(stage.x, stage.graph, lambda: judged)
    player = stage.player(a_recording(tmp_path, on_x(1, "yksi"), on_x(2, "kaksi")))
    player.step(at(1))
    first = stream.after(0)
    assert stream.after(first.latest).items == ()
    player.step(at(2))
    second = stream.after(first.latest)
    assert [item.text for item in second.items] == ["kaksi"]
    judged["x", first.items[0].external_id] = "negative"
    [again] = stream.after(second.latest).items
    assert (again.text, again.sentiment) == ("yksi", "negative")


def test_what_the_shop_answers_stands_in_the_stream(stage: Stage, tmp_path: Path) -> None:
    stage.player(a_recording(tmp_path, on_x(1, "@nuotiopuoti missä paketti"), on_facebook(2, "haloo"))).step(at(3))
    stream = Stream(stage.x, stage.graph)
    asked = stream.after(0)
    stage.x.add_post(US, "Selvitämme heti!", in_reply_to=asked.items[0].external_id, created_at=at(4))
    stage.graph.publish_comment(asked.items[1].external_id, "Pahoittelut, tutkimme asian.")
    answers = stream.after(asked.latest).items
    assert {item.channel: item.from_us for item in answers} == {"x": True, "facebook": True}
    assert {item.author_name for item in answers} == {"Nuotiopuoti"}


def test_a_clock_that_is_asked_in_the_middle_of_a_transaction_holds_nobody_up() -> None:
    """A stand-in asks for the time while it writes, and the page asks all the while."""
    store = Store()
    seconds = itertools.count(0, 2)  # so long between two readings that each has to be noted
    clock = WorldClock(MORNING, 120, store, lambda: float(next(seconds)))

    def write() -> None:
        for number in range(300):
            with store.transaction():
                store.put("posts", str(number), {"at": clock.now().isoformat()})

    threads = [threading.Thread(target=write, daemon=True) for _ in range(2)]
    threads += [threading.Thread(target=lambda: [clock.now() for _ in range(300)], daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)
    assert len(store.all("posts")) == 300
