"""The stand-in's answers against recorded answers of the real Graph: same keys, same kinds, same ids and times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sandbox.graph_setup import AINO, PAGE_ID, PageOnLoopback, page_on_loopback
from tests.unit.sandbox.test_graph import sdk

RECORDINGS = Path(__file__).parents[2] / "recordings" / "facebook"
# What differs by kind of post, by app or by age of the recording, not by the shape of the answer.
INCIDENTAL = {"likes", "type", "category", "category_list", "email", "object", "is_private", "comments"}


@pytest.fixture
def at() -> Iterator[PageOnLoopback]:
    with page_on_loopback() as here:
        yield here


def recorded(name: str) -> Any:
    return json.loads((RECORDINGS / name).read_text(encoding="utf-8"))


def shape(value: Any) -> Any:
    """The kinds of a value: what a client's parsing depends on."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items() if key not in INCIDENTAL}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000", value):
        return "time"
    if isinstance(value, str) and re.fullmatch(r"\d+_\d+", value):
        return "compound id"
    return type(value).__name__


def test_a_feed_item_has_the_shape_of_a_recorded_one(at: PageOnLoopback) -> None:
    at.page.add_visitor_post("Moi", *AINO)
    feed = sdk(at).get_connections(PAGE_ID, "feed", fields="id,from,message,created_time")
    assert shape(feed["data"][0]) == shape(recorded("v2_1__feed-got.json")["data"][0])


def test_a_post_with_its_comments_within_has_the_shape_of_a_recorded_one(at: PageOnLoopback) -> None:
    post = at.page.add_visitor_post("Moi", *AINO)
    at.page.add_comment(post, "Hei", *AINO)
    ours = sdk(at).get_object(post, fields="comments.summary(true)")
    real = recorded("v5_0__post-with-comment.json")
    assert shape(ours["comments"]) == shape(real["comments"])
    assert shape(ours["id"]) == shape(real["id"])


def test_more_comments_are_told_of_as_in_a_recording(at: PageOnLoopback) -> None:
    post = at.page.add_own_post("Moi")
    for text in "abc":
        at.page.add_comment(post, text, *AINO)
    ours = sdk(at).get_connections(post, "comments", limit=1)["paging"]
    assert shape(ours) == shape(recorded("v2_5__album-with-comments.json")["comments"]["paging"])


def test_a_comment_has_the_fields_of_a_recorded_one(at: PageOnLoopback) -> None:
    post = at.page.add_visitor_post("Moi", *AINO)
    comment = at.page.add_comment(post, "Hei", *AINO)
    ours = sdk(at).get_object(comment, fields="id,message,created_time,from,can_comment,is_hidden")
    real = shape(recorded("v2_2__comment-issue286.json"))
    assert {key: real[key] for key in shape(ours)} == shape(ours)


def test_message_ids_begin_as_recorded_ones_do(at: PageOnLoopback) -> None:
    ours = at.page.add_message(*AINO, "Hei")
    assert {message["id"][:2] for message in recorded("v2_5__messages-with-attachments.json")} == {ours[:2]}
