"""The recorded day of the demo is a whole, believable day that the replay source and the player both take."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from lingua import Language, LanguageDetectorBuilder

from listener.posts import Place, Post, Replyable
from listener.sources.recorded_lines import post_from
from listener.sources.replay import Replay
from sandbox.graph import GraphSandbox
from sandbox.player import Player
from sandbox.store import Store
from sandbox.stream import Stream
from sandbox.x import XSandbox

DAY = Path(__file__).parents[3] / "sandbox" / "recordings" / "a_day.jsonl"
HELSINKI = ZoneInfo("Europe/Helsinki")
BRAND_WORDS = re.compile(r"\b(nuotiopuoti|nuotiopuodin|nuotiopuodista|nuotiopuodilta|nuotiopuotia|nuotiopuodissa)\b")


@pytest.fixture(scope="module")
def day() -> list[Post]:
    return [post_from(line) for line in DAY.read_bytes().splitlines()]


def local(post: Post) -> time:
    return post.created_at.astimezone(HELSINKI).time()


def thread_of(day: list[Post], words: str) -> list[Post]:
    root = next(post for post in day if words in post.text and post.external_id == post.thread_id)
    return [post for post in day if post.thread_id == root.thread_id and post is not root]


def test_the_replay_source_reads_every_line_of_it(day: list[Post]) -> None:
    source = Replay(DAY, page_size=1000)
    assert len(source.fetch({}).posts) == len(day)
    assert source.problems == []


def test_it_is_a_day_of_about_600_posts_in_order_with_ids_of_their_own(day: list[Post]) -> None:
    assert 580 <= len(day) <= 650
    assert len({post.external_id for post in day}) == len(day)
    assert [post.created_at for post in day] == sorted(post.created_at for post in day)
    assert {post.created_at.astimezone(HELSINKI).date().isoformat() for post in day} == {"2026-11-10"}
    assert time(7) <= local(day[0]) <= local(day[-1]) <= time(21)


def test_every_parent_is_there_and_older(day: list[Post]) -> None:
    by_id = {post.external_id: post for post in day}
    for post in day:
        if post.parent_id:
            assert by_id[post.parent_id].created_at < post.created_at
        if post.place is Place.COMMENT:
            assert by_id[post.thread_id].place in (Place.OWN_POST, Place.VISITOR_POST)


@pytest.mark.parametrize(
    ("begins", "ends", "belongs", "least", "most"),
    [
        (time(7), time(8, 40), lambda post: True, 50, 110),  # an ordinary morning
        (time(8, 40), time(9, 31), lambda post: post.place is Place.COMMENT, 125, 160),  # the giveaway
        (time(10, 15), time(10, 36), lambda post: post.place in (Place.VISITOR_POST, Place.COMMENT), 4, 8),
        (time(10, 36), time(12, 31), lambda post: post.place is Place.COMMENT, 135, 170),  # the someraivo
        (time(11, 15), time(12, 31), lambda post: post.channel == "x", 45, 75),  # it spills over to X
        (time(12, 31), time(21), lambda post: True, 110, 190),  # the wave goes down, the evening is ordinary
    ],
)
def test_each_part_of_the_day_has_its_size(
    day: list[Post], begins: time, ends: time, belongs: Callable[[Post], bool], least: int, most: int
) -> None:
    assert least <= sum(belongs(post) for post in day if begins <= local(post) < ends) <= most


def test_most_is_finnish_some_swedish_a_little_english(day: list[Post]) -> None:
    detector = LanguageDetectorBuilder.from_languages(Language.FINNISH, Language.SWEDISH, Language.ENGLISH).build()
    seen = Counter(detector.detect_language_of(re.sub(r"@\w+|\bRT\b", "", post.text)) for post in day)
    shares = {language: seen[language] / len(day) for language in seen}
    assert 0.77 <= shares[Language.FINNISH] <= 0.83
    assert 0.10 <= shares[Language.SWEDISH] <= 0.14
    assert 0.06 <= shares[Language.ENGLISH] <= 0.10


def test_nobody_says_what_another_said_but_for_reposts_and_one_copied_appeal(day: list[Post]) -> None:
    said = Counter(re.sub(r"\W+", " ", post.text).casefold() for post in day if not post.is_share)
    repeated = {text: times for text, times in said.items() if times > 1 and text.strip()}
    [(appeal, times)] = repeated.items()
    assert appeal.startswith("kopioi ja jaa")
    assert times == 6


def test_the_outrage_is_many_people_and_grows_faster_and_faster(day: list[Post]) -> None:
    comments = thread_of(day, "lasten toppahaalarit, kaksi kappaletta")
    begins = datetime(2026, 11, 10, 8, 15, tzinfo=UTC)
    before = [sum(post.created_at < begins + timedelta(minutes=age) for post in comments) for age in (21, 41, 75, 136)]
    assert before[0] in range(3, 5)
    assert before[1] in range(10, 14)
    assert before[2] > 2.5 * before[1]
    assert 140 <= before[3] <= 170
    assert len({post.author for post in comments}) >= 120
    assert not any(post.from_us for post in comments)


def test_the_giveaway_is_as_many_people_as_comments(day: list[Post]) -> None:
    comments = [post for post in thread_of(day, "Arvomme retkikeittimen") if local(post) < time(9, 31)]
    assert len(comments) >= 125
    assert len({post.author for post in comments}) == len(comments)


def test_direct_messages_come_from_about_25_people(day: list[Post]) -> None:
    messages = [post for post in day if post.place is Place.DM]
    assert 38 <= len(messages) <= 45
    assert 22 <= len({post.thread_id for post in messages}) <= 30
    assert {post.channel for post in messages} == {"x", "facebook"}


def test_it_holds_the_odd_ones_too(day: list[Post]) -> None:
    assert any(post.author is None for post in day)
    assert any(not re.search(r"\w", post.text) for post in day)
    assert any(post.replyable is Replyable.REPLIES_LIMITED for post in day)
    assert all(post.replyable is Replyable.NOT_SUMMONED for post in day if post.place is Place.SEARCH)
    assert any(post.author and (post.author.followers or 0) >= 25_000 for post in day)
    assert (
        200
        <= median(
            {post.author: post.author.followers or 0 for post in day if post.channel == "x" and post.author}.values()
        )
        <= 400
    )
    chain = next(post for post in day if "sadesuoja ihan pieneksi" in post.text)
    answers = [post for post in day if post.parent_id == chain.external_id]
    assert len(answers) >= 5
    assert all(post.is_share for post in answers)


def test_posts_on_x_are_found_by_our_name_or_by_a_brand_word(day: list[Post]) -> None:
    for post in day:
        if post.channel == "x" and post.place is Place.MENTION and not post.is_share:
            assert "@nuotiopuoti" in post.text
        if post.channel == "x" and post.place is Place.SEARCH and not post.is_share:
            assert BRAND_WORDS.search(post.text.casefold())


def test_the_player_brings_all_of_it_onto_the_stage() -> None:
    store = Store()
    evening = datetime(2026, 11, 10, 19, 0, tzinfo=UTC)
    x = XSandbox(store, lambda: evening).world
    graph = GraphSandbox(store, lambda: evening, page_id="104500000000001", page_name="Nuotiopuoti")
    player = Player(DAY, x, graph, store)
    assert player.problems == []
    assert player.begins_at == datetime(2026, 11, 10, 5, 0, tzinfo=UTC)
    played = player.step(evening)
    items = Stream(x, graph).after(0).items
    recorded = [json.loads(line) for line in DAY.read_text("utf-8").splitlines()]
    assert played == len(items) == len(recorded)
    kinds = ("channel", "place", "from_us")
    assert Counter(tuple(getattr(item, name) for name in kinds) for item in items) == Counter(
        tuple(line[name] for name in kinds) for line in recorded
    )
    assert {item.text for item in items if item.channel == "facebook"} == {
        line["text"] for line in recorded if line["channel"] == "facebook"
    }
